/** Disconnect-Session: ends single sessions of the running listener. */

import {
  type DisconnectResult,
  disconnectSession,
  type SessionStatus,
  sessions,
} from '../../control/listener-client.ts';
import { type Call, defineCmdlet } from '../../pipeline/cmdlet.ts';
import type { Context } from '../../pipeline/context.ts';
import { CmdletError, usage } from '../../pipeline/error.ts';
import type { Parameter } from '../../pipeline/parameter.ts';
import { elementsOf, PsObject, printed, type Value } from '../../pipeline/value.ts';
import { show } from '../../text/printable.ts';
import { asked, isSession } from './listener-objects.ts';
import { connectorOf, ofServers, serversWanted } from './over-fleet.ts';

const PARAMETERS = [
  {
    name: 'Identity',
    aliases: ['Id', 'SessionId'],
    type: 'value',
    position: 0,
    rest: true,
    pipeline: true,
    placeholder: 'ID',
    help: 'The id of a session, as rc get-session shows it.',
  },
  { name: 'Now', type: 'switch', help: 'Cuts it off at once, even in the middle of a message.' },
] as const satisfies readonly Parameter[];

type OwnCall = Call<(typeof PARAMETERS)[number]>;

export const disconnectSessionCmdlet = defineCmdlet({
  name: 'Disconnect-Session',
  short: 'disconnect-session',
  group: 'server',
  summary: 'End sessions of the running listener',
  description:
    'A session finishes the message it is in, then gets 421 and is closed; with Now it is cut off at once, message or not. Sessions are named by their Id, or so much of its beginning (at least 4 characters) that only one has it, or piped in from rc get-session; in a fleet those of other servers too. Result says what happened: Ending, Cut, or Gone when it had ended by itself. The client may connect again; to keep it out, take its address out of RemoteIPRanges.',
  changes: 'low',
  input: 'needed',
  gives: 'EndedSession',
  parameters: PARAMETERS,
  examples: [
    {
      command: 'rc get-session | rc where Source -eq 10.1.2.3 | rc disconnect-session',
      language: 'Get-Session | where Source -eq 10.1.2.3 | Disconnect-Session',
      does: 'Ends all sessions of an address, each after the message it is in.',
    },
    {
      command: 'rc get-session Relay | rc disconnect-session --now --what-if',
      language: 'Get-Session Relay | Disconnect-Session -Now -WhatIf',
      does: 'Says which sessions would be cut.',
    },
  ],
  async *run(call) {
    const { arguments: args, context } = call;
    const now = args.Now;
    const wanted = sessionsMeant(call);
    const servers = serversWanted(context, disconnectSessionCmdlet);
    const said = await ofServers(context, servers, 'sessions', () => asked(context, sessions), isSession);
    const open: OpenSessions = new Map(
      said.flatMap(({ server, rows }) => rows.map((row) => [row.id.toLowerCase(), { ...row, server }] as const)),
    );
    for await (const given of wanted) {
      const session = meant(context, given, open);
      if (!session) continue;
      const { Id, Connector, Source } = session;
      const action = `${now ? 'Cutting' : 'Ending'} session "${Id}" of Receive connector "${Connector}" with ${Source}.`;
      if (!(await context.shouldProcess(action))) continue;
      const server = open.get(Id.toLowerCase())?.server ?? '';
      const result = servers.others.includes(server)
        ? await endedThere(context, server, Id, now)
        : await asked(context, (home) => ended(disconnectSession(home, Id, now)));
      if (result) yield new PsObject('EndedSession', { ...session, Result: RESULTS[result] });
    }
  },
});

/** Of another server of the fleet. */
async function endedThere(context: Context, server: string, id: string, now: boolean): Promise<Ended | undefined> {
  const only = { here: false, own: server, others: [server] };
  const isAnswer = (row: { ended?: unknown }): row is { ended: boolean } => typeof row.ended === 'boolean';
  const [said] = await ofServers(context, only, 'disconnect', async () => [], isAnswer, { id, now });
  if (!said?.rows[0]) return undefined; // told already
  return said.rows[0].ended ? (now ? 'cut' : 'ending') : 'no such session';
}

type OpenSessions = ReadonlyMap<string, SessionStatus & { readonly server: string }>;
type Ended = Exclude<DisconnectResult, 'no listener'>;

const RESULTS = { ending: 'Ending', cut: 'Cut', 'no such session': 'Gone' } as const;

async function ended(answer: Promise<DisconnectResult>): Promise<Ended | undefined> {
  const result = await answer;
  return result === 'no listener' ? undefined : result;
}

/** Ids and objects, as given. @throws CmdletError (usage) when there are none */
function sessionsMeant(call: OwnCall): Iterable<Value> | AsyncIterable<Value> {
  const { arguments: args, input } = call;
  if (args.Identity !== undefined) return elementsOf(args.Identity);
  if (input) return input;
  const [get, end] =
    call.spelling === 'flags' ? ['rc get-session', 'rc disconnect-session'] : ['Get-Session', 'Disconnect-Session'];
  throw usage(
    `${call.cmdlet.name} needs a session: give its Id, which ${get} shows, or pipe sessions into it. For example: ${get} | ${end}`,
  );
}

/** Enough of an id to be meant: tables show the beginning of it when there is no room. */
const LEAST_OF_ID = 4;

/** Sessions whose id begins so. */
function begunWith(id: string, open: OpenSessions) {
  const start = id.toLowerCase().replace(/…$/, '');
  if (start.length < LEAST_OF_ID) return [];
  return [...open].filter(([known]) => known.startsWith(start)).map(([, session]) => session);
}

interface Meant {
  readonly Connector: string;
  readonly Source: string;
  readonly Id: string;
  [other: string]: Value;
}

/** The session that an id or a piped object means; its error is its own and the rest goes on. */
function meant(context: Context, given: Value, open: OpenSessions): Meant | undefined {
  const piped = given instanceof PsObject ? given : undefined;
  const id = printed(piped ? (piped.get('Id') ?? piped.get('SessionId')) : given).trim();
  const exact = open.get(id.toLowerCase());
  const candidates = exact ? [exact] : piped ? [] : begunWith(id, open);
  const [session] = candidates;
  if (session && candidates.length === 1) {
    return { Connector: connectorOf(session.server, session.connector), Source: session.source, Id: session.id };
  }
  if (piped && id !== '') {
    // It was there when it was shown, and has ended since.
    return { Connector: printed(piped.get('Connector')), Source: printed(piped.get('Source')), Id: id };
  }
  context.error(noSession(given, id, candidates.length));
  return undefined;
}

function noSession(given: Value, id: string, candidates: number): CmdletError {
  if (id === '') {
    return new CmdletError(`The piped object ${show(String(given))} has no Id, so it names no session.`, {
      id: 'PipelineObjectWithoutIdentity',
    });
  }
  return new CmdletError(
    candidates > 1
      ? `${candidates} open sessions have an id that begins with ${show(id)}. Give more of it; to see them: rc get-session`
      : `No open session has the id ${show(id)}. To see the sessions: rc get-session`,
    { id: 'SessionNotFound', category: 'ObjectNotFound', target: id },
  );
}

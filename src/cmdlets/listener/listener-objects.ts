/** What the running listener tells, as objects: who is connected, and how close each source is to its limit. */

import {
  listenerStatus,
  type SessionStatus,
  type SourceDetail,
  sessions,
  sources,
} from '../../control/listener-client.ts';
import { refusedInAll, shareTaken, usageOf } from '../../control/source-usage.ts';
import { parseRange } from '../../domain/range.ts';
import { UNLIMITED } from '../../domain/value.ts';
import { type Call, defineCmdlet } from '../../pipeline/cmdlet.ts';
import type { Context } from '../../pipeline/context.ts';
import { CmdletError } from '../../pipeline/error.ts';
import type { Parameter } from '../../pipeline/parameter.ts';
import { PsObject } from '../../pipeline/value.ts';
import { nameTest } from '../../text/wildcard.ts';
import { parsedArgument } from '../parsed-argument.ts';
import { isAddress, isDate, isSource, isTexts, isUsage } from './other-listeners.ts';
import { connectorOf, ofServers, serversWanted } from './over-fleet.ts';

const CONNECTOR = {
  name: 'Identity',
  type: 'string',
  position: 0,
  completes: 'connector',
  help: 'Only connectors of this name; wildcards find several.',
} as const satisfies Parameter;

const SOURCE = {
  name: 'Source',
  type: 'strings',
  aliases: ['Address', 'RemoteAddress'],
  placeholder: 'ADDRESS[,…]',
  help: 'Only these clients: an address or a range (10.1.0.0/16).',
} as const satisfies Parameter;

/** Is an address, or the network that a source is, one of those asked for or around it? @throws CmdletError (usage) when one of them is neither address nor range */
function sourceFilter(call: Call<typeof SOURCE>): (address: string) => boolean {
  const ranges = (call.arguments.Source ?? []).map((text) =>
    parsedArgument(call.spell('Source'), () => parseRange(text)),
  );
  if (!ranges.length) return () => true;
  return (address) => {
    const single = parseRange(address);
    return ranges.some((range) => range.family === single.family && (range.covers(single) || single.covers(range)));
  };
}

/** Connectors by name, or by SERVER\\NAME in a fleet. */
function nameFilter(wanted: string | undefined): (name: string, server: string) => boolean {
  if (wanted === undefined) return () => true;
  const matches = nameTest(wanted);
  return (name, server) => matches(name) || (server !== '' && matches(connectorOf(server, name)));
}

/** Of a session that another machine names: as much as is relied on. */
export function isSession(row: Partial<SessionStatus>): row is SessionStatus {
  const { id, connector, source, since } = row;
  return isTexts([id, connector]) && isAddress(source) && isDate(since);
}

/** What a listener answers; `undefined` where none runs. @throws CmdletError when it cannot be asked */
export async function answerOf<T>(answer: Promise<T>): Promise<T> {
  try {
    return await answer;
  } catch (error) {
    throw new CmdletError((error as Error).message, { id: 'ListenerNotAnswering', category: 'ResourceUnavailable' });
  }
}

/** @throws CmdletError when no listener runs, or it cannot be asked */
export async function asked<T>(
  context: Context,
  question: (home: Context['store']['home']) => Promise<T | undefined>,
): Promise<T> {
  context.store.expectHome();
  const answer = await answerOf(question(context.store.home));
  if (answer === undefined) {
    throw new CmdletError(`No listener runs on ${context.store.home.folder}. Start one: rc serve`, {
      id: 'ListenerNotRunning',
      category: 'ResourceUnavailable',
    });
  }
  return answer;
}

export const getReceiveConnectorSession = defineCmdlet({
  name: 'Get-ReceiveConnectorSession',
  short: 'get-session',
  aliases: ['Get-Session', 'sessions'],
  group: 'server',
  summary: 'Show who is connected to the running listener now',
  description:
    'State is idle, command, message or closing (all is said, and the client has not closed its side yet). Bytes were received from the client since it connected, BytesSent were sent to it (of TLS what is inside). Id is what rc disconnect-session takes and what the protocol log calls session-id. In a fleet it shows every server’s, Connector as SERVER\\\\NAME; --server narrows it.',
  gives: 'ReceiveConnectorSession',
  parameters: [CONNECTOR, SOURCE],
  examples: [
    { command: 'rc get-session', language: 'Get-ReceiveConnectorSession', does: 'Shows every open session.' },
    {
      command: "rc get-session 'Default*' | rc group Source --no-element",
      language: "Get-Session 'Default*' | group Source -NoElement",
      does: 'Counts sessions by client.',
    },
    {
      command: 'rc get-session --source 10.1.0.0/16 | rc sort Since',
      language: 'Get-Session -Source 10.1.0.0/16 | sort Since',
      does: 'Shows the sessions of a network, the oldest first.',
    },
  ],
  async *run(call) {
    const { arguments: args, context } = call;
    const wanted = nameFilter(args.Identity);
    const from = sourceFilter(call);
    const servers = serversWanted(context, getReceiveConnectorSession);
    const said = await ofServers(context, servers, 'sessions', () => asked(context, sessions), isSession);
    for (const { s, server } of said.flatMap(({ rows, server }) => rows.map((s) => ({ s, server })))) {
      if (!wanted(s.connector, server) || !from(s.source)) continue;
      yield new PsObject('ReceiveConnectorSession', {
        Connector: connectorOf(server, s.connector),
        Source: s.source,
        Port: s.port,
        Local: s.local,
        User: s.user,
        Since: new Date(s.since),
        State: s.state,
        Messages: s.messages,
        Bytes: s.bytes,
        BytesSent: s.bytesSent,
        Helo: s.helo,
        Tls: s.tls,
        Id: s.id,
        ...(server ? { Server: server } : {}),
      });
    }
  },
});

export const getReceiveConnectorSource = defineCmdlet({
  name: 'Get-ReceiveConnectorSource',
  short: 'get-source',
  aliases: ['Get-Source'],
  words: ['sources'],
  group: 'server',
  summary: 'Show each source: how many connections, which limit, how often refused',
  description:
    'One row for each source of a connector that has a connection, or was refused or failed to log on within the hour, those nearest to their limit first. Rule is the setting that gives the limit in force. RefusedMinute and RefusedHour count what was refused in the last 60 seconds and 60 minutes (connections, senders, recipients, messages), RefusedBy names what stood against them, the most frequent first: a setting, a right, AcceptedDomain, NextHost, Logon. FailedLogonsMinute and FailedLogonsHour logons with a wrong name or password. A row without a connector is a source that no connector takes. Of a flood from very many addresses the listener remembers those refused last (8,192). In a fleet it shows every server’s, Connector as SERVER\\\\NAME; Open is what that server has, OpenInFleet what all have together where LimitScope is Fleet; --server narrows it.',
  gives: 'ReceiveConnectorSource',
  parameters: [CONNECTOR, SOURCE],
  examples: [
    { command: 'rc get-source', language: 'Get-ReceiveConnectorSource', does: 'Shows every source and its limit.' },
    {
      command: 'rc get-source | rc where RefusedMinute -gt 0 | rc sort RefusedMinute --descending',
      language: 'Get-Source | where RefusedMinute -gt 0 | sort RefusedMinute -Descending',
      does: 'Shows who is being refused now, the most refused first.',
    },
    {
      command: 'rc get-source | rc where FailedLogonsHour -gt 0 | rc sort FailedLogonsHour --descending',
      language: 'Get-Source | where FailedLogonsHour -gt 0 | sort FailedLogonsHour -Descending',
      does: 'Shows who tries passwords.',
    },
    {
      command: 'rc get-source --source 10.1.2.3 --output list',
      language: 'Get-Source -Source 10.1.2.3',
      does: 'Shows all there is about one address.',
    },
  ],
  async *run(call) {
    const { arguments: args, context } = call;
    const wanted = nameFilter(args.Identity);
    const from = sourceFilter(call);
    const servers = serversWanted(context, getReceiveConnectorSource);
    const said = await ofServers(context, servers, 'sources', () => asked(context, sources), isSource);
    const rows = said.flatMap(({ rows, server }) => rows.map((source) => ({ source, server })));
    if (said.length > 1) rows.sort((a, b) => shareTaken(b.source) - shareTaken(a.source));
    const shown = rows.filter(({ source, server }) => wanted(source.connector, server) && from(source.address));
    const someInFleet = shown.some(({ source }) => source.everywhere !== undefined);
    for (const { source, server } of shown) yield sourceObject(source, server, someInFleet);
  },
});

function sourceObject(
  { refused, because, lastRefused, failedLogons, ...source }: SourceDetail,
  server: string,
  someInFleet: boolean,
): PsObject {
  return new PsObject('ReceiveConnectorSource', {
    Connector: connectorOf(server, source.connector),
    Source: source.address,
    Open: source.connections,
    ...(someInFleet ? { OpenInFleet: source.everywhere ?? null } : {}),
    Limit: source.limit ?? UNLIMITED,
    PercentUsed: Math.round(100 * shareTaken(source)),
    Rule: source.rule,
    RefusedMinute: refused.minute,
    RefusedHour: refused.hour,
    RefusedBy: because.filter(({ hour }) => hour > 0).map(({ cause }) => cause),
    LastRefused: lastRefused ? new Date(lastRefused) : null,
    FailedLogonsMinute: failedLogons.minute,
    FailedLogonsHour: failedLogons.hour,
    ...(server ? { Server: server } : {}),
  });
}

export const getReceiveConnectorUsage = defineCmdlet({
  name: 'Get-ReceiveConnectorUsage',
  short: 'usage',
  group: 'server',
  summary: 'Show how close each source is to its connection limit',
  description:
    'One row for each source with open connections, those nearest to their limit first. The listener names at most 100 sources of a connector. In a fleet it shows every server’s, Connector as SERVER\\\\NAME; --server narrows it.',
  gives: 'ReceiveConnectorUsage',
  parameters: [CONNECTOR],
  examples: [
    { command: 'rc usage', language: 'Get-ReceiveConnectorUsage', does: 'Shows every source and its limit.' },
    {
      command: 'rc usage | rc where PercentUsed -ge 80',
      language: 'Get-ReceiveConnectorUsage | where PercentUsed -ge 80',
      does: 'Shows the sources that will soon be refused.',
    },
  ],
  async *run(call) {
    const { arguments: args, context } = call;
    const wanted = nameFilter(args.Identity);
    const servers = serversWanted(context, getReceiveConnectorUsage);
    const here = async () => usageOf(await asked(context, listenerStatus));
    const said = await ofServers(context, servers, 'usage', here, isUsage);
    const rows = said.flatMap(({ rows, server }) => rows.map((source) => ({ source, server, c: source.connector })));
    if (said.length > 1) rows.sort((a, b) => shareTaken(b.source) - shareTaken(a.source));
    for (const { c, source, server } of rows) {
      if (!wanted(c.name, server)) continue;
      yield new PsObject('ReceiveConnectorUsage', {
        Connector: connectorOf(server, c.name),
        Source: source.address,
        Connections: source.connections,
        ...(source.everywhere === undefined ? {} : { ConnectionsInFleet: source.everywhere }),
        Limit: source.limit ?? UNLIMITED,
        PercentUsed: Math.round(100 * shareTaken(source)),
        ConnectorConnections: c.connections,
        ConnectorLimit: c.limit ?? UNLIMITED,
        RefusedPerSource: c.refused.source,
        RefusedTotal: refusedInAll(c),
        ...(server ? { Server: server } : {}),
      });
    }
  },
});

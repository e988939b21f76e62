/** What the running listener tells, as objects: who is connected, and how close each source is to its limit. */

import type { Cmdlet, Parameter } from '../cmdlet/cmdlet.ts';
import type { Context } from '../cmdlet/context.ts';
import { CmdletError } from '../cmdlet/error.ts';
import { PsObject } from '../cmdlet/value.ts';
import { UNLIMITED } from '../connector/value.ts';
import { hasWildcard, sameText, Wildcard } from '../connector/wildcard.ts';
import { listenerStatus, sessions } from '../store/listener-client.ts';

const CONNECTOR: Parameter = {
  name: 'Identity',
  type: 'string',
  position: 0,
  completes: 'connector',
  placeholder: 'NAME',
  help: 'Only connectors of this name; wildcards find several.',
};

function nameFilter(wanted: string | undefined): (name: string) => boolean {
  if (wanted === undefined) return () => true;
  if (!hasWildcard(wanted)) return (name) => sameText(name, wanted);
  const pattern = new Wildcard(wanted);
  return (name) => pattern.matches(name);
}

/** @throws CmdletError when no listener runs, or it cannot be asked */
async function asked<T>(
  context: Context,
  question: (home: Context['store']['home']) => Promise<T | undefined>,
): Promise<T> {
  let answer: T | undefined;
  try {
    answer = await question(context.store.home);
  } catch (error) {
    throw new CmdletError((error as Error).message, { id: 'ListenerNotAnswering', category: 'ResourceUnavailable' });
  }
  if (answer === undefined) {
    throw new CmdletError(`No listener runs on ${context.store.home.folder}. Start one: rc serve`, {
      id: 'ListenerNotRunning',
      category: 'ResourceUnavailable',
    });
  }
  return answer;
}

export const getReceiveConnectorSession: Cmdlet = {
  name: 'Get-ReceiveConnectorSession',
  short: 'sessions',
  group: 'server',
  summary: 'Show who is connected to the running listener now',
  gives: 'ReceiveConnectorSession',
  parameters: [CONNECTOR],
  examples: [
    { command: 'rc sessions', language: 'Get-ReceiveConnectorSession', does: 'Shows every open session.' },
    { command: "rc sessions 'Default*' | rc group Remote --no-element", does: 'Counts sessions by client.' },
  ],
  async *run({ arguments: args, context }) {
    const wanted = nameFilter(args.string('Identity'));
    for (const s of await asked(context, sessions)) {
      if (!wanted(s.connector)) continue;
      yield new PsObject('ReceiveConnectorSession', {
        Connector: s.connector,
        Remote: s.remote,
        Local: s.local,
        State: s.state,
        Since: new Date(s.since),
        Tls: s.tls,
        User: s.user,
        Helo: s.helo,
        Messages: s.messages,
        SessionId: s.id,
      });
    }
  },
};

export const getReceiveConnectorUsage: Cmdlet = {
  name: 'Get-ReceiveConnectorUsage',
  short: 'usage',
  group: 'server',
  summary: 'Show how close each source is to its connection limit',
  description:
    'One row for each source with open connections, those nearest to their limit first. The listener names at most 100 sources of a connector.',
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
  async *run({ arguments: args, context }) {
    const wanted = nameFilter(args.string('Identity'));
    const status = await asked(context, listenerStatus);
    const rows = status.connectors
      .filter((c) => wanted(c.name))
      .flatMap((c) =>
        c.sources.map((source) => ({
          c,
          source,
          share: source.limit === null ? 0 : (100 * source.connections) / source.limit,
        })),
      )
      .sort((a, b) => b.share - a.share);
    for (const { c, source, share } of rows) {
      yield new PsObject('ReceiveConnectorUsage', {
        Connector: c.name,
        Source: source.address,
        Connections: source.connections,
        Limit: source.limit ?? UNLIMITED,
        PercentUsed: Math.round(share),
        ConnectorConnections: c.connections,
        ConnectorLimit: c.limit ?? UNLIMITED,
        RefusedPerSource: c.refused.source,
        RefusedTotal: c.refused.connector + c.refused.source + c.refused.percentage,
      });
    }
  },
};

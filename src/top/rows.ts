/** What the panels list: connectors, sources and events of a look, each with its closeness to its limit as a word. */
import type { ConnectorStatus, SessionStatus, SourceDetail, SourceStatus } from '../control/listener-client.ts';
import { refusedInAll } from '../control/source-usage.ts';
import type { Look, NumberedEvent, Rates } from './trend.ts';

/** From here on a limit is near. */
const NEAR = 0.8;

/** How much it concerns the reader; the colours are those of a traffic light, the word says the same. */
type Level = 'good' | 'near' | 'full' | 'dim';

export interface Use {
  readonly connections: number;
  readonly limit: number | null;
  /** Of the limit, 0 and up; `undefined` without one. */
  readonly share: number | undefined;
  readonly state: string;
  readonly level: Level;
}

export interface ConnectorRow extends Use {
  readonly key: string;
  readonly name: string;
  readonly rates: Rates;
  readonly refused: number;
  /** The source nearest to its limit. */
  readonly busiest: SourceStatus | undefined;
  readonly bindings: readonly string[];
  readonly status: ConnectorStatus;
}

export interface SourceRow extends Use, Pick<SourceDetail, 'address' | 'connector' | 'guid' | 'rule' | 'lastRefused'> {
  readonly key: string;
  readonly minute: number;
  readonly hour: number;
}

export interface EventRow {
  readonly key: string;
  readonly event: NumberedEvent;
}

export interface SessionRow {
  readonly key: string;
  readonly session: SessionStatus;
}

function shareOf(connections: number, limit: number | null): number | undefined {
  if (limit === null) return undefined;
  return limit > 0 ? connections / limit : 1;
}

/** Of what all servers of a fleet count together, where they do. */
function shareOfSource({ connections, everywhere = connections, limit }: SourceStatus): number | undefined {
  return shareOf(everywhere, limit);
}

export function connectorRows({ snapshot: { status }, ratesOf }: Look): ConnectorRow[] {
  const unbound = new Set(status.failed.flatMap((failed) => failed.connectors));
  const bindings = new Map<string, string[]>();
  for (const { binding, connectors } of [...status.bound, ...status.failed])
    for (const name of connectors) bindings.set(name, [...(bindings.get(name) ?? []), binding]);
  return status.connectors.map((connector) => {
    const share = shareOf(connector.connections, connector.limit);
    const rates = ratesOf.get(connector.guid) ?? { accepted: undefined, refused: undefined };
    const [state, level] = connectorState(connector, share, rates, unbound.has(connector.name));
    return {
      key: connector.guid,
      name: connector.name,
      connections: connector.connections,
      limit: connector.limit,
      share,
      state,
      level,
      rates,
      refused: refusedInAll(connector),
      busiest: busiest(connector.sources),
      bindings: bindings.get(connector.name) ?? [],
      status: connector,
    };
  });
}

function connectorState(
  { removed, enabled, sources }: ConnectorStatus,
  share: number | undefined,
  rates: Rates,
  unbound: boolean,
): [string, Level] {
  if (removed) return ['removed', 'near'];
  if (!enabled) return ['off', 'dim'];
  if (unbound) return ['unbound', 'full'];
  if (share !== undefined && share >= 1) return ['FULL', 'full'];
  if (sources.some((source) => (shareOfSource(source) ?? 0) >= 1)) return ['FULL', 'full'];
  if (rates.refused) return ['refuses', 'near'];
  if (share !== undefined && share >= NEAR) return ['near', 'near'];
  return ['ok', 'good'];
}

/** The source nearest to its limit; among those without one, or as near, that with the most connections. */
export function busiest<S extends SourceStatus>(sources: readonly S[]): S | undefined {
  let best: S | undefined;
  for (const source of sources) if (!best || nearer(source, best) < 0) best = source;
  return best;
}

function nearer(a: SourceStatus, b: SourceStatus): number {
  return (shareOfSource(b) ?? -1) - (shareOfSource(a) ?? -1) || b.connections - a.connections;
}

const NONE = { minute: 0, hour: 0 } as const;

export function sourceRows({ snapshot: { sources, status } }: Look): SourceRow[] {
  const rows = new Map<string, SourceRow>();
  for (const source of sources) {
    const row = sourceRow(source);
    rows.set(row.key, row);
  }
  // Each connector names its own busiest ones; those that are not among the first hundred of all have refused nobody lately.
  for (const { sources: own, guid, name } of status.connectors) {
    for (const source of own) {
      const key = `${guid} ${source.address}`;
      const rest = {
        connector: name,
        guid,
        rule: '',
        refused: NONE,
        because: [],
        lastRefused: '',
        failedLogons: NONE,
      } as const;
      if (!rows.has(key)) rows.set(key, sourceRow({ ...source, ...rest }));
    }
  }
  return [...rows.values()];
}

function sourceRow(source: SourceDetail): SourceRow {
  const { address, connections, limit, connector, guid, rule, refused, lastRefused } = source;
  const share = shareOfSource(source);
  const [state, level] = sourceState(share, refused.minute);
  const { minute, hour } = refused;
  return {
    ...{ key: `${guid} ${address}`, address, connections, limit, connector, guid, rule, lastRefused },
    ...{ share, state, level, minute, hour },
  };
}

function sourceState(share: number | undefined, refusedInMinute: number): [string, Level] {
  if (share !== undefined && share >= 1) return ['FULL', 'full'];
  if (refusedInMinute) return ['refused', 'near'];
  if (share !== undefined && share >= NEAR) return ['near', 'near'];
  return ['ok', 'good'];
}

export function eventRows({ events }: Look): EventRow[] {
  return events.map((event) => ({ key: String(event.number), event }));
}

export function sessionRows(sessions: readonly SessionStatus[]): SessionRow[] {
  return sessions.map((session) => ({ key: session.id, session }));
}

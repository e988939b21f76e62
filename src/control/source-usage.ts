/** How much of their limits sources take, one row each: what `rc usage` shows of a listener's status. */
import type { ConnectorStatus, ListenerStatus, SourceStatus } from './listener-client.ts';

export interface SourceUsage extends SourceStatus {
  readonly connector: Pick<ConnectorStatus, 'name' | 'connections' | 'limit' | 'refused'>;
}

/** Those nearest to their limit first. */
export function usageOf({ connectors }: Pick<ListenerStatus, 'connectors'>): SourceUsage[] {
  return connectors
    .flatMap(({ name, connections, limit, refused, sources }) =>
      sources.map((source) => ({ ...source, connector: { name, connections, limit, refused } })),
    )
    .sort((a, b) => shareTaken(b) - shareTaken(a));
}

/** Connections that a connector refused, whatever limit they met. */
export function refusedInAll({ refused }: Pick<ConnectorStatus, 'refused'>): number {
  return refused.connector + refused.source + refused.percentage + refused.rate;
}

/** 1: all of the limit is taken; 0 where there is none. */
export function shareTaken({
  limit,
  connections,
  everywhere = connections,
}: Pick<SourceStatus, 'limit' | 'connections' | 'everywhere'>): number {
  return limit === null ? 0 : everywhere / Math.max(1, limit);
}

/**
 * Who may come in, and how often: the one seam that everything which counts goes through. `LocalAuthority` counts in this
 * process and answers at once; a `FleetAuthority` asks the engine of a fleet behind it; a worker borrows places from the first process.
 */
import type { MessageRates } from '../contracts/message-rates.ts';
import type { RelayPlaces } from '../contracts/relay-places.ts';
import type { LiveConnector } from './live-connector.ts';

/** What an authority says of one more connection. */
export type Ruling =
  | { readonly kind: 'accepted' }
  /** MaxInboundConnection, MaxInboundConnectionPerSource. */
  | { readonly kind: 'connector' | 'source' }
  /** MaxInboundConnectionPercentagePerSource; MaxConnectionRatePerMinute, MaxInboundConnectionRatePerSource; `limit`: connections that it is now. */
  | { readonly kind: 'percentage' | 'rate' | 'sourceRate'; readonly limit: number };

export const ACCEPTED: Ruling = { kind: 'accepted' };

/** Connections that are open, as far as an authority knows. */
export interface AdmissionCounts {
  readonly open: number;
  /** Those of this process. */
  readonly sources: ReadonlyMap<string, number>;
  /** Those of one source, over all who count together; `undefined` where that is this process alone, or not known. */
  readonly everywhere?: (source: string) => number | undefined;
}

/** What a source has used of the two rates of connections, in the last minute. */
export interface CameLately {
  /** Of MaxInboundConnectionRatePerSource: to this connector. */
  readonly connector: number;
  /** Of MaxConnectionRatePerMinute: to all connectors. */
  readonly server: number;
}

export interface AdmissionAuthority extends MessageRates {
  /**
   * May one more connection of a source come in? When it may it is counted, until `leave`.
   * @param source `sourceOf` its address @param limited false: limits per source do not apply to it
   */
  ask(connector: LiveConnector, source: string, limited: boolean): Ruling | Promise<Ruling>;
  /** MaxConnectionRatePerMinute is this from now on. */
  pace(connectionsPerMinute: number): void;
  /** How many more of a source may come this minute, by both rates. */
  pacedFor(connector: LiveConnector, source: string): number;
  /** Connections of a source that nobody asked about came in, into places that had been kept. */
  came(connector: LiveConnector, source: string, connections: number): void;
  /** Connections of a source in the last minute, as far as a rate counts them. */
  cameLately(connector: LiveConnector, source: string): CameLately;
  /** A connection that came in is over. */
  leave(connector: LiveConnector, source: string): void;
  /** Its settings are other ones: what was believed of its limits is believed no more. */
  changed(connector: LiveConnector): void;
  /** Do others than this process count it too? Then no place may stand empty for its next connection. */
  isShared(connector: LiveConnector): boolean;
  /** Connections to next hosts. */
  readonly relays: RelayPlaces;
  /** What `why`, `get-source`, top, page and metrics show. */
  counts(connector: LiveConnector): AdmissionCounts;
}

/** Counts messages per minute and source. */
export interface MessageRates {
  /** May one more message start now from all of these sources? Counts it for each when it may. `limit` per minute. A promise where another process counts. */
  take(connectorGuid: string, sources: readonly string[], limit: number): boolean | Promise<boolean>;
  /** How many of a source count now, where they are counted here. */
  used?(connectorGuid: string, source: string): number;
}

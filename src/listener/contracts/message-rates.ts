/** Counts messages by source, over a window that slides. */
export interface MessageRates {
  /**
   * May one more message start now from all of these sources? Counts it for each when it may. `limit` for each window; a minute when
   * none is given. A promise where another process counts.
   */
  take(connectorGuid: string, sources: readonly string[], limit: number, windowMs?: number): boolean | Promise<boolean>;
  /** How many of a source count now, where they are counted here. */
  used?(connectorGuid: string, source: string, windowMs?: number): number;
}

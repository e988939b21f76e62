/**
 * Message rates per connector and source, in constant memory a source: the minute under way and a share of the one before
 * (a sliding window of two buckets), so that a source never gets more than its limit in any minute, give or take the
 * evenness of the minute before.
 */
import type { MessageRates } from '../contracts/message-rates.ts';

const MINUTE = 60_000;
/** Sources kept at most; the ones longest unheard of go first. A sender's address is the client's to choose. */
const MOST_SOURCES = 100_000;

interface Window {
  start: number;
  before: number;
  count: number;
}

export class SlidingRates implements MessageRates {
  readonly #windows = new Map<string, Window>();
  readonly #clock: () => number;

  /** @param clock milliseconds, monotonic */
  constructor(clock: () => number = () => performance.now()) {
    this.#clock = clock;
  }

  /** How many sources are remembered. */
  get size(): number {
    return this.#windows.size;
  }

  take(connectorGuid: string, sources: readonly string[], limit: number): boolean {
    if (limit === Number.POSITIVE_INFINITY) return true;
    const now = this.#clock();
    const windows = sources.map((source) => this.#window(`${connectorGuid}\0${source}`, now));
    if (windows.some((w) => used(w, now) + 1 > limit)) return false;
    for (const w of windows) w.count++;
    return true;
  }

  /** Counts what came without being asked about; or, below 0, what was counted and did not come. */
  count(guid: string, source: string, by: number): void {
    const w = this.#window(`${guid}\0${source}`, this.#clock());
    w.count = Math.max(0, w.count + by);
  }

  /** How many more of a source would be taken now. */
  left(guid: string, source: string, limit: number): number {
    return limit === Number.POSITIVE_INFINITY ? limit : Math.max(0, limit - this.used(guid, source));
  }

  /** How many of a source count now; a part of one is a whole one. */
  used(guid: string, source: string): number {
    const key = `${guid}\0${source}`;
    const now = this.#clock();
    return this.#windows.has(key) ? Math.ceil(used(this.#window(key, now), now)) : 0;
  }

  #window(key: string, now: number): Window {
    let w = this.#windows.get(key);
    if (w)
      this.#windows.delete(key); // put back at the end: the order is that of last use
    else w = { start: now, before: 0, count: 0 };
    const minutes = Math.floor((now - w.start) / MINUTE);
    if (minutes > 0) {
      w.before = minutes === 1 ? w.count : 0;
      w.count = 0;
      w.start += minutes * MINUTE;
    }
    this.#windows.set(key, w);
    this.#forgetOld(now);
    return w;
  }

  #forgetOld(now: number): void {
    for (const [key, w] of this.#windows) {
      if (this.#windows.size <= MOST_SOURCES && now - w.start < 2 * MINUTE) return;
      this.#windows.delete(key);
    }
  }
}

/** Messages of the last minute, the minute before taken as even. */
function used(w: Window, now: number): number {
  const share = 1 - (now - w.start) / MINUTE;
  return w.count + w.before * share;
}

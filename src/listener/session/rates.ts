/**
 * Rates by connector and source, in constant memory a source: the window under way and a share of the one before (a sliding
 * window of two buckets), so that a source never gets more than its limit in any window, give or take the evenness of the one
 * before. A minute, or what MessageRateLimitWindow says.
 */
import type { MessageRates } from '../contracts/message-rates.ts';

const MINUTE = 60_000;
/** Sources kept at most; the ones longest unheard of go first. A sender's address is the client's to choose. */
const MOST_SOURCES = 100_000;
/** How many go at a time: a Map is slow to find its first entry when many before it were deleted, so it is looked for seldom. */
const AT_A_TIME = MOST_SOURCES / 8;
const LOOK_MS = 1000;

interface Window {
  start: number;
  before: number;
  count: number;
  /** Milliseconds. */
  length: number;
}

export class SlidingRates implements MessageRates {
  readonly #windows = new Map<string, Window>();
  readonly #clock: () => number;
  #lookedAt = 0;

  /** @param clock milliseconds, monotonic */
  constructor(clock: () => number = () => performance.now()) {
    this.#clock = clock;
  }

  /** How many sources are remembered. */
  get size(): number {
    return this.#windows.size;
  }

  take(connectorGuid: string, sources: readonly string[], limit: number, windowMs = MINUTE): boolean {
    if (limit === Number.POSITIVE_INFINITY) return true;
    const now = this.#clock();
    const windows = sources.map((source) => this.#window(`${connectorGuid}\0${source}`, now, windowMs));
    if (windows.some((w) => used(w, now) + 1 > limit)) return false;
    for (const w of windows) w.count++;
    return true;
  }

  /** Counts what came without being asked about; or, below 0, what was counted and did not come. */
  count(guid: string, source: string, by: number, windowMs = MINUTE): void {
    const w = this.#window(`${guid}\0${source}`, this.#clock(), windowMs);
    w.count = Math.max(0, w.count + by);
  }

  /** How many more of a source would be taken now. */
  left(guid: string, source: string, limit: number): number {
    return limit === Number.POSITIVE_INFINITY ? limit : Math.max(0, limit - this.used(guid, source));
  }

  /** How many of a source count now; a part of one is a whole one. */
  used(guid: string, source: string, windowMs = MINUTE): number {
    const key = `${guid}\0${source}`;
    const now = this.#clock();
    return this.#windows.has(key) ? Math.ceil(used(this.#window(key, now, windowMs), now)) : 0;
  }

  #window(key: string, now: number, length: number): Window {
    let w = this.#windows.get(key);
    if (w)
      this.#windows.delete(key); // put back at the end: the order is that of last use
    else w = { start: now, before: 0, count: 0, length };
    const passed = Math.floor((now - w.start) / w.length);
    if (passed > 0) {
      w.before = passed === 1 ? w.count : 0;
      w.count = 0;
      w.start += passed * w.length;
    }
    if (w.length !== length) w = resized(w, now, length);
    this.#windows.set(key, w);
    this.#forgetOld(now);
    return w;
  }

  #forgetOld(now: number): void {
    const isFull = this.#windows.size > MOST_SOURCES;
    if (!isFull && now - this.#lookedAt < LOOK_MS) return;
    this.#lookedAt = now;
    const most = isFull ? MOST_SOURCES - AT_A_TIME : MOST_SOURCES;
    for (const [key, w] of this.#windows) {
      if (this.#windows.size <= most && now - w.start < 2 * w.length) return;
      this.#windows.delete(key);
    }
  }
}

/** What counts now, what was before taken as even. */
function used(w: Window, now: number): number {
  const share = 1 - (now - w.start) / w.length;
  return w.count + w.before * share;
}

/** Over a longer window all of it counts, for it lies in it; over a shorter one an even share (decisions/0213). */
function resized(w: Window, now: number, length: number): Window {
  const count = used(w, now) * Math.min(1, length / w.length);
  return { start: now, before: 0, count: Math.ceil(count), length };
}

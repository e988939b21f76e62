/**
 * Wrong tokens: ten a minute from one address are told in the log, further ones only that it must wait. Nobody guesses 256
 * bits; this keeps the trying cheap for us. The right one is never refused, whatever else came from its address.
 */
import { sourceOf } from './anonymous-connections.ts';

const MOST = 10;
const WINDOW_MS = 60_000;
const MOST_ADDRESSES = 1000;

export class LoginThrottle {
  readonly #failed = new Map<string, { count: number; since: number }>();

  /** Seconds until a wrong token of an address counts again; 0 is now. */
  wait(address: string): number {
    const failed = this.#failed.get(sourceOf(address));
    if (!failed || failed.count < MOST) return 0;
    return Math.max(0, Math.ceil((failed.since + WINDOW_MS - performance.now()) / 1000));
  }

  /** Counts a failure. */
  fail(address: string): void {
    const now = performance.now();
    const key = sourceOf(address);
    const failed = this.#failed.get(key);
    if (failed && now - failed.since < WINDOW_MS) {
      failed.count++;
      return;
    }
    this.#failed.delete(key);
    for (const oldest of this.#failed.keys()) {
      if (this.#failed.size < MOST_ADDRESSES) break;
      this.#failed.delete(oldest);
    }
    this.#failed.set(key, { count: 1, since: now });
  }
}

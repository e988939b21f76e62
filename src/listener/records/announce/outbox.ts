/**
 * Events on their way to one place outside: in order, one at a time, tried again while the place does not take them, bounded
 * in number and age. The listener never waits for it.
 */

export interface Outbox<T> {
  put(item: T): void;
  /** Lets what waits go out, for at most so many milliseconds. */
  close(ms: number): Promise<void>;
}

export interface OutboxOptions<T> {
  /** Takes one; rejects with the reason when it could not be taken. `signal`: the listener ends. */
  readonly send: (item: T, signal: AbortSignal) => Promise<void>;
  /** It failed, for the first time since it last went well. */
  readonly failed: (reason: string) => void;
  /** It goes well again; so many were given up meanwhile. */
  readonly recovered: (givenUp: number) => void;
  /** Most that wait; beyond it the oldest is given up. */
  readonly most?: number;
  /** Milliseconds before the second try, doubled with each further one up to `longestPauseMs`. */
  readonly pauseMs?: number;
  readonly longestPauseMs?: number;
  /** Tries of one before it is given up. */
  readonly tries?: number;
}

const MOST = 1000;
const PAUSE_MS = 1000;
const LONGEST_PAUSE_MS = 60_000;
const TRIES = 10;

export function outbox<T>(options: OutboxOptions<T>): Outbox<T> {
  const { most = MOST, pauseMs = PAUSE_MS, longestPauseMs = LONGEST_PAUSE_MS, tries = TRIES } = options;
  const waiting: T[] = [];
  const ended = new AbortController();
  let working: Promise<void> | undefined;
  let failing = false;
  let givenUp = 0;
  let closing = false;
  let wake = () => {};

  const work = async () => {
    let attempt = 0;
    while (waiting.length && !ended.signal.aborted) {
      const item = waiting[0]!;
      try {
        await options.send(item, ended.signal);
        attempt = 0;
        if (waiting[0] === item) waiting.shift();
        if (failing) options.recovered(givenUp);
        failing = false;
        givenUp = 0;
      } catch (error) {
        if (ended.signal.aborted) return;
        if (!failing) options.failed((error as Error).message);
        failing = true;
        if (++attempt >= tries || closing) {
          attempt = 0;
          givenUp++;
          if (waiting[0] === item) waiting.shift();
        } else await pause(Math.min(longestPauseMs, pauseMs * 2 ** (attempt - 1)));
      }
    }
  };
  const pause = (ms: number) =>
    new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, ms);
      timer.unref();
      wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  return {
    put(item) {
      if (closing) return;
      waiting.push(item);
      if (waiting.length > most) {
        waiting.shift();
        givenUp++;
      }
      working ??= work().finally(() => {
        working = undefined;
      });
    },
    async close(ms) {
      closing = true;
      wake();
      const timer = setTimeout(() => ended.abort(), ms);
      await working;
      clearTimeout(timer);
      ended.abort();
    },
  };
}

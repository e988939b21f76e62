/**
 * Sums up refusals: the first of a kind is told at once, those that follow within the interval are one line at its end.
 * A flood therefore costs a counter, not a line each; many sources at once share one line for all that do not fit.
 */
import type { EventLog, ListenerEvent } from '../contracts/event-log.ts';

interface ThrottleOptions {
  /** Length of an interval in milliseconds. */
  readonly intervalMs?: number;
  /** Kinds (event, connector, source) told one by one within an interval; the rest is told as a number. */
  readonly maxKinds?: number;
}

interface Kind {
  /** As it was at the first refusal of the interval. */
  event: ListenerEvent;
  /** Refusals not told yet. An interval without one ends the kind. */
  more: number;
}

/** Where refusals are summed up. */
export interface RefusalThrottle {
  count(key: string, event: () => ListenerEvent, by?: number): void;
}

export class EventThrottle implements RefusalThrottle {
  readonly #kinds = new Map<string, Kind>();
  readonly #intervalMs: number;
  readonly #maxKinds: number;
  #others = new Map<number, { sources: number; event: ListenerEvent }>();
  #timer: NodeJS.Timeout | undefined;
  /** When the interval that is running began. */
  #since = 0;

  constructor(
    readonly log: EventLog,
    options: ThrottleOptions = {},
  ) {
    this.#intervalMs = options.intervalMs ?? 60_000;
    this.#maxKinds = options.maxKinds ?? 100;
  }

  /** Counts one refusal, or some. `event` is made only when it will be told, so a flood builds no text. */
  count(key: string, event: () => ListenerEvent, by = 1): void {
    const kind = this.#kinds.get(key);
    if (kind) {
      if (kind.more === 0) kind.event = event();
      kind.more += by;
      return;
    }
    if (this.#kinds.size >= this.#maxKinds) {
      const made = event();
      const other = this.#others.get(made.id);
      if (other) other.sources += by;
      else this.#others.set(made.id, { sources: by, event: made });
      return;
    }
    const made = event();
    this.#kinds.set(key, { event: made, more: by - 1 });
    this.log.write(made);
    if (this.#timer) return;
    this.#since = performance.now();
    this.#timer = setInterval(() => this.sumUp(), this.#intervalMs).unref();
  }

  /** Tells what has been counted since the last time. Runs by itself once an interval. */
  sumUp(): void {
    const seconds = Math.max(1, Math.round((performance.now() - this.#since) / 1000));
    this.#since = performance.now();
    for (const [key, kind] of this.#kinds) {
      if (kind.more === 0) {
        this.#kinds.delete(key);
        continue;
      }
      this.log.write(summed(kind.event, kind.more, seconds));
      kind.more = 0;
    }
    for (const { sources, event } of this.#others.values()) {
      this.log.write({
        ...event,
        message: `${event.message} And ${sources} more refusal(s) like it of other sources in ${seconds} s, not told one by one.`,
        data: { ...event.data, count: sources, otherSources: true, seconds },
      });
    }
    this.#others = new Map();
    if (this.#kinds.size === 0 && this.#timer) {
      clearInterval(this.#timer);
      this.#timer = undefined;
    }
  }

  /** Tells the rest and stops. */
  close(): void {
    this.sumUp();
    clearInterval(this.#timer);
    this.#timer = undefined;
  }
}

function summed(event: ListenerEvent, count: number, seconds: number): ListenerEvent {
  const message = `${event.message} (${count} more time(s) in ${seconds} s)`;
  return { ...event, message, data: { ...event.data, count, seconds } };
}

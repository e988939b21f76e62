/**
 * Events about deliveries that fail, summed up: the first of a kind is written at once, what follows within a minute is
 * one event with a count. A full disk with a thousand clients is one line a minute, not a thousand.
 */
import { printable } from '../../text/printable.ts';
import type { EventLog, ListenerEvent } from '../contracts/event-log.ts';

const INTERVAL_MS = 60_000;
/** More kinds at one time than this are taken together, so that hostile texts cannot fill the memory. */
const MOST_KINDS = 100;

/** Events of deliveries and logs. Ours, not Exchange's (docs/delivery.md, docs/logs.md). */
export const EVENT = {
  mailNotStored: 17101,
  leftoversRemoved: 17102,
  nextHostFailed: 17103,
  nextHostNotConfigured: 17104,
  logNotWritten: 17111,
  logLinesDropped: 17112,
} as const;

interface Sum {
  event: ListenerEvent;
  more: number;
  timer: NodeJS.Timeout;
}

export class FailureEvents {
  readonly #log: EventLog;
  readonly #sums = new Map<string, Sum>();

  constructor(log: EventLog) {
    this.#log = log;
  }

  /** `kind` says which events are the same one. */
  report(kind: string, event: ListenerEvent): void {
    const key = this.#sums.has(kind) || this.#sums.size < MOST_KINDS ? kind : '';
    const sum = this.#sums.get(key);
    if (sum) {
      sum.event = event;
      sum.more++;
      return;
    }
    this.#log.write({ ...event, message: printable(event.message) });
    const timer = setTimeout(() => this.#tell(key), INTERVAL_MS);
    timer.unref();
    this.#sums.set(key, { event, more: 0, timer });
  }

  #tell(key: string): void {
    const sum = this.#sums.get(key);
    this.#sums.delete(key);
    if (!sum?.more) return;
    clearTimeout(sum.timer);
    this.#log.write({
      ...sum.event,
      message: printable(`${sum.event.message} (${sum.more} more times within the last minute)`),
      data: { ...sum.event.data, count: sum.more },
    });
  }

  /** Tells what is summed up and stops. */
  close(): void {
    for (const [key, sum] of this.#sums) {
      clearTimeout(sum.timer);
      this.#tell(key);
    }
  }
}

/** The last events, kept in memory for those who look on (`/live`); every event goes on to the log as well. */

import type { EventRecord } from '../../control/listener-client.ts';
import type { EventLog, ListenerEvent } from '../contracts/event-log.ts';
import { recordOf } from './event-record.ts';

const KEPT = 50;

export class RecentEvents implements EventLog {
  readonly #log: EventLog;
  readonly #clock: () => Date;
  readonly #last: EventRecord[] = [];
  /** Events written so far. */
  #written = 0;

  constructor(log: EventLog, clock: () => Date = () => new Date()) {
    this.#log = log;
    this.#clock = clock;
  }

  write(event: ListenerEvent): void {
    this.#log.write(event);
    this.#written++;
    this.#last.push(recordOf(event, this.#clock()));
    if (this.#last.length > KEPT) this.#last.shift();
  }

  close(): Promise<void> {
    return this.#log.close();
  }

  /** Events after the first `known`, those that are kept; and how many were written by now. */
  since(known: number): { readonly events: readonly EventRecord[]; readonly written: number } {
    const missing = Math.min(this.#written - known, this.#last.length);
    return { events: missing > 0 ? this.#last.slice(-missing) : [], written: this.#written };
  }
}

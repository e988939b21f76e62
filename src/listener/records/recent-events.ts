/** The last events, kept in memory for those who look on (`/live`); every event goes on to the log as well. */

import type { EventRecord } from '../../control/listener-client.ts';
import type { EventLog, ListenerEvent } from '../contracts/event-log.ts';
import { recordOf } from './event-record.ts';

const KEPT = 50;

export class RecentEvents implements EventLog {
  readonly #log: EventLog;
  readonly #last: EventRecord[] = [];
  readonly #told = new Set<(event: EventRecord) => void>();
  /** Events written so far. */
  #written = 0;

  constructor(log: EventLog) {
    this.#log = log;
  }

  write(event: ListenerEvent): void {
    this.#log.write(event);
    this.#written++;
    const record = recordOf(event, new Date());
    this.#last.push(record);
    if (this.#last.length > KEPT) this.#last.shift();
    for (const tell of this.#told) tell(record);
  }

  /** Calls back at each event, until the returned function is called. */
  onEvent(tell: (event: EventRecord) => void): () => void {
    this.#told.add(tell);
    return () => this.#told.delete(tell);
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

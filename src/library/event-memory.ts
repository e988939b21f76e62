/** Events kept in memory, for who asks; nothing is written anywhere. */
import type { EventLog, ListenerEvent } from '../listener/contracts/event-log.ts';
import { recordOf } from '../listener/records/event-record.ts';
import type { LoggedEvent } from './library-types.ts';

/** The newest so many are kept. */
const MOST = 10_000;

export class EventMemory implements EventLog {
  #kept: LoggedEvent[] = [];

  write(event: ListenerEvent): void {
    this.#kept.push(recordOf(event, new Date()));
    if (this.#kept.length > MOST) this.#kept.shift();
  }

  /** @param ids only these; all when there are none */
  since(ids: readonly number[]): LoggedEvent[] {
    return this.#kept.filter(({ id }) => !ids.length || ids.includes(id));
  }

  clear(): void {
    this.#kept = [];
  }

  async close(): Promise<void> {}
}

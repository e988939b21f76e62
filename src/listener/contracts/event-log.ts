/** What the listener tells administrators. */

export type EventLevel = 'Information' | 'Warning' | 'Error';

/** Windows event log, as lines of events.ndjson and on stderr. 1021 is Exchange's, 1020 has its shape; ours start at 17000 (docs/events.md). */
export interface ListenerEvent {
  readonly id: number;
  readonly level: EventLevel;
  readonly message: string;
  /** Figures a script wants: connector, address, limit, count. */
  readonly data?: Readonly<Record<string, string | number | boolean>>;
}

export interface EventLog {
  write(event: ListenerEvent): void;
  close(): Promise<void>;
}

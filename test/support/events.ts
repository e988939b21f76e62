/** The event log of a listener as a process. It is written a moment after what it tells has happened, so who expects an event waits for it. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { until } from './until.ts';

export interface LoggedEvent {
  readonly id: number;
  readonly level: string;
  readonly message: string;
  // biome-ignore lint/suspicious/noExplicitAny: each event has data of its own
  readonly data: Record<string, any>;
}

/** What stands there now; a line that is not whole yet is none. @throws when there is no log */
export function eventsOf(home: string, ...ids: readonly number[]): LoggedEvent[] {
  const text = readFileSync(join(home, 'events.ndjson'), 'utf8');
  const all = text
    .slice(0, text.lastIndexOf('\n') + 1)
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line) as LoggedEvent);
  return ids.length ? all.filter(({ id }) => ids.includes(id)) : all;
}

/** The events of this id, as soon as there are so many. */
export function logged(home: string, id: number, n = 1): Promise<LoggedEvent[]> {
  return until(`${n} of event ${id}`, () => {
    const events = eventsOf(home, id);
    return events.length >= n && events;
  });
}

/** An event as others are shown it: with its time, and escaped as events.ndjson is. */
import type { EventRecord } from '../../control/listener-client.ts';
import { printable } from '../../text/printable.ts';
import type { ListenerEvent } from '../contracts/event-log.ts';

export function recordOf(event: ListenerEvent, time: Date): Required<EventRecord> {
  const data: Record<string, string | number | boolean> = {};
  for (const [key, value] of Object.entries(event.data ?? {}))
    data[key] = typeof value === 'string' ? printable(value) : value;
  return { time: time.toISOString(), id: event.id, level: event.level, message: printable(event.message), data };
}

/** An event as others are shown it: with its time, and escaped. */
import type { EventRecord } from '../../control/listener-client.ts';
import { printable } from '../../text/printable.ts';
import type { EventLevel, ListenerEvent } from '../contracts/event-log.ts';

/** err, warning, informational (RFC 5424 table 2). */
export const SYSLOG_SEVERITY: Readonly<Record<EventLevel, number>> = { Error: 3, Warning: 4, Information: 6 };

/** JSON escapes control characters itself; characters that reorder or hide text on a terminal are escaped here. */
export function recordOf(event: ListenerEvent, time: Date): Required<EventRecord> {
  const data: Record<string, string | number | boolean> = {};
  for (const [key, value] of Object.entries(event.data ?? {}))
    data[key] = typeof value === 'string' ? printable(value) : value;
  return { time: time.toISOString(), id: event.id, level: event.level, message: printable(event.message), data };
}

/** Rows of the tables of events, by their level: id, what is told, and the figures in it. */
import type { EventLevel, ListenerEvent } from '../contracts/event-log.ts';

function ofLevel(level: EventLevel) {
  return (id: number, message: string, data: NonNullable<ListenerEvent['data']>): ListenerEvent => ({
    id,
    level,
    message,
    data,
  });
}

export const information = ofLevel('Information');
export const warning = ofLevel('Warning');
export const error = ofLevel('Error');

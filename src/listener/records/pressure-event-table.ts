/**
 * Back pressure, with Exchange's ids and words (article "Understanding back pressure": logging; 15006 as administrators post it);
 * which resources it is about is ours. A part of event-table.ts.
 */
import type { PressureLevel } from '../../domain/pressure.ts';
import type { ListenerEvent } from '../contracts/event-log.ts';

export const PRESSURE_EVENTS = {
  pressureIncreased: (before: PressureLevel, now: PressureLevel, about: string): ListenerEvent => ({
    id: 15004,
    level: 'Warning',
    message: `Resource pressure increased from ${before} to ${now}. ${about}. ${now === 'High' ? 'No new mail is taken' : 'Only mail of who logged on, of trusted sources and of authoritative domains is taken'}; others are told 452 4.3.1 and come again.`,
    data: { before, now, about },
  }),
  pressureDecreased: (before: PressureLevel, now: PressureLevel, about: string): ListenerEvent => ({
    id: 15005,
    level: 'Information',
    message: `Resource pressure decreased from ${before} to ${now}.${about ? ` ${about}.` : ' All mail is taken again.'}`,
    data: { before, now, about },
  }),
  diskPressure: (about: string): ListenerEvent => ({
    id: 15006,
    level: 'Error',
    message: `The listener is rejecting message submissions because the available disk space has dropped below the configured threshold. ${about}. Make room there; the threshold: rc set-transport-service --used-disk-space-high-threshold`,
    data: { about },
  }),
  memoryPressure: (about: string): ListenerEvent => ({
    id: 15007,
    level: 'Error',
    message: `The listener is rejecting message submissions because the service continues to consume more memory than the configured threshold. ${about}. Give it more memory; the threshold: rc set-transport-service --used-memory-high-threshold`,
    data: { about },
  }),
} as const;

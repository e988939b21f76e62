/**
 * Back pressure, with Exchange's ids and words (article "Understanding back pressure": logging; 15006 as administrators post it);
 * which resources it is about is ours. A part of event-table.ts.
 */
import type { PressureLevel } from '../../domain/pressure.ts';
import { error, information, warning } from './event-row.ts';

export const PRESSURE_EVENTS = {
  pressureIncreased: (before: PressureLevel, now: PressureLevel, about: string) =>
    warning(
      15004,
      `Resource pressure increased from ${before} to ${now}. ${about}. ${now === 'High' ? 'No new mail is taken' : 'Only mail of who logged on, of trusted sources and of authoritative domains is taken'}; others are told 452 4.3.1 and come again.`,
      { before, now, about },
    ),
  pressureDecreased: (before: PressureLevel, now: PressureLevel, about: string) =>
    information(
      15005,
      `Resource pressure decreased from ${before} to ${now}.${about ? ` ${about}.` : ' All mail is taken again.'}`,
      { before, now, about },
    ),
  diskPressure: (about: string) =>
    error(
      15006,
      `The listener is rejecting message submissions because the available disk space has dropped below the configured threshold. ${about}. Make room there; the threshold: rc set-transport-service --used-disk-space-high-threshold`,
      { about },
    ),
  memoryPressure: (about: string) =>
    error(
      15007,
      `The listener is rejecting message submissions because the service continues to consume more memory than the configured threshold. ${about}. Give it more memory; the threshold: rc set-transport-service --used-memory-high-threshold`,
      { about },
    ),
} as const;

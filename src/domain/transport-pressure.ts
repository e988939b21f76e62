/** Settings of the transport service about back pressure: a part of its table. Exchange has them in EdgeTransport.exe.config. */
import { bool, int } from './kind.ts';
import { row } from './setting.ts';

/** What is looked at, by the beginning of its settings' names. */
export const PRESSURE_RESOURCES = ['UsedDiskSpace', 'UsedMemory', 'EventLoopDelay'] as const;

/** Milliseconds: the highest threshold there can be. */
export const LONGEST_DELAY = 60_000;

const ours = { extension: true } as const;
const percent = (fallback: number, what: string) =>
  row(int(1, 100), fallback, 'at once', what, { ...ours, legal: '100 is no threshold' });
const milliseconds = (fallback: number, what: string) => row(int(10, LONGEST_DELAY), fallback, 'at once', what, ours);

const MEDIUM =
  'from which only mail of one’s own is taken: of who logged on, of trusted sources and of authoritative domains';
const HIGH = 'from which no new mail is taken (452 4.3.1)';

export const PRESSURE_ROWS = {
  EnableResourceMonitoring: row(
    bool,
    true,
    'at once',
    'Whether new mail is refused for a while when the disk, the memory or the event loop is under pressure (back pressure).',
    ours,
  ),
  UsedDiskSpaceMediumThreshold: percent(
    97,
    `Percent used of the mail’s volume ${MEDIUM}; while 1,500 MB are free it is not reached.`,
  ),
  UsedDiskSpaceHighThreshold: percent(
    99,
    `Percent used of the mail’s volume ${HIGH}; while 500 MB are free it is not reached.`,
  ),
  UsedMemoryMediumThreshold: percent(
    85,
    `Percent of the memory that the listener may have (the machine’s, or its control group’s; or V8’s heap) ${MEDIUM}.`,
  ),
  UsedMemoryHighThreshold: percent(92, `Percent of the memory that the listener may have ${HIGH}.`),
  EventLoopDelayMediumThreshold: milliseconds(1000, `Milliseconds by which the event loop is late ${MEDIUM}.`),
  EventLoopDelayHighThreshold: milliseconds(3000, `Milliseconds by which the event loop is late ${HIGH}.`),
} as const;

/**
 * Dates as .NET's DateTime has them: what the clock on the wall shows, and of which kind it is. A plain Date is local time
 * (`Get-Date`); a PlainDate is of no kind (`[datetime]'2026-01-02'`), a UtcDate shows universal time. Arithmetic and comparison are
 * those of the wall, whatever the kind, as DateTime's are: a day is 24 hours, also where summer time begins.
 */
import { twoDigits as two } from './two-digits.ts';

/** DateTimeKind.Unspecified: without a zone; as a moment it is taken for local time. It knows hours that summer time leaves out. */
export class PlainDate extends Date {
  /** @param wall what the wall shows, as milliseconds of an imagined universal time */
  constructor(readonly wall = 0) {
    super(localTime(wall));
  }
}
/** DateTimeKind.Utc */
export class UtcDate extends Date {}

const LEAST = -62_135_596_800_000; // 0001-01-01
const MOST = 253_402_300_799_999; // 9999-12-31T23:59:59.999

/** What the wall shows, as milliseconds of an imagined universal time. */
export function wallOf(date: Date): number {
  if (date instanceof UtcDate) return date.getTime();
  if (date instanceof PlainDate) return date.wall;
  const { y, mo, d, h, mi, s, ms } = partsOf(date);
  return utc(y, mo, d, h, mi, s, ms);
}

function utc(y: number, mo: number, d: number, h = 0, mi = 0, s = 0, ms = 0): number {
  const date = new Date(0);
  date.setUTCFullYear(y, mo, d);
  date.setUTCHours(h, mi, s, ms);
  return date.getTime();
}

/** A date of the same kind as `like`, by what the wall shows; `undefined` outside of the years 1 to 9999. */
export function fromWall(wall: number, like?: Date): Date | undefined {
  if (!(wall >= LEAST && wall <= MOST)) return undefined;
  if (like instanceof UtcDate) return new UtcDate(wall);
  return like instanceof PlainDate ? new PlainDate(wall) : new Date(localTime(wall));
}

/** The moment at which the wall here shows this. */
function localTime(wall: number): number {
  const at = new Date(wall);
  const made = new Date(0);
  made.setFullYear(at.getUTCFullYear(), at.getUTCMonth(), at.getUTCDate());
  return made.setHours(at.getUTCHours(), at.getUTCMinutes(), at.getUTCSeconds(), at.getUTCMilliseconds());
}

export interface DateParts {
  readonly y: number;
  /** 0 for January. */
  readonly mo: number;
  readonly d: number;
  readonly h: number;
  readonly mi: number;
  readonly s: number;
  readonly ms: number;
  /** 0 for Sunday. */
  readonly weekday: number;
}

export function partsOf(shown: Date): DateParts {
  if (shown instanceof UtcDate || shown instanceof PlainDate) {
    const date = new Date(wallOf(shown));
    return {
      y: date.getUTCFullYear(),
      mo: date.getUTCMonth(),
      d: date.getUTCDate(),
      h: date.getUTCHours(),
      mi: date.getUTCMinutes(),
      s: date.getUTCSeconds(),
      ms: date.getUTCMilliseconds(),
      weekday: date.getUTCDay(),
    };
  }
  const date = shown;
  return {
    y: date.getFullYear(),
    mo: date.getMonth(),
    d: date.getDate(),
    h: date.getHours(),
    mi: date.getMinutes(),
    s: date.getSeconds(),
    ms: date.getMilliseconds(),
    weekday: date.getDay(),
  };
}

export function daysIn(y: number, mo: number): number {
  return new Date(utc(y, mo + 1, 0)).getUTCDate();
}

/** Months added; the day is the month's last where it has no such day (31 January and a month: 28 February). */
export function addMonths(date: Date, months: number): Date | undefined {
  const { y, mo, d } = partsOf(date);
  const first = new Date(utc(y, mo + months, 1));
  const day = Math.min(d, daysIn(first.getUTCFullYear(), first.getUTCMonth()));
  const wall = wallOf(date);
  return fromWall(utc(first.getUTCFullYear(), first.getUTCMonth(), day) + (wall - utc(y, mo, d)), date);
}

/** Ticks of 100 ns since 0001-01-01. */
export function ticksOf(date: Date): number {
  return (wallOf(date) - LEAST) * 10_000;
}
/** What .NET says of a number of ticks that is no date. */
export const OUTSIDE_TICKS =
  "Ticks must be between DateTime.MinValue.Ticks and DateTime.MaxValue.Ticks. (Parameter 'ticks')";
export function fromTicks(ticks: number): Date | undefined {
  return fromWall(LEAST + Math.floor(ticks / 10_000), new PlainDate());
}

export function toUtc(date: Date): Date {
  return new UtcDate(date.getTime());
}
export function toLocal(date: Date): Date {
  // a date of no kind is taken for universal time
  return date instanceof PlainDate ? new Date(wallOf(date)) : new Date(date.getTime());
}

/** Minutes that local time is ahead; 0 for universal time. */
export function offsetOf(date: Date): number {
  return date instanceof UtcDate ? 0 : -date.getTimezoneOffset();
}

/** As views show a date: `2026-01-02 15:04:05`. */
export function dateText(date: Date): string {
  const { y, mo, d, h, mi, s } = partsOf(date);
  return `${String(y).padStart(4, '0')}-${two(mo + 1)}-${two(d)} ${two(h)}:${two(mi)}:${two(s)}`;
}

/** As a conversion to a text gives it, in the invariant culture: `01/02/2026 15:04:05`. */
export function invariantDate(date: Date): string {
  const { y, mo, d, h, mi, s } = partsOf(date);
  return `${two(mo + 1)}/${two(d)}/${String(y).padStart(4, '0')} ${two(h)}:${two(mi)}:${two(s)}`;
}

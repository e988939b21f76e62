/** Static members of [datetime] and [timespan]. */
import { TimeSpan } from '../../domain/value.ts';
import type { Value } from '../../pipeline/value.ts';
import { elements, toDate, toSpan } from './convert.ts';
import { argumentOutOfRange, NetException, parsed } from './net-exception.ts';
import { type Method, type Methods, n, type Properties, t, tried } from './static-method.ts';

const date = (parts: readonly Value[]) => {
  const [year = 1, month = 1, day = 1, hour = 0, minute = 0, second = 0, ms = 0] = parts.map((one) => n(one));
  const made = new Date(year, month - 1, day, hour, minute, second, ms);
  if (year < 1 || year > 9999 || made.getMonth() !== month - 1 || made.getDate() !== day)
    throw argumentOutOfRange('Year, Month, and Day parameters describe an un-representable DateTime.');
  return made;
};
/** A letter alone is one of .NET's own formats, or none. */
const UNKNOWN_FORMAT = /^[^dDfFgGmMoOrRstTuUyY]$/;

export const DATETIME: Methods = {
  Parse: ([text]) => parsed(() => toDate(t(text))),
  ParseExact: ([text, format]) =>
    parsedExactly(
      t(text),
      elements(format).map((one) => t(one)),
    ),
  TryParse: ([text, ...refs]) => tried(refs, () => toDate(text ?? null)),
  DaysInMonth: ([year, month]) => {
    const number = n(month);
    if (number >= 1 && number <= 12) return new Date(n(year), number, 0).getDate();
    throw argumentOutOfRange(`Month must be between one and twelve. (Parameter 'month')\nActual value was ${number}.`);
  },
  IsLeapYear: ([year]) => new Date(n(year), 1, 29).getMonth() === 1,
  Compare: ([a, b]) => Math.sign(toDate(a ?? null).getTime() - toDate(b ?? null).getTime()),
  new: date,
};

/** `[datetime]::ParseExact('20261128', 'yyyyMMdd', $null)`: digits of the format's parts. */
function parsedExactly(text: string, formats: readonly string[]): Date {
  for (const format of formats) {
    if (UNKNOWN_FORMAT.test(format))
      throw new NetException('FormatException', 'Input string was not in a correct format.');
    const names: string[] = [];
    const pattern = format.replace(/yyyy|yy|MMMM|MMM|MM|M|dd|d|HH|H|hh|h|mm|m|ss|s|fff|tt|'[^']*'|[\s\S]/g, (part) => {
      if (part.startsWith("'")) return part.slice(1, -1).replace(/[\\^$.*+?()[\]{}|]/g, '\\$&');
      if (part === 'tt' || part === 'MMM' || part === 'MMMM') {
        names.push(part.slice(0, 3));
        return part === 'tt' ? '(AM|PM)' : '(\\p{L}+)';
      }
      if (/^(?:y+|M+|d+|H+|h+|m+|s+|f+)$/.test(part)) {
        names.push(part[0]!);
        return part.length === 1 ? '(\\d{1,2})' : `(\\d{${part.length}})`;
      }
      return part.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&');
    });
    const found = new RegExp(`^${pattern}$`, 'iu').exec(text);
    if (!found) continue;
    const part: Record<string, string> = {};
    for (const [i, name] of names.entries()) part[name] = found[i + 1]!;
    const month = part.MMM
      ? MONTHS.findIndex((name) => part.MMM!.toLowerCase().startsWith(name)) + 1
      : Number(part.M ?? 1);
    const year =
      part.y === undefined ? new Date().getFullYear() : part.y.length === 2 ? 2000 + Number(part.y) : Number(part.y);
    let hour = Number(part.H ?? part.h ?? 0);
    if (part.tt) hour = (hour % 12) + (/pm/i.test(part.tt) ? 12 : 0);
    return date([
      year,
      month,
      Number(part.d ?? 1),
      hour,
      Number(part.m ?? 0),
      Number(part.s ?? 0),
      Number(part.f ?? 0),
    ]);
  }
  throw new NetException('FormatException', `String '${text}' was not recognized as a valid DateTime.`);
}
const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];

/** .NET's are ticks of 100 ns in 64 bits. */
const LONGEST_SPAN_SECONDS = 2 ** 63 / 1e7;
const timeSpan = (seconds: number): TimeSpan => {
  if (Math.abs(seconds) <= LONGEST_SPAN_SECONDS) return new TimeSpan(seconds);
  throw new NetException('OverflowException', 'TimeSpan overflowed because the duration is too long.');
};
const spanOf =
  (unit: number): Method =>
  ([amount]) =>
    timeSpan(n(amount) * unit);
export const TIMESPAN: Methods = {
  FromDays: spanOf(86400),
  FromHours: spanOf(3600),
  FromMinutes: spanOf(60),
  FromSeconds: spanOf(1),
  FromMilliseconds: spanOf(0.001),
  FromTicks: spanOf(1e-7),
  Parse: ([text]) => parsed(() => toSpan(t(text))),
  TryParse: ([text, ref]) => tried([ref ?? null], () => toSpan(t(text))),
  new: (args) => {
    const parts = args.map((one) => n(one));
    if (parts.length < 2) return timeSpan((parts[0] ?? 0) / 1e7);
    const [d, h, m, s, ms = 0] = parts.length === 3 ? [0, ...parts] : parts;
    return timeSpan(d! * 86400 + h! * 3600 + m! * 60 + (s ?? 0) + ms / 1000);
  },
};

export const DATETIME_PROPERTIES: Properties = {
  Now: (session) => session.host.clock(),
  UtcNow: (session) => session.host.clock(),
  Today: (session) => {
    const now = session.host.clock();
    return new Date(now.getFullYear(), now.getMonth(), now.getDate());
  },
  MinValue: () => new Date(new Date(0).setFullYear(1, 0, 1)),
  MaxValue: () => new Date(9999, 11, 31, 23, 59, 59),
};

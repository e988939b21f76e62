/**
 * .NET's formats of dates, in our culture: en-US's names, dates as ISO 8601 has them. Standard formats are one letter (`d`, `s`, `o`);
 * all else is custom: `dddd, d MMMM yyyy`, `hh:mm tt`, `yyyy-MM-ddTHH:mm:sszzz`, 'quoted' text, `%d` for a single letter.
 */

import { CmdletError } from '../pipeline/error.ts';
import { type DateParts, offsetOf, PlainDate, partsOf, toUtc, UtcDate } from '../text/date.ts';
import { twoDigits as two } from '../text/two-digits.ts';

const MONTHS = [
  'January',
  'February',
  'March',
  'April',
  'May',
  'June',
  'July',
  'August',
  'September',
  'October',
  'November',
  'December',
];
const DAYS = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'];

const STANDARD: Readonly<Record<string, string>> = {
  d: 'yyyy-MM-dd',
  D: 'dddd, MMMM d, yyyy',
  f: 'dddd, MMMM d, yyyy HH:mm',
  F: 'dddd, MMMM d, yyyy HH:mm:ss',
  g: 'yyyy-MM-dd HH:mm',
  G: 'yyyy-MM-dd HH:mm:ss',
  m: 'MMMM d',
  M: 'MMMM d',
  o: "yyyy'-'MM'-'dd'T'HH':'mm':'ss.fffffffK",
  O: "yyyy'-'MM'-'dd'T'HH':'mm':'ss.fffffffK",
  r: "ddd, dd MMM yyyy HH':'mm':'ss 'GMT'",
  R: "ddd, dd MMM yyyy HH':'mm':'ss 'GMT'",
  s: "yyyy'-'MM'-'dd'T'HH':'mm':'ss",
  t: 'HH:mm',
  T: 'HH:mm:ss',
  u: "yyyy'-'MM'-'dd HH':'mm':'ss'Z'",
  U: 'dddd, MMMM d, yyyy HH:mm:ss',
  y: 'MMMM yyyy',
  Y: 'MMMM yyyy',
};

/** The date alone on a line, as a view shows it. */
export const LONG_DATE = 'dddd, MMMM d, yyyy HH:mm:ss';

/** @throws CmdletError when the format is a single letter that means nothing */
export function formatDate(date: Date, format: string): string {
  if (format.length === 1) {
    const standard = STANDARD[format];
    if (standard === undefined)
      throw new CmdletError('Input string was not in a correct format.', { id: 'FormatError' });
    return custom(format === 'U' ? toUtc(date) : date, standard);
  }
  return custom(date, format === '' ? STANDARD.G! : format);
}

function custom(date: Date, format: string): string {
  const parts = partsOf(date);
  const pieces = format.matchAll(/'([^']*)'?|"([^"]*)"?|\\([\s\S])|%([a-zA-Z])|([dfFghHKmMstyz])\5*|[\s\S]/g);
  let text = '';
  for (const [whole, single, double, escaped, alone] of pieces) {
    if (single !== undefined || double !== undefined) text += single ?? double;
    else if (escaped !== undefined) text += escaped;
    else text += part(date, parts, alone ?? whole);
  }
  return text;
}

function part(date: Date, at: DateParts, code: string): string {
  const n = code.length;
  const padded = (value: number) => String(value).padStart(Math.min(n, 2), '0');
  switch (code[0]) {
    case 'd':
      return n > 3 ? DAYS[at.weekday]! : n === 3 ? DAYS[at.weekday]!.slice(0, 3) : padded(at.d);
    case 'M':
      return n > 3 ? MONTHS[at.mo]! : n === 3 ? MONTHS[at.mo]!.slice(0, 3) : padded(at.mo + 1);
    case 'y':
      return n <= 2 ? padded(at.y % 100) : String(at.y).padStart(n, '0');
    case 'H':
      return padded(at.h);
    case 'h':
      return padded(at.h % 12 === 0 ? 12 : at.h % 12);
    case 'm':
      return padded(at.mi);
    case 's':
      return padded(at.s);
    case 'f':
      return `${String(at.ms).padStart(3, '0')}0000`.slice(0, n);
    case 'F': {
      const digits = `${String(at.ms).padStart(3, '0')}0000`.slice(0, n).replace(/0+$/, '');
      return digits;
    }
    case 't':
      return (at.h < 12 ? 'AM' : 'PM').slice(0, n === 1 ? 1 : 2);
    case 'g':
      return 'AD';
    case 'z':
      return zone(offsetOf(date), n);
    case 'K':
      return date instanceof UtcDate ? 'Z' : date instanceof PlainDate ? '' : zone(offsetOf(date), 3);
    default:
      return code;
  }
}

/** `+1`, `+01`, `+01:00` */
function zone(minutes: number, n: number): string {
  const sign = minutes < 0 ? '-' : '+';
  const hours = Math.floor(Math.abs(minutes) / 60);
  if (n === 1) return `${sign}${hours}`;
  return n === 2 ? `${sign}${two(hours)}` : `${sign}${two(hours)}:${two(Math.abs(minutes) % 60)}`;
}

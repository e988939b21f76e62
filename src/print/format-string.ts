/** .NET format strings as far as columns need them: `N2`, `F1`, `D5`, `P0`, `X4`, `E2`, `0.00`, and `{0:N2} MB`. */

import { ByteSize, TimeSpan } from '../domain/value.ts';
import { Hashtable, printed, type Value } from '../pipeline/value.ts';

/** A value in a format; a value that the format says nothing about prints as always. */
export function formatNumber(value: Value, format: string): string {
  if (/\{0|\}/.test(format)) {
    return format.replace(/\{0(?:,(-?\d+))?(?::([^}]*))?\}/g, (_, width?: string, inner?: string) => {
      const text = inner === undefined ? printed(value) : one(value, inner);
      const cells = Number(width ?? 0);
      return cells < 0 ? text.padEnd(-cells) : text.padStart(cells);
    });
  }
  return one(value, format);
}

function one(value: Value, format: string): string {
  if (value instanceof Date) return dateIn(value, format);
  const n = typeof value === 'number' ? value : value instanceof ByteSize ? value.bytes : undefined;
  if (n === undefined || value instanceof TimeSpan || value instanceof Hashtable) return printed(value);
  const standard = /^([a-z])(\d{0,2})$/i.exec(format);
  if (!standard) return customNumber(n, format);
  const digits = standard[2] === '' ? undefined : Number(standard[2]);
  const grouped = (x: number, d: number) =>
    x.toLocaleString('en-US', { minimumFractionDigits: d, maximumFractionDigits: d });
  switch (standard[1]!.toUpperCase()) {
    case 'N':
      return grouped(n, digits ?? 2);
    case 'F':
      return n.toFixed(digits ?? 2);
    case 'D':
      return (n < 0 ? '-' : '') + String(Math.abs(Math.trunc(n))).padStart(digits ?? 0, '0');
    case 'P':
      return `${grouped(n * 100, digits ?? 2)}%`;
    case 'X': {
      const hex = Math.trunc(n)
        .toString(16)
        .padStart(digits ?? 0, '0');
      return standard[1] === 'X' ? hex.toUpperCase() : hex;
    }
    case 'E':
      return n
        .toExponential(digits ?? 6)
        .replace(/e([+-])(\d+)$/, (_, sign, power) => `E${sign}${power.padStart(3, '0')}`);
    default:
      return printed(value);
  }
}

/** `0.00`, `#,##0`: digits behind the point, at least so many before it, groups when a comma is in it. */
function customNumber(n: number, format: string): string {
  const m = /^([#0,]*)(?:\.([#0]*))?$/.exec(format);
  if (!m) return String(n);
  const least = (m[1]!.match(/0/g) ?? []).length;
  const most = m[2]?.length ?? 0;
  const needed = (m[2]?.match(/0/g) ?? []).length;
  return n.toLocaleString('en-US', {
    useGrouping: m[1]!.includes(','),
    minimumIntegerDigits: Math.max(1, least),
    minimumFractionDigits: needed,
    maximumFractionDigits: most,
  });
}

const STANDARD_DATES: Readonly<Record<string, string>> = {
  s: 'yyyy-MM-ddTHH:mm:ss',
  u: 'yyyy-MM-dd HH:mm:ssZ',
  d: 'yyyy-MM-dd',
  t: 'HH:mm',
  T: 'HH:mm:ss',
  g: 'yyyy-MM-dd HH:mm',
  G: 'yyyy-MM-dd HH:mm:ss',
};

function dateIn(date: Date, format: string): string {
  if (format === 'o' || format === 'O') return date.toISOString();
  const two = (x: number) => String(x).padStart(2, '0');
  const parts: Readonly<Record<string, string>> = {
    yyyy: String(date.getFullYear()),
    yy: two(date.getFullYear() % 100),
    MM: two(date.getMonth() + 1),
    M: String(date.getMonth() + 1),
    dd: two(date.getDate()),
    d: String(date.getDate()),
    HH: two(date.getHours()),
    H: String(date.getHours()),
    mm: two(date.getMinutes()),
    m: String(date.getMinutes()),
    ss: two(date.getSeconds()),
    s: String(date.getSeconds()),
    fff: String(date.getMilliseconds()).padStart(3, '0'),
  };
  return (STANDARD_DATES[format] ?? format).replace(/yyyy|yy|MM?|dd?|HH?|mm?|ss?|fff/g, (part) => parts[part] ?? part);
}

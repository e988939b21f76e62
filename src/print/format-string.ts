/** .NET's format strings: `N2`, `0.00`, `yyyy-MM-dd`, and composite ones as -f has them: `{0,-20} {1:N2}`. */

import { ByteSize, TimeSpan } from '../domain/value.ts';
import { Char } from '../pipeline/char.ts';
import { CmdletError } from '../pipeline/error.ts';
import { Double, integerTypeOf, isFigure } from '../pipeline/number.ts';
import { PsObject, printed, type Value } from '../pipeline/value.ts';
import { dateText } from '../text/date.ts';
import { formatDate } from './format-date.ts';
import { formatFigure, shortest } from './format-figure.ts';
import { formatSpan } from './format-span.ts';

/** A value in the format of a column: `N2`, or `{0:N2} MB`. */
export function formatNumber(value: Value, format: string): string {
  if (format.includes('{0')) {
    try {
      return composite(format, [value]);
    } catch (error) {
      if (error instanceof CmdletError) return printed(value);
      throw error;
    }
  }
  return formatted(value, format);
}

/** As .NET's ToString(format): a value that has no formats is its text. @throws CmdletError when the format means nothing for it */
export function formatted(value: Value, format: string): string {
  if (format === '') return netText(value);
  if (value instanceof Date) return formatDate(value, format);
  if (value instanceof TimeSpan) return formatSpan(value, format);
  if (isFigure(value)) return formatFigure(Number(value), format, integerTypeOf(value));
  if (value instanceof ByteSize) return formatFigure(value.bytes, format, 'uint64');
  return netText(value);
}

/** What .NET's ToString() gives, in our culture; PowerShell's own conversion to a text is `printed`. */
export function netText(value: Value | undefined): string {
  if (typeof value === 'number' && !Number.isInteger(value)) return shortest(value);
  if (value instanceof Double) return shortest(value.value);
  if (value instanceof Date) return dateText(value);
  if (value instanceof Char) return value.toString();
  if (Array.isArray(value)) return 'System.Object[]';
  return value instanceof PsObject ? value.toString(withDates) : printed(value);
}

/** Of a property within an object: only of a date does the culture matter. */
function withDates(value: Value): string {
  return value instanceof Date ? dateText(value) : printed(value);
}

const ITEM = /\{\{|\}\}|\{(\d+)\s*(?:,\s*(-?\d+)\s*)?(?::((?:[^{}]|\{\{|\}\})*))?\}|[{}]/g;
/** Longest text that padding makes. */
const WIDEST = 1_000_000;

/** `'{0,-20} {1:N2}' -f a, b` @throws CmdletError (FormatError) */
export function composite(format: string, values: readonly Value[]): string {
  const bad = (why: string) =>
    new CmdletError(`Error formatting a string: ${why}.`, { id: 'FormatError', target: format });
  return format.replace(ITEM, (whole, index?: string, width?: string, inner?: string, at?: number) => {
    if (whole === '{{') return '{';
    if (whole === '}}') return '}';
    if (index === undefined) throw bad(problemAt(format, at ?? 0));
    const value = values[Number(index)];
    if (Number(index) >= values.length)
      throw bad(
        'Index (zero based) must be greater than or equal to zero and less than the size of the argument list.',
      );
    let shown: string;
    try {
      shown =
        value === null || value === undefined
          ? ''
          : formatted(value, (inner ?? '').replaceAll('}}', '}').replaceAll('{{', '{'));
    } catch (error) {
      throw error instanceof CmdletError ? bad(error.message) : error;
    }
    const cells = Number(width ?? 0);
    if (Math.abs(cells) > WIDEST) throw bad('Input string was not in a correct format.');
    return cells < 0 ? shown.padEnd(-cells) : shown.padStart(cells);
  });
}

/** .NET's words for where a composite format goes wrong. */
function problemAt(format: string, at: number): string {
  const said = (offset: number, why: string) =>
    `Input string was not in a correct format. Failure to parse near offset ${offset}. ${why}`;
  const comma = /^\{\d+\s*,\s*/.exec(format.slice(at));
  if (comma && !/[-\d]/.test(format[at + comma[0].length] ?? ''))
    return said(at + comma[0].length, 'Expected an ASCII digit.');
  if (format[at] === '}') return said(at + 1, 'Format item ends prematurely.');
  const next = format[at + 1];
  if (next === undefined || /\d/.test(next)) return said(format.length, 'Format item ends prematurely.');
  return said(at + 1, 'Expected an ASCII digit.');
}

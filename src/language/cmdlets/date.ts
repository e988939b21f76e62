/** Get-Date: now, or a date that is given, as a date or in a format; scripts name their files with it. */

import { expectInRange } from '../../pipeline/argument-range.ts';
import { defineCmdlet } from '../../pipeline/cmdlet.ts';
import { CmdletError } from '../../pipeline/error.ts';
import { bare, PsObject, type Value } from '../../pipeline/value.ts';
import { formatDate } from '../../print/format-date.ts';
import { daysIn, fromWall, toUtc, wallOf } from '../../text/date.ts';
import { inputNotBound } from '../runtime/binding-error.ts';
import { toDate } from '../runtime/convert.ts';

export const getDate = defineCmdlet({
  name: 'Get-Date',
  group: 'language',
  summary: 'Give the date and time',
  input: 'optional',
  parameters: [
    {
      name: 'Date',
      type: 'value',
      position: 0,
      pipeline: true,
      placeholder: 'DATE',
      help: 'This date instead of now, such as 2024-05-01.',
    },
    {
      name: 'UFormat',
      type: 'string',
      placeholder: 'FORMAT',
      help: 'As a text, in the format of Unix: %Y-%m-%d, %H:%M:%S, %s.',
    },
    { name: 'Year', type: 'int', help: 'Of this year, 1 to 9999; the rest stays.' },
    { name: 'Month', type: 'int', help: 'Of this month, 1 to 12.' },
    { name: 'Day', type: 'int', help: 'Of this day, 1 to 31.' },
    { name: 'Hour', type: 'int', help: 'At this hour, 0 to 23.' },
    { name: 'Minute', type: 'int', help: 'At this minute, 0 to 59.' },
    { name: 'Second', type: 'int', help: 'At this second, 0 to 59.' },
    { name: 'Millisecond', type: 'int', help: 'At this millisecond, 0 to 999.' },
    { name: 'UnixTimeSeconds', aliases: ['UnixTime'], type: 'int', help: 'So many seconds after 1970 began.' },
    {
      name: 'DisplayHint',
      type: 'string',
      values: ['Date', 'Time', 'DateTime'],
      help: 'Taken; a date is shown in full.',
    },
    { name: 'AsUTC', type: 'switch', help: 'In universal time.' },
    { name: 'Format', type: 'string', placeholder: 'FORMAT', help: 'As a text: yyyyMMdd, "yyyy-MM-dd HH:mm", s, o.' },
  ],
  examples: [
    {
      command: 'rc -c \'Get-ReceiveConnector | Export-Csv "connectors-$(Get-Date -Format yyyyMMdd).csv"\'',
      language: 'Get-ReceiveConnector | Export-Csv "connectors-$(Get-Date -Format yyyyMMdd).csv"',
      does: 'Names a file by the day.',
    },
  ],
  async *run(call) {
    const { arguments: args, context } = call;
    const now = () => context.host.clock();
    const own = call.has('Date') ? [args.Date ?? null] : undefined;
    for await (const given of own ?? call.input ?? [undefined]) {
      const read = given === undefined ? now() : own ? dateOf(given, now) : pipedDate(given, now);
      if (!read) {
        context.error(inputNotBound(given as Value));
        continue;
      }
      const seconds = args.UnixTimeSeconds;
      const parted = withParts(seconds === undefined ? read : new Date(seconds * 1000), args);
      const date = args.AsUTC ? toUtc(parted) : parted;
      const format = args.Format;
      if (args.UFormat !== undefined) yield unixFormat(date, args.UFormat);
      else if (format === undefined) yield date;
      else {
        const file = FILE_FORMATS[format.toLowerCase()];
        yield file ? formatDate(file.utc ? toUtc(date) : date, file.format) : inFormat(date, format);
      }
    }
  },
});

/** A piped date, or what has one: files have LastWriteTime. */
function pipedDate(given: Value, now: () => Date): Date | undefined {
  const value = bare(given);
  const date = value instanceof PsObject ? (value.get('Date') ?? value.get('LastWriteTime')) : value;
  try {
    return date === undefined || date === null ? undefined : dateOf(date, now);
  } catch {
    return undefined;
  }
}

/** @throws CmdletError what is no date */
function dateOf(given: Value, now: () => Date): Date {
  const value = bare(given);
  try {
    return toDate(value, now);
  } catch (error) {
    if (!(error instanceof CmdletError)) throw error;
    if (value !== null)
      throw new CmdletError(`Cannot bind parameter 'Date'. ${error.message}`, {
        kind: 'usage',
        id: 'CannotConvertArgumentNoMessage',
      });
    throw new CmdletError(`Cannot bind parameter 'Date' to the target. Exception setting "Date": "${error.message}"`, {
      kind: 'usage',
      id: 'ParameterBindingFailed',
      category: 'WriteError',
    });
  }
}

/** The parts of a date that can be said, with what they may be. */
const PARTS = [
  ['Year', 1, 9999],
  ['Month', 1, 12],
  ['Day', 1, 31],
  ['Hour', 0, 23],
  ['Minute', 0, 59],
  ['Second', 0, 59],
  ['Millisecond', 0, 999],
] as const;

/** The date with the parts that are said. @throws CmdletError when there is no such date */
function withParts(date: Date, given: Readonly<Partial<Record<(typeof PARTS)[number][0], number>>>): Date {
  if (PARTS.every(([name]) => given[name] === undefined)) return date;
  const wall = new Date(wallOf(date));
  const own = [
    wall.getUTCFullYear(),
    wall.getUTCMonth() + 1,
    wall.getUTCDate(),
    wall.getUTCHours(),
    wall.getUTCMinutes(),
    wall.getUTCSeconds(),
    wall.getUTCMilliseconds(),
  ];
  for (const [k, [name, low, high]] of PARTS.entries()) {
    const value = given[name];
    if (value === undefined) continue;
    expectInRange(name, value, low, high);
    own[k] = value;
  }
  const [year = 1, month = 1, shown = 1, hour = 0, minute = 0, second = 0, ms = 0] = own;
  // the date's own day is the last of a month that is too short for it; one that is said is counted on from the first, as PowerShell adds days
  const day = given.Day === undefined ? Math.min(shown, daysIn(year, month - 1)) : shown;
  const at = new Date(0);
  at.setUTCFullYear(year, month - 1, day);
  at.setUTCHours(hour, minute, second, ms);
  return fromWall(at.getTime(), date) ?? date;
}

/** What .NET says of a format comes through as it is. @throws CmdletError */
function inFormat(date: Date, format: string): string {
  try {
    return formatDate(date, format);
  } catch (error) {
    if (!(error instanceof CmdletError)) throw error;
    throw new CmdletError(error.message, { id: 'System.FormatException', category: 'NotSpecified', ends: true });
  }
}

/** The letters of -UFormat that are a format of .NET's (GetDateCommand.cs). */
const UNIX: Readonly<Record<string, string>> = {
  A: 'dddd',
  a: 'ddd',
  B: 'MMMM',
  b: 'MMM',
  h: 'MMM',
  D: 'MM/dd/yy',
  x: 'MM/dd/yy',
  d: 'dd',
  F: 'yyyy-MM-dd',
  H: 'HH',
  I: 'hh',
  M: 'mm',
  m: 'MM',
  p: 'tt',
  R: 'HH:mm',
  r: 'hh:mm:ss tt',
  S: 'ss',
  T: 'HH:mm:ss',
  X: 'HH:mm:ss',
  Y: 'yyyy',
  y: 'yy',
  Z: 'zz',
  c: 'ddd dd MMM yyyy HH:mm:ss',
};

/** Other letters stay as they are, with their percent sign. */
function unixFormat(date: Date, format: string): string {
  return format.replace(/^\+/, '').replace(/%(.)/gs, (whole, letter: string) => {
    const pattern = Object.hasOwn(UNIX, letter) ? UNIX[letter] : undefined;
    // one letter alone is a standard format; the percent sign says that it is none
    if (pattern !== undefined) return formatDate(date, pattern);
    if (letter === '%') return '%';
    if (letter === 'n') return '\n';
    if (letter === 't') return '\t';
    if (letter === 's') return String(Math.floor(date.getTime() / 1000));
    if (letter === 'e') return String(date.getDate()).padStart(2, ' ');
    if (letter === 'j') {
      const start = Date.UTC(date.getFullYear(), 0, 1);
      return String(
        Math.round((Date.UTC(date.getFullYear(), date.getMonth(), date.getDate()) - start) / 86_400_000) + 1,
      ).padStart(3, '0');
    }
    return whole;
  });
}

/** Formats for names of files (Get-Date -Format, GetDateCommand.cs). */
const FILE_FORMATS: Readonly<Record<string, { readonly format: string; readonly utc?: true }>> = {
  filedate: { format: 'yyyyMMdd' },
  filedateuniversal: { format: "yyyyMMdd'Z'", utc: true },
  filedatetime: { format: "yyyyMMdd'T'HHmmssffff" },
  filedatetimeuniversal: { format: "yyyyMMdd'T'HHmmssffff'Z'", utc: true },
};

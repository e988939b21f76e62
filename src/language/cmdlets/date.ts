/** Get-Date: now, or a date that is given, as a date or in a format; scripts name their files with it. */

import { defineCmdlet } from '../../pipeline/cmdlet.ts';
import { CmdletError } from '../../pipeline/error.ts';
import { formatDate } from '../../print/format-date.ts';
import { toUtc } from '../../text/date.ts';
import { dateProblem, readDate } from '../../text/read-date.ts';

export const getDate = defineCmdlet({
  name: 'Get-Date',
  group: 'language',
  summary: 'Give the date and time',
  parameters: [
    {
      name: 'Date',
      type: 'string',
      position: 0,
      placeholder: 'DATE',
      help: 'This date instead of now, such as 2024-05-01.',
    },
    {
      name: 'UFormat',
      type: 'string',
      placeholder: 'FORMAT',
      help: 'As a text, in the format of Unix: %Y-%m-%d, %H:%M:%S, %s.',
    },
    { name: 'Format', type: 'string', placeholder: 'FORMAT', help: 'As a text: yyyyMMdd, "yyyy-MM-dd HH:mm", s, o.' },
  ],
  examples: [
    {
      command: 'rc -c \'Get-ReceiveConnector | Export-Csv "connectors-$(Get-Date -Format yyyyMMdd).csv"\'',
      language: 'Get-ReceiveConnector | Export-Csv "connectors-$(Get-Date -Format yyyyMMdd).csv"',
      does: 'Names a file by the day.',
    },
  ],
  async *run({ arguments: args, context }) {
    const given = args.Date;
    const read = given === undefined ? context.host.clock() : readDate(given, () => context.host.clock());
    if (!read)
      throw new CmdletError(
        `Cannot bind parameter 'Date'. Cannot convert value "${given}" to type "System.DateTime". Error: "${dateProblem(given!)}"`,
        { kind: 'usage', id: 'CannotConvertArgumentNoMessage', target: given },
      );
    const date = read;
    const format = args.Format;
    if (args.UFormat !== undefined) yield unixFormat(date, args.UFormat);
    else if (format === undefined) yield date;
    else {
      const file = FILE_FORMATS[format.toLowerCase()];
      yield file ? formatDate(file.utc ? toUtc(date) : date, file.format) : formatDate(date, format);
    }
  },
});

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

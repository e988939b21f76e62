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
    if (format === undefined) yield date;
    else {
      const file = FILE_FORMATS[format.toLowerCase()];
      yield file ? formatDate(file.utc ? toUtc(date) : date, file.format) : formatDate(date, format);
    }
  },
});

/** Formats for names of files (Get-Date -Format, GetDateCommand.cs). */
const FILE_FORMATS: Readonly<Record<string, { readonly format: string; readonly utc?: true }>> = {
  filedate: { format: 'yyyyMMdd' },
  filedateuniversal: { format: "yyyyMMdd'Z'", utc: true },
  filedatetime: { format: "yyyyMMdd'T'HHmmssffff" },
  filedatetimeuniversal: { format: "yyyyMMdd'T'HHmmssffff'Z'", utc: true },
};

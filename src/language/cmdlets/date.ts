/** Get-Date: now, or a date that is given, as a date or in a format; scripts name their files with it. */

import { show } from '../../domain/value-error.ts';
import { defineCmdlet } from '../../pipeline/cmdlet.ts';
import { readDate } from '../../pipeline/compare.ts';
import { usage } from '../../pipeline/error.ts';
import { formatNumber } from '../../print/format-string.ts';

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
    const date = given === undefined ? context.host.clock() : readDate(given);
    if (!date) throw usage(`Get-Date: ${show(given)} is not a date; write it as 2024-05-01 or "2024-05-01 13:30".`);
    const format = args.Format;
    yield format === undefined ? date : formatNumber(date, format);
  },
});

/** New-TimeSpan: a length of time, of its parts or between two dates. */
import { TimeSpan } from '../../domain/value.ts';
import { defineCmdlet } from '../../pipeline/cmdlet.ts';
import { CmdletError } from '../../pipeline/error.ts';
import { printed, type Value } from '../../pipeline/value.ts';
import { dateProblem, readDate } from '../../text/read-date.ts';

const part = <const N extends string>(name: N) =>
  ({ name, type: 'int', placeholder: 'N', help: `So many ${name.toLowerCase()}.` }) as const;

export const newTimeSpan = defineCmdlet({
  name: 'New-TimeSpan',
  group: 'language',
  summary: 'Make a time span',
  parameters: [
    {
      name: 'Start',
      aliases: ['LastWriteTime'],
      type: 'value',
      position: 0,
      placeholder: 'DATE',
      help: 'From this date on; now when it is not said.',
    },
    { name: 'End', type: 'value', position: 1, placeholder: 'DATE', help: 'Up to this date; now when it is not said.' },
    part('Days'),
    part('Hours'),
    part('Minutes'),
    part('Seconds'),
    part('Milliseconds'),
  ],
  examples: [
    {
      command: "rc -c '(Get-Date) - (New-TimeSpan -Hours 2)'",
      language: '(Get-Date) - (New-TimeSpan -Hours 2)',
      does: 'Gives the time two hours ago.',
    },
  ],
  async *run({ arguments: args, context }) {
    const now = context.host.clock();
    const date = (name: string, value: Value | undefined): Date => {
      if (value === undefined) return now;
      if (value instanceof Date) return value;
      const read = readDate(printed(value), () => now);
      if (read) return read;
      throw new CmdletError(
        `Cannot bind parameter '${name}'. Cannot convert value "${printed(value)}" to type "System.DateTime". Error: "${dateProblem(printed(value))}"`,
        { kind: 'usage', id: 'CannotConvertArgumentNoMessage' },
      );
    };
    if (args.Start !== undefined || args.End !== undefined) {
      yield new TimeSpan((date('End', args.End).getTime() - date('Start', args.Start).getTime()) / 1000);
      return;
    }
    const { Days = 0, Hours = 0, Minutes = 0, Seconds = 0, Milliseconds = 0 } = args;
    yield new TimeSpan(Days * 86_400 + Hours * 3600 + Minutes * 60 + Seconds + Milliseconds / 1000);
  },
});

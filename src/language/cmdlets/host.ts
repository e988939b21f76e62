/** Clear-Host and Start-Sleep. */
import { defineCmdlet } from '../../pipeline/cmdlet.ts';
import { usage } from '../../pipeline/error.ts';
import { printed } from '../../pipeline/value.ts';
import { Formatted } from '../../print/record.ts';
import { show } from '../../text/printable.ts';
import { numberIn } from '../runtime/convert.ts';
import { sessionOf } from '../runtime/session.ts';

export const clearHost = defineCmdlet({
  name: 'Clear-Host',
  aliases: ['cls', 'clear'],
  group: 'language',
  summary: 'Clear the screen',
  parameters: [],
  examples: [{ command: "rc -c 'Clear-Host'", language: 'Clear-Host', does: 'Clears the terminal.' }],
  async *run({ context }) {
    if (context.host.columns !== undefined) yield new Formatted({ kind: 'text', text: '\u001b[H\u001b[2J' });
  },
});

/** As long as .NET's Thread.Sleep takes, in seconds. */
const LONGEST_SLEEP = 2147483;
/** Milliseconds between looks whether Ctrl-C was pressed. */
const STEP = 50;

export const startSleep = defineCmdlet({
  name: 'Start-Sleep',
  aliases: ['sleep'],
  group: 'language',
  summary: 'Wait for a time',
  description: 'What was changed by statements before it is written already; Ctrl-C ends the wait.',
  parameters: [
    { name: 'Seconds', type: 'value', position: 0, placeholder: 'N', help: 'How long; parts of a second too.' },
    { name: 'Milliseconds', aliases: ['ms'], type: 'int', help: 'How long, in thousandths of a second.' },
  ],
  examples: [
    {
      command:
        "rc -c 'Set-ReceiveConnector Relay -ProtocolLoggingLevel Verbose; Start-Sleep 3600; Set-ReceiveConnector Relay -ProtocolLoggingLevel None'",
      language:
        'Set-ReceiveConnector Relay -ProtocolLoggingLevel Verbose; Start-Sleep 3600; Set-ReceiveConnector Relay -ProtocolLoggingLevel None',
      does: 'Logs the protocol for an hour.',
    },
  ],
  async *run({ arguments: args, context }) {
    const seconds = args.Seconds !== undefined ? secondsIn(printed(args.Seconds)) : (args.Milliseconds ?? 0) / 1000;
    if (seconds === undefined || seconds < 0 || seconds > LONGEST_SLEEP)
      throw usage(
        `Start-Sleep: ${show(printed(args.Seconds ?? seconds ?? null))} is not a number of seconds from 0 to ${LONGEST_SLEEP}.`,
      );
    const session = sessionOf(context.statement);
    const until = performance.now() + seconds * 1000;
    for (let left = seconds * 1000; left > 0; left = until - performance.now()) {
      await new Promise((done) => setTimeout(done, Math.min(left, STEP)));
      session?.budget.checkCancelled();
    }
  },
});

function secondsIn(text: string): number | undefined {
  const read = numberIn(text);
  return read === undefined ? undefined : Number(read);
}

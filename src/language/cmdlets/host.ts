/** Clear-Host and Start-Sleep. */
import { defineCmdlet } from '../../pipeline/cmdlet.ts';
import { usage } from '../../pipeline/error.ts';
import { PsObject, printed, type Value } from '../../pipeline/value.ts';
import { Formatted } from '../../print/record.ts';
import { show } from '../../text/printable.ts';
import { inputNotBound } from '../runtime/binding-error.ts';
import { numberIn } from '../runtime/convert.ts';
import { type Session, sessionOf } from '../runtime/session.ts';

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
  input: 'optional',
  parameters: [
    {
      name: 'Seconds',
      type: 'value',
      position: 0,
      pipeline: true,
      placeholder: 'N',
      help: 'How long; parts of a second too.',
    },
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
  // biome-ignore lint/correctness/useYield: it gives nothing
  async *run({ arguments: { Seconds, Milliseconds }, input, context }) {
    const session = sessionOf(context.statement);
    if (Seconds !== undefined || Milliseconds !== undefined || !input) {
      await waited(Seconds ?? (Milliseconds ?? 0) / 1000, session);
      return;
    }
    for await (const object of input) {
      const seconds = object instanceof PsObject ? object.get('Seconds') : object;
      const milliseconds = object instanceof PsObject ? object.get('Milliseconds') : undefined;
      const time = seconds ?? (milliseconds && Number(milliseconds) / 1000);
      if (time === undefined || numberIn(printed(time)) === undefined) context.error(inputNotBound(object));
      else await waited(time, session);
    }
  },
});

/** @throws CmdletError when it is no number of seconds, or too many */
async function waited(time: Value, session: Session | undefined): Promise<void> {
  const read = numberIn(printed(time));
  if (read === undefined || Number(read) < 0 || Number(read) > LONGEST_SLEEP)
    throw usage(`Start-Sleep: ${show(printed(time))} is not a number of seconds from 0 to ${LONGEST_SLEEP}.`);
  const until = performance.now() + Number(read) * 1000;
  for (let left = until - performance.now(); left > 0; left = until - performance.now()) {
    await new Promise((done) => setTimeout(done, Math.min(left, STEP)));
    session?.budget.checkCancelled();
  }
}

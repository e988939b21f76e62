/** Wait-Message: waits until a message is there, for scripts and tests. */
import { span } from '../../domain/kind.ts';
import { secondsOf } from '../../domain/span.ts';
import { ValueError } from '../../domain/value-error.ts';
import { defineCmdlet } from '../../pipeline/cmdlet.ts';
import { CmdletError, usage } from '../../pipeline/error.ts';
import { SELECTION, SELECTION_MEANS } from './message-parameters.ts';

const LOOK_MS = 50;
const USUAL_WAIT = '10s';

export const waitMessage = defineCmdlet({
  name: 'Wait-Message',
  short: 'wait-message',
  group: 'server',
  looksHere: true,
  summary: 'Wait until a message comes, and show it; exit status 1 when none has come in time',
  description: `Messages that are there already count. ${SELECTION_MEANS}`,
  gives: 'MailMessage',
  parameters: [
    ...SELECTION.filter(({ name }) => name !== 'Identity'),
    {
      name: 'Timeout',
      type: 'string',
      placeholder: 'SPAN',
      help: `How long to wait: 500ms, 10s, 2m, 00:01:30; ${USUAL_WAIT} when left out.`,
    },
    { name: 'Count', type: 'int', help: 'Waits for so many messages; 1 when left out.' },
    { name: 'Raw', type: 'switch', help: 'Gives each message as a text instead of an object.' },
  ],
  examples: [
    {
      command: "rc wait-message --to bob@contoso.com --subject 'Welcome' --timeout 10s",
      does: 'Shows the message when it comes, and ends with 1 if it does not.',
    },
    { command: 'rc wait-message --count 2 --timeout 1m | jq -r .Subject', does: 'Waits until two have come.' },
  ],
  async *run(call) {
    const { arguments: args, context } = call;
    const { home } = context.store;
    const limit = limitOf(args.Timeout ?? USUAL_WAIT, call.spell('Timeout'));
    const wanted = args.Count ?? 1;
    if (wanted === 0) throw usage(`${call.spell('Count')}: 0 is not possible; allowed: a whole number of at least 1.`);
    const { messagesMeant } = await import('./message-selection.ts');
    const { shown } = await import('./message-object.ts');
    const { setTimeout: pause } = await import('node:timers/promises');
    const stop = context.host.interrupted?.();
    const looked = new Set<string>();
    let found = 0;
    for (const end = performance.now() + limit; ; await pause(LOOK_MS)) {
      for await (const { entry, message } of messagesMeant(home.mail, { ...args, Identity: undefined }, { looked })) {
        found++;
        yield shown(home.mail, entry, message, args.Raw);
        if (found === wanted) return;
      }
      if (performance.now() >= end || stop?.aborted) break;
    }
    const came = found === 0 ? 'No message that fits came' : `Only ${found} of ${wanted} messages that fit came`;
    throw new CmdletError(`${came} within ${args.Timeout ?? USUAL_WAIT}. What there is: rc get-message`, {
      id: 'MessageWaitTimeout',
      category: 'OperationTimeout',
    });
  },
});

const MOST_MS = 24 * 3_600_000;

/** Milliseconds. @throws usage error */
function limitOf(text: string, parameter: string): number {
  try {
    const ms = (secondsOf(text.trim()) ?? span(0, MOST_MS / 1000).parse(text).seconds) * 1000;
    if (ms <= MOST_MS) return ms;
  } catch (error) {
    if (!(error instanceof ValueError)) throw error;
  }
  throw usage(`${parameter}: ${JSON.stringify(text)} is not possible; allowed: 500ms, 10s, 2m or 00:01:30, up to 24h.`);
}

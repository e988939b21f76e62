/** Invoke-Expression: a text run as part of the script, checked whole before anything of it runs (docs/decisions/0166). */
import { defineCmdlet } from '../../pipeline/cmdlet.ts';
import { printed } from '../../pipeline/value.ts';
import { call } from '../runtime/call.ts';
import { compiledText } from '../runtime/compiled-text.ts';
import { sessionNeeded } from '../runtime/session.ts';

export const invokeExpression = defineCmdlet({
  name: 'Invoke-Expression',
  aliases: ['iex'],
  group: 'language',
  summary: 'Run a text as part of the script',
  description:
    'The text is of this language, as all others: it reaches nothing that the script could not reach itself.',
  parameters: [{ name: 'Command', type: 'string', position: 0, pipeline: true, help: 'What is run.' }],
  examples: [
    {
      command: 'rc -c \'Invoke-Expression "Get-ReceiveConnector Relay"\'',
      language: "Invoke-Expression 'Get-ReceiveConnector Relay'",
      does: 'Runs the text.',
    },
  ],
  async *run({ arguments: args, input, ...ofCall }) {
    const session = sessionNeeded(ofCall);
    const texts: string[] = args.Command === undefined ? [] : [args.Command];
    if (!texts.length && input) for await (const value of input) texts.push(printed(value));
    for (const text of texts) {
      const body = compiledText(text, session);
      yield* await call({ name: '', body, kind: 'block' }, [], session, { inThisScope: true });
    }
  },
});

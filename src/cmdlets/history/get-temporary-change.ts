/** Get-TemporaryChange: what ends by itself, when, and what it is then. */
import { defineCmdlet, SERVER } from '../../pipeline/cmdlet.ts';
import { temporaryMeant, temporaryObject, WHICH } from './temporary-change.ts';

export const getTemporaryChange = defineCmdlet({
  name: 'Get-TemporaryChange',
  short: 'temporary',
  group: 'history',
  summary: 'Show what ends by itself, and when',
  description:
    'What rc set and rc new-override made temporary with --for or --until: the value now, and what it is put back to; an override without a value before is taken away. The first to end comes first.',
  gives: 'TemporaryChange',
  parameters: [...WHICH, SERVER],
  examples: [
    { command: 'rc temporary', language: 'Get-TemporaryChange', does: 'Shows all that is temporary.' },
    { command: "rc temporary 'Default*'", does: 'Shows what is of these connectors.' },
  ],
  async *run(call) {
    const { draft } = call.context.statement;
    const found = [...temporaryMeant(call, false)].flatMap(({ stored, entries }) =>
      entries.map((one) => ({ stored, one })),
    );
    found.sort((a, b) => Date.parse(a.one.until) - Date.parse(b.one.until));
    for (const { stored, one } of found) yield temporaryObject(draft, stored, one);
  },
});

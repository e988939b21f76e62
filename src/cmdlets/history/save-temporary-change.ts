/** Save-TemporaryChange: what would end by itself stays as it is. */

import { endsOf, withEnds } from '../../domain/ends.ts';
import { defineCmdlet, SERVER } from '../../pipeline/cmdlet.ts';
import { usage } from '../../pipeline/error.ts';
import type { Draft } from '../../store/draft.ts';
import { makeChange } from '../make-change.ts';
import { nothingTemporary, temporaryMeant, WHICH } from './temporary-change.ts';

export const saveTemporaryChange = defineCmdlet({
  name: 'Save-TemporaryChange',
  short: 'keep',
  group: 'history',
  summary: 'Let what would end by itself stay as it is',
  description:
    'Nothing is put back then. Give the connector, or the number of the change that made it temporary (rc history). To put it back at once instead: rc undo.',
  changes: 'low',
  parameters: [...WHICH, SERVER],
  examples: [
    {
      command: "rc keep 'Default*'",
      language: "Save-TemporaryChange 'Default*'",
      does: 'Keeps all that is temporary of them.',
    },
    {
      command: "rc keep 'Default*' --setting MaxInboundConnectionPerSource",
      does: 'Keeps one setting; what else is temporary still ends.',
    },
    { command: "rc keep 'Default*' --remote-ip-ranges 10.1.2.3", does: 'Keeps the limits of one address.' },
  ],
  async *run(call) {
    const { arguments: args, context } = call;
    const { statement } = context;
    if (args.Identity === undefined)
      throw usage(
        `${call.cmdlet.name} needs a connector or the number of a change: rc keep NAME. What is temporary: rc temporary`,
      );
    for (const { stored, entries } of temporaryMeant(call, true)) {
      const kept = new Map(entries.map(({ what }) => [what, undefined] as const));
      const what = `Keeping ${[...kept.keys()].join(', ')} of "${statement.draft.identity(stored)}" as it is.`;
      const now = context.host.clock().toISOString();
      const change = (draft: Draft): void => {
        const current = draft.byGuid(stored.Guid);
        if (!current) return;
        if (!endsOf(current).some(({ what }) => kept.has(what))) throw nothingTemporary(draft.identity(current));
        draft.putConnector({ ...withEnds(current, kept), WhenChanged: now });
      };
      await makeChange(context, what, change);
    }
    yield* []; // a change outputs nothing
  },
});

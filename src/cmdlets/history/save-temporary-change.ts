/** Save-TemporaryChange: what would end by itself stays as it is. */
import { temporaryOf, withTemporary } from '../../domain/temporary.ts';
import { defineCmdlet, SERVER } from '../../pipeline/cmdlet.ts';
import { usage } from '../../pipeline/error.ts';
import { temporaryMeant, WHICH } from './temporary-change.ts';

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
  ],
  async *run(call) {
    const { arguments: args, context } = call;
    const { statement } = context;
    if (args.Identity === undefined)
      throw usage(
        `${call.cmdlet.name} needs a connector or the number of a change: rc keep NAME. What is temporary: rc temporary`,
      );
    for (const { stored, entries } of temporaryMeant(call, true)) {
      const names = new Set(entries.map(({ Setting }) => Setting));
      if (
        !(await context.shouldProcess(
          `Keeping ${[...names].join(', ')} of "${statement.draft.identity(stored)}" as it is.`,
        ))
      )
        continue;
      const now = context.host.clock().toISOString();
      statement.change((draft) => {
        const current = draft.byGuid(stored.Guid);
        if (!current) return;
        const left = temporaryOf(current).filter(({ Setting }) => !names.has(Setting));
        draft.putConnector({ ...withTemporary(current, left), WhenChanged: now });
      });
    }
    yield* []; // a change outputs nothing
  },
});

/** Update-TemporaryChange: what ends by itself ends later, or earlier. */

import { type End, endsOf, withEnds } from '../../domain/ends.ts';
import { defineCmdlet, SERVER } from '../../pipeline/cmdlet.ts';
import { usage } from '../../pipeline/error.ts';
import type { Draft } from '../../store/draft.ts';
import { endGiven, FOR, UNTIL } from '../end-parameters.ts';
import { makeChange } from '../make-change.ts';
import { nothingTemporary, temporaryMeant, temporaryObject, WHICH } from './temporary-change.ts';

export const updateTemporaryChange = defineCmdlet({
  name: 'Update-TemporaryChange',
  short: 'extend',
  group: 'history',
  summary: 'Let what ends by itself last longer',
  description:
    'With --for it ends so much later than it would have; with --until it ends then, which may also be earlier. Give the connector, or the number of the change that made it temporary (rc history).',
  changes: 'low',
  gives: 'TemporaryChange',
  parameters: [
    ...WHICH,
    { ...FOR, help: 'How much longer, from 1s to 365d: 30m, 1h, 2d.' },
    { ...UNTIL, help: 'When it ends: a time (18:00, the next there is), tomorrow 8:00, or a date (2026-11-29 18:00).' },
    SERVER,
  ],
  examples: [
    {
      command: "rc extend 'Default*' --for 1h",
      language: "Update-TemporaryChange 'Default*' -For 1h",
      does: 'Lets all that is temporary of them last an hour longer.',
    },
    { command: "rc extend 'Default*' --until 'tomorrow 8:00'", does: 'Lets it last until tomorrow morning.' },
  ],
  async *run(call) {
    const { arguments: args, context } = call;
    const { statement } = context;
    if (args.Identity === undefined || (args.For === undefined && args.Until === undefined))
      throw usage(
        `${call.cmdlet.name} needs a connector or the number of a change, and how long: rc extend NAME --for 1h. What is temporary: rc temporary`,
      );
    for (const { stored, entries } of temporaryMeant(call, true)) {
      const now = context.host.clock();
      const ends = (list: readonly End[]) =>
        new Map(
          list.map(({ what, until }) => {
            const from = new Date(Math.max(Date.parse(until), now.getTime()));
            return [what, endGiven(call, from)!] as const;
          }),
        );
      const later = ends(entries);
      const what = `Letting ${entries.map(({ what }) => what).join(', ')} of "${statement.draft.identity(stored)}" last until ${[...new Set(later.values())].join(', ')}.`;
      const change = (draft: Draft): void => {
        const current = draft.byGuid(stored.Guid);
        if (!current) return;
        const still = endsOf(current).filter(({ what }) => later.has(what)); // others may have changed its end meanwhile
        if (!still.length) throw nothingTemporary(draft.identity(current));
        draft.putConnector({ ...withEnds(current, ends(still)), WhenChanged: now.toISOString() });
      };
      if (!(await makeChange(context, what, change))) continue;
      const after = statement.draft.byGuid(stored.Guid);
      for (const one of after ? endsOf(after) : [])
        if (later.has(one.what)) yield temporaryObject(statement.draft, after!, one);
    }
  },
});

/** Get-ConnectorHistory: who changed what, when and with which command. */

import { defineCmdlet, SERVER } from '../../pipeline/cmdlet.ts';
import type { Parameter } from '../../pipeline/parameter.ts';
import { serversOf } from '../../store/document.ts';
import { hasWildcard } from '../../text/wildcard.ts';
import { momentGiven, refuseBackwards } from '../moment-parameter.ts';
import { changesConcerning } from './change-filter.ts';
import { entryObject } from './history-row.ts';

const PARAMETERS = [
  {
    name: 'Identity',
    type: 'strings',
    position: 0,
    rest: true,
    completes: 'connector',
    help: 'Only changes of these connectors, also under names they had before; wildcards find several.',
  },
  { name: 'Last', type: 'int', aliases: ['First', 'Count', 'Newest'], help: 'Only the N newest.' },
  {
    name: 'Since',
    type: 'string',
    placeholder: 'TIME',
    help: 'Only changes since then: an age (30m, 2h, 7d), today, yesterday, or a date (2024-05-31 14:00).',
  },
  { name: 'Until', type: 'string', placeholder: 'TIME', help: 'Only changes up to then.' },
  SERVER,
] as const satisfies readonly Parameter[];

export const getConnectorHistory = defineCmdlet({
  name: 'Get-ConnectorHistory',
  short: 'history',
  group: 'history',
  summary: 'Show who changed what, when and with which command',
  description:
    'The newest change first. An edit of store.json by hand is in it too, from the moment of the edit. At least the last 10,000 changes are kept.',
  gives: 'HistoryEntry',
  parameters: PARAMETERS,
  examples: [
    { command: 'rc history', language: 'Get-ConnectorHistory', does: 'Shows every change that is kept.' },
    { command: 'rc history Relay --last 5', does: 'Shows the five newest changes of one connector.' },
    {
      command: 'rc history --since 2h --output json',
      language: "Get-ConnectorHistory -Since '2h'",
      does: 'Shows the changes of the last two hours with every setting before and after.',
    },
  ],
  async *run(call) {
    const { arguments: args, context } = call;
    const since = momentGiven(call, 'Since', args.Since);
    const until = momentGiven(call, 'Until', args.Until);
    refuseBackwards(call, ['Since', since], ['Until', until]);
    const last = args.Last ?? Number.POSITIVE_INFINITY;
    const generations = context.store.generations();
    const servers = serversOf(generations.document);
    const { onServers } = context;
    const concerns = changesConcerning(generations.document, servers, { identities: args.Identity, onServers });
    let given = 0;
    for (const entry of generations.entries()) {
      if (given >= last) return;
      const time = Date.parse(entry.time);
      const changes = concerns ? entry.changes.filter(concerns) : entry.changes;
      // Clocks jump, so an older entry may carry a later time; every entry is looked at.
      if ((since && time < since.getTime()) || (until && time > until.getTime())) continue;
      if (concerns && !changes.length) continue;
      given++;
      yield entryObject(entry, changes, servers, generations.pending.includes(entry));
    }
    const names = (args.Identity ?? []).filter((name) => !hasWildcard(name));
    if (!given && names.length) context.warn(`There is no change of ${names.map((n) => `'${n}'`).join(', ')} to show.`);
  },
});

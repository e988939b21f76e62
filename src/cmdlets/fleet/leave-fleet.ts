/** Leave-Fleet: this server goes its own way, with its own connectors. */
import { defineCmdlet } from '../../pipeline/cmdlet.ts';
import { authorOf } from '../../store/author.ts';
import { withFleetErrors } from './fleet-errors.ts';

export const leaveFleet = defineCmdlet({
  name: 'Leave-Fleet',
  short: 'leave-fleet',
  group: 'server',
  passesFleet: true,
  summary: 'Leave the fleet; this server keeps its own connectors',
  description:
    'Its connectors are taken out of the fleet, unless they are to stay there; accepted domains and users stay on both sides. The other servers’ connectors go from this home. A listener goes on without a pause.',
  changes: 'low',
  parameters: [
    {
      name: 'Keep',
      type: 'switch',
      help: 'The fleet keeps this server’s connectors, for when it comes back; its engine is not asked, so this works while it is away.',
    },
  ],
  examples: [
    { command: 'rc leave-fleet', language: 'Leave-Fleet', does: 'Takes this server out of its fleet.' },
    { command: 'rc leave-fleet --keep', does: 'Leaves the fleet as it is, also when its engine is away.' },
  ],
  async *run({ arguments: args, context }) {
    const { store, host } = context;
    const { leave, refuseLeaving } = await import('../../fleet/leave.ts');
    if (context.preferences.whatIf) await withFleetErrors(async () => refuseLeaving(store.home, args.Keep));
    if (!(await context.shouldProcess('Leaving the fleet.'))) return;
    const author = authorOf(host.env, `rc leave-fleet${args.Keep ? ' --keep' : ''}`);
    const { fleet, server, others } = await withFleetErrors(() => leave(store, args.Keep, author));
    const rest =
      others === undefined
        ? 'The fleet keeps its connectors.'
        : others.length
          ? `Still in it: ${others.join(', ')}.`
          : 'It was the last one, so the fleet is no more.';
    host.writeHost(`${server} has left the fleet "${fleet}". ${rest}`);
    yield* []; // a change outputs nothing
  },
});

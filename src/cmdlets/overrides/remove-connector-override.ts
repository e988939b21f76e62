/** Remove-ConnectorOverride: an address or range has the connector's limits again. */

import { defineCmdlet } from '../../pipeline/cmdlet.ts';
import { CmdletError, usage } from '../../pipeline/error.ts';
import type { Draft } from '../../store/draft.ts';
import { connectorsMeant } from '../connectors/connector-object.ts';
import { makeChange } from '../make-change.ts';
import { CONNECTOR, RANGES, rangesOf } from './override-object.ts';

export const removeConnectorOverride = defineCmdlet({
  name: 'Remove-ConnectorOverride',
  short: 'remove-override',
  group: 'connectors',
  summary: 'Take away the limits that an address or range has of its own',
  description: 'The connector’s hold for it again, from the next connection and command on. rc undo brings them back.',
  changes: 'low',
  parameters: [
    CONNECTOR,
    { ...RANGES, help: 'The range as rc get-override shows it; 10.1.2.0/24 is not a part of 10.1.0.0/16.' },
  ],
  examples: [
    {
      command: "rc remove-override 'Default*' 10.1.2.3",
      language: "Remove-ConnectorOverride 'Default*' 10.1.2.3",
      does: 'Takes away what one address has of its own.',
    },
  ],
  async *run(call) {
    const { arguments: args, context } = call;
    const { statement } = context;
    if (args.Connector === undefined || !args.RemoteIPRanges?.length)
      throw usage(
        `${call.cmdlet.name} needs a connector and a range: rc remove-override 'Default*' 10.1.2.3. There are: rc get-override`,
      );
    const ranges = rangesOf(args.RemoteIPRanges, call.spell('RemoteIPRanges'));
    let removed = 0;
    for (const target of connectorsMeant(context, args.Connector)) {
      const { draft: now } = statement;
      const known = now.connector(target).Overrides.filter((one) => ranges.some((range) => range.same(one.range)));
      if (!known.length) continue;
      removed += known.length;
      const what = `Taking away what ${known.map(({ range }) => range).join(', ')} has of its own on "${now.identity(target)}".`;
      const time = context.host.clock().toISOString();
      const change = (draft: Draft): void => {
        const stored = draft.byGuid(target.Guid);
        if (!stored) return;
        const gone = draft.connector(stored).Overrides.filter((one) => ranges.some((range) => range.same(one.range)));
        const { Overrides = [], ...rest } = stored;
        const left = Overrides.filter((one) => !gone.some((other) => other.stored === one));
        draft.putConnector({
          ...rest,
          ...(left.length ? { Overrides: left } : {}),
          WhenChanged: time,
        } as typeof stored);
      };
      await makeChange(context, what, change);
    }
    if (!removed && !statement.errors.length)
      context.error(
        new CmdletError(
          `No override is there for ${ranges.join(', ')} on '${args.Connector}'. There are: rc get-override`,
          {
            id: 'OverrideNotFound',
            category: 'ObjectNotFound',
            target: ranges.join(', '),
          },
        ),
      );
    yield* []; // a change outputs nothing
  },
});

/** Get-ConnectorOverride: which addresses and ranges have limits of their own. */
import { defineCmdlet } from '../../pipeline/cmdlet.ts';
import { connectorsMeant } from '../connectors/connector-object.ts';
import { CONNECTOR, overrideObject, RANGES, rangesOf } from './override-object.ts';

export const getConnectorOverride = defineCmdlet({
  name: 'Get-ConnectorOverride',
  short: 'get-override',
  group: 'connectors',
  summary: 'Show the addresses and ranges with limits of their own',
  description: 'The most specific first: of those that hold an address the first decides.',
  gives: 'ConnectorOverride',
  parameters: [
    CONNECTOR,
    { ...RANGES, help: 'Only those that hold one of these addresses or ranges, or a part of them.' },
  ],
  examples: [
    { command: 'rc get-override', language: 'Get-ConnectorOverride', does: 'Shows all.' },
    { command: "rc get-override 'Default*' 10.1.2.3", does: 'Shows those that hold an address.' },
  ],
  async *run(call) {
    const { arguments: args, context } = call;
    const { draft } = context.statement;
    const ranges = args.RemoteIPRanges && rangesOf(args.RemoteIPRanges, call.spell('RemoteIPRanges'));
    const connectors =
      args.Connector === undefined ? draft.connectorsOf(context.onServers) : connectorsMeant(context, args.Connector);
    for (const stored of connectors)
      for (const one of draft.connector(stored).Overrides)
        if (!ranges || ranges.some((range) => range.overlaps(one.range))) yield overrideObject(draft, stored, one);
  },
});

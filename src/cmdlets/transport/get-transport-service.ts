/** Get-TransportService: the server's own settings: delivery, next host, logs, trusted front ends. */
import { defineCmdlet } from '../../pipeline/cmdlet.ts';
import { hasWildcard, Wildcard } from '../../text/wildcard.ts';
import { notFound } from '../connectors/connector-object.ts';
import { isThisServer, transportObject } from './transport-object.ts';

export const getTransportService = defineCmdlet({
  name: 'Get-TransportService',
  aliases: ['Get-TransportServer', 'Get-FrontendTransportService'],
  group: 'server',
  summary: 'Show the transport service’s settings: delivery, next host, logs',
  gives: 'TransportService',
  parameters: [
    {
      name: 'Identity',
      type: 'string',
      position: 0,
      placeholder: 'SERVER',
      help: 'The server; there is one in a store.',
    },
  ],
  examples: [
    {
      command: 'rc get-transport-service --output list',
      language: 'Get-TransportService | Format-List',
      does: 'Shows every setting.',
    },
    {
      command: "rc get-transport-service --select 'ReceiveProtocolLog*'",
      language: 'Get-TransportService | Select ReceiveProtocolLog*',
      does: 'Shows where the protocol log is and how long it is kept.',
    },
  ],
  async *run({ arguments: args, context }) {
    const { draft } = context.statement;
    const identity = args.Identity;
    if (identity !== undefined && !isThisServer(draft, identity)) {
      if (!hasWildcard(identity)) throw notFound(context, identity);
      if (!new Wildcard(identity).matches(draft.site.server)) return;
    }
    yield transportObject(draft, context.store.home);
  },
});

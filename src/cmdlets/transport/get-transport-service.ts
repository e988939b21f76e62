/** Get-TransportService: the server's own settings: delivery, next host, logs, trusted front ends. */
import { defineCmdlet } from '../../pipeline/cmdlet.ts';
import { IDENTITY, sitesMeant, transportObject } from './transport-object.ts';

export const getTransportService = defineCmdlet({
  name: 'Get-TransportService',
  aliases: ['Get-TransportServer', 'Get-FrontendTransportService'],
  group: 'server',
  summary: 'Show the transport service’s settings: delivery, next host, logs',
  gives: 'TransportService',
  parameters: [IDENTITY],
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
    for (const site of sitesMeant(context, args.Identity))
      yield transportObject(context.statement.draft, site, context.store.home);
  },
});

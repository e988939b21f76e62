/** Get-ExchangeServer: this server and the others of its fleet, with what scripts ask of them. */
import type { Site } from '../../domain/setting.ts';
import { defineCmdlet } from '../../pipeline/cmdlet.ts';
import { PsObject, WithMembers } from '../../pipeline/value.ts';
import { IDENTITY, sitesMeant } from './transport-object.ts';

export const getExchangeServer = defineCmdlet({
  name: 'Get-ExchangeServer',
  group: 'server',
  summary: 'Show the servers whose connectors these are',
  description:
    'This server first, then the others whose connectors the store holds. Each says that it is a Mailbox server of version 15.2, as scripts choose servers by that; what rc itself is says rc --version.',
  gives: 'ExchangeServer',
  parameters: [
    IDENTITY,
    {
      name: 'Domain',
      type: 'string',
      placeholder: 'DOMAIN',
      help: 'Only servers of this domain: what follows their name in the FQDN.',
    },
    { name: 'Status', type: 'switch', help: 'Taken for the sake of scripts.' },
  ],
  examples: [
    {
      command: 'rc get-exchange-server',
      language: 'Get-ExchangeServer | Get-ReceiveConnector',
      does: 'Shows the servers; piped on, their connectors.',
    },
  ],
  async *run({ arguments: args, context }) {
    const domain = args.Domain?.toLowerCase();
    for (const site of sitesMeant(context, args.Identity))
      if (domain === undefined || domainOf(site).toLowerCase() === domain) yield serverObject(site);
  },
});

function domainOf({ fqdn }: Site): string {
  return fqdn.includes('.') ? fqdn.slice(fqdn.indexOf('.') + 1) : '';
}

function serverObject(site: Site): PsObject {
  const { server, fqdn } = site;
  return new PsObject('ExchangeServer', {
    Name: server,
    Fqdn: fqdn,
    Domain: domainOf(site),
    Site: '',
    ServerRole: 'Mailbox',
    Edition: 'Standard',
    // scripts ask for its text, and for its Major
    AdminDisplayVersion: new WithMembers('Version 15.2 (Build 0.0)', { Major: 15, Minor: 2, Build: 0, Revision: 0 }),
    IsHubTransportServer: true,
    IsFrontendTransportServer: true,
    IsClientAccessServer: true,
    IsMailboxServer: true,
    IsEdgeServer: false,
    IsE15OrLater: true,
    Identity: server,
  });
}

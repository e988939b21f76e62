/** Get-ExchangeServer: the one server of the store, with what scripts ask of it. */
import { defineCmdlet } from '../../pipeline/cmdlet.ts';
import { PsObject } from '../../pipeline/value.ts';
import { hasWildcard, Wildcard } from '../../text/wildcard.ts';
import { notFound } from '../connectors/connector-object.ts';
import { isThisServer } from './transport-object.ts';

export const getExchangeServer = defineCmdlet({
  name: 'Get-ExchangeServer',
  group: 'server',
  summary: 'Show the server whose connectors these are',
  description:
    'There is one in a store. It says that it is a Mailbox server of version 15.2, as scripts choose servers by that; what rc itself is says rc --version.',
  gives: 'ExchangeServer',
  parameters: [
    {
      name: 'Identity',
      type: 'string',
      position: 0,
      placeholder: 'SERVER',
      help: 'The server; wildcards are possible.',
    },
    { name: 'Status', type: 'switch', help: 'Taken for the sake of scripts.' },
  ],
  examples: [
    {
      command: 'rc get-exchange-server',
      language: 'Get-ExchangeServer | Get-ReceiveConnector',
      does: 'Shows the server; piped on, its connectors.',
    },
  ],
  async *run({ arguments: args, context }) {
    const { draft } = context.statement;
    const { server, fqdn } = draft.site;
    const identity = args.Identity;
    if (identity !== undefined && !isThisServer(draft, identity)) {
      if (!hasWildcard(identity)) throw notFound(context, identity);
      const pattern = new Wildcard(identity);
      if (!pattern.matches(server) && !pattern.matches(fqdn)) return;
    }
    yield new PsObject('ExchangeServer', {
      Name: server,
      Fqdn: fqdn,
      Domain: fqdn.includes('.') ? fqdn.slice(fqdn.indexOf('.') + 1) : '',
      Site: '',
      ServerRole: 'Mailbox',
      Edition: 'Standard',
      AdminDisplayVersion: 'Version 15.2 (Build 0.0)',
      IsHubTransportServer: true,
      IsFrontendTransportServer: true,
      IsClientAccessServer: true,
      IsMailboxServer: true,
      IsEdgeServer: false,
      IsE15OrLater: true,
      Identity: server,
    });
  },
});

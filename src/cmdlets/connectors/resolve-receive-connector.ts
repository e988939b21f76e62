/** Resolve-ReceiveConnector: which connector a client would hit, and why. Ours: Exchange has no such cmdlet. */

import { nameHint, parseAddress } from '../../domain/address.ts';
import { binding } from '../../domain/address-kind.ts';
import { explainSelection, localEnds, noConnectors } from '../../domain/selection.ts';
import { defineCmdlet } from '../../pipeline/cmdlet.ts';
import { usage } from '../../pipeline/error.ts';
import { PsObject } from '../../pipeline/value.ts';
import { hostAndPort } from '../../text/bracketed.ts';
import { show } from '../../text/printable.ts';
import { parsedArgument } from '../parsed-argument.ts';

export const resolveReceiveConnector = defineCmdlet({
  name: 'Resolve-ReceiveConnector',
  short: 'which',
  group: 'connectors',
  summary: 'Tell which connector a client address would hit, and why',
  description:
    'Among the enabled connectors that listen on the local address and port, the one with the smallest remote range that holds the client takes it. Without --local every binding of the server is looked at.',
  gives: 'ConnectorChoice',
  parameters: [
    {
      name: 'RemoteAddress',
      aliases: ['From'],
      type: 'string',
      position: 0,
      mandatory: true,
      placeholder: 'IP',
      help: 'The client’s address.',
    },
    {
      name: 'Local',
      aliases: ['To'],
      type: 'string',
      position: 1,
      placeholder: 'IP:PORT',
      help: 'The local address and port it connects to, such as 192.168.1.10:25.',
    },
  ],
  examples: [
    {
      command: 'rc which 10.1.2.3',
      language: 'Resolve-ReceiveConnector 10.1.2.3',
      does: 'Shows, for every binding, the connector that would take this client.',
    },
    {
      command: 'rc which 127.0.0.1 127.0.0.1:2525 --select Connector,Reason',
      does: 'Shows it for one local address and port, with the reason.',
    },
  ],
  async *run({ arguments: args, context }) {
    const client = args.RemoteAddress;
    if (client === undefined) throw usage('Resolve-ReceiveConnector needs a client’s address: rc which 10.1.2.3');
    const address = parseAddress(client);
    if (!address)
      throw usage(
        `RemoteAddress: ${show(client)} is not an IP address${nameHint(client)}; allowed: one IPv4 or IPv6 address, such as 10.1.2.3`,
      );
    const asked = args.Local === undefined ? undefined : parsedArgument('Local', () => binding.parse(args.Local!));
    const { draft } = context.statement;
    for (const site of context.onServers ?? [draft.site]) {
      const connectors = draft.connectorsOf([site]).map((stored) => draft.connector(stored));
      if (!connectors.length) context.warn(noConnectors(site.server));
      const ends = asked ? [asked] : localEnds(connectors, address.family);
      for (const local of ends) {
        const choice = explainSelection(connectors, local, client);
        yield new PsObject('ConnectorChoice', {
          RemoteAddress: address.text,
          Local: hostAndPort(local.address, local.port),
          Connector:
            choice.connector && draft.servers.isOwn(choice.connector)
              ? choice.connector.Name
              : (choice.connector?.Identity ?? null),
          Binding: choice.binding ?? null,
          RemoteIPRange: choice.range ?? null,
          Reason: choice.why,
          PassedOver: choice.passed.map(({ connector, why }) => `${connector.Name}: ${why}`),
        });
      }
    }
  },
});

/** Get-ReceiveConnector: the connectors, all or those named. */

import { defineCmdlet, SERVER } from '../../pipeline/cmdlet.ts';
import { serversMeant } from '../../pipeline/run.ts';
import { PsObject, printed } from '../../pipeline/value.ts';
import { allMeant, connectorObject, connectorsMeant } from './connector-object.ts';
import { IDENTITY } from './connector-parameters.ts';

export const getReceiveConnector = defineCmdlet({
  name: 'Get-ReceiveConnector',
  short: 'get',
  words: ['list', 'ls', 'show', 'connectors'],
  group: 'connectors',
  summary: 'Show receive connectors and their settings',
  description:
    'Without a name it shows all. On a terminal it prints a table (a list when more than four properties are selected); into a pipe, one JSON object a line.',
  gives: 'ReceiveConnector',
  input: 'optional',
  parameters: [{ ...IDENTITY, help: `${IDENTITY.help} "-" reads names or objects from standard input.` }, SERVER],
  examples: [
    { command: 'rc get', language: 'Get-ReceiveConnector', does: 'Shows all connectors.' },
    {
      command: "rc get 'default*' --select Name,MaxInbound*",
      language: 'Get-ReceiveConnector default* | Select Name,MaxInbound*',
      does: 'Shows the connection limits of every connector whose name begins with "default".',
    },
    {
      command: "rc get 'Default*' --output list",
      language: 'Get-ReceiveConnector Default* | Format-List',
      does: 'Shows every setting.',
    },
    { command: "rc get | jq -r 'select(.Enabled) | .Name'", does: 'Gives names to a script.' },
  ],
  async *run(call) {
    const { statement } = call.context;
    const { draft } = statement;
    if (call.arguments.Identity !== undefined) {
      for (const stored of allMeant(call.context, call.arguments.Identity)) yield connectorObject(draft, stored);
    } else if (call.input) {
      for await (const one of call.input) {
        // a server that is piped in means its connectors: Get-TransportService | Get-ReceiveConnector
        const isServer = one instanceof PsObject && (one.type === 'TransportService' || one.type === 'ExchangeServer');
        const meant = isServer
          ? draft.connectorsOf(serversMeant(draft, printed(one.get('Name'))))
          : connectorsMeant(call.context, one);
        for (const stored of meant) yield connectorObject(statement.draft, stored);
      }
    } else for (const stored of draft.connectorsOf(call.context.onServers)) yield connectorObject(draft, stored);
  },
});

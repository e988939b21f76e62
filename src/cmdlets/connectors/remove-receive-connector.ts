/** Remove-ReceiveConnector: takes connectors away; asks first. */
import { defineCmdlet } from '../../pipeline/cmdlet.ts';
import { makeChange } from '../make-change.ts';
import { targets } from './connector-object.ts';
import { IDENTITY } from './connector-parameters.ts';

export const removeReceiveConnector = defineCmdlet({
  name: 'Remove-ReceiveConnector',
  short: 'remove',
  words: ['rm', 'delete', 'del'],
  group: 'connectors',
  summary: 'Remove receive connectors',
  description:
    'Asks before each one unless told not to (--confirm=false). A running listener closes its sockets; sessions finish their message and are then closed.',
  changes: 'high',
  input: 'needed',
  parameters: [IDENTITY],
  examples: [
    { command: 'rc remove Relay', language: 'Remove-ReceiveConnector Relay', does: 'Asks, then removes it.' },
    {
      command: "rc remove 'Test*' --confirm=false",
      language: "Remove-ReceiveConnector 'Test*' -Confirm:$false",
      does: 'Removes without asking, for scripts.',
    },
  ],
  async *run(call) {
    const { context } = call;
    for await (const target of targets(call)) {
      const identity = context.statement.draft.identity(target);
      await makeChange(context, `Removing Receive connector "${identity}".`, (draft) =>
        draft.removeConnector(target.Guid),
      );
    }
  },
});

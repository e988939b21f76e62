/** Remove-Message: takes messages out of the Maildir. */
import { defineCmdlet } from '../../pipeline/cmdlet.ts';
import { usage } from '../../pipeline/error.ts';
import { hasWildcard } from '../../text/wildcard.ts';
import { messageLacks } from '../exchange-parameters.ts';
import { noMessage } from './get-message.ts';
import { SELECTION, SELECTION_MEANS } from './message-parameters.ts';

export const removeMessageCmdlet = defineCmdlet({
  name: 'Remove-Message',
  short: 'remove-message',
  group: 'server',
  looksHere: true,
  summary: 'Remove messages from the listener’s Maildir',
  description: `They are gone for good. ${SELECTION_MEANS} All of them: rc remove-message '*'`,
  changes: 'high',
  input: 'needed',
  lacks: messageLacks,
  parameters: SELECTION,
  examples: [
    {
      command: "rc remove-message '*' --confirm=false",
      language: "Remove-Message '*' -Confirm:$false",
      does: 'Empties the Maildir.',
    },
    { command: "rc remove-message --to 'bob@*' --what-if", does: 'Says which messages would go.' },
  ],
  async *run(call) {
    const { arguments: args, input, context } = call;
    const { allOf, identitiesOf, messagesMeant } = await import('./message-selection.ts');
    const { removeMessage } = await import('../../messages/maildir-reader.ts');
    const describes = [args.From, args.To, args.Subject, args.Text].some((one) => one !== undefined);
    const given = args.Identity === undefined && input && !describes ? await allOf(input) : args.Identity;
    if (given === undefined && !describes)
      throw usage("Remove-Message needs to know which messages: an Identity, a filter such as --to, or '*' for all.");
    const { home } = context.store;
    const left = new Set(given === undefined ? [] : identitiesOf(given).filter((id) => !hasWildcard(id)));
    for await (const { entry, message } of messagesMeant(home.mail, { ...args, Identity: given })) {
      for (const id of left) if (entry.id.endsWith(id)) left.delete(id);
      const about = `message "${message.subject}" to ${message.envelope.to.join(', ') || 'nobody'}`;
      if (await context.shouldProcess(`Removing ${about}.`)) await removeMessage(home.mail, entry);
    }
    for (const id of left) context.error(noMessage(id));
    yield* [];
  },
});

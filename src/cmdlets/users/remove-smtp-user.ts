/** Remove-SmtpUser: cannot authenticate from then on; asks first. */

import { defineCmdlet } from '../../pipeline/cmdlet.ts';
import type { Draft } from '../../store/draft.ts';
import { makeChange } from '../make-change.ts';
import { current, identityParameter, meant } from '../named-object.ts';
import { connectorsWithGrants, SMTP_USER } from './smtp-user-object.ts';

export const removeSmtpUser = defineCmdlet({
  name: 'Remove-SmtpUser',
  group: 'server',
  summary: 'Remove a user that clients authenticate as',
  description: 'Asks before each one unless told not to (--confirm=false).',
  changes: 'high',
  input: 'needed',
  parameters: [identityParameter('user', 'user')],
  examples: [
    {
      command: 'rc remove-smtp-user scanner --confirm=false',
      language: 'Remove-SmtpUser scanner -Confirm:$false',
      does: 'Removes the user without asking.',
    },
  ],
  async *run(call) {
    const { context } = call;
    for await (const target of meant(call, SMTP_USER)) {
      const change = (draft: Draft): void => {
        const user = current(draft, SMTP_USER, target);
        SMTP_USER.put(
          draft,
          draft.document.users.filter((one) => one.Guid !== user.Guid),
        );
      };
      const told = (): void => {
        const left = connectorsWithGrants(context.statement.draft, target.Name);
        if (left.length)
          context.warn(
            `"${target.Name}" still has single rights on ${left.map((c) => `"${c}"`).join(', ')}; a new user of that name would have them. To take them away: rc remove-ad-permission`,
          );
      };
      await makeChange(context, `Removing SMTP user "${target.Name}".`, change, told);
    }
  },
});

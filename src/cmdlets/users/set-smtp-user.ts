/** Set-SmtpUser: a new password or name, or taken out of service. */

import { sameJson } from '../../domain/catalogue.ts';
import { defineCmdlet } from '../../pipeline/cmdlet.ts';
import { usage } from '../../pipeline/error.ts';
import type { StoredUser } from '../../store/document.ts';
import type { Draft } from '../../store/draft.ts';
import { attempt, mayChange } from '../make-change.ts';
import { current, identityParameter, meant, put } from '../named-object.ts';
import { warnUnmodified } from '../warn-unmodified.ts';
import { askPasswordHash, PASSWORD, PASSWORD_PARAMETERS, passwordGiven, tryPassword } from './password-source.ts';
import { checkUserName, connectorsWithGrants, SMTP_USER, smtpUserObject } from './smtp-user-object.ts';

export const setSmtpUser = defineCmdlet({
  name: 'Set-SmtpUser',
  group: 'server',
  summary: 'Change a user that clients authenticate as',
  changes: 'low',
  input: 'needed',
  gives: 'SmtpUser',
  parameters: [
    identityParameter('user', 'user'),
    { name: 'Name', type: 'string', help: 'A new name.' },
    { name: 'Enabled', type: 'bool', help: 'Whether the user may authenticate; --enabled false keeps it out.' },
    PASSWORD,
    ...PASSWORD_PARAMETERS,
    { name: 'PassThru', type: 'switch', help: 'Outputs the changed users.' },
  ],
  examples: [
    {
      command: 'rc set-smtp-user scanner --password',
      language: 'Set-SmtpUser scanner -Password',
      does: 'Asks for a new password.',
    },
    {
      command: 'pass show scanner | rc set-smtp-user scanner --password-stdin',
      language: 'Set-SmtpUser scanner -Password (ConvertTo-SecureString $secret -AsPlainText -Force)',
      does: 'Takes it from elsewhere.',
    },
    {
      command: 'rc set-smtp-user scanner --enabled=false',
      language: 'Set-SmtpUser scanner -Enabled:$false',
      does: 'Keeps the user from authenticating.',
    },
  ],
  async *run(call) {
    const { arguments: args, context } = call;
    const { statement } = context;
    const name = args.Name?.trim();
    const enabled = args.Enabled;
    if (args.PasswordStdin && args.Identity === undefined)
      throw usage(`${call.spell('PasswordStdin')} takes standard input for the password, so name the user.`);
    const targets: StoredUser[] = [];
    for await (const target of meant(call, SMTP_USER)) targets.push(target);
    if (targets.length > 1 && (passwordGiven(args) || name !== undefined))
      throw usage('A password or a new name is for one user; these are several.');
    for (const target of targets) {
      const now = context.host.clock().toISOString();
      let hash: string | undefined;
      let modified = false;
      const change = (draft: Draft): void => {
        tryPassword(call);
        const before = current(draft, SMTP_USER, target);
        const next: StoredUser = {
          ...before,
          Name: name ?? before.Name,
          Enabled: enabled ?? before.Enabled,
          PasswordHash: hash ?? before.PasswordHash,
        };
        if (name !== undefined && name !== before.Name) checkUserName(draft, name, before.Guid);
        modified = !sameJson(before, next);
        if (modified) put(draft, SMTP_USER, { ...next, WhenChanged: now });
      };
      if (!(await mayChange(context, `Setting SMTP user "${target.Name}".`, change))) continue;
      if (passwordGiven(args)) hash = await askPasswordHash(call, target.Name);
      if (!(await attempt(context, change))) continue;
      if (!modified) warnUnmodified(context, target.Name);
      const left = name === undefined ? [] : connectorsWithGrants(statement.draft, target.Name);
      if (left.length)
        context.warn(
          `Single rights stay with the old name "${target.Name}" on ${left.map((c) => `"${c}"`).join(', ')}.`,
        );
      if (args.PassThru) yield smtpUserObject(current(statement.draft, SMTP_USER, target));
    }
  },
});

/** New-SmtpUser: one more user that clients can authenticate as. */

import { newGuid } from '../../domain/guid.ts';
import { defineCmdlet } from '../../pipeline/cmdlet.ts';
import { usage } from '../../pipeline/error.ts';
import type { Draft } from '../../store/draft.ts';
import { mayChange } from '../make-change.ts';
import { put } from '../named-object.ts';
import { askPasswordHash, PASSWORD, PASSWORD_PARAMETERS, tryPassword } from './password-source.ts';
import { checkUserName, SMTP_USER, smtpUserObject } from './smtp-user-object.ts';

export const newSmtpUser = defineCmdlet({
  name: 'New-SmtpUser',
  group: 'server',
  summary: 'Add a user that clients can authenticate as',
  description:
    'Asks for the password without showing it. Only a scrypt hash of it is stored. Users authenticate on connectors with BasicAuth.',
  changes: 'low',
  gives: 'SmtpUser',
  parameters: [
    {
      name: 'Name',
      type: 'string',
      position: 0,
      mandatory: true,
      help: 'The name clients give: scanner, or alice@contoso.com.',
    },
    { name: 'Enabled', type: 'bool', help: 'Whether the user may authenticate; yes when not given.' },
    PASSWORD,
    ...PASSWORD_PARAMETERS,
  ],
  examples: [
    {
      command: 'rc new-smtp-user scanner',
      language: 'New-SmtpUser scanner',
      does: 'Asks for a password and adds the user.',
    },
    {
      command: 'pass show scanner | rc new-smtp-user scanner --password-stdin',
      does: 'Takes the password from a password store.',
    },
  ],
  async *run(call) {
    const { arguments: args, context } = call;
    const { statement } = context;
    const name = args.Name?.trim();
    if (name === undefined) throw usage('New-SmtpUser needs a name: rc new-smtp-user scanner');
    checkUserName(statement.draft, name);
    const user = {
      Name: name,
      PasswordHash: '',
      Enabled: args.Enabled ?? true,
      Guid: newGuid(),
      WhenChanged: context.host.clock().toISOString(),
    };
    const change = (draft: Draft): void => {
      tryPassword(call);
      checkUserName(draft, name);
      put(draft, SMTP_USER, user);
    };
    if (!(await mayChange(context, `Creating SMTP user "${name}".`, change))) return;
    user.PasswordHash = await askPasswordHash(call, name);
    statement.change(change);
    yield smtpUserObject(user);
  },
});

/** Get-SmtpUser: who may authenticate. */
import { defineCmdlet } from '../../pipeline/cmdlet.ts';
import { identityParameter, meant } from '../named-object.ts';
import { SMTP_USER, smtpUserObject } from './smtp-user-object.ts';

export const getSmtpUser = defineCmdlet({
  name: 'Get-SmtpUser',
  words: ['users'],
  group: 'server',
  summary: 'Show the users that clients can authenticate as',
  gives: 'SmtpUser',
  input: 'optional',
  parameters: [identityParameter('user', 'user')],
  examples: [{ command: 'rc get-smtp-user', language: 'Get-SmtpUser', does: 'Shows all users.' }],
  async *run(call) {
    if (call.arguments.Identity !== undefined || call.input) {
      for await (const user of meant(call, SMTP_USER)) yield smtpUserObject(user);
    } else for (const user of call.context.statement.draft.document.users) yield smtpUserObject(user);
  },
});

/** Parameters of Send-MailMessage. */
import type { Call } from '../../pipeline/cmdlet.ts';
import type { Parameter } from '../../pipeline/parameter.ts';
import { PASSWORD, PASSWORD_PARAMETERS } from '../users/password-source.ts';

/** Sent at once, at most: each is a connection. */
export const MOST_PARALLEL = 1000;
export const MOST_MESSAGES = 1_000_000;
export const SEND_PARAMETERS = [
  {
    name: 'SmtpServer',
    type: 'string',
    aliases: ['Server', 'ComputerName'],
    placeholder: 'HOST[:PORT]',
    help: 'Where to: mail.contoso.com:25, [::1]:2525. This home’s first connector when left out.',
  },
  { name: 'Port', type: 'int', placeholder: 'PORT', help: 'Its port; 25 when neither says it.' },
  {
    name: 'From',
    type: 'string',
    mandatory: true,
    placeholder: 'ADDRESS',
    help: 'The sender: sue@contoso.com, "Sue <sue@contoso.com>", or empty as a bounce has it.',
  },
  { name: 'To', type: 'strings', mandatory: true, placeholder: 'ADDRESS[,…]', help: 'Who gets it.' },
  { name: 'Cc', type: 'strings', placeholder: 'ADDRESS[,…]', help: 'Who gets a copy.' },
  { name: 'Bcc', type: 'strings', placeholder: 'ADDRESS[,…]', help: 'Who gets a copy that nobody sees.' },
  { name: 'Subject', type: 'string', aliases: ['sub'], help: 'The subject.' },
  { name: 'Body', type: 'string', help: 'The text.' },
  {
    name: 'Encoding',
    type: 'string',
    aliases: ['BE'],
    placeholder: 'NAME',
    help: 'Taken for the sake of scripts; mail is sent in UTF-8.',
  },
  { name: 'BodyAsHtml', type: 'switch', aliases: ['BAH'], help: 'The text is HTML.' },
  {
    name: 'Attachments',
    type: 'strings',
    aliases: ['PsPath'],
    completes: 'file',
    placeholder: 'FILE[,…]',
    help: 'Files to attach.',
  },
  { name: 'Message', type: 'path', help: 'Sends this file, header and all, instead of a message made here.' },
  { name: 'UseSsl', type: 'switch', aliases: ['Tls', 'StartTls'], help: 'Says STARTTLS and goes on inside TLS only.' },
  { name: 'ImplicitTls', type: 'switch', help: 'TLS from the first byte (port 465).' },
  {
    name: 'VerifyCertificate',
    type: 'switch',
    help: 'Holds the server’s certificate against its name; not done by default, for tests have certificates of their own.',
  },
  { name: 'User', type: 'string', aliases: ['Username'], placeholder: 'NAME', help: 'Logs on as this user.' },
  {
    name: 'Credential',
    type: 'value',
    placeholder: 'NAME',
    help: 'Logs on as this user; in the command language it takes what Get-Credential gave, and asks for no password.',
  },
  PASSWORD,
  ...PASSWORD_PARAMETERS,
  {
    name: 'HeloName',
    type: 'string',
    aliases: ['Helo'],
    help: 'The name to say in EHLO; this machine’s when left out.',
  },
  {
    name: 'Count',
    type: 'int',
    placeholder: 'N',
    help: `Sends so many, to ${MOST_MESSAGES}; a summary is given instead of each.`,
  },
  { name: 'Parallel', type: 'int', placeholder: 'N', help: `Over so many connections at once, to ${MOST_PARALLEL}.` },
] as const satisfies readonly Parameter[];

export type SendCall = Call<(typeof SEND_PARAMETERS)[number]>;

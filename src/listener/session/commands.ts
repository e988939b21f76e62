/** The commands a session knows. */
import { auth } from './auth.ts';
import { bdat, data } from './data.ts';
import { ehlo, helo } from './hello.ts';
import { mail } from './mail.ts';
import { rcpt } from './rcpt.ts';
import { help, REPLIES } from './replies.ts';
import type { Answer, SmtpSession } from './session.ts';
import { startTls } from './starttls.ts';

export type Command = (session: SmtpSession, argument: string) => Answer;

export const COMMANDS: ReadonlyMap<string, Command> = new Map<string, Command>([
  ['HELO', helo],
  ['EHLO', ehlo],
  ['STARTTLS', startTls],
  ['AUTH', auth],
  ['MAIL', mail],
  ['RCPT', rcpt],
  ['DATA', data],
  ['BDAT', bdat],
  ['RSET', rset],
  ['NOOP', (session) => session.say(REPLIES.noop)],
  ['VRFY', (session, argument) => session.say(argument === '' ? REPLIES.invalidArguments : REPLIES.cannotVerify)],
  [
    'HELP',
    (session) =>
      session.say(help(['HELO', 'EHLO', 'STARTTLS', 'RCPT', 'DATA', 'RSET', 'MAIL', 'QUIT', 'HELP', 'AUTH', 'BDAT'])),
  ],
  ['QUIT', quit],
]);

function rset(session: SmtpSession, argument: string): Answer {
  if (argument !== '') return session.say(REPLIES.invalidArguments);
  session.resetTransaction();
  return session.say(REPLIES.reset);
}

function quit(session: SmtpSession, argument: string): Answer {
  return session.say(argument === '' ? REPLIES.quit : REPLIES.invalidArguments);
}

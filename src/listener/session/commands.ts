/** The commands a session knows. */
import type { FaultStage } from '../../domain/fault-rule.ts';
import { auth } from './auth.ts';
import { bdat, data } from './data.ts';
import { ehlo, helo } from './hello.ts';
import { MISTAKES } from './judged.ts';
import { mail } from './mail.ts';
import { rcpt } from './rcpt.ts';
import { help, REPLIES } from './replies.ts';
import type { Answer, Command, SmtpSession } from './smtp-session.ts';
import { startTls } from './starttls.ts';

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
  ['VRFY', vrfy],
  [
    'HELP',
    (session) =>
      session.say(help(['HELO', 'EHLO', 'STARTTLS', 'RCPT', 'DATA', 'RSET', 'MAIL', 'QUIT', 'HELP', 'AUTH', 'BDAT'])),
  ],
  ['QUIT', quit],
]);

/** Where faults on purpose may act before a command; BDAT brings its bytes along and has none. */
export const STAGE_OF: ReadonlyMap<string, FaultStage> = new Map<string, FaultStage>([
  ['HELO', 'helo'],
  ['EHLO', 'helo'],
  ['STARTTLS', 'starttls'],
  ['AUTH', 'auth'],
  ['MAIL', 'mail'],
  ['RCPT', 'rcpt'],
  ['DATA', 'data'],
  ['QUIT', 'quit'],
]);

function rset(session: SmtpSession, argument: string): Answer {
  if (argument !== '') return session.refuse(MISTAKES.invalidArguments);
  session.resetTransaction();
  return session.say(REPLIES.reset);
}

function quit(session: SmtpSession, argument: string): Answer {
  return argument === '' ? session.say(REPLIES.quit) : session.refuse(MISTAKES.invalidArguments);
}

function vrfy(session: SmtpSession, argument: string): Answer {
  return argument === '' ? session.refuse(MISTAKES.invalidArguments) : session.say(REPLIES.cannotVerify);
}

/** The commands a session knows. */
import type { Connector } from '../../domain/connector.ts';
import type { FaultStage } from '../../domain/fault-rule.ts';
import type { Refusal } from '../refusal/refusal.ts';
import { auth } from './auth.ts';
import { bdat, data } from './data.ts';
import { ehlo, helo } from './hello.ts';
import { bySetting, MISTAKES } from './judged.ts';
import { mail } from './mail.ts';
import { rcpt } from './rcpt.ts';
import { help, REPLIES } from './replies.ts';
import { type Answer, type Command, LONG_LINE_LIMIT, type SmtpSession } from './smtp-session.ts';
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

/** Words of front ends that are no commands here, told apart so that an event can say what to set. */
const UNKNOWN: ReadonlyMap<string, Refusal> = new Map([
  ['PROXY', MISTAKES.proxyHeader],
  ['XCLIENT', MISTAKES.xclient],
]);

/** A line that is no command. The binary PROXY header begins with two empty lines and one that is a NUL. */
export function unknown(session: SmtpSession, verb: string, line: string): Refusal {
  if (line === '' && [...session.linesWaiting(2)].join() === ',\0') return MISTAKES.proxyHeader;
  return UNKNOWN.get(verb) ?? MISTAKES.unrecognizedCommand;
}

export const HTTP = /^(?:GET|HEAD|POST|PUT|DELETE|OPTIONS|TRACE|CONNECT|PATCH|PRI) \S+ HTTP\/\d/i;

/** @param limit of a line, as the settings have it */
export function lineTooLong(settings: Connector, length: number, limit: number): Refusal {
  if (limit === LONG_LINE_LIMIT || length > LONG_LINE_LIMIT) return MISTAKES.lineTooLong;
  const enough = { LongAddressesEnabled: 'true' };
  return bySetting(REPLIES.lineTooLong, settings, 'LongAddressesEnabled', length, enough, limit);
}

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

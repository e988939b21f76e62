/**
 * Every reply of a session, in one table. Texts are Exchange's, to the letter, where Exchange has one
 * (docs/compatibility.md says which are ours). The enhanced code (RFC 3463) stands in the text and is taken out where
 * EnhancedStatusCodesEnabled is off. An entry ends the connection where its code is 421 or `CLOSES` names it.
 */
import type { SessionCount } from '../contract.ts';

export const REPLIES = {
  serviceNotAvailable: '421 4.3.2 Service not available',
  timedOut: '421 4.4.1 Connection timed out',
  rateExceeded: '421 4.4.2 Message submission rate for this client has exceeded the configured limit',
  tooManyErrors: '421 4.7.0 Too many errors on this connection, closing transmission channel',
  earlyTalker: '421 4.5.0 Client spoke before the greeting, closing transmission channel',
  httpRequest: '421 4.5.0 HTTP requests are not served here, closing transmission channel',

  senderOk: '250 2.1.0 Sender OK',
  recipientOk: '250 2.1.5 Recipient OK',
  startData: '354 Start mail input; end with <CRLF>.<CRLF>',
  reset: '250 2.0.0 Resetting',
  noop: '250 2.0.0 OK',
  quit: '221 2.0.0 Service closing transmission channel',
  cannotVerify: '252 2.1.5 Cannot VRFY user',
  startTls: '220 2.0.0 SMTP server ready',
  authenticated: '235 2.7.0 Authentication successful',

  unrecognizedCommand: '500 5.3.3 Unrecognized command',
  lineTooLong: '500 5.5.2 Line too long',
  invalidArguments: '501 5.5.4 Invalid arguments',
  unrecognizedParameter: '501 5.5.4 Unrecognized parameter',
  invalidDomain: '501 5.5.4 Invalid domain name',
  invalidSender: '501 5.1.7 Invalid address',
  invalidRecipient: '501 5.1.3 Invalid address',
  authCancelled: '501 5.7.0 Authentication cancelled',
  helloFirst: '503 5.5.2 Send hello first',
  senderAlready: '503 5.5.2 Sender already specified',
  needMail: '503 5.5.2 Need mail command',
  needRcpt: '503 5.5.2 Need rcpt command',
  badSequence: '503 5.5.1 Bad sequence of commands',
  unknownMechanism: '504 5.7.4 Unrecognized authentication type',

  localError: '451 4.3.0 Local error in processing',
  noResources: '452 4.3.1 Insufficient system resources',
  tooManyRecipients: '452 4.5.3 Too many recipients',
  tlsUnavailable: '454 4.7.0 TLS not available due to temporary reason',
  tlsRequired: '451 5.7.3 Must issue a STARTTLS command first',

  authFailed: '535 5.7.3 Authentication unsuccessful',
  notAuthenticated: '530 5.7.57 Client not authenticated to send mail',
  noSubmit: '550 5.7.1 Client does not have permission to submit mail',
  noRelay: '550 5.7.54 SMTP; Unable to relay recipient in non-accepted domain',
  senderDenied: '550 5.7.60 SMTP; Client does not have permissions to send as this sender',
  badDestination: '550 5.1.2 Bad destination domain',
  bareLinefeeds: '550 5.6.11 Message contains bare linefeeds',
  messageTooLarge: '552 5.3.4 Message size exceeds fixed maximum message size',
  headerTooLarge: '552 5.3.4 Message header size exceeds fixed maximum size',
  tooManyHops: '554 5.4.6 Hop count exceeded - possible mail loop',
} as const;

/** Replies besides 421 after which the session ends. */
export const CLOSES: ReadonlySet<string> = new Set([REPLIES.invalidDomain, REPLIES.headerTooLarge, REPLIES.quit]);

/** Replies that are counted when they are said. */
export const COUNTED: ReadonlyMap<string, SessionCount> = new Map([
  [REPLIES.recipientOk, 'recipients'],
  [REPLIES.messageTooLarge, 'messagesTooLarge'],
  [REPLIES.headerTooLarge, 'messagesTooLarge'],
  [REPLIES.authenticated, 'logons'],
]);

/** Why a session ends, by the last reply; any other that ends one is policy. */
export const ENDINGS: ReadonlyMap<string, SessionCount> = new Map([
  [REPLIES.quit, 'endedByClient'],
  [REPLIES.timedOut, 'endedByTimeout'],
  [REPLIES.tooManyErrors, 'endedByErrors'],
  [REPLIES.serviceNotAvailable, 'endedByListener'],
]);

/** Challenges of AUTH LOGIN: `Username:` and `Password:` in base64; AUTH PLAIN's challenge is empty (RFC 4954 section 4). */
export const CHALLENGES = { username: '334 VXNlcm5hbWU6', password: '334 UGFzc3dvcmQ6', empty: '334 ' } as const;

/** The default greeting; the date as RFC 5322 writes it. */
export function greeting(fqdn: string, now: Date): string {
  return `220 ${fqdn} Microsoft ESMTP MAIL Service ready at ${mailDate(now)}`;
}

/** Answer to HELO and first line of the answer to EHLO. */
export function hello(fqdn: string, clientAddress: string): string {
  return `250 ${fqdn} Hello [${clientAddress}]`;
}

export function queued(messageId: string, internalId: number, fqdn: string): string {
  return `250 2.6.0 ${messageId} [InternalId=${internalId}, Hostname=${fqdn}] Queued mail for delivery`;
}

export function chunkReceived(octets: number): string {
  return `250 2.6.0 CHUNK received OK, ${octets} octets`;
}

export function help(commands: readonly string[]): readonly string[] {
  return ['214 This server supports the following commands:', `214 ${commands.join(' ')}`];
}

/** A multi-line reply in its form on the wire (RFC 5321 section 4.2.1); every line comes with its code. */
export function multiline(lines: readonly string[]): string {
  return lines.map((line, i) => (i < lines.length - 1 ? `${line.slice(0, 3)}-${line.slice(4)}` : line)).join('\r\n');
}

const ENHANCED = /^(\d{3}[ -])[245]\.\d{1,3}\.\d{1,3}(?: |$)/gm;

/** The reply without its enhanced status codes. */
export function withoutEnhancedCodes(reply: string): string {
  return reply.replace(ENHANCED, '$1');
}

/** Syntax and sequence errors count against MaxProtocolErrors: 500 to 504 (RFC 5321 section 4.2.2). */
export function isProtocolError(reply: string): boolean {
  return reply >= '500' && reply < '505';
}

const DAYS = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'];
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** `Mon, 24 Nov 2025 05:48:00 +0100` (RFC 5322 section 3.3), in the host's own time zone. */
export function mailDate(now: Date): string {
  const second = Math.floor(now.getTime() / 1000);
  const offset = -now.getTimezoneOffset();
  if (second !== dated.second || offset !== dated.offset) dated = { second, offset, text: dateText(now, offset) };
  return dated.text;
}

/** What was written last: many messages and greetings come within one second. */
let dated = { second: Number.NaN, offset: 0, text: '' };

function dateText(now: Date, offset: number): string {
  const two = (n: number) => String(n).padStart(2, '0');
  const zone = `${offset < 0 ? '-' : '+'}${two(Math.floor(Math.abs(offset) / 60))}${two(Math.abs(offset) % 60)}`;
  const clock = `${two(now.getHours())}:${two(now.getMinutes())}:${two(now.getSeconds())}`;
  return `${DAYS[now.getDay()]}, ${now.getDate()} ${MONTHS[now.getMonth()]} ${now.getFullYear()} ${clock} ${zone}`;
}

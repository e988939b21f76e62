/**
 * Every reply of a session and of the gate, in one table. Texts are Exchange's, to the letter, where Exchange has one
 * (docs/compatibility.md says which are ours). What follows from saying one stands beside it.
 */
import { mailDate } from '../../smtp/mail-date.ts';
import { type Acceptance, accept, reject } from '../refusal/reply.ts';

export const REPLIES = {
  tooManyConnections: reject(
    421,
    '4.3.2',
    'The maximum number of concurrent connections has exceeded a limit, closing transmission channel',
    {
      in2019: reject(
        421,
        '4.3.2',
        'The maximum number of concurrent server connections has exceeded a limit, closing transmission channel',
      ),
    },
  ),
  tooManyOfSource: reject(
    421,
    '4.3.2',
    'The maximum number of concurrent connections has exceeded a limit, closing transmission channel',
    {
      in2019: reject(
        421,
        '4.3.2',
        'The maximum number of concurrent server connections has exceeded a per-source limit, closing transmission channel',
      ),
    },
  ),
  serviceNotAvailable: reject(421, '4.3.2', 'Service not available', { ending: 'endedByListener' }),
  timedOut: reject(421, '4.4.1', 'Connection timed out', {
    ending: 'endedByTimeout',
    in2019: reject(451, '4.7.0', 'Timeout waiting for client input', { closes: true, ending: 'endedByTimeout' }),
  }),
  rateExceeded: reject(421, '4.4.2', 'Message submission rate for this client has exceeded the configured limit'),
  tooManyErrors: reject(421, '4.7.0', 'Too many errors on this connection, closing transmission channel', {
    ending: 'endedByErrors',
  }),
  earlyTalker: reject(421, '4.5.0', 'Client spoke before the greeting, closing transmission channel'),
  httpRequest: reject(421, '4.5.0', 'HTTP requests are not served here, closing transmission channel'),

  senderOk: accept(250, '2.1.0', 'Sender OK'),
  recipientOk: accept(250, '2.1.5', 'Recipient OK', { counts: 'recipients' }),
  startData: accept(354, '', 'Start mail input; end with <CRLF>.<CRLF>'),
  reset: accept(250, '2.0.0', 'Resetting'),
  noop: accept(250, '2.0.0', 'OK'),
  quit: accept(221, '2.0.0', 'Service closing transmission channel', { closes: true, ending: 'endedByClient' }),
  cannotVerify: accept(252, '2.1.5', 'Cannot VRFY user'),
  startTls: accept(220, '2.0.0', 'SMTP server ready'),
  authenticated: accept(235, '2.7.0', 'Authentication successful', { counts: 'logons' }),

  unrecognizedCommand: reject(500, '5.3.3', 'Unrecognized command'),
  lineTooLong: reject(500, '5.5.2', 'Line too long'),
  invalidArguments: reject(501, '5.5.4', 'Invalid arguments'),
  unrecognizedParameter: reject(501, '5.5.4', 'Unrecognized parameter'),
  invalidDomain: reject(501, '5.5.4', 'Invalid domain name', { closes: true }),
  invalidSender: reject(501, '5.1.7', 'Invalid address'),
  invalidRecipient: reject(501, '5.1.3', 'Invalid address'),
  authCancelled: reject(501, '5.7.0', 'Authentication cancelled'),
  helloFirst: reject(503, '5.5.2', 'Send hello first'),
  senderAlready: reject(503, '5.5.2', 'Sender already specified'),
  needMail: reject(503, '5.5.2', 'Need mail command'),
  needRcpt: reject(503, '5.5.2', 'Need rcpt command'),
  badSequence: reject(503, '5.5.1', 'Bad sequence of commands'),
  unknownMechanism: reject(504, '5.7.4', 'Unrecognized authentication type'),

  localError: reject(451, '4.3.0', 'Local error in processing'),
  noResources: reject(452, '4.3.1', 'Insufficient system resources'),
  tooManyRecipients: reject(452, '4.5.3', 'Too many recipients'),
  tlsUnavailable: reject(454, '4.7.0', 'TLS not available due to temporary reason'),
  tlsRequired: reject(451, '5.7.3', 'Must issue a STARTTLS command first', {
    in2019: reject(451, '5.7.3', 'STARTTLS is required to send mail'),
  }),

  authFailed: reject(535, '5.7.3', 'Authentication unsuccessful'),
  notAuthenticated: reject(530, '5.7.57', 'Client not authenticated to send mail'),
  noSubmit: reject(550, '5.7.1', 'Client does not have permission to submit mail'),
  noRelay: reject(550, '5.7.54', 'SMTP; Unable to relay recipient in non-accepted domain'),
  senderDenied: reject(550, '5.7.60', 'SMTP; Client does not have permissions to send as this sender'),
  badDestination: reject(550, '5.1.2', 'Bad destination domain'),
  bareLinefeeds: reject(550, '5.6.11', 'Message contains bare linefeeds'),
  messageTooLarge: reject(552, '5.3.4', 'Message size exceeds fixed maximum message size', {
    counts: 'messagesTooLarge',
  }),
  headerTooLarge: reject(552, '5.3.4', 'Message header size exceeds fixed maximum size', {
    closes: true,
    counts: 'messagesTooLarge',
  }),
  tooManyHops: reject(554, '5.4.6', 'Hop count exceeded - possible mail loop'),
} as const;

/** Challenges of AUTH LOGIN: `Username:` and `Password:` in base64; AUTH PLAIN's challenge is empty (RFC 4954 section 4). */
export const CHALLENGES = {
  username: accept(334, '', 'VXNlcm5hbWU6'),
  password: accept(334, '', 'UGFzc3dvcmQ6'),
  empty: accept(334, '', ''),
} as const;

/** The default greeting; the date as RFC 5322 writes it. */
export function greeting(fqdn: string, now: Date): Acceptance {
  return accept(220, '', `${fqdn} Microsoft ESMTP MAIL Service ready at ${mailDate(now)}`);
}

/** Banner as a reply. @param banner `220 …` */
export function bannerGreeting(banner: string): Acceptance {
  return accept(220, '', banner.slice(4));
}

/** Answer to HELO; to EHLO, with the extensions offered. */
export function hello(fqdn: string, clientAddress: string, more: readonly string[] = []): Acceptance {
  return accept(250, '', `${fqdn} Hello [${clientAddress}]`, { more });
}

export function queued(messageId: string, internalId: number, fqdn: string): Acceptance {
  const text = `${messageId} [InternalId=${internalId}, Hostname=${fqdn}] Queued mail for delivery`;
  return accept(250, '2.6.0', text);
}

export function chunkReceived(octets: number): Acceptance {
  return accept(250, '2.6.0', `CHUNK received OK, ${octets} octets`);
}

export function help(commands: readonly string[]): Acceptance {
  return accept(214, '', 'This server supports the following commands:', { more: [commands.join(' ')] });
}

/** MAIL: who sends, with which parameters (RFC 5321, 1870, 3030, 3461, 4954, 6152, 6531), and whether this client may. */
import { maySend } from '../../domain/accepted-domain.ts';
import type { Change } from '../../domain/cause.ts';
import type { Connector } from '../../domain/connector.ts';
import type { SettingName } from '../../domain/settings.ts';
import {
  asciiDomain,
  hidesControl,
  isXtext,
  type Mailbox,
  type Parameters,
  readMailbox,
  readParameters,
  splitArgument,
} from '../../smtp/path.ts';
import type { Envelope } from '../contracts/delivery-api.ts';
import type { Refusal } from '../refusal/refusal.ts';
import { completed, noAddress } from './address.ts';
import { underPressure } from './back-pressure.ts';
import { byRight, bySetting, flagsWith, MISTAKES, messageTooLarge } from './judged.ts';
import { messageSources } from './message-sources.ts';
import { REPLIES } from './replies.ts';
import type { Answer, SmtpSession } from './smtp-session.ts';
import { Transaction } from './transaction.ts';

export function mail(session: SmtpSession, argument: string): Answer {
  const asked = askMail(session, argument);
  if ('reply' in asked) return session.refuse(asked);
  const { transaction, withinRate } = asked;
  const answer = (within: boolean) => {
    if (!within) return session.refuse(rateExceeded(session));
    session.mail = transaction;
    return session.say(REPLIES.senderOk);
  };
  return typeof withinRate === 'boolean' ? answer(withinRate) : withinRate.then(answer);
}

function rateExceeded({ settings }: SmtpSession): Refusal {
  const limit = Number(settings.MessageRateLimit);
  const enough = { MessageRateLimit: 'Unlimited' };
  return bySetting(REPLIES.rateExceeded, settings, 'MessageRateLimit', limit + 1, enough, limit);
}

interface Asked {
  readonly transaction: Transaction;
  /** Is the sender within its rate? Counted when it is. */
  readonly withinRate: boolean | Promise<boolean>;
}

/** The refusal; or the transaction that begins. */
function askMail(session: SmtpSession, argument: string): Refusal | Asked {
  const { settings } = session;
  if (session.client.helo === '') return MISTAKES.helloFirst;
  if (session.mail) return MISTAKES.senderAlready;
  const denied = mayNotSubmit(session);
  if (denied) return denied;
  const rights = session.client.rights();

  const split = splitArgument(argument, 'FROM');
  const parameters = split && readParameters(split.words);
  if (!split || !parameters) return MISTAKES.invalidArguments;
  const wrong = checkParameters(parameters, MAIL_PARAMETERS, session, parameters.SMTPUTF8 === true);
  if (wrong) return wrong;
  const utf8 = parameters.SMTPUTF8 === true;
  const sender = completed(readMailbox(split.path, utf8), session);
  if (!sender) return noAddress(REPLIES.invalidSender, session, split.path, utf8);
  const declared = typeof parameters.SIZE === 'string' ? Number(parameters.SIZE) : 0;
  if (declared > settings.MaxMessageSize.bytes && !rights.has('Bypass-Message-Size-Limit'))
    return messageTooLarge(settings, declared);
  const { acceptedDomains } = session.services.server();
  const judged = { ...sender, domain: asciiDomain(sender.domain) };
  const who = { user: session.client.user, partner: session.client.isPartner };
  if (!maySend(judged, rights, who, acceptedDomains)) return senderDenied(session, sender);
  const pressed = underPressure(session, judged.domain);
  if (pressed) return pressed;
  const body = (typeof parameters.BODY === 'string' ? parameters.BODY.toUpperCase() : '7BIT') as Envelope['body'];
  return {
    transaction: new Transaction(sender, parameters, body, utf8),
    withinRate: isWithinRate(session, sender),
  };
}

function senderDenied(session: SmtpSession, sender: Mailbox): Refusal {
  const refusal = byRight(REPLIES.senderDenied, session, 'SMTP-Accept-Any-Sender', sender);
  const { because } = refusal;
  if (because.kind !== 'right' || !because.ours) return refusal;
  return { ...refusal, because: { ...because, right: 'SMTP-Accept-Authoritative-Domain-Sender' } };
}

/** The refusal of a client that may not submit mail, as the connector is set now: asked at MAIL and again before the message. */
export function mayNotSubmit(session: SmtpSession): Refusal | undefined {
  const { settings } = session;
  if (settings.RequireTLS && !session.client.tls)
    return bySetting(REPLIES.tlsRequired, settings, 'RequireTLS', 'MAIL', { RequireTLS: 'false' });
  if (session.client.rights().has('SMTP-Submit')) return undefined;
  const known = session.client.isAuthenticated || session.client.isTrusted;
  return byRight(known ? REPLIES.noSubmit : REPLIES.notAuthenticated, session, 'SMTP-Submit');
}

function isWithinRate(session: SmtpSession, sender: Mailbox): boolean | Promise<boolean> {
  const { settings, source, client } = session;
  const sources = messageSources(settings, { source, sender: sender.address, user: client.user });
  if (sources.length === 0) return true;
  const { MessageRateLimit, MessageRateLimitWindow } = settings;
  const windowMs = MessageRateLimitWindow.seconds * 1000;
  return session.services.rates.take(session.connector.guid, sources, Number(MessageRateLimit), windowMs);
}

/** A setting that is off. */
interface Off {
  /** What would offer it. */
  readonly off: Change;
  /** Of a parameter that is offered, this value is not. */
  readonly value?: true;
}

/** Is the value right? Or what would have to be on. */
export type ParameterCheck = (value: string | true, settings: Connector, utf8: boolean) => boolean | Off;

/** The refusal of a parameter that is unknown, not offered, or has a bad value. */
export function checkParameters(
  parameters: Parameters,
  checks: Readonly<Record<string, ParameterCheck>>,
  { settings, client: { promised = settings } }: Pick<SmtpSession, 'settings' | 'client'>,
  utf8: boolean,
): Refusal | undefined {
  for (const [key, value] of Object.entries(parameters)) {
    const check = checks[key];
    if (!check) return MISTAKES.unrecognizedParameter;
    // What the answer to EHLO promised is taken until the next one, though it is off by now.
    if (promised !== settings && check(value, promised, utf8) === true) continue;
    const verdict = check(value, settings, utf8);
    if (verdict === false) return MISTAKES.invalidArguments;
    if (verdict === true) continue;
    const [setting] = Object.keys(verdict.off) as SettingName[];
    const reply = verdict.value ? REPLIES.invalidArguments : REPLIES.unrecognizedParameter;
    return bySetting(reply, settings, setting!, value === true ? key : `${key}=${value}`, verdict.off);
  }
  return undefined;
}

const NO_SIZE: Off = { off: { SizeEnabled: 'Enabled' } };
const NO_EIGHT_BIT: Off = { off: { EightBitMimeEnabled: 'true' } };
const NO_BINARY: Off = { off: { BinaryMimeEnabled: 'true', ChunkingEnabled: 'true' }, value: true };
const NO_UTF8: Off = { off: { SmtpUtf8Enabled: 'true' } };
export const NO_DSN: Off = { off: { DeliveryStatusNotificationEnabled: 'true' } };

const MAIL_PARAMETERS: Readonly<Record<string, ParameterCheck>> = {
  SIZE: (value, s) => (s.SizeEnabled === 'Disabled' ? NO_SIZE : typeof value === 'string' && /^\d{1,20}$/.test(value)),
  BODY: (value, s) => {
    if (!s.EightBitMimeEnabled && !s.BinaryMimeEnabled) return NO_EIGHT_BIT;
    const body = String(value).toUpperCase();
    if (body === 'BINARYMIME') return (s.BinaryMimeEnabled && s.ChunkingEnabled) || NO_BINARY;
    if (body === '8BITMIME') return s.EightBitMimeEnabled || { ...NO_EIGHT_BIT, value: true };
    return body === '7BIT';
  },
  SMTPUTF8: (value, s) => (s.SmtpUtf8Enabled ? value === true : NO_UTF8),
  RET: (value, s) =>
    s.DeliveryStatusNotificationEnabled ? /^(?:FULL|HDRS)$/i.test(String(value)) && value !== true : NO_DSN,
  // ENVID is at most 100 characters (RFC 3461 section 4.4).
  ENVID: (value, s) =>
    s.DeliveryStatusNotificationEnabled
      ? typeof value === 'string' && value.length <= 100 && isXtext(value) && !hidesControl(value)
      : NO_DSN,
  AUTH: (value, { AuthMechanism }) =>
    AuthMechanism.has('BasicAuth') || AuthMechanism.has('ExternalAuthoritative')
      ? typeof value === 'string' && (value === '<>' || (isXtext(value) && !hidesControl(value)))
      : { off: { AuthMechanism: flagsWith(AuthMechanism.names, ['BasicAuth']) } },
};

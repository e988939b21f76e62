/** MAIL: who sends, with which parameters (RFC 5321, 1870, 3030, 3461, 4954, 6152, 6531), and whether this client may. */
import { maySend } from '../../domain/accepted-domain.ts';
import type { Connector } from '../../domain/connector.ts';
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
import type { Envelope } from '../contract.ts';
import { events } from '../records/event-table.ts';
import { REPLIES } from './replies.ts';
import type { Answer, SmtpSession } from './session.ts';
import { Transaction } from './transaction.ts';

export function mail(session: SmtpSession, argument: string): Answer {
  const asked = askMail(session, argument);
  if (typeof asked === 'string') return session.say(asked);
  const { transaction, withinRate } = asked;
  const answer = (within: boolean) => {
    if (!within) return session.say(REPLIES.rateExceeded);
    session.mail = transaction;
    return session.say(REPLIES.senderOk);
  };
  return typeof withinRate === 'boolean' ? answer(withinRate) : withinRate.then(answer);
}

/** The refusal; or the transaction that begins, should the sender be within its rate. */
function askMail(
  session: SmtpSession,
  argument: string,
): string | { readonly transaction: Transaction; readonly withinRate: boolean | Promise<boolean> } {
  const { settings } = session;
  if (session.helo === '') return REPLIES.helloFirst;
  if (session.mail) return REPLIES.senderAlready;
  const denied = mayNotSubmit(session);
  if (denied) {
    if (denied === REPLIES.noSubmit && session.isAuthenticated) tellRejected(session);
    return denied;
  }
  const rights = session.rights();

  const split = splitArgument(argument, 'FROM');
  if (!split) return REPLIES.invalidArguments;
  const parameters = readParameters(split.words);
  if (!parameters) return REPLIES.invalidArguments;
  const wrong = checkMailParameters(parameters, settings);
  if (wrong) return wrong;
  const utf8 = parameters.SMTPUTF8 === true;
  const sender = completed(readMailbox(split.path, utf8), session);
  if (!sender) return REPLIES.invalidSender;
  const declared = typeof parameters.SIZE === 'string' ? Number(parameters.SIZE) : 0;
  if (declared > settings.MaxMessageSize.bytes && !rights.has('Bypass-Message-Size-Limit'))
    return REPLIES.messageTooLarge;
  const { acceptedDomains } = session.services.server();
  if (
    !maySend(
      { ...sender, domain: asciiDomain(sender.domain) },
      rights,
      { user: session.user, partner: session.isPartner },
      acceptedDomains,
    )
  )
    return REPLIES.senderDenied;
  const body = (typeof parameters.BODY === 'string' ? parameters.BODY.toUpperCase() : '7BIT') as Envelope['body'];
  return {
    transaction: new Transaction(sender, parameters, body, utf8),
    withinRate: isWithinRate(session, sender),
  };
}

/** A right password, and no right to submit: Exchange's event 1020. */
function tellRejected({ user, connector, settings, source, services }: SmtpSession): void {
  services.throttle.count(`rejected ${connector.guid} ${user}`, () =>
    events.authorizationRejected(settings.Name, source, user),
  );
}

/** The reply to a client that may not submit mail, as the connector is set now: asked at MAIL and again before the message. */
export function mayNotSubmit(session: SmtpSession): string | undefined {
  if (session.settings.RequireTLS && !session.tls) return REPLIES.tlsRequired;
  if (session.rights().has('SMTP-Submit')) return undefined;
  return session.isAuthenticated || session.isTrusted ? REPLIES.noSubmit : REPLIES.notAuthenticated;
}

/** Longest address: 571 characters, with LongAddressesEnabled 1,860 (Exchange documentation, LongAddressesEnabled). */
export function longestAddress(settings: Connector): number {
  return settings.LongAddressesEnabled ? 1860 : 571;
}

/** DefaultDomain, which may be given as the name of the accepted domain; empty without one. */
export function defaultDomain({ settings, services }: SmtpSession): string {
  const wanted = settings.DefaultDomain.toLowerCase();
  if (wanted === '') return '';
  const { acceptedDomains } = services.server();
  const domain =
    acceptedDomains.find((d) => d.DomainName.toLowerCase() === wanted) ??
    acceptedDomains.find((d) => d.Name.toLowerCase() === wanted);
  return (domain?.DomainName ?? settings.DefaultDomain).replace(/^\*\.?/, '');
}

/** The mailbox with DefaultDomain, if it has none of its own; `undefined` when it is no address here. */
export function completed(mailbox: Mailbox | undefined, session: SmtpSession): Mailbox | undefined {
  if (!mailbox || mailbox.address === '') return mailbox;
  const domain = mailbox.domain || defaultDomain(session);
  if (domain === '') return undefined;
  const whole = mailbox.domain ? mailbox : { ...mailbox, domain, address: `${mailbox.address}@${domain}` };
  return whole.address.length <= longestAddress(session.settings) ? whole : undefined;
}

function isWithinRate(session: SmtpSession, sender: Mailbox): boolean | Promise<boolean> {
  const { MessageRateLimit, MessageRateSource } = session.settings;
  if (MessageRateSource === 'None') return true;
  const sources: string[] = [];
  if (MessageRateSource !== 'User') sources.push(`ip:${session.peer.remoteAddress}`);
  if (MessageRateSource !== 'IPAddress') sources.push(`user:${sender.address.toLowerCase()}`);
  return session.services.rates.take(session.connector.guid, sources, Number(MessageRateLimit));
}

/** The reply to a parameter that is unknown, not offered, or has a bad value. */
function checkMailParameters(parameters: Parameters, s: Connector): string | undefined {
  for (const [key, value] of Object.entries(parameters)) {
    const check = MAIL_PARAMETERS[key];
    const verdict = check?.(value, s);
    if (verdict === undefined) return REPLIES.unrecognizedParameter;
    if (!verdict) return REPLIES.invalidArguments;
  }
  return undefined;
}

/** Is the value right? `undefined` when the parameter is not offered. */
type ParameterCheck = (value: string | true, settings: Connector) => boolean | undefined;

const MAIL_PARAMETERS: Readonly<Record<string, ParameterCheck>> = {
  SIZE: (value, s) =>
    s.SizeEnabled === 'Disabled' ? undefined : typeof value === 'string' && /^\d{1,20}$/.test(value),
  BODY: (value, s) => {
    if (!s.EightBitMimeEnabled && !s.BinaryMimeEnabled) return undefined;
    const body = String(value).toUpperCase();
    if (body === 'BINARYMIME') return s.BinaryMimeEnabled && s.ChunkingEnabled;
    return body === '7BIT' || (body === '8BITMIME' && s.EightBitMimeEnabled);
  },
  SMTPUTF8: (value, s) => (s.SmtpUtf8Enabled ? value === true : undefined),
  RET: (value, s) =>
    s.DeliveryStatusNotificationEnabled ? /^(?:FULL|HDRS)$/i.test(String(value)) && value !== true : undefined,
  // ENVID is at most 100 characters (RFC 3461 section 4.4).
  ENVID: (value, s) =>
    s.DeliveryStatusNotificationEnabled
      ? typeof value === 'string' && value.length <= 100 && isXtext(value) && !hidesControl(value)
      : undefined,
  AUTH: (value, s) =>
    s.AuthMechanism.has('BasicAuth') || s.AuthMechanism.has('ExternalAuthoritative')
      ? typeof value === 'string' && (value === '<>' || (isXtext(value) && !hidesControl(value)))
      : undefined,
};

/** RCPT: who receives, with which parameters (RFC 3461), and whether this client may send there. Nothing relays by default. */
import { isReservedSecondLevel, isReservedTopLevel, isSingleLabel, mayReceive } from '../../domain/accepted-domain.ts';
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
import type { LiveServer } from '../contract.ts';
import { completed, defaultDomain } from './mail.ts';
import { REPLIES } from './replies.ts';
import { type Answer, LINE_LIMIT, type SmtpSession } from './session.ts';
import type { Transaction } from './transaction.ts';

/** Commands looked at ahead of their turn. */
const MOST_ASKED_AHEAD = 100;

export function rcpt(session: SmtpSession, argument: string): Answer {
  const judged = judge(session, argument);
  if (typeof judged === 'string') return refuse(session, judged);
  const mail = session.mail!;
  const take = () => {
    mail.add(judged.address, judged.parameters);
    return session.say(REPLIES.recipientOk);
  };
  const asked = mail.ask(session, judged.address);
  if (mail.askedAhead > 0) mail.askedAhead--;
  if (!asked) return take();
  if (mail.askedAhead === 0) askAhead(session, mail);
  return asked.then((refusal) => (refusal === undefined ? take() : refuse(session, refusal)));
}

/**
 * A client that pipelines does not wait for each answer, so neither does it for the next host's: the recipients that have come
 * already are asked about together, and answered in their order.
 */
function askAhead(session: SmtpSession, mail: Transaction): void {
  for (const line of session.linesWaiting(MOST_ASKED_AHEAD)) {
    const argument = /^RCPT[ \t]+(.*)$/i.exec(line)?.[1];
    if (argument === undefined || line.length > LINE_LIMIT) return;
    mail.askedAhead++;
    const judged = judge(session, argument.trim());
    if (typeof judged !== 'string') void mail.ask(session, judged.address);
  }
}

function refuse(session: SmtpSession, reply: string): Answer {
  session.count('recipientsRefused');
  return session.say(reply);
}

/** The recipient, or the reply that refuses it. */
function judge(session: SmtpSession, argument: string): string | { address: string; parameters: Parameters } {
  const { settings, mail } = session;
  if (session.helo === '') return REPLIES.helloFirst;
  if (!mail) return REPLIES.needMail;
  if (mail.intake) return REPLIES.badSequence; // recipients cannot follow BDAT (RFC 3030 section 2)
  const split = splitArgument(argument, 'TO');
  if (!split) return REPLIES.invalidArguments;
  const parameters = readParameters(split.words);
  if (!parameters) return REPLIES.invalidArguments;
  const wrong = checkParameters(parameters, settings);
  if (wrong) return wrong;
  const server = session.services.server();
  const mailbox = readMailbox(split.path, mail.utf8);
  const postmaster = mailbox?.domain === '' && mailbox.local.toLowerCase() === 'postmaster';
  const recipient = postmaster ? postmasterHere(session, server) : completed(mailbox, session);
  if (!recipient || recipient.address === '') return REPLIES.invalidRecipient;
  if (mail.recipients.length >= settings.MaxRecipientsPerMessage) return REPLIES.tooManyRecipients;
  if (!postmaster) {
    const judged = { ...recipient, domain: asciiDomain(recipient.domain) };
    if (isRefusedDomain(judged, settings)) return REPLIES.badDestination;
    const anyone = session.rights().has('SMTP-Accept-Any-Recipient');
    if (!anyone && !mayReceive(judged, server.acceptedDomains, leavesMachine(settings, server))) return REPLIES.noRelay;
  }
  return { address: recipient.address, parameters };
}

/** `postmaster` without a domain is always taken (RFC 5321 section 4.5.1). */
function postmasterHere(session: SmtpSession, server: LiveServer): Mailbox {
  const home = server.acceptedDomains.find((d) => d.Default && !d.DomainName.includes('*'))?.DomainName;
  const domain = defaultDomain(session) || home || session.fqdn;
  return { address: `postmaster@${domain}`, local: 'postmaster', domain, literal: false };
}

function isRefusedDomain({ domain, literal }: Mailbox, s: Connector): boolean {
  if (literal) return false;
  return (
    (s.RejectReservedTopLevelRecipientDomains && isReservedTopLevel(domain)) ||
    (s.RejectReservedSecondLevelRecipientDomains && isReservedSecondLevel(domain)) ||
    (s.RejectSingleLabelRecipientDomains && isSingleLabel(domain))
  );
}

/** Does the connector's mail go on to another host? */
export function leavesMachine(settings: Connector, server: Pick<LiveServer, 'transport'>): boolean {
  const method = settings.DeliveryMethod === 'Default' ? server.transport.DeliveryMethod : settings.DeliveryMethod;
  return String(method ?? 'Maildir').toLowerCase() === 'relay';
}

function checkParameters(parameters: Parameters, s: Connector): string | undefined {
  for (const [key, value] of Object.entries(parameters)) {
    const offered =
      key === 'XORAR' ? s.OrarEnabled : s.DeliveryStatusNotificationEnabled && (key === 'NOTIFY' || key === 'ORCPT');
    if (!offered) return REPLIES.unrecognizedParameter;
    if (typeof value !== 'string') return REPLIES.invalidArguments;
    if (key === 'NOTIFY' ? !isNotify(value) : !isTypedAddress(value)) return REPLIES.invalidArguments;
  }
  return undefined;
}

/** NEVER alone, or any of SUCCESS, FAILURE and DELAY (RFC 3461 section 4.1). */
function isNotify(value: string): boolean {
  const words = value.toUpperCase().split(',');
  if (words.includes('NEVER')) return words.length === 1;
  return (
    new Set(words).size === words.length && words.every((w) => w === 'SUCCESS' || w === 'FAILURE' || w === 'DELAY')
  );
}

/** `rfc822;user@contoso.com` in xtext, at most 500 characters (RFC 3461 section 4.2). */
function isTypedAddress(value: string): boolean {
  const m = /^[a-z0-9-]+;(.+)$/i.exec(value);
  return m !== null && value.length <= 500 && isXtext(m[1]!) && !hidesControl(m[1]!);
}

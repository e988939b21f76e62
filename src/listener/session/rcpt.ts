/** RCPT: who receives, with which parameters (RFC 3461), and whether this client may send there. Nothing relays by default. */
import { isReservedSecondLevel, isReservedTopLevel, isSingleLabel, mayReceive } from '../../domain/accepted-domain.ts';
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
import { printable } from '../../text/printable.ts';
import type { LiveServer } from '../contracts/live-server.ts';
import type { Refusal } from '../refusal/refusal.ts';
import { completed, defaultDomain, noAddress } from './address.ts';
import { bySetting, MISTAKES } from './judged.ts';
import { checkParameters, NO_DSN, type ParameterCheck } from './mail.ts';
import { REPLIES } from './replies.ts';
import { type Answer, LINE_LIMIT, type SmtpSession } from './smtp-session.ts';
import type { Transaction } from './transaction.ts';

/** Commands looked at ahead of their turn. */
const MOST_ASKED_AHEAD = 100;

export function rcpt(session: SmtpSession, argument: string): Answer {
  const judged = judge(session, argument);
  if ('reply' in judged) return refuse(session, judged);
  const mail = session.mail!;
  const take = () => {
    mail.add(judged.address, judged.parameters, argument.length);
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
    if (!('reply' in judged)) void mail.ask(session, judged.address);
  }
}

function refuse(session: SmtpSession, refusal: Refusal): Answer {
  session.count('recipientsRefused');
  return session.refuse(refusal);
}

/** The recipient, or its refusal. */
function judge(session: SmtpSession, argument: string): Refusal | { address: string; parameters: Parameters } {
  const { settings, mail } = session;
  if (session.client.helo === '') return MISTAKES.helloFirst;
  if (!mail) return MISTAKES.needMail;
  if (mail.receiver) return MISTAKES.badSequence; // recipients cannot follow BDAT (RFC 3030 section 2)
  const split = splitArgument(argument, 'TO');
  const parameters = split && readParameters(split.words);
  if (!split || !parameters) return MISTAKES.invalidArguments;
  const wrong = checkParameters(parameters, RCPT_PARAMETERS, session, mail.utf8);
  if (wrong) return wrong;
  const server = session.services.server();
  const mailbox = readMailbox(split.path, mail.utf8);
  const postmaster = mailbox?.domain === '' && mailbox.local.toLowerCase() === 'postmaster';
  const recipient = postmaster ? postmasterHere(session, server) : completed(mailbox, session);
  if (!recipient || recipient.address === '')
    return noAddress(REPLIES.invalidRecipient, session, split.path, mail.utf8);
  const most = settings.MaxRecipientsPerMessage;
  const { length } = mail.recipients;
  if (length >= most) {
    const enough = { MaxRecipientsPerMessage: String(Math.max(length + 1, Math.min(2 * most, 512_000))) };
    return bySetting(REPLIES.tooManyRecipients, settings, 'MaxRecipientsPerMessage', length + 1, enough, most);
  }
  if (mail.isFull(session.services.memory)) return MISTAKES.noMemory;
  if (!postmaster) {
    const judged = { ...recipient, domain: asciiDomain(recipient.domain) };
    const refused = refusedDomain(judged, settings);
    if (refused) return refused;
    const anyone = session.client.rights().has('SMTP-Accept-Any-Recipient');
    if (!anyone && !mayReceive(judged, server.acceptedDomains, leavesMachine(settings, server)))
      return noRelay(session, judged);
  }
  return { address: recipient.address, parameters };
}

function noRelay(session: SmtpSession, { address, local, domain, literal }: Mailbox): Refusal {
  return {
    reply: REPLIES.noRelay,
    because: {
      kind: 'domain',
      connector: session.settings,
      principals: session.client.principals(),
      asked: address,
      local,
      domain,
      literal,
      accepted: session.services.server().acceptedDomains,
    },
  };
}

/** `postmaster` without a domain is always taken (RFC 5321 section 4.5.1). */
function postmasterHere(session: SmtpSession, server: LiveServer): Mailbox {
  const home = server.acceptedDomains.find((d) => d.Default && !d.DomainName.includes('*'))?.DomainName;
  const domain = defaultDomain(session) || home || session.fqdn;
  return { address: `postmaster@${domain}`, local: 'postmaster', domain, literal: false };
}

function refusedDomain({ domain, literal }: Mailbox, s: Connector): Refusal | undefined {
  if (literal) return undefined;
  const against: [SettingName, boolean][] = [
    ['RejectReservedTopLevelRecipientDomains', isReservedTopLevel(domain)],
    ['RejectReservedSecondLevelRecipientDomains', isReservedSecondLevel(domain)],
    ['RejectSingleLabelRecipientDomains', isSingleLabel(domain)],
  ];
  const names = against.filter(([name, hit]) => hit && s[name] === true).map(([name]) => name);
  if (names.length === 0) return undefined;
  const enough = Object.fromEntries(names.map((name) => [name, 'false']));
  return bySetting(REPLIES.badDestination, s, names[0]!, domain, enough);
}

/** Does the connector's mail go on to another host? */
function leavesMachine(settings: Connector, server: Pick<LiveServer, 'transport'>): boolean {
  const method = settings.DeliveryMethod === 'Default' ? server.transport.DeliveryMethod : settings.DeliveryMethod;
  return String(method ?? 'Maildir').toLowerCase() === 'relay';
}

const RCPT_PARAMETERS: Readonly<Record<string, ParameterCheck>> = {
  XORAR: (value, s) =>
    s.OrarEnabled ? typeof value === 'string' && isTypedAddress(value) : { off: { OrarEnabled: 'true' } },
  NOTIFY: (value, s) => (s.DeliveryStatusNotificationEnabled ? typeof value === 'string' && isNotify(value) : NO_DSN),
  ORCPT: (value, s, utf8) =>
    s.DeliveryStatusNotificationEnabled
      ? typeof value === 'string' && isTypedAddress(utf8 ? asciiForm(value) : value)
      : NO_DSN,
};

/** NEVER alone, or any of SUCCESS, FAILURE and DELAY (RFC 3461 section 4.1). */
function isNotify(value: string): boolean {
  const words = value.toUpperCase().split(',');
  if (words.includes('NEVER')) return words.length === 1;
  return (
    new Set(words).size === words.length && words.every((w) => w === 'SUCCESS' || w === 'FAILURE' || w === 'DELAY')
  );
}

/** An address of type utf-8 may stand as it is where SMTPUTF8 was said (RFC 6533 section 3, utf-8-addr-unitext); any letter for its letters. */
function asciiForm(value: string): string {
  if (!/^utf-8;/i.test(value) || printable(value) !== value || value.includes('\ufffd')) return value;
  return value.replace(/[\u0080-\u{10ffff}]/gu, 'x');
}

/** `rfc822;user@contoso.com` in xtext, at most 500 characters (RFC 3461 section 4.2). */
function isTypedAddress(value: string): boolean {
  const m = /^[a-z0-9-]+;(.+)$/i.exec(value);
  return m !== null && value.length <= 500 && isXtext(m[1]!) && !hidesControl(m[1]!);
}

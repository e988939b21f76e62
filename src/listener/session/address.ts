/** Addresses of a transaction: completed by DefaultDomain, bounded, and why one is none here. */
import { fault } from '../../domain/cause.ts';
import { type Mailbox, readMailbox } from '../../smtp/path.ts';
import { show } from '../../text/printable.ts';
import type { Refusal } from '../refusal/refusal.ts';
import type { Rejection } from '../refusal/reply.ts';
import { bySetting } from './judged.ts';
import type { SmtpSession } from './smtp-session.ts';

/** Longest address: 571 characters, with LongAddressesEnabled 1,860 (Exchange documentation, LongAddressesEnabled). */
const LONGEST = 571;
const LONGEST_LONG = 1860;

function longestAddress({ settings, client }: SmtpSession): number {
  return settings.LongAddressesEnabled || client.promised?.LongAddressesEnabled ? LONGEST_LONG : LONGEST;
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
  const whole = withDomain(mailbox, defaultDomain(session));
  return whole && whole.address.length <= longestAddress(session) ? whole : undefined;
}

function withDomain(mailbox: Mailbox, fallback: string): Mailbox | undefined {
  if (mailbox.domain !== '') return mailbox;
  return fallback === '' ? undefined : { ...mailbox, domain: fallback, address: `${mailbox.address}@${fallback}` };
}

/** Why a path is no address here. @param utf8 the client said SMTPUTF8 */
export function noAddress(reply: Rejection, session: SmtpSession, path: string, utf8: boolean): Refusal {
  const { settings, services } = session;
  const none = (detail: string): Refusal => ({ reply, because: fault('NoAddress', detail) });
  const mailbox = readMailbox(path, true);
  if (!mailbox || mailbox.address === '') return none(`${show(path)} is no address.`);
  if (!utf8 && /[^\x00-\x7f]/.test(path)) {
    return settings.SmtpUtf8Enabled
      ? none(`${show(path)} is beyond ASCII, and the client did not say SMTPUTF8 at MAIL (RFC 6531).`)
      : bySetting(reply, settings, 'SmtpUtf8Enabled', path, { SmtpUtf8Enabled: 'true' });
  }
  const whole = withDomain(mailbox, defaultDomain(session));
  if (!whole) {
    const [first] = services.server().acceptedDomains.filter((d) => !d.DomainName.includes('*'));
    return bySetting(reply, settings, 'DefaultDomain', path, first ? { DefaultDomain: first.DomainName } : {});
  }
  const { length } = whole.address;
  if (length <= LONGEST_LONG && !settings.LongAddressesEnabled)
    return bySetting(reply, settings, 'LongAddressesEnabled', length, { LongAddressesEnabled: 'true' }, LONGEST);
  return none(`It is longer than ${longestAddress(session)} characters.`);
}

/**
 * Which domains are ours, and what follows for recipients and senders. Pure.
 * Exchange's rule: without ms-Exch-SMTP-Accept-Any-Recipient only recipients in accepted domains. One addition of ours
 * (docs/decisions/0011-no-accepted-domains.md): while no accepted domain is configured and the connector's mail does not leave this
 * machine, every domain is taken as ours, so that a fresh installation accepts mail for tests; nothing can be relayed then.
 */

import type { Right } from './permissions.ts';

/** As much of a stored accepted domain as is needed here. */
export interface AcceptedDomain {
  /** `contoso.com`, `*.contoso.com` (its subdomains, and itself), or `*` (every domain). */
  readonly DomainName: string;
  readonly DomainType: string;
}

/** Does the accepted domain hold this one? A trailing dot is no part of a domain in mail, and matches nothing. */
export function holdsDomain(accepted: AcceptedDomain, domain: string): boolean {
  const pattern = accepted.DomainName.toLowerCase();
  const name = domain.toLowerCase();
  // Rules know A-labels; what is still beyond ASCII is no domain as IDNA writes it, and `x＠sub.contoso.com` is no subdomain.
  if (/[^\x00-\x7f]/.test(name)) return false;
  if (pattern === '*') return name !== '' && !name.startsWith('[');
  if (!pattern.startsWith('*.')) return pattern === name;
  return name === pattern.slice(2) || name.endsWith(pattern.slice(1));
}

export function isAccepted(domains: readonly AcceptedDomain[], domain: string): boolean {
  return domain !== '' && domains.some((accepted) => holdsDomain(accepted, domain));
}

/** Is it one whose mailboxes are all ours: would mail from it have to come from our own users? */
export function isAuthoritative(domains: readonly AcceptedDomain[], domain: string): boolean {
  return domain !== '' && domains.some((d) => d.DomainType === 'Authoritative' && holdsDomain(d, domain));
}

/** A recipient as far as relaying is concerned. */
interface RecipientAddress {
  /** Unquoted. */
  readonly local: string;
  readonly domain: string;
  readonly literal: boolean;
}

/**
 * May a client without ms-Exch-SMTP-Accept-Any-Recipient send to this recipient?
 * @param leaves does the connector's mail leave this machine (delivery Relay)?
 */
export function mayReceive(recipient: RecipientAddress, domains: readonly AcceptedDomain[], leaves: boolean): boolean {
  if (domains.length === 0) return !leaves;
  // A local part that carries a route of its own (user%other, other!user, "user@other") could be sent on by the host behind us,
  // also where full-width and small forms of these characters are taken for them.
  if (/[%!@]/.test(recipient.local.normalize('NFKC'))) return false;
  return !recipient.literal && isAccepted(domains, recipient.domain);
}

/**
 * May somebody with these rights send as this sender? The null sender always; of our own (authoritative) domains with
 * Accept-Authoritative-Domain-Sender, of others with Accept-Any-Sender; a user always as himself; a partner, whose group
 * gives neither right, from any domain that is not ours.
 */
export function maySend(
  sender: { readonly address: string; readonly local: string; readonly domain: string },
  rights: ReadonlySet<Right>,
  who: { /** The authenticated user, or empty. */ readonly user: string; readonly partner: boolean },
  domains: readonly AcceptedDomain[],
): boolean {
  if (sender.address === '') return true;
  const ours = isAuthoritative(domains, sender.domain);
  if (rights.has(ours ? 'SMTP-Accept-Authoritative-Domain-Sender' : 'SMTP-Accept-Any-Sender')) return true;
  return (who.partner && !ours) || (who.user !== '' && isOwnAddress(sender, who.user, domains));
}

/** A user called alice is alice@ any accepted domain (any at all while none is configured); one called alice@contoso.com is just that. */
function isOwnAddress(
  sender: { readonly address: string; readonly local: string; readonly domain: string },
  user: string,
  domains: readonly AcceptedDomain[],
): boolean {
  const name = user.toLowerCase();
  if (name.includes('@')) return sender.address.toLowerCase() === name;
  return sender.local.toLowerCase() === name && (domains.length === 0 || isAccepted(domains, sender.domain));
}

const RESERVED_TOP_LEVEL = ['test', 'example', 'invalid', 'localhost']; // RFC 2606 section 2
const RESERVED_SECOND_LEVEL = ['example.com', 'example.net', 'example.org']; // RFC 2606 section 3

export function isReservedTopLevel(domain: string): boolean {
  return RESERVED_TOP_LEVEL.includes(domain.slice(domain.lastIndexOf('.') + 1).toLowerCase());
}

export function isReservedSecondLevel(domain: string): boolean {
  const name = domain.toLowerCase();
  return RESERVED_SECOND_LEVEL.some((reserved) => name === reserved || name.endsWith(`.${reserved}`));
}

export function isSingleLabel(domain: string): boolean {
  return domain !== '' && !domain.startsWith('[') && !domain.includes('.');
}

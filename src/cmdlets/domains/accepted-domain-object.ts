/** Accepted domains: what they are called, how they show, and what a domain name may be. */

import { DOMAIN_ALLOWED, DOMAIN_TYPES, domainLabelProblem, domainProblem } from '../../domain/names.ts';
import { CmdletError } from '../../pipeline/error.ts';
import { PsObject } from '../../pipeline/value.ts';
import type { StoredAcceptedDomain } from '../../store/document.ts';
import type { Draft } from '../../store/draft.ts';
import { show } from '../../text/printable.ts';
import { sameText } from '../../text/wildcard.ts';
import type { NamedKind } from '../named-object.ts';

export { DOMAIN_TYPES };

export const ACCEPTED_DOMAIN: NamedKind<StoredAcceptedDomain> = {
  list: (draft) => draft.document.acceptedDomains,
  put: (draft, acceptedDomains) => {
    draft.document = { ...draft.document, acceptedDomains };
  },
  other: (domain) => domain.DomainName,
};

export function acceptedDomainObject(domain: StoredAcceptedDomain): PsObject {
  return new PsObject('AcceptedDomain', {
    Name: domain.Name,
    DomainName: domain.DomainName,
    DomainType: domain.DomainType,
    Default: domain.Default ?? false,
    Identity: domain.Name,
    Guid: domain.Guid,
    WhenChanged: new Date(domain.WhenChanged),
  });
}

/** `contoso.com`, `*.contoso.com`, or `*`, in lower case. @throws CmdletError */
export function domainName(text: string): string {
  const name = text.trim().toLowerCase();
  const problem = domainProblem(name);
  if (!problem) return name;
  throw new CmdletError(`DomainName: ${show(text)} ${problem}; allowed: ${DOMAIN_ALLOWED}.`, {
    kind: 'usage',
    target: text,
  });
}

/** @throws CmdletError when the name or the domain is taken by another one, or everything would be ours */
export function checkDomain(draft: Draft, domain: StoredAcceptedDomain): void {
  const problem = domainLabelProblem(domain.Name);
  if (problem) {
    throw new CmdletError(`Name: ${show(domain.Name)} ${problem}; allowed: 1 to 64 characters on one line.`, {
      kind: 'usage',
      target: domain.Name,
    });
  }
  if (domain.DomainName === '*' && domain.DomainType === 'Authoritative') {
    throw new CmdletError(
      'DomainName: "*" is every domain there is, and cannot be Authoritative; allowed: --domain-type ExternalRelay or InternalRelay.',
      { kind: 'usage', target: '*' },
    );
  }
  for (const other of draft.document.acceptedDomains) {
    if (other.Guid === domain.Guid) continue;
    const same = sameText(other.Name, domain.Name) ? 'name' : other.DomainName === domain.DomainName ? 'domain' : '';
    if (!same) continue;
    const what = same === 'name' ? domain.Name : domain.DomainName;
    throw new CmdletError(`The ${same} "${what}" is already taken by accepted domain "${other.Name}".`, {
      id: 'NameNotUnique',
      category: 'ResourceExists',
      target: what,
    });
  }
}

/** The list with this one as its only default. */
export function withDefault(list: readonly StoredAcceptedDomain[], guid: string): readonly StoredAcceptedDomain[] {
  return list.map(({ Default: _, ...domain }) => (domain.Guid === guid ? { ...domain, Default: true } : domain));
}

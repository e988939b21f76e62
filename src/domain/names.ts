/**
 * What connectors, users and accepted domains may be called: one judge for `new-…`, import, validate and store.json. Each
 * gives what is wrong with a name, or nothing.
 */

import { unseenIn } from '../text/printable.ts';
import { hasWildcard } from '../text/wildcard.ts';
import { guidIn } from './guid.ts';
import { isDomain } from './kind.ts';
import { principalNamed, userPrincipal } from './permissions.ts';

export const USER_NAME_ALLOWED = '1 to 64 characters such as scanner or alice@contoso.com';
export const DOMAIN_ALLOWED =
  'contoso.com, *.contoso.com (with its subdomains), or * (every domain). Write international domains as xn--…';
export const DOMAIN_TYPES = ['Authoritative', 'InternalRelay', 'ExternalRelay'] as const;

/** What no name of anything may have: what nobody sees, and the form of a GUID, by which another one may be meant. */
export function nameProblem(name: string): string | undefined {
  const unseen = unseenIn(name);
  if (unseen) return `has a character that nobody sees (${unseen})`;
  return guidIn(name) ? 'has the form of a GUID, so it could be taken for that of another object' : undefined;
}

export function userNameProblem(name: string): string | undefined {
  if (name === '') return 'is empty';
  if ([...name].length > 64) return 'is longer than 64 characters';
  if (/[\u0000-\u0020\u007f-\u009f\u2028\u2029\\"<>]/.test(name))
    return 'has a space, control character, backslash, quote or angle bracket';
  if (hasWildcard(name)) return 'has a wildcard';
  if (principalNamed(name) !== userPrincipal(name)) return 'is the name of a well-known principal';
  return nameProblem(name);
}

/** The name of a server, as in `SERVER\Name`. */
export function serverNameProblem(name: string): string | undefined {
  if (name.trim() === '') return 'is empty';
  if ([...name].length > 64) return 'is longer than 64 characters';
  if (/[\\*?[\]/]/.test(name)) return 'has a wildcard, slash or backslash';
  return nameProblem(name);
}

/** The name of an accepted domain: what it is called, not what it holds. */
export function domainLabelProblem(name: string): string | undefined {
  if (name.trim() === '') return 'is empty';
  if ([...name].length > 64) return 'is longer than 64 characters';
  return nameProblem(name);
}

/** `contoso.com`, `*.contoso.com` or `*`, in lower case. */
export function domainProblem(domain: string): string | undefined {
  const rest = domain.startsWith('*.') ? domain.slice(2) : domain;
  if (domain === '*' || (isDomain(rest) && !/^[\d.]+$/.test(rest))) return undefined;
  return 'is not a domain';
}

/** Every domain there is cannot be all ours. */
export function domainTypeProblem(domain: string, type: unknown): string | undefined {
  if (!(DOMAIN_TYPES as readonly unknown[]).includes(type))
    return `is not possible; allowed: ${DOMAIN_TYPES.join(', ')}`;
  return domain === '*' && type === 'Authoritative'
    ? 'is not possible for "*", which is every domain there is; allowed: ExternalRelay, InternalRelay'
    : undefined;
}

/** Rights on connectors as pipeline objects, and the principals and rights that arguments mean. */

import type { StoredConnector } from '../../domain/connector.ts';
import {
  groupGrants,
  isWellKnown,
  PRINCIPALS,
  principalNamed,
  RIGHT_PREFIX,
  RIGHTS,
  type Right,
  rightNamed,
  userPrincipal,
} from '../../domain/permissions.ts';
import { usage } from '../../pipeline/error.ts';
import type { Parameter } from '../../pipeline/parameter.ts';
import { PsObject } from '../../pipeline/value.ts';
import type { Draft } from '../../store/draft.ts';
import { show } from '../../text/printable.ts';
import { nearest } from '../../text/suggest.ts';

export const USER = {
  name: 'User',
  type: 'string',
  completes: 'user',
  placeholder: 'PRINCIPAL',
  help: `Who: ${PRINCIPALS.map((p) => `"${p}"`).join(', ')}, or an SMTP user.`,
} as const satisfies Parameter;

export const EXTENDED_RIGHTS = {
  name: 'ExtendedRights',
  type: 'strings',
  values: RIGHTS.map((right) => RIGHT_PREFIX + right),
  placeholder: 'RIGHT[,RIGHT]',
  help: `Which rights, with or without the prefix ${RIGHT_PREFIX}: ${RIGHTS.join(', ')}.`,
} as const satisfies Parameter;

export const ACCESS_RIGHTS = {
  name: 'AccessRights',
  type: 'strings',
  values: ['ExtendedRight'],
  help: 'Taken for scripts written for Exchange; ExtendedRight is the only possible one.',
} as const satisfies Parameter;

/** @throws CmdletError (usage) for what is no extended right */
export function expectExtendedRights(access: readonly string[] = []): void {
  const other = access.find((right) => !/^extendedrights?$/i.test(right));
  if (other !== undefined) throw usage(`AccessRights: ${show(other)} is not possible; allowed: ExtendedRight`);
}

export const DENY = {
  name: 'Deny',
  type: 'switch',
  help: 'Denies the rights; what is denied, nothing can give.',
} as const satisfies Parameter;

/** One entry of an access control list, as Exchange shows it. */
export function permissionObject(draft: Draft, connector: StoredConnector, user: string, right: string, deny: boolean) {
  return new PsObject('ADPermission', {
    Identity: draft.identity(connector),
    User: user,
    Deny: deny,
    IsInherited: false,
    AccessRights: ['ExtendedRight'],
    ExtendedRights: [right],
    InheritanceType: 'All',
  });
}

/** Every entry of a connector: rights of its permission groups, then single ones. */
export function* permissionsOf(draft: Draft, stored: StoredConnector): Generator<PsObject> {
  for (const { principal, rights } of groupGrants(draft.connector(stored)))
    for (const right of rights) yield permissionObject(draft, stored, principal, RIGHT_PREFIX + right, false);
  for (const grant of stored.Grants ?? [])
    for (const right of grant.ExtendedRights) yield permissionObject(draft, stored, grant.User, right, grant.Deny);
}

/** The rights that names mean. @throws CmdletError (usage) naming every unknown one, with what is near */
export function rightsNamed(names: readonly string[]): Right[] {
  const rights: Right[] = [];
  const problems: string[] = [];
  for (const name of names) {
    const right = rightNamed(name);
    if (right) {
      if (!rights.includes(right)) rights.push(right);
      continue;
    }
    const bare = name.replace(new RegExp(`^${RIGHT_PREFIX}`, 'i'), '');
    const close = nearest(bare, RIGHTS);
    problems.push(
      `${show(name)} is no right${close ? `; did you mean ${RIGHT_PREFIX}${close}?` : ''} There are: ${RIGHTS.join(', ')}`,
    );
  }
  if (problems.length) throw usage(`ExtendedRights: ${problems.join('\n  ')}`);
  return rights;
}

/** How the principal that a text means stands in the store: a well-known one's full name, or a user's own spelling. @throws CmdletError (usage) */
export function userNamed(draft: Draft, text: string): string {
  const principal = principalNamed(text);
  if (isWellKnown(principal)) return principal;
  const user = draft.document.users.find((one) => userPrincipal(one.Name) === principal);
  if (user) return user.Name;
  const names = [...PRINCIPALS, ...draft.document.users.map((one) => one.Name)];
  const close = nearest(text, [...names, ...PRINCIPALS.map((p) => p.slice(p.indexOf('\\') + 1))]);
  throw usage(
    `User: ${show(text)} is neither a well-known principal nor an SMTP user.${close ? ` Did you mean "${close}"?` : ''} There are: ${names.map((n) => `"${n}"`).join(', ')}`,
  );
}

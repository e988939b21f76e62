/**
 * Who may do what on a connector: permission groups give principals rights, single grants (Add-ADPermission) add to or
 * take from them. Pure. Source: Exchange documentation, "Receive connectors", sections on permission groups and permissions.
 */

import { lazy } from '../text/lazy.ts';
import { foldText } from '../text/wildcard.ts';
import type { Settings } from './settings.ts';

/** One right given or denied to one principal on one connector (Add-ADPermission). */
export interface Grant {
  readonly User: string;
  readonly ExtendedRights: readonly string[];
  readonly Deny: boolean;
}

export const RIGHTS = [
  'SMTP-Submit',
  'SMTP-Accept-Any-Recipient',
  'SMTP-Accept-Authentication-Flag',
  'SMTP-Accept-Any-Sender',
  'SMTP-Accept-Authoritative-Domain-Sender',
  'Bypass-Anti-Spam',
  'Bypass-Message-Size-Limit',
  'SMTP-Accept-Exch50',
  'Accept-Headers-Routing',
  'Accept-Headers-Forest',
  'Accept-Headers-Organization',
] as const;
export type Right = (typeof RIGHTS)[number];

/** Prefix of a right's full name: `ms-Exch-SMTP-Submit`. */
export const RIGHT_PREFIX = 'ms-Exch-';

const byName = lazy(() => new Map<string, Right>(RIGHTS.map((right) => [right.toLowerCase(), right])));

/** The right a name means, with or without its prefix, in any case. */
export function rightNamed(name: string): Right | undefined {
  const text = name.trim().toLowerCase();
  const prefix = RIGHT_PREFIX.toLowerCase();
  return byName().get(text.startsWith(prefix) ? text.slice(prefix.length) : text);
}

/**
 * Rights as Exchange's protocol log writes them at `Set Session Permissions`:
 * `SMTPSubmit SMTPAcceptAnySender SMTPAcceptAuthoritativeDomainSender AcceptRoutingHeaders`.
 */
export function rightsLine(rights: ReadonlySet<Right>): string {
  const known = lines.get(rights);
  if (known !== undefined) return known;
  const names = RIGHTS.filter((right) => rights.has(right)).map((right) =>
    right.replace(/^Accept-Headers-(\w+)$/, 'Accept$1Headers').replaceAll('-', ''),
  );
  const line = names.join(' ') || 'None';
  lines.set(rights, line);
  return line;
}

/** Of the sets that rightsOf keeps. */
const lines = new WeakMap<ReadonlySet<Right>, string>();

/** Principals that are no users of ours. */
export const ANONYMOUS = 'NT AUTHORITY\\ANONYMOUS LOGON';
export const AUTHENTICATED = 'NT AUTHORITY\\Authenticated Users';
const EXCHANGE_SERVERS = 'MS Exchange\\Exchange Servers';
export const EXTERNALLY_SECURED = 'MS Exchange\\Externally Secured Servers';
const LEGACY_SERVERS = 'MS Exchange\\ExchangeLegacyInterop';
export const PARTNERS = 'MS Exchange\\Partner Servers';

/** All of these. */
export const PRINCIPALS = [ANONYMOUS, AUTHENTICATED, EXCHANGE_SERVERS, EXTERNALLY_SECURED, LEGACY_SERVERS, PARTNERS];
const wellKnownByName = lazy(
  () =>
    new Map(
      PRINCIPALS.flatMap((name) => [
        [foldText(name), name],
        [foldText(lastPart(name)), name],
      ]),
    ),
);

function lastPart(name: string): string {
  return name.slice(name.lastIndexOf('\\') + 1);
}

/** The principal of one of our own users. Never equal to a well-known one, whatever the user is called. */
export function userPrincipal(name: string): string {
  return `user:${foldText(name)}`;
}

/** The principal that -User means: a well-known one, with or without its domain, else a user (a domain before it is passed over). */
export function principalNamed(text: string): string {
  const name = text.trim();
  return (
    wellKnownByName().get(foldText(name)) ??
    wellKnownByName().get(foldText(lastPart(name))) ??
    userPrincipal(lastPart(name))
  );
}

/** Is it one of the principals that groups give rights to, and no user of ours? */
export function isWellKnown(principal: string): boolean {
  return PRINCIPALS.includes(principal);
}

export type PermissionGroup =
  | 'AnonymousUsers'
  | 'ExchangeUsers'
  | 'ExchangeServers'
  | 'ExchangeLegacyServers'
  | 'Partners';

const SERVER_RIGHTS: readonly Right[] = [
  'Accept-Headers-Routing',
  'Bypass-Anti-Spam',
  'Bypass-Message-Size-Limit',
  'SMTP-Accept-Any-Recipient',
  'SMTP-Accept-Any-Sender',
  'SMTP-Accept-Authentication-Flag',
  'SMTP-Accept-Authoritative-Domain-Sender',
  'SMTP-Accept-Exch50',
  'SMTP-Submit',
];

/** Rights that each group gives, to which principals. */
export const GROUP_RIGHTS: Readonly<
  Record<PermissionGroup, readonly { principal: string; rights: readonly Right[] }[]>
> = {
  AnonymousUsers: [
    {
      principal: ANONYMOUS,
      rights: [
        'Accept-Headers-Routing',
        'SMTP-Accept-Any-Sender',
        'SMTP-Accept-Authoritative-Domain-Sender',
        'SMTP-Submit',
      ],
    },
  ],
  ExchangeUsers: [
    {
      principal: AUTHENTICATED,
      rights: ['Accept-Headers-Routing', 'Bypass-Anti-Spam', 'SMTP-Accept-Any-Recipient', 'SMTP-Submit'],
    },
  ],
  ExchangeServers: [
    { principal: EXCHANGE_SERVERS, rights: [...SERVER_RIGHTS, 'Accept-Headers-Forest', 'Accept-Headers-Organization'] },
    { principal: EXTERNALLY_SECURED, rights: SERVER_RIGHTS },
  ],
  ExchangeLegacyServers: [{ principal: LEGACY_SERVERS, rights: SERVER_RIGHTS }],
  Partners: [{ principal: PARTNERS, rights: ['Accept-Headers-Routing', 'SMTP-Submit'] }],
};

type Permissions = Pick<Settings, 'PermissionGroups'> & { readonly Grants: readonly Grant[] };

/** Every right with the principal that holds it through a group: what Get-ADPermission shows besides the grants. */
export function groupGrants(
  connector: Pick<Settings, 'PermissionGroups'>,
): { principal: string; rights: readonly Right[]; group: PermissionGroup }[] {
  return connector.PermissionGroups.names.flatMap((name) =>
    name === 'Custom' ? [] : GROUP_RIGHTS[name].map((entry) => ({ ...entry, group: name })),
  );
}

/** The rights somebody has who is all of these principals at once. What is denied to one of them is denied. */
export function rightsOf(connector: Permissions, principals: readonly string[]): ReadonlySet<Right> {
  const cached = cache.get(connector) ?? new Map<string, ReadonlySet<Right>>();
  cache.set(connector, cached);
  const key = principals.join('\0');
  let rights = cached.get(key);
  if (!rights) {
    rights = computeRights(connector, principals);
    if (cached.size < 1000) cached.set(key, rights);
  }
  return rights;
}

/** Connectors are immutable: what was found once holds for as long as the object lives. */
const cache = new WeakMap<Permissions, Map<string, ReadonlySet<Right>>>();

function computeRights(connector: Permissions, principals: readonly string[]): ReadonlySet<Right> {
  const rights = new Set<Right>();
  for (const entry of groupGrants(connector)) {
    if (principals.includes(entry.principal)) for (const right of entry.rights) rights.add(right);
  }
  const mine = connector.Grants.filter((grant) => principals.includes(principalNamed(grant.User)));
  for (const right of namedRights(mine, false)) rights.add(right);
  for (const right of namedRights(mine, true)) rights.delete(right);
  return rights;
}

function namedRights(grants: readonly Grant[], deny: boolean): Right[] {
  return grants
    .filter((g) => g.Deny === deny)
    .flatMap((g) => g.ExtendedRights.flatMap((name) => rightNamed(name) ?? []));
}

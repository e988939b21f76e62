/** Permission groups, principals and single grants. */
import { describe, expect, test } from 'vitest';
import {
  ANONYMOUS,
  AUTHENTICATED,
  EXTERNALLY_SECURED,
  GROUP_RIGHTS,
  groupGrants,
  PARTNERS,
  principalNamed,
  RIGHTS,
  rightNamed,
  rightsOf,
  userPrincipal,
} from '../../src/domain/permissions.ts';
import { Flags } from '../../src/domain/value.ts';

type Group = keyof typeof GROUP_RIGHTS | 'Custom';
const connector = (groups: Group[], ...grants: [user: string, rights: string, deny?: boolean][]) => ({
  PermissionGroups: new Flags(groups),
  Grants: grants.map(([User, rights, Deny = false]) => ({ User, ExtendedRights: rights.split(','), Deny })),
});
const rights = (c: ReturnType<typeof connector>, ...principals: string[]) => [...rightsOf(c, principals)].sort();

// Exchange documentation, "Receive connectors": permission groups, without the ms-Exch- prefix.
test.each([
  [
    'AnonymousUsers',
    ANONYMOUS,
    'Accept-Headers-Routing SMTP-Accept-Any-Sender SMTP-Accept-Authoritative-Domain-Sender SMTP-Submit',
  ],
  ['ExchangeUsers', AUTHENTICATED, 'Accept-Headers-Routing Bypass-Anti-Spam SMTP-Accept-Any-Recipient SMTP-Submit'],
  [
    'ExchangeServers',
    EXTERNALLY_SECURED,
    'Accept-Headers-Routing Bypass-Anti-Spam Bypass-Message-Size-Limit SMTP-Accept-Any-Recipient SMTP-Accept-Any-Sender SMTP-Accept-Authentication-Flag SMTP-Accept-Authoritative-Domain-Sender SMTP-Accept-Exch50 SMTP-Submit',
  ],
  ['Partners', PARTNERS, 'Accept-Headers-Routing SMTP-Submit'],
] as const)('%s gives %s its rights, and nobody else', (group, principal, expected) => {
  expect(rights(connector([group]), principal)).toEqual(expected.split(' '));
  for (const other of [ANONYMOUS, AUTHENTICATED, PARTNERS, EXTERNALLY_SECURED, userPrincipal('alice')]) {
    if (other !== principal) expect(rights(connector([group]), other)).toEqual([]);
  }
});

test('several principals have the rights of all; what is denied to one is denied', () => {
  const c = connector(
    ['AnonymousUsers', 'Partners'],
    [PARTNERS, 'SMTP-Accept-Any-Recipient'],
    [ANONYMOUS, 'SMTP-Accept-Any-Sender', true],
  );
  expect(rights(c, ANONYMOUS, PARTNERS)).toEqual([
    'Accept-Headers-Routing',
    'SMTP-Accept-Any-Recipient',
    'SMTP-Accept-Authoritative-Domain-Sender',
    'SMTP-Submit',
  ]);
});

describe('grants', () => {
  test.each([
    ['NT AUTHORITY\\ANONYMOUS LOGON', ANONYMOUS],
    ['nt authority\\anonymous logon', ANONYMOUS],
    ['ANONYMOUS LOGON', ANONYMOUS],
    ['Authenticated Users', AUTHENTICATED],
    ['CONTOSO\\Exchange Servers', 'MS Exchange\\Exchange Servers'],
    ['Partner Servers', PARTNERS],
    ['alice', userPrincipal('alice')],
    ['CONTOSO\\Alice', userPrincipal('alice')],
    ['alice@contoso.com', userPrincipal('ALICE@contoso.com')],
  ])('-User %s is %s', (name, principal) => {
    expect(principalNamed(name)).toBe(principal);
  });

  test.each([
    ['ms-Exch-SMTP-Accept-Any-Recipient', 'SMTP-Accept-Any-Recipient'],
    ['MS-EXCH-smtp-accept-any-recipient', 'SMTP-Accept-Any-Recipient'],
    ['SMTP-Submit', 'SMTP-Submit'],
    ['ms-Exch-Nothing', undefined],
    ['', undefined],
  ])('-ExtendedRights %s is %s', (name, right) => {
    expect(rightNamed(name)).toBe(right);
  });

  test('one right for one user', () => {
    const c = connector([], ['alice', 'ms-Exch-SMTP-Submit,ms-Exch-SMTP-Accept-Any-Sender']);
    expect(rights(c, AUTHENTICATED, userPrincipal('Alice'))).toEqual(['SMTP-Accept-Any-Sender', 'SMTP-Submit']);
    expect(rights(c, AUTHENTICATED, userPrincipal('bob'))).toEqual([]);
  });

  test('a user who calls himself like a principal gets none of its rights', () => {
    const c = connector(['ExchangeServers', 'Partners'], ['ANONYMOUS LOGON', 'SMTP-Accept-Any-Recipient']);
    for (const name of ['Externally Secured Servers', 'MS Exchange\\Partner Servers', 'ANONYMOUS LOGON', 'user:x']) {
      expect(rights(c, AUTHENTICATED, userPrincipal(name))).toEqual([]);
    }
  });

  test('rights nobody knows are passed over', () => {
    expect(rights(connector([], [ANONYMOUS, 'ms-Exch-Other,SMTP-Submit']), ANONYMOUS)).toEqual(['SMTP-Submit']);
  });
});

test('groupGrants lists what groups give, for Get-ADPermission', () => {
  expect(groupGrants(connector(['Custom']))).toEqual([]);
  expect(groupGrants(connector(['ExchangeServers'])).map((g) => g.principal)).toEqual([
    'MS Exchange\\Exchange Servers',
    EXTERNALLY_SECURED,
  ]);
  const every = new Set(Object.values(GROUP_RIGHTS).flatMap((entries) => entries.flatMap((e) => e.rights)));
  expect([...every].sort()).toEqual([...RIGHTS].sort());
});

/** rc doctor: each thing that can be wrong, made wrong, found, and mended by what it says to type. */
import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { join } from 'node:path';
import { describe, expect, it, test } from 'vitest';
import { defaultDomainFindings } from '../../src/checks/accepted-domains.ts';
import { tryBindings } from '../../src/checks/bindings.ts';
import { certificateFindings } from '../../src/checks/certificates.ts';
import type { CheckFinding, CheckInput } from '../../src/checks/finding.ts';
import { limitFindings } from '../../src/checks/limits.ts';
import { rangeFindings } from '../../src/checks/ranges.ts';
import { relayFindings } from '../../src/checks/relays.ts';
import { senderFindings } from '../../src/checks/senders.ts';
import { userFindings } from '../../src/checks/users.ts';
import { readConnector, type StoredConnector } from '../../src/domain/connector.ts';
import { readTransport } from '../../src/domain/transport.ts';
import { NOTHING } from '../../src/store/document.ts';
import { rc } from '../support/rc.ts';
import { tempFolder, writeStore } from '../support/temp-home.ts';
import { has } from '../support/tools.ts';

const site = { server: 'EX', fqdn: 'ex.contoso.com' };

function inputOf(connectors: Record<string, unknown>[], more: Record<string, unknown> = {}): CheckInput {
  const stored = connectors.map(
    (c, i): StoredConnector => ({
      Name: `C${i}`,
      Guid: `00000000-0000-4000-8000-00000000000${i}`,
      WhenCreated: '2024-01-01',
      WhenChanged: '2024-01-01',
      Bindings: ['0.0.0.0:25'],
      ...c,
    }),
  );
  const problems: string[] = [];
  const read = stored.map((s) => readConnector(s, site, (key, message) => problems.push(`${key} ${message}`)));
  expect(problems).toEqual([]);
  const document = { ...NOTHING, connectors: stored, ...more };
  return { document, connectors: read, transport: readTransport(document.transport) };
}

const texts = (findings: CheckFinding[]) => findings.map((f) => `${f.severity} ${f.about}: ${f.problem}`);
const relay = [
  { User: 'NT AUTHORITY\\ANONYMOUS LOGON', ExtendedRights: ['ms-Exch-SMTP-Accept-Any-Recipient'], Deny: false },
];
const domains = [{ Name: 'ours', DomainName: 'contoso.com', DomainType: 'Authoritative', Guid: 'd', WhenChanged: '' }];

describe('open relays', () => {
  const cases: [string, Record<string, unknown>, RegExp | undefined][] = [
    [
      'anonymous relay for the world',
      { PermissionGroups: 'AnonymousUsers', Grants: relay },
      /^Error C0: relays for anybody in .*: an open relay/,
    ],
    [
      'anonymous relay for a whole private network',
      { PermissionGroups: 'AnonymousUsers', Grants: relay, RemoteIPRanges: ['10.0.0.0/8'] },
      /^Warning C0: relays for anybody in 10.0.0.0\/8 without logon$/,
    ],
    [
      'anonymous relay for some printers',
      { PermissionGroups: 'AnonymousUsers', Grants: relay, RemoteIPRanges: ['10.1.2.0/24'] },
      undefined,
    ],
    ['no relay', { PermissionGroups: 'AnonymousUsers' }, undefined],
    ['relay without the right to submit', { Grants: relay }, undefined],
    ['a disabled open relay', { PermissionGroups: 'AnonymousUsers', Grants: relay, Enabled: false }, undefined],
    [
      'externally secured for the world',
      { AuthMechanism: 'Tls, ExternalAuthoritative', PermissionGroups: 'ExchangeServers' },
      /^Error C0: trusts everybody in/,
    ],
    ['passwords in the clear', { AuthMechanism: 'BasicAuth' }, /^Warning C0: takes passwords without TLS/],
    ['passwords in the clear on loopback', { AuthMechanism: 'BasicAuth', Bindings: ['127.0.0.1:25'] }, undefined],
  ];
  for (const [what, connector, wanted] of cases) {
    it(`${what}: ${wanted ? 'found' : 'nothing to find'}`, () => {
      const found = texts(relayFindings(inputOf([connector], { acceptedDomains: domains })));
      if (wanted) expect(found).toEqual([expect.stringMatching(wanted)]);
      else expect(found).toEqual([]);
    });
  }

  it('the accepted domain * with a next host', () => {
    const more = {
      acceptedDomains: [{ ...domains[0]!, Name: 'all', DomainName: '*' }],
      transport: { DeliveryMethod: 'Relay', SmartHost: 'mail.contoso.com:25' },
    };
    expect(texts(relayFindings(inputOf([{ PermissionGroups: 'AnonymousUsers' }], more)))).toEqual([
      expect.stringMatching(/^Error all: .*an open relay$/),
    ]);
  });

  it('a next host and no accepted domain', () => {
    const more = { transport: { DeliveryMethod: 'Relay', SmartHost: 'mail.contoso.com:25' } };
    expect(texts(relayFindings(inputOf([{ PermissionGroups: 'AnonymousUsers' }], more)))).toEqual([
      expect.stringMatching(/^Warning C0: .*refuses every recipient/),
    ]);
  });
});

describe('the name given to the next host', () => {
  const relays = (transport: Record<string, unknown>, server = 'vm', connector: Record<string, unknown> = {}) =>
    texts(
      relayFindings(
        inputOf([{ Fqdn: '', ...connector }], {
          acceptedDomains: domains,
          server: { name: 'VM', fqdn: server },
          transport: { DeliveryMethod: 'Relay', SmartHost: 'mail.contoso.com:25', ...transport },
        }),
      ),
    ).filter((text) => text.includes('EHLO'));

  it('found where it has no domain', () => {
    expect(relays({})).toEqual([expect.stringMatching(/^Warning C0: gives the next host the name "vm"/)]);
    expect(relays({}, 'vm', { Fqdn: 'vm2' })).toEqual([expect.stringMatching(/"vm2"/)]);
  });

  it('mended by a name of its own, of the connector or of the server; of no matter where nothing is handed on', () => {
    expect(relays({ SmartHostFqdn: 'mail.contoso.com' })).toEqual([]);
    expect(relays({}, 'vm', { Fqdn: 'mail.contoso.com' })).toEqual([]);
    expect(relays({}, 'vm.contoso.com')).toEqual([]);
    expect(relays({ DeliveryMethod: 'Maildir' })).toEqual([]);
    expect(relays({}, 'vm', { Enabled: false })).toEqual([]);
  });
});

test.each([
  ['two', [true, true], /^Warning a: the accepted domains "a", "b" are all the default/],
  ['one', [false, true], undefined],
  ['none', [false, false], /^Information a: none of the accepted domains is the default/],
])('%s of the accepted domains the default', (_, defaults, wanted) => {
  const acceptedDomains = defaults.map((Default, i) => ({
    ...domains[0]!,
    Name: 'ab'[i]!,
    DomainName: `${'ab'[i]}.org`,
    Default,
  }));
  const { document } = inputOf([], { acceptedDomains });
  const found = defaultDomainFindings(document);
  expect(texts(found)).toEqual(wanted ? [expect.stringMatching(wanted)] : []);
  for (const { mend } of found)
    expect(mend).toEqual(['a', 'b'].map((name) => `rc set-accepted-domain ${name} --make-default`));
});

describe('connectors that nobody can send to', () => {
  const users = (Enabled: boolean) => [{ Name: 'sue', Enabled, PasswordHash: '', Guid: 'u', WhenChanged: '' }];
  const grant = (User: string, Deny = false) => [{ User, ExtendedRights: ['ms-Exch-SMTP-Submit'], Deny }];
  const logon = { AuthMechanism: 'Tls, BasicAuth, BasicAuthRequireTLS', PermissionGroups: 'ExchangeUsers' };
  const partners = { PermissionGroups: 'Partners', AuthMechanism: 'Tls' };
  const trusted = { AuthMechanism: 'Tls, ExternalAuthoritative', PermissionGroups: 'ExchangeServers' };
  const cases: [string, Record<string, unknown>, boolean | undefined, string?, string?][] = [
    ['no group', {}, true, 'Warning', 'rc set C0 --permission-groups AnonymousUsers'],
    ['no group, and disabled', { Enabled: false }, true],
    ['a grant to everybody', { Grants: grant('NT AUTHORITY\\ANONYMOUS LOGON') }, undefined],
    [
      'everybody, and denied',
      { PermissionGroups: 'AnonymousUsers', Grants: grant('ANONYMOUS LOGON', true) },
      undefined,
      'Warning',
      "rc remove-ad-permission C0 --user 'ANONYMOUS LOGON' --extended-rights ms-Exch-SMTP-Submit --deny --confirm=false",
    ],
    ['Exchange servers, as whom nobody can log on', { PermissionGroups: 'ExchangeServers' }, true, 'Warning'],
    ['Exchange servers, trusted by their address', trusted, undefined],
    [
      'a trusted server that is denied',
      { ...trusted, Grants: grant('Externally Secured Servers', true) },
      true,
      'Warning',
    ],
    [
      'users, and no logon is offered',
      { ...logon, AuthMechanism: 'Tls' },
      true,
      'Warning',
      'rc set C0 --auth-mechanism Tls,BasicAuth,BasicAuthRequireTLS',
    ],
    ['users who can log on', logon, true],
    ['one user, by a grant', { ...logon, PermissionGroups: 'None', Grants: grant('sue') }, true],
    ['users, and all are disabled', logon, false, 'Information', 'rc set-smtp-user sue --enabled=true'],
    ['users, and there are none', logon, undefined, 'Information', 'rc new-smtp-user NAME'],
    ['partners who show certificates', { ...partners, DomainSecureEnabled: true }, undefined],
    [
      'partners, and certificates are not asked for',
      partners,
      undefined,
      'Warning',
      'rc set C0 --auth-mechanism Tls --domain-secure-enabled true',
    ],
  ];
  for (const [what, connector, user, severity, mend] of cases) {
    it(`${what}: ${severity ? 'found' : 'nothing to find'}`, () => {
      const found = senderFindings(inputOf([connector], user === undefined ? {} : { users: users(user) }));
      expect(found.map((f) => f.severity)).toEqual(severity ? [severity] : []);
      if (mend) expect(found[0]!.mend[0]).toBe(mend);
    });
  }
});

describe('limits', () => {
  const cases: [string, Record<string, unknown>, RegExp | undefined][] = [
    ['the defaults', {}, undefined],
    ['per source above the total', { MaxInboundConnection: 10 }, /PerSource 20 is above MaxInboundConnection 10/],
    [
      'per source above the percentage',
      { MaxInboundConnectionPerSource: 500 },
      /500 is never reached: 2 % of MaxInboundConnection 5000 is 100/,
    ],
    ['per source at the percentage', { MaxInboundConnectionPerSource: 100 }, undefined],
    [
      'unlimited',
      { MaxInboundConnectionPerSource: 'Unlimited', MaxInboundConnectionPercentagePerSource: 100 },
      undefined,
    ],
    [
      'a rate above the server’s',
      { MaxInboundConnectionRatePerSource: 1201 },
      /MaxInboundConnectionRatePerSource 1201 is never reached: MaxConnectionRatePerMinute .* is 1200/,
    ],
    ['a rate at the server’s', { MaxInboundConnectionRatePerSource: 1200 }, undefined],
    ['a rate of nothing', { MessageRateLimit: 5, MessageRateSource: 'None' }, /counts nothing/],
    [
      'a header above the message',
      { MaxHeaderSize: '1MB', MaxMessageSize: '64KB' },
      /MaxHeaderSize .* is never reached/,
    ],
    ['kept settings', { LiveCredentialEnabled: true }, /LiveCredentialEnabled: stored and shown/],
  ];
  for (const [what, connector, wanted] of cases) {
    it(`${what}: ${wanted ? 'found' : 'nothing to find'}`, () => {
      const found = texts(limitFindings(inputOf([connector])));
      if (wanted) expect(found).toEqual([expect.stringMatching(wanted)]);
      else expect(found).toEqual([]);
    });
  }

  it('what is to be typed ends it: a header above a message that is smaller than the default header', () => {
    const [found] = limitFindings(inputOf([{ MaxMessageSize: '64KB' }]));
    expect(found?.mend).toEqual(['rc set C0 --max-header-size 65536']);
    expect(limitFindings(inputOf([{ MaxMessageSize: '64KB', MaxHeaderSize: '65536' }]))).toEqual([]);
  });
});

describe('bindings and ranges', () => {
  it('an address that is not here, a port that another program has; what the listener holds is not tried', async () => {
    const server = createServer();
    const port = await new Promise<number>((done) => {
      server.listen(0, '127.0.0.1', () => done((server.address() as AddressInfo).port));
    });
    const { connectors } = inputOf([{ Bindings: ['192.0.2.9:2525', `127.0.0.1:${port}`] }]);
    const { findings, held } = await tryBindings(connectors, [], 'Warning');
    expect(texts([...findings])).toEqual([
      expect.stringMatching(
        /^Error 192\.0\.2\.9:2525: cannot be opened for 'C0': this host has no address 192\.0\.2\.9; it has .*127\.0\.0\.1/,
      ),
      `Error 127.0.0.1:${port}: cannot be opened for 'C0': port ${port} is in use by another program`,
    ]);
    expect(held).toEqual([]);
    const beside = await tryBindings(connectors, ['192.0.2.9:2525', `0.0.0.0:${port}`], 'Warning');
    expect(beside.findings).toEqual([]);
    expect(beside.held.map(({ binding }) => String(binding))).toEqual(['192.0.2.9:2525', `127.0.0.1:${port}`]);
    server.close();
  });

  it('ranges of a family that nothing is bound to', () => {
    expect(texts(rangeFindings(inputOf([{ RemoteIPRanges: ['fd00::/8'] }])))).toEqual([
      'Error C0: no client can match: its bindings are IPv4 and its remote ranges IPv6',
    ]);
  });

  it('a range whose every address belongs to smaller ranges of others', () => {
    const shadow = inputOf([
      { RemoteIPRanges: ['10.0.0.0/24'] },
      { RemoteIPRanges: ['10.0.0.0/25'] },
      { RemoteIPRanges: ['10.0.0.128/25'] },
    ]);
    expect(texts(rangeFindings(shadow))).toEqual([
      expect.stringMatching(/^Warning C0: 10.0.0.0\/24 on 0.0.0.0:25 is in the shadow/),
    ]);
    const lit = inputOf([{ RemoteIPRanges: ['10.0.0.0/24'] }, { RemoteIPRanges: ['10.0.0.0/25'] }]);
    expect(texts(rangeFindings(lit))).toEqual([]);
  });

  it('a range inside another of the same connector', () => {
    expect(texts(rangeFindings(inputOf([{ RemoteIPRanges: ['10.0.0.0/24', '10.0.0.7'] }])))).toEqual([
      'Information C0: 10.0.0.7 lies inside its own 10.0.0.0/24',
    ]);
  });
});

describe('certificates', () => {
  function folderWith(...names: string[]): string {
    const folder = tempFolder('certificates');
    for (const name of names) {
      const at = join(folder, name);
      const subject = `/O=Contoso/CN=${name}.contoso.com`;
      execFileSync(
        'openssl',
        [
          'req',
          '-x509',
          '-newkey',
          'ec',
          '-pkeyopt',
          'ec_paramgen_curve:prime256v1',
          '-nodes',
          '-days',
          '100',
          '-subj',
          subject,
          '-keyout',
          `${at}.key`,
          '-out',
          `${at}.pem`,
        ],
        { stdio: 'ignore' },
      );
    }
    return folder;
  }
  const inDays = (days: number) => new Date(Date.now() + days * 86_400_000);

  it.skipIf(!has('openssl'))(
    'are found before they run out, when they have, without a key, and when they are missing',
    () => {
      const folder = folderWith('mail');
      writeFileSync(join(folder, 'bad.pem'), 'not one');
      const found = (days: number, connector = {}) =>
        texts(certificateFindings(inputOf([{ AuthMechanism: 'None', ...connector }]).connectors, folder, inDays(days)));
      const bad = `Warning ${folder}/bad.pem: cannot be used: it has no certificate (PEM)`;
      expect(found(1)).toEqual([bad]);
      expect(found(80)).toEqual([bad, expect.stringMatching(/^Warning .*mail.pem: runs out in (19|20) days/)]);
      expect(found(101)).toEqual([bad, expect.stringMatching(/^Warning .*mail.pem: ran out on/)]);
      expect(found(1, { TlsCertificateName: '<I>CN=x<S>CN=y' })).toEqual([
        bad,
        expect.stringMatching(/^Error C0: names the certificate/),
      ]);
      const name = '<I>CN=mail.contoso.com, O=Contoso<S>O=Contoso,CN=mail.contoso.com';
      expect(found(1, { TlsCertificateName: name })).toEqual([bad]);
      expect(found(1, { DomainSecureEnabled: true })).toEqual([
        bad,
        expect.stringMatching(/^Warning C0: asks partners/),
      ]);
    },
  );
});

describe('rc doctor', () => {
  it('finds file modes, and mends them with --fix', async () => {
    const home = tempFolder();
    writeStore(home, [{ Name: 'A', Bindings: ['127.0.0.1:2525'] }]);
    mkdirSync(join(home, 'mail'), { mode: 0o700 });
    chmodSync(join(home, 'store.json'), 0o644);
    chmodSync(join(home, 'mail'), 0o755);
    const modes = (ran: { stdout: string }) =>
      ran.stdout
        .split('\n')
        .filter(Boolean)
        .map((line) => JSON.parse(line) as Record<string, string>)
        .filter((f) => f.Check === 'FileModes');
    const first = await rc(['doctor'], { home });
    expect(first.code).toBe(1);
    expect(modes(first)).toMatchObject([
      { Severity: 'Error', Subject: join(home, 'store.json'), Problem: 'others may read it (mode 0644)' },
      { Severity: 'Warning', Subject: join(home, 'mail') },
    ]);
    const whatIf = await rc(['doctor', '--fix', '--what-if'], { home });
    expect(whatIf.stderr).toBe(
      `What if: chmod 0600 ${join(home, 'store.json')}: others may read it (mode 0644).\nWhat if: chmod 0700 ${join(home, 'mail')}: others may read it (mode 0755).\n`,
    );
    expect(modes(whatIf)).toEqual(modes(first));
    expect(modes(await rc(['doctor', '--fix'], { home }))).toMatchObject([
      { Mend: [], Problem: expect.stringContaining('now 0600') },
      { Mend: [], Problem: expect.stringContaining('now 0700') },
    ]);
    expect(statSync(join(home, 'store.json')).mode & 0o777).toBe(0o600);
    expect(statSync(join(home, 'mail')).mode & 0o777).toBe(0o700);
    expect(modes(await rc(['doctor'], { home }))).toEqual([]);
  });

  it('says what is wrong with a broken store, and that no listener runs', async () => {
    const home = tempFolder();
    writeFileSync(join(home, 'store.json'), '{]', { mode: 0o600 });
    const { code, stdout } = await rc(['doctor', '--output', 'json'], { home });
    expect(code).toBe(1);
    expect(JSON.parse(stdout)).toMatchObject([
      { Severity: 'Error', Check: 'Store', Problem: expect.stringContaining('line 1, column 2') },
      { Severity: 'Warning', Check: 'Listener', Mend: ['rc serve'] },
    ]);
  });

  it('tells rc restore only for a store that it can restore', async () => {
    const home = tempFolder();
    writeStore(home, [{ Name: 'Relay' }]);
    const newer = readFileSync(join(home, 'store.json'), 'utf8').replace(/("schemaVersion": *)\d+/, '$199');
    const breaks = [() => writeFileSync(join(home, 'store.json'), newer), () => mkdirSync(join(home, 'store.json'))];
    for (const breakIt of breaks) {
      rmSync(join(home, 'store.json'));
      breakIt();
      expect((await rc(['restore'], { home })).code).toBe(1);
      const doctor = await rc(['doctor', '--output', 'json'], { home });
      expect(JSON.parse(doctor.stdout)[0]).toMatchObject({ Check: 'Store', Mend: [] });
      for (const told of [await rc(['validate'], { home }), await rc(['serve', '--check'], { home })])
        expect(told.stdout + told.stderr).not.toContain('rc restore');
    }
  });
});

test('hashes of passwords that are cheap to guess; those that rc makes are not', () => {
  const user = (Name: string, PasswordHash: string) => ({
    Name,
    Guid: Name,
    PasswordHash,
    Enabled: true,
    WhenChanged: '',
  });
  const end = `${Buffer.alloc(16).toString('base64')}$${Buffer.alloc(32).toString('base64')}`;
  const users = [
    user('cheap one', `scrypt$2$1$1$${end}`),
    user('unsalted', `scrypt$16384$8$1$AA==$${Buffer.alloc(32).toString('base64')}`),
    user('good', `scrypt$16384$8$1$${end}`),
  ];
  const findings = userFindings({ ...NOTHING, users });
  expect(texts(findings)).toEqual([
    expect.stringMatching(
      /^Warning cheap one: the hash of the password is too cheap to guess: N × r × p is 2, and 131072 is the least/,
    ),
    expect.stringMatching(/^Warning unsalted: the hash of the password has a salt of 1 bytes, and 8 are the least/),
  ]);
  expect(findings[0]!.mend).toEqual(["rc set-smtp-user 'cheap one' --password"]);
});

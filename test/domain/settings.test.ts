/** The settings catalogue as a whole: every row holds what it says, and what a value prints is taken back. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { defaultIn } from '../../src/domain/catalogue.ts';
import type { Kind } from '../../src/domain/kind.ts';
import { SETTING_NAMES, SETTINGS, settingNamed } from '../../src/domain/settings.ts';
import { ByteSize, type Flags, type SettingValue, TimeSpan, UNLIMITED } from '../../src/domain/value.ts';
import { kebab } from '../../src/text/flag-name.ts';

const SITE = { server: 'EX', fqdn: 'ex.contoso.com' };

/** The default that Exchange documents for a Mailbox server, and the values at the edges of what is legal; ours may stand here too. */
const DOCUMENTED: Readonly<Partial<Record<string, { printed: string; legal?: string[]; illegal?: string[] }>>> = {
  AuthMechanism: { printed: 'Tls', legal: ['None', 'tls,basicauth'], illegal: ['Kerberos', 'None,Tls'] },
  Banner: {
    printed: '',
    legal: ['220 hello', '220'],
    illegal: ['221 hello', 'hello', '220-hello', '2200', '220 ü', ' 220 x'],
  },
  BinaryMimeEnabled: { printed: 'true' },
  Bindings: { printed: '', legal: ['[::]:25,0.0.0.0:25'], illegal: ['', '0.0.0.0'] },
  ChunkingEnabled: { printed: 'true' },
  DefaultDomain: { printed: '', legal: ['contoso.com'], illegal: ['not a domain'] },
  DeliveryStatusNotificationEnabled: { printed: 'true' },
  EightBitMimeEnabled: { printed: 'true' },
  SmtpUtf8Enabled: { printed: 'true' },
  BareLinefeedRejectionEnabled: { printed: 'false' },
  DomainSecureEnabled: { printed: 'false' },
  EnhancedStatusCodesEnabled: { printed: 'true' },
  LongAddressesEnabled: { printed: 'false' },
  OrarEnabled: { printed: 'false' },
  SuppressXAnonymousTls: { printed: 'false' },
  AdvertiseClientSettings: { printed: 'false' },
  Fqdn: { printed: 'ex.contoso.com', legal: ['mail.fabrikam.com'], illegal: ['mail fabrikam'] },
  ServiceDiscoveryFqdn: { printed: '', legal: ['mail.fabrikam.com'] },
  TlsCertificateName: {
    printed: '',
    legal: ['<I>CN=CA<S>CN=mail.contoso.com'],
    illegal: ['CN=mail.contoso.com', '<I><S>'],
  },
  Comment: { printed: '', legal: ['x'.repeat(1024)], illegal: ['x'.repeat(1025), 'a\nb'] },
  Enabled: { printed: 'true' },
  ConnectionTimeout: { printed: '00:10:00', legal: ['00:00:01', '1.00:00:00'], illegal: ['00:00:00', '1.00:00:01'] },
  ConnectionInactivityTimeout: {
    printed: '00:05:00',
    legal: ['00:00:01', '1.00:00:00'],
    illegal: ['00:00:00', '1.00:00:01'],
  },
  MessageRateLimit: { printed: 'Unlimited', legal: ['1', '2147483647', 'unlimited'], illegal: ['0', '2147483648'] },
  MessageRateSource: { printed: 'IPAddress', legal: ['none', 'USER', 'All'], illegal: ['Sender'] },
  MaxInboundConnection: { printed: '5000', legal: ['1', '2147483647', 'Unlimited'], illegal: ['0', '2147483648'] },
  MaxInboundConnectionPerSource: {
    printed: '20',
    legal: ['1', '10000', 'Unlimited'],
    illegal: ['0', '10001', '-1', '1.5', 'abc'],
  },
  MaxInboundConnectionPercentagePerSource: { printed: '2', legal: ['1', '100'], illegal: ['0', '101', 'Unlimited'] },
  MaxHeaderSize: { printed: '256 KB (262,144 bytes)', legal: ['1', '2147483647'], illegal: ['0', '2GB'] },
  MaxHopCount: { printed: '60', legal: ['1', '500'], illegal: ['0', '501', 'Unlimited'] },
  MaxLocalHopCount: { printed: '12', legal: ['0', '50'], illegal: ['-1', '51'] },
  MaxLogonFailures: { printed: '3', legal: ['0', '10'], illegal: ['-1', '11'] },
  MaxMessageSize: {
    printed: '36 MB (37,748,736 bytes)',
    legal: ['64KB', '2147483647'],
    illegal: ['65535', '2GB', 'Unlimited'],
  },
  MaxProtocolErrors: { printed: '5', legal: ['0', '2147483647', 'Unlimited'], illegal: ['-1', '2147483648'] },
  MaxRecipientsPerMessage: { printed: '200', legal: ['1', '512000'], illegal: ['0', '512001', 'Unlimited'] },
  PermissionGroups: {
    printed: 'None',
    legal: ['AnonymousUsers,Partners', 'None'],
    illegal: ['Everyone', '', 'None,Partners'],
  },
  PipeliningEnabled: { printed: 'true' },
  ProtocolLoggingLevel: { printed: 'None', legal: ['verbose'], illegal: ['Debug'] },
  RemoteIPRanges: {
    printed: '::-ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff,0.0.0.0-255.255.255.255',
    legal: ['10.0.0.0/8'],
    illegal: ['', '10.0.0.0/40', '2001:db8::1%eth0'],
  },
  RequireEHLODomain: { printed: 'false' },
  RequireTLS: { printed: 'false' },
  EnableAuthGSSAPI: { printed: 'false' },
  ExtendedProtectionPolicy: { printed: 'None', legal: ['allow', 'Require'], illegal: ['Deny'] },
  LiveCredentialEnabled: { printed: 'false' },
  TlsDomainCapabilities: {
    printed: '',
    legal: ['contoso.com:AcceptOorgProtocol,AcceptOorgHeader,fabrikam.com:AcceptCloudServicesMail', ''],
    illegal: ['contoso.com', 'contoso.com:', ':X', 'con toso:X'],
  },
  TransportRole: { printed: 'FrontendTransport', legal: ['hubtransport'], illegal: ['Mailbox'] },
  RejectReservedTopLevelRecipientDomains: { printed: 'false' },
  RejectReservedSecondLevelRecipientDomains: { printed: 'false' },
  RejectSingleLabelRecipientDomains: { printed: 'false' },
  SizeEnabled: { printed: 'Enabled', legal: ['disabled', 'EnabledWithoutValue'], illegal: ['true'] },
  TarpitInterval: { printed: '00:00:05', legal: ['00:00:00', '00:10:00'], illegal: ['00:10:01'] },
  AuthTarpitInterval: { printed: '00:00:05', legal: ['00:00:00', '00:10:00'], illegal: ['00:10:01'] },
  MaxAcknowledgementDelay: { printed: '00:00:30', legal: ['00:00:00', '12:00:00'], illegal: ['12:00:01'] },
  DeliveryMethod: { printed: 'Default', legal: ['maildir', 'Relay', 'Discard'], illegal: ['Queue'] },
  EarlyTalkers: { printed: 'Serve', legal: ['refuse', 'Serve'], illegal: ['Greet', ''] },
  ReplyDialect: { printed: 'Exchange2010', legal: ['exchange2019'], illegal: ['2019', ''] },
  LimitScope: { printed: 'Server', legal: ['fleet', 'Server'], illegal: ['All', ''] },
  MaxInboundConnectionSourcePrefix: {
    printed: '32,64',
    legal: ['32,128', '24, 48', '8,16'],
    illegal: ['', '32', '33,64', '32,15', '32/64'],
  },
};

const roundTrip = (kind: Kind, value: SettingValue) => kind.parse(JSON.parse(JSON.stringify(kind.store(value))));

describe('each row', () => {
  test('that Exchange has is documented here, in the catalogue’s order', () => {
    expect(Object.keys(DOCUMENTED).filter((name) => !SETTINGS[name as keyof typeof SETTINGS].extension)).toEqual(
      SETTING_NAMES.filter((name) => !SETTINGS[name].extension),
    );
  });

  test.each(SETTING_NAMES)('%s', (name) => {
    const { kind, summary, holds, acts, topic } = SETTINGS[name];
    const value = defaultIn(SETTINGS[name], SITE);
    const { printed, legal = [], illegal = [] } = DOCUMENTED[name] ?? { printed: String(value) };
    expect(String(value), 'its default').toBe(printed);
    // A connector without a binding is refused: Bindings is the one setting without a default of its own.
    if (name !== 'Bindings') {
      expect(String(kind.parse(value)), 'its default passes').toBe(printed);
      expect(String(roundTrip(kind, value)), 'its default as stored').toBe(printed);
    }
    expect(() => kind.parse(kind.example), 'its example').not.toThrow();
    expect(kind.parse(roundTrip(kind, kind.parse(kind.example)))).toEqual(kind.parse(kind.example));
    expect(kind.allowed, 'ends a sentence').not.toMatch(/\.$/);
    expect(summary).toMatch(/\.$/);
    expect(acts === 'yes', '"never" is for what is kept').toBe(holds !== 'never');
    expect(acts === 'yes', 'what acts stands under a topic').toBe(topic !== undefined);
    for (const text of legal) expect(() => kind.parse(text), `"${text}" is legal`).not.toThrow();
    for (const text of illegal) expect(() => kind.parse(text), `"${text}" is not`).toThrow(/; allowed: /);
  });

  test('has a name and aliases that are nobody else’s', () => {
    const flags = SETTING_NAMES.flatMap((name) => [name, ...(SETTINGS[name].aliases ?? [])].map(kebab));
    expect(new Set(flags).size).toBe(flags.length);
    expect(flags).toContain('max-inbound-per-source');
    expect(flags).toContain('remote-ip-ranges');
    expect(flags).toContain('require-ehlo-domain');
    expect(flags).toContain('enable-auth-gssapi');
    expect(flags).toContain('smtp-utf8-enabled');
  });

  test('is found in any case', () => {
    for (const name of SETTING_NAMES) expect(settingNamed(name.toUpperCase())).toBe(name);
    expect(settingNamed('constructor')).toBeUndefined();
  });
});

/** Text that a person might write for a value of this kind. */
function written(kind: Kind): fc.Arbitrary<unknown> {
  const ip4 = fc.ipV4();
  const ip6 = fc.ipV6().filter((text) => !text.includes('.')); // no leading zeros in dotted tails
  switch (kind.name) {
    case 'bool':
      return fc.constantFrom('true', '$false', 'Yes', 'no', '1', 0, true);
    case 'int':
    case 'count':
      return fc.oneof(
        fc.integer({ min: 0, max: 2147483647 }),
        fc.integer({ min: 0, max: 600 }).map(String),
        fc.constant('unlimited'),
      );
    case 'size':
      return fc.oneof(
        fc.integer({ min: 1, max: 2147483647 }),
        fc.tuple(fc.integer({ min: 1, max: 2047 }), fc.constantFrom('KB', ' MB', 'mb', 'B')).map((p) => p.join('')),
        fc.integer({ min: 1, max: 2147483647 }).map((n) => String(new ByteSize(n))),
      );
    case 'span':
      return fc.integer({ min: 0, max: 90000 }).map((n) => String(new TimeSpan(n)));
    case 'enum':
      return fc.constantFrom(...kind.members!).map((name) => name.toLowerCase());
    case 'flags':
      return fc.subarray([...kind.members!].filter((name) => name !== 'Custom')).map((names) => names.join(', '));
    case 'fqdn':
      return fc.domain();
    case 'list':
      if (kind.element!.name === 'binding')
        return fc.array(
          fc
            .tuple(
              fc.oneof(
                ip4,
                ip6.map((t) => `[${t}]`),
              ),
              fc.integer({ min: 1, max: 65535 }),
            )
            .map((p) => p.join(':')),
        );
      if (kind.element!.name === 'range')
        return fc.array(
          fc.oneof(
            ip4,
            ip6,
            fc.tuple(ip4, fc.integer({ min: 0, max: 32 })).map((p) => p.join('/')),
            fc.tuple(ip6, fc.integer({ min: 0, max: 128 })).map((p) => p.join('/')),
            fc.tuple(ip4, ip4).map((p) => p.join('-')),
          ),
        );
      return fc.array(fc.domain().map((domain) => `${domain}:AcceptOorgProtocol`));
    default:
      return fc.oneof(
        fc.string(),
        fc.tuple(fc.integer({ min: 8, max: 32 }), fc.integer({ min: 16, max: 128 })).map((p) => p.join(',')),
      );
  }
}

describe('round trips', () => {
  test.each(SETTING_NAMES)('%s: what get prints and what is stored is taken back as the same value', (name) => {
    const { kind } = SETTINGS[name];
    let taken = 0;
    fc.assert(
      fc.property(written(kind), (input) => {
        let value: SettingValue;
        try {
          value = kind.parse(input);
        } catch {
          return;
        }
        taken++;
        expect(kind.parse(value)).toEqual(value);
        expect(roundTrip(kind, value)).toEqual(value);
        expect(kind.parse(JSON.parse(JSON.stringify(value)))).toEqual(value); // the form of NDJSON
        if (Array.isArray(value) ? value.length > 0 : true)
          expect(kind.parse(Array.isArray(value) ? value.join(',') : String(value))).toEqual(value);
      }),
    );
    expect(taken, 'some of what was tried is legal').toBeGreaterThan(0);
  });
});

test('Custom among PermissionGroups is shown, taken back, and not stored', () => {
  const { kind } = SETTINGS.PermissionGroups;
  const shown = kind.parse('AnonymousUsers, Custom') as Flags;
  expect(String(shown)).toBe('AnonymousUsers, Custom');
  expect(kind.store(shown)).toBe('AnonymousUsers');
  expect(kind.store(kind.parse('Custom'))).toBe('None');
});

test('Unlimited is greater than any number and prints as Exchange prints it', () => {
  expect(Number(UNLIMITED)).toBeGreaterThan(2147483647);
  expect(`${UNLIMITED}`).toBe('Unlimited');
  expect(JSON.stringify({ a: UNLIMITED })).toBe('{"a":"Unlimited"}');
});

/**
 * For connectors and clients made up at random: what is rehearsed is what a listener on real sockets says, reply by reply.
 * And no refusal is without a cause.
 */
import { mkdtempSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, inject, test } from 'vitest';
import { causeWords } from '../../src/domain/cause-words.ts';
import type { ClientScript, Exchange } from '../../src/domain/rehearsal.ts';
import type { EventLog } from '../../src/listener/contracts/event-log.ts';
import { Listener } from '../../src/listener/listener.ts';
import { MemoryBudget } from '../../src/listener/memory-budget.ts';
import { tryLive } from '../../src/listener/rehearsal/live.ts';
import { rehearse } from '../../src/listener/rehearsal/rehearse.ts';
import { openCertificates } from '../../src/listener/session/certificates.ts';
import { Logons } from '../../src/listener/session/logon.ts';
import { SlidingRates } from '../../src/listener/session/rates.ts';
import { startSession } from '../../src/listener/session/session.ts';
import type { StoreDocument } from '../../src/store/document.ts';
import { homeAt } from '../../src/store/home.ts';
import { MemoryDelivery } from '../session/harness/host.ts';
import { freePort } from '../support/free-port.ts';
import { quickHash } from '../support/quick-hash.ts';

const AT = '2024-01-02T03:04:05.000Z';
const guid = (n: number) => `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`;
const QUIET: EventLog = { write() {}, close: async () => {} };
const PASSWORD = 'correct horse';

const RIGHTS = [
  'ms-Exch-SMTP-Submit',
  'ms-Exch-SMTP-Accept-Any-Recipient',
  'ms-Exch-SMTP-Accept-Any-Sender',
  'ms-Exch-SMTP-Accept-Authoritative-Domain-Sender',
  'ms-Exch-Bypass-Message-Size-Limit',
];
const auth = fc.constantFrom(
  'None',
  'Tls',
  'BasicAuth',
  'Tls, BasicAuth',
  'Tls, BasicAuth, BasicAuthRequireTLS',
  'trusted',
);
const settings = fc
  .record(
    {
      auth,
      PermissionGroups: fc.subarray(['AnonymousUsers', 'ExchangeUsers', 'Partners']),
      Banner: fc.constantFrom('220 hello', '220 mail.fabrikam.com ESMTP'),
      RequireEHLODomain: fc.boolean(),
      RequireTLS: fc.boolean(),
      SizeEnabled: fc.constantFrom('Enabled', 'Disabled', 'EnabledWithoutValue'),
      MaxMessageSize: fc.constantFrom('64KB', '1MB'),
      MaxRecipientsPerMessage: fc.integer({ min: 1, max: 3 }),
      MaxProtocolErrors: fc.integer({ min: 0, max: 2 }),
      MaxLogonFailures: fc.integer({ min: 0, max: 2 }),
      EnhancedStatusCodesEnabled: fc.boolean(),
      SmtpUtf8Enabled: fc.boolean(),
      LongAddressesEnabled: fc.boolean(),
      DefaultDomain: fc.constantFrom('contoso.com'),
      RejectReservedTopLevelRecipientDomains: fc.boolean(),
      RejectReservedSecondLevelRecipientDomains: fc.boolean(),
      RejectSingleLabelRecipientDomains: fc.boolean(),
      MaxInboundConnectionPerSource: fc.integer({ min: 1, max: 3 }),
      Grants: fc.array(
        fc.record({
          User: fc.constantFrom('NT AUTHORITY\\ANONYMOUS LOGON', 'NT AUTHORITY\\Authenticated Users', 'kim'),
          ExtendedRights: fc.subarray(RIGHTS, { minLength: 1 }),
          Deny: fc.boolean(),
        }),
        { maxLength: 2 },
      ),
    },
    { requiredKeys: ['PermissionGroups'] },
  )
  .map(({ auth: kind = 'Tls', PermissionGroups, ...rest }) => {
    const trusted = kind === 'trusted';
    const groups = trusted ? [...PermissionGroups, 'ExchangeServers'] : PermissionGroups;
    const AuthMechanism = trusted ? 'Tls, ExternalAuthoritative' : kind;
    return {
      ...rest,
      AuthMechanism,
      ...(rest.RequireTLS && !AuthMechanism.includes('Tls') ? { RequireTLS: false } : {}),
      PermissionGroups: groups.length ? groups.join(', ') : 'None',
      TarpitInterval: '00:00:00',
      AuthTarpitInterval: '00:00:00',
    };
  });

const local = fc.constantFrom('kim', 'boss', 'a.b', 'x%y', '"odd one"', 'jürgen', 'k'.repeat(600), 'postmaster', '');
const domain = fc.constantFrom(
  '@contoso.com',
  '@mail.contoso.com',
  '@fabrikam.com',
  '@localhost',
  '@a.test',
  '@mail.example.com',
  '@[192.0.2.1]',
  '@müller.example',
  '',
  '@',
);
const address = fc.tuple(local, domain).map((parts) => parts.join(''));
const script = fc.record({
  helo: fc.constantFrom('client.fabrikam.com', '[127.0.0.9]', 'client', 'a b', 'näme', ''),
  tls: fc.boolean(),
  user: fc.constantFrom('', '', 'kim', 'KIM', 'off', 'nobody', 'CONTOSO\\kim'),
  mailFrom: fc.oneof(fc.constant(''), address),
  rcptTo: fc.array(address, { maxLength: 3 }),
  size: fc.option(fc.constantFrom(0, 1000, 100_000, 2_000_000), { nil: undefined }),
});
const world = fc.record({
  first: settings,
  second: settings,
  range: fc.constantFrom('127.0.0.9', '127.0.0.8-127.0.0.15', '127.0.0.16/28'),
  secondEnabled: fc.boolean(),
  firstRanges: fc.constantFrom(undefined, ['127.0.0.0/8'], ['10.0.0.0/8']),
  domains: fc.subarray(['contoso.com', '*.contoso.com', 'xn--mller-kva.example', '*']),
  relays: fc.boolean(),
});

const normal = (exchanges: readonly Exchange[]) =>
  exchanges.map(({ step, command, reply }) => [
    step,
    command,
    ...reply.map((line) => line.replace(/ ready at .*/, '')),
  ]);

/** `RUNS=2000` looks longer. */
/** A clock on which hours pass between two looks: nobody waits for his next password. */
let hour = 0;
const hours = () => ++hour * 3_600_000;

const RUNS = Number(process.env.RUNS ?? 60);

test('a rehearsal is what the wire says', { timeout: 60_000 + RUNS * 5000 }, async () => {
  const folder = mkdtempSync(join(inject('temporary'), 'same-'));
  const home = homeAt(folder);
  const PasswordHash = quickHash(PASSWORD);
  const port = await freePort();
  let refused = 0;
  await fc.assert(
    fc.asyncProperty(world, script, async (w, asked) => {
      const { size, ...rest } = asked;
      const said: ClientScript = { ...rest, password: PASSWORD, ...(size === undefined ? {} : { size }) };
      const connector = (n: number, more: object) => ({
        Name: `C${n}`,
        Guid: guid(n),
        WhenCreated: AT,
        WhenChanged: AT,
        Bindings: [`127.0.0.1:${port}`],
        ...more,
      });
      const document = {
        schemaVersion: 1,
        generation: 1,
        server: { name: 'EX', fqdn: 'ex.contoso.com' },
        connectors: [
          connector(1, { ...w.first, ...(w.firstRanges ? { RemoteIPRanges: w.firstRanges } : {}) }),
          connector(2, { ...w.second, RemoteIPRanges: [w.range], Enabled: w.secondEnabled }),
        ],
        acceptedDomains: [...new Set(['contoso.com', ...w.domains])].map((DomainName, i) => ({
          Name: DomainName,
          DomainName,
          DomainType: DomainName === '*' || i % 2 ? 'InternalRelay' : 'Authoritative',
          Guid: guid(10 + i),
          WhenChanged: AT,
        })),
        users: ['kim', 'off'].map((Name, i) => ({
          Name,
          PasswordHash,
          Enabled: Name === 'kim',
          Guid: guid(20 + i),
          WhenChanged: AT,
        })),
        transport: w.relays ? { DeliveryMethod: 'Relay', SmartHost: '127.0.0.1:1' } : {},
      } as unknown as StoreDocument;
      const store = JSON.stringify(document);
      writeFileSync(home.store, store);
      const listener = new Listener({
        store: home.store,
        events: QUIET,
        startSession,
        services: {
          delivery: new MemoryDelivery(),
          protocolLog: { session: () => ({ write() {} }), close: async () => {} },
          certificates: openCertificates(home, QUIET),
          rates: new SlidingRates(),
          memory: new MemoryBudget(),
          logons: new Logons(hours),
        },
      });
      await listener.start();
      try {
        const live = await tryLive({
          to: { address: '127.0.0.1', port },
          from: '127.0.0.9',
          proxyFor: undefined,
          script: said,
          timeoutMs: 20_000,
        });
        const rehearsed = await rehearse({
          store,
          path: home.store,
          certificates: home.certificates,
          remote: live.remote,
          local: live.local,
          script: said,
          occupied: [],
        });
        const upToData = rehearsed.exchanges.filter((e) => e.step !== 'DATA' && e.step !== 'Message');
        expect(normal(upToData)).toEqual(normal(live.exchanges));
        const causeless = rehearsed.exchanges.filter(
          (e) => !e.accepted && (!e.because || causeWords(e.because).problem === ''),
        );
        expect(causeless).toEqual([]);
        refused += rehearsed.exchanges.filter((e) => !e.accepted).length;
      } finally {
        await listener.stop(0);
      }
    }),
    { numRuns: RUNS },
  );
  expect(refused).toBeGreaterThan(10);
});

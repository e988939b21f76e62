/** A bounded run of the fuzzer against the session alone, with settings changed under it. Longer: npm run fuzz -- SECONDS SEED. */
import { join } from 'node:path';
import { createSecureContext } from 'node:tls';
import { expect, test } from 'vitest';
import { selfSigned } from '../../src/certificates/self-signed.ts';
import { until } from '../session/harness/client.ts';
import { smtpUser } from '../session/harness/dialogue.ts';
import { Host } from '../session/harness/host.ts';
import { corpus, fuzz, makeCase } from './fuzz.ts';
import { Random } from './random.ts';

const said = corpus(join(import.meta.dirname, '../dialogues'));

test('the same seed makes the same bytes', () => {
  const bytes = (seed: number) => Buffer.concat(makeCase(new Random(seed), said)).toString('hex');
  expect(bytes(7)).toBe(bytes(7));
  expect(bytes(7)).not.toBe(bytes(8));
});

test('mutated dialogues and random bytes: no crash, no hang, everything answered or closed', async () => {
  const host = new Host({
    AuthMechanism: 'Tls, BasicAuth',
    PermissionGroups: 'AnonymousUsers, ExchangeUsers',
    MaxMessageSize: '64KB',
  });
  const pair = selfSigned('mail.contoso.com', new Date(), 7);
  const context = createSecureContext({ cert: pair.certificate, key: pair.key });
  host.certificates = { contextFor: () => context, has: () => true, clientCa: undefined, close() {} };
  host.live = { ...host.live, users: [smtpUser('alice Secret.123')] };
  await host.start();
  const switches = [
    'EnhancedStatusCodesEnabled',
    'LongAddressesEnabled',
    'OrarEnabled',
    'BareLinefeedRejectionEnabled',
    'PipeliningEnabled',
    'RequireEHLODomain',
  ];
  try {
    const made = await fuzz(
      {
        port: host.port,
        disturb: (random) => {
          host.set(random.pick(switches), random.below(2) === 0);
          host.set('MaxHeaderSize', random.pick([100, 4096, 262_144]));
        },
        async settle() {
          await until(() => host.sessions.size === 0 && host.delivery.open === 0, 'all sessions to end');
          expect(host.events).toEqual([]);
          host.delivery.kept.length = 0;
          host.log.length = 0;
        },
      },
      { seed: 20_260, cases: 600, said },
    );
    expect(made).toBe(600);
    expect(host.ended).toBe(600);
  } finally {
    await host.close();
  }
}, 300_000);

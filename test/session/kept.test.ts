/** Settings that are kept for Exchange's sake change nothing of a session; those that act are all obeyed somewhere. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { SETTING_NAMES, SETTINGS } from '../../src/domain/settings.ts';
import { Client } from './harness/client.ts';
import { Host } from './harness/host.ts';

const OTHER: Record<string, unknown> = {
  SuppressXAnonymousTls: true,
  AdvertiseClientSettings: true,
  ServiceDiscoveryFqdn: 'other.contoso.com',
  EnableAuthGSSAPI: true,
  ExtendedProtectionPolicy: 'Require',
  LiveCredentialEnabled: true,
  TlsDomainCapabilities: 'contoso.com:AcceptCloudServicesMail',
  TransportRole: 'HubTransport',
  MaxAcknowledgementDelay: '01:00:00',
};

const kept = SETTING_NAMES.filter((name) => SETTINGS[name].acts !== 'yes');

test('every kept setting is tried here', () => {
  expect(kept.toSorted()).toEqual(Object.keys(OTHER).toSorted());
});

async function conversation(settings: Record<string, unknown>): Promise<string[]> {
  const host = await new Host({ AuthMechanism: 'Tls, BasicAuth', ...settings }).start();
  const client = await Client.open(host.port);
  const replies = [(await client.reply()).replace(/ at .*/, '')];
  const lines = [
    'EHLO x',
    'AUTH GSSAPI',
    'X-ANONYMOUSTLS',
    'MAIL FROM:<a@fabrikam.com>',
    'RCPT TO:<b@contoso.com>',
    'RSET',
    'HELP',
    'QUIT',
  ];
  for (const line of lines) replies.push(await client.ask(line));
  client.end();
  await host.close();
  return replies;
}

test.each(kept)('%s changes no reply', async (name) => {
  expect(await conversation({ [name]: OTHER[name] })).toEqual(await conversation({}));
});

test('every setting that acts is read by the listener', () => {
  const folder = join(import.meta.dirname, '../../src');
  const read = readdirSync(folder, { recursive: true, encoding: 'utf8' })
    // What only shows settings obeys none: the catalogue itself, the page, the explanations of test-receive-connector.
    .filter((file) => /^(?:listener|domain|smtp)\/.*\.ts$/.test(file))
    // Nor does an override read a connector's Comment: it has one of its own.
    .filter(
      (file) => !/^(?:domain\/(?:settings|setting-topics|override)\.ts$|listener\/(?:web|rehearsal)\/)/.test(file),
    )
    .map((file) => readFileSync(join(folder, file), 'utf8'))
    .join('\n');
  // A note for people: nothing can obey it.
  const unread = SETTING_NAMES.filter(
    (name) => SETTINGS[name].acts === 'yes' && !new RegExp(`\\b${name}\\b`).test(read),
  );
  expect(unread).toEqual(['Comment']);
});

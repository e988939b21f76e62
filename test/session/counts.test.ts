/** What sessions count: messages and their bytes, recipients, logons, delays, what went over the wire, and how each ended. */
import { createSecureContext } from 'node:tls';
import { afterEach, describe, expect, test } from 'vitest';
import { selfSigned } from '../../src/certificates/self-signed.ts';
import type { NO_COUNTS } from '../../src/listener/contracts/session-counts.ts';
import { quickHash } from '../support/quick-hash.ts';
import { Client, until } from './harness/client.ts';
import { Host, resultOf } from './harness/host.ts';

const hosts: Host[] = [];
afterEach(async () => {
  for (const host of hosts.splice(0)) await host.close();
});

async function start(settings: Record<string, unknown> = {}): Promise<Host> {
  const host = await new Host(settings).start();
  hosts.push(host);
  return host;
}

async function greeted(host: Host): Promise<Client> {
  const client = await Client.open(host.port);
  await client.reply();
  return client;
}

/** The counts that are not zero. */
const counted = (host: Host) =>
  Object.fromEntries(Object.entries(host.counts).filter(([name, n]) => n !== 0 && !/^bytes/.test(name)));
const ended = (host: Host) => until(() => host.ended === 1);

test('a message, its bytes, its recipients; every byte both ways', async () => {
  const host = await start();
  const client = await Client.open(host.port);
  const onWire = (reply: string) => reply.replaceAll('\n', '\r\n').length + 2;
  let got = onWire(await client.reply());
  const sent = ['EHLO c', 'MAIL FROM:<a@contoso.com>', 'RCPT TO:<postmaster>', 'RCPT TO:<x y>', 'DATA'];
  for (const line of sent) got += onWire(await client.ask(line));
  const text = 'Subject: x\r\n\r\n..dot\r\n';
  got += onWire(await client.ask(`${text}.`));
  got += onWire(await client.ask('QUIT'));
  await ended(host);
  expect(counted(host)).toEqual({
    messages: 1,
    messageBytes: text.length - 1,
    recipients: 1,
    recipientsRefused: 1,
    endedByClient: 1,
  });
  expect(host.counts.bytes).toBe([...sent, `${text}.`, 'QUIT'].join('\r\n').length + 2);
  expect(host.counts.bytesSent).toBe(got);
});

test('bytes of a session that goes on are counted while it does', async () => {
  const host = await start();
  const client = await greeted(host);
  await client.ask('NOOP');
  await until(() => host.counts.bytes === 'NOOP\r\n'.length);
  expect(counted(host)).toEqual({});
  await client.ask('NOOP');
  client.finish();
  await ended(host);
  expect(host.counts.bytes).toBe(2 * 'NOOP\r\n'.length);
});

test('of TLS what is inside is counted, and what came before it', async () => {
  const host = await start({ AuthMechanism: 'Tls' });
  const pair = selfSigned('mail.contoso.com', new Date(), 7);
  const context = createSecureContext({ cert: pair.certificate, key: pair.key });
  host.certificates = { contextFor: () => context, has: () => true, clientCa: undefined, close() {} };
  const client = await greeted(host);
  const said = ['EHLO c', 'STARTTLS', 'EHLO again', 'QUIT'];
  await client.ask(said[0]!);
  await client.ask(said[1]!);
  await client.startTls();
  await client.ask(said[2]!);
  await client.ask(said[3]!);
  await ended(host);
  expect(counted(host)).toEqual({ tls: 1, endedByClient: 1 });
  expect(host.counts.bytes).toBe(said.join('\r\n').length + 2);
});

test('messages that are refused: by the next host, for their size before and after', async () => {
  const host = await start({ MaxMessageSize: '64KB' });
  const client = await greeted(host);
  await client.ask('EHLO c');
  await client.ask('MAIL FROM:<a@contoso.com> SIZE=100000');
  expect(counted(host)).toEqual({ messagesTooLarge: 1 });
  for (const line of ['MAIL FROM:<a@contoso.com>', 'RCPT TO:<postmaster>', 'DATA']) await client.ask(line);
  await client.ask(`Subject: x\r\n\r\n${'x'.repeat(70_000)}\r\n.`);
  expect(counted(host)).toEqual({ messagesTooLarge: 2, messagesRefused: 1, recipients: 1 });
  host.delivery.outcome = async () => resultOf('451 4.4.0 Not now');
  for (const line of ['MAIL FROM:<a@contoso.com>', 'RCPT TO:<postmaster>', 'DATA']) await client.ask(line);
  await client.ask('Subject: x\r\n\r\nx\r\n.');
  expect(counted(host)).toEqual({ messagesTooLarge: 2, messagesRefused: 2, recipients: 2 });
});

test('logons, right and wrong, and the delay after a wrong one', async () => {
  const host = await start({ AuthMechanism: 'BasicAuth', AuthTarpitInterval: '00:00:01', MaxLogonFailures: 1 });
  const user = { Name: 'alice', Enabled: true, PasswordHash: quickHash('Secret.123') };
  host.live = { ...host.live, users: [user as (typeof host.live.users)[number]] };
  const logon = (password: string) => `AUTH PLAIN ${Buffer.from(`\0alice\0${password}`).toString('base64')}`;
  const client = await greeted(host);
  await client.ask('EHLO c');
  client.send(`${logon('wrong')}\r\n`);
  await until(() => host.counts.delays === 1);
  host.set('AuthTarpitInterval', '00:00:00');
  await client.reply();
  await client.ask(logon('Secret.123'));
  expect(counted(host)).toEqual({ logonFailures: 1, delays: 1, logons: 1 });
});

describe('how a session ends', () => {
  const ways: readonly (readonly [
    how: keyof typeof NO_COUNTS,
    why: string,
    end: (host: Host, client: Client) => unknown,
  ])[] = [
    ['endedByClient', 'QUIT', (_, client) => client.ask('QUIT')],
    ['endedByClient', 'the client leaves', (_, client) => client.finish()],
    ['endedByTimeout', 'nothing said for too long', (host) => host.set('ConnectionInactivityTimeout', '00:00:01')],
    ['endedByErrors', 'too many errors', (_, client) => client.ask('XYZZY')],
    ['endedByErrors', 'BDAT without a size', (_, client) => client.ask('BDAT x')],
    ['endedByPolicy', 'HTTP', (_, client) => client.ask('GET / HTTP/1.1')],
    ['endedByListener', 'it is retired', (host) => [...host.sessions][0]!.retire()],
    ['endedByListener', 'it is cut', (host) => [...host.sessions][0]!.destroy()],
  ];
  test.each(ways)('%s: %s', async (how, _why, end) => {
    const host = await start({ MaxProtocolErrors: 0, ConnectionTimeout: '00:10:00' });
    const client = await greeted(host);
    await end(host, client);
    await ended(host);
    expect(counted(host)).toEqual({ [how]: 1 });
  });
});

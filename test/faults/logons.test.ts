/** Guessing passwords at a listener: it keeps no known user out, takes no memory for good, gains nothing by hanging up, and is seen. */
import { connect, type Socket } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { listenerMetrics, sources } from '../../src/control/listener-client.ts';
import { homeAt } from '../../src/store/home.ts';
import { hashPassword } from '../../src/store/password.ts';
import { smtpUser } from '../session/harness/dialogue.ts';
import { freePort } from '../support/free-port.ts';
import { RunningListener } from '../support/listener.ts';
import { rc } from '../support/rc.ts';
import { tempFolder, writeStore } from '../support/temp-home.ts';
import { until } from '../support/until.ts';

const MB = 1024 * 1024;

async function stage(settings: Record<string, unknown> = {}) {
  const home = tempFolder();
  const port = await freePort();
  const connector = {
    Name: 'A',
    Bindings: [`127.0.0.1:${port}`],
    AuthMechanism: 'Tls, BasicAuth',
    PermissionGroups: 'ExchangeUsers',
    MaxInboundConnectionPercentagePerSource: 100,
    MaxInboundConnectionPerSource: 100,
    ...settings,
  };
  const user = { ...smtpUser('alice right'), PasswordHash: await hashPassword('right') }; // what guesses cost is what it is about
  writeStore(home, [connector], { users: [user] });
  const listener = await RunningListener.start(home);
  onTestFinished(() => listener.stop());
  const metric = async (name: string) => {
    const line = (await listenerMetrics(homeAt(home)))!.split('\n').find((text) => text.startsWith(name));
    return Number(line?.split(' ').at(-1));
  };
  return { home, port, listener, metric };
}

const plain = (name: string, password: string) =>
  `AUTH PLAIN ${Buffer.from(`\0${name}\0${password}`).toString('base64')}\r\n`;

class Client {
  heard = '';
  readonly socket: Socket;
  constructor(port: number, localAddress: string) {
    this.socket = connect({ port, host: '127.0.0.1', localAddress });
    this.socket.on('error', () => {});
    this.socket.setEncoding('utf8').on('data', (text: string) => {
      this.heard += text;
    });
  }

  async hears(what: string): Promise<this> {
    await until(`${what}, not ${this.heard}`, () => this.heard.includes(what), { timeout: 60_000 });
    return this;
  }

  static async hello(port: number, localAddress = '127.0.0.1'): Promise<Client> {
    const client = await new Client(port, localAddress).hears('220 ');
    client.socket.write('EHLO x\r\n');
    return client.hears('\r\n250 ');
  }
}

test('a known user beside 200 abandoned guesses of ten addresses is next or nearly so', {
  timeout: 120_000,
}, async () => {
  const { port, metric } = await stage();
  const clients = await Promise.all(
    Array.from({ length: 200 }, (_, i) => Client.hello(port, `127.0.1.${1 + (i % 10)}`)),
  );
  const known = await Client.hello(port);
  for (const { socket } of clients) socket.write(plain('alice', 'wrong'));
  for (const { socket } of clients) socket.end();
  const begun = performance.now();
  known.socket.write(plain('alice', 'right'));
  await known.hears('235 ');
  if (process.env.RC_SHOW) console.log(`answered after ${Math.round(performance.now() - begun)} ms`);
  expect(await metric('smtp_receive_logons_total{connector="A",result="failure"}')).toBeLessThan(30);
  known.socket.destroy();
  // Those who left hold no place.
  await until('only they are gone', async () => (await metric('smtp_receive_connections_current')) === 0);
});

test('sixty wrong passwords take no memory for good', { timeout: 120_000 }, async () => {
  const { port, metric } = await stage({ AuthTarpitInterval: '00:00:00', MaxLogonFailures: 0 });
  const before = await metric('process_resident_memory_bytes');
  const clients = await Promise.all(Array.from({ length: 6 }, (_, i) => Client.hello(port, `127.0.2.${1 + i}`)));
  for (let round = 1; round <= 10; round++) {
    for (const { socket } of clients) socket.write(plain('nobody', `wrong ${round}`));
    for (const client of clients)
      await until('535', () => client.heard.split('535 ').length > round, { timeout: 60_000 });
  }
  const grown = (await metric('process_resident_memory_bytes')) - before;
  if (process.env.RC_SHOW) console.log(`+${Math.round(grown / MB)} MB`);
  expect(grown).toBeLessThan(80 * MB);
  for (const { socket } of clients) socket.destroy();
});

test('guesses are seen: event 1035, 1012 where the connection is closed, get-source, metric', async () => {
  const { home, port, metric } = await stage({ AuthTarpitInterval: '00:00:00', MaxLogonFailures: 1 });
  const client = await Client.hello(port, '127.0.3.1');
  client.socket.write(plain('alice', 'wrong'));
  await client.hears('535 ');
  client.socket.write(plain('alice', 'wrong again'));
  await client.hears('421 4.7.0');
  const { stdout } = await rc(['get-event', '1035,1012', '--output', 'json'], { home });
  const events = (
    JSON.parse(`[${stdout.trim().replaceAll('}\n{', '},\n{')}]`) as { Id: number; Address: string }[]
  ).flat();
  expect(events.map(({ Id }) => Id).sort()).toEqual([1012, 1035]);
  for (const { Address } of events) expect(Address).toBe('127.0.3.1');
  expect((await sources(homeAt(home)))![0]).toMatchObject({
    address: '127.0.3.1',
    failedLogons: { minute: 2, hour: 2 },
  });
  expect(
    (await rc(['get-source', '--select', 'Source,FailedLogonsHour', '--output', 'json'], { home })).stdout,
  ).toContain('2');
  expect(await metric('smtp_receive_logons_total{connector="A",result="failure"}')).toBe(2);
});

test('a right password without the right to submit is event 1020', async () => {
  const { home, port } = await stage({ PermissionGroups: 'AnonymousUsers' });
  const client = await Client.hello(port);
  client.socket.write(plain('alice', 'right'));
  await client.hears('235 ');
  client.socket.write('MAIL FROM:<a@contoso.com>\r\n');
  await client.hears('550 5.7.1 ');
  const { stdout } = await rc(['get-event', '1020', '--output', 'json'], { home });
  expect(stdout).toMatch(/'alice' from IP address '127.0.0.1' provided valid credentials/);
});

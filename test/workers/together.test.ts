/** What all workers have together: connections to the next host, password guesses, refusal events, bindings that come and go. */
import { createServer } from 'node:net';
import { expect, it } from 'vitest';
import { realHost } from '../delivery/next-host.ts';
import type { Client } from '../listener/harness.ts';
import { smtpUser } from '../session/harness/dialogue.ts';
import { logged } from '../support/events.ts';
import { freePort } from '../support/free-port.ts';
import { until } from '../support/until.ts';
import { REFUSED, scene, served } from './scene.ts';

async function sendOne(client: Client, text: string): Promise<string> {
  for (const line of ['HELO a.contoso.com', 'MAIL FROM:<a@contoso.com>', 'RCPT TO:<b@contoso.com>', 'DATA'])
    await client.say(line);
  return client.say(`Subject: ${text}\r\n\r\nbody\r\n.`);
}

it('MaxRelayConnections holds over all workers, and no worker waits while another keeps one idle', async () => {
  const host = await realHost();
  const transport = { DeliveryMethod: 'Relay', SmartHost: host.host, MaxRelayConnections: 1 };
  const acceptedDomains = [
    {
      Name: 'contoso.com',
      DomainName: 'contoso.com',
      DomainType: 'InternalRelay',
      Default: true,
      Guid: '00000000-0000-4000-8000-000000000009',
      WhenChanged: '2024-01-01T00:00:00Z',
    },
  ];
  await scene({ more: { transport, acceptedDomains } }, async (s) => {
    const clients = await s.openInEach(6);
    for (let round = 0; round < 2; round++) {
      const answers = await Promise.all(clients.map((client, i) => sendOne(client, `${round}.${i}`)));
      expect(answers.filter((line) => !line.startsWith('250'))).toEqual([]);
    }
    // The one connection is kept idle by whoever had it last; each of the others gets it, one after the other.
    for (const client of clients) expect(await sendOne(client, 'alone')).toMatch(/^250/);
    expect(host.mostOpen).toBe(1);
    expect(host.taken).toHaveLength(3 * clients.length);
    // A worker that is killed gives back what it had.
    for (const pid of await s.pids()) process.kill(pid, 'SIGKILL');
    await until('the clients notice', () => clients.every((client) => client.closed));
    for (const client of await s.openInEach(4)) expect(await sendOne(client, 'after')).toMatch(/^250/);
    expect(host.mostOpen).toBe(1);
  });
});

it('passwords: right ones are known in both workers, wrong ones are told once for all', async () => {
  const user = smtpUser('alice right');
  await scene(
    {
      connectors: {
        A: { AuthMechanism: 'BasicAuth', PermissionGroups: 'ExchangeUsers', AuthTarpitInterval: '00:00:00' },
      },
      more: { users: [user] },
    },
    async (s) => {
      const clients = await s.openInEach(4);
      const logOn = async (client: Client, password: string) => {
        await client.say('EHLO a.contoso.com');
        return client.say(`AUTH PLAIN ${Buffer.from(`\0alice\0${password}`).toString('base64')}`);
      };
      for (const client of clients) expect(await logOn(client, 'wrong')).toMatch(/^535/);
      for (const client of clients) expect(await logOn(client, 'right')).toMatch(/^235/);
      const shown = (await s.rc('get-session')).stdout.trim().split('\n');
      expect(shown.map((line) => JSON.parse(line).User)).toEqual(clients.map(() => 'alice'));
      // Told at once, the rest is summed up a minute later; the first process has them all.
      const aboutLogons = () => s.events().filter(({ message }) => /log ?on/i.test(message));
      const failed = await until('it is told', () => aboutLogons().length > 0 && aboutLogons());
      expect(failed.map(({ id }) => id)).toEqual([failed[0]!.id]);
      const [source] = (await s.rc('get-source')).stdout.trim().split('\n');
      expect(JSON.parse(source!)).toMatchObject({ FailedLogonsHour: clients.length });
    },
  );
});

it('a flood of one source is refused in both workers, and told once', () =>
  scene({ connectors: { A: { MaxInboundConnectionPerSource: 2 } } }, async (s) => {
    const held = await s.openMany(2);
    expect(served(held)).toHaveLength(2);
    const flood = await s.openMany(200);
    expect(flood.filter(({ lines }) => lines[0] === REFUSED)).toHaveLength(200);
    expect(await s.connector()).toMatchObject({ connections: 2, accepted: 2, refused: { source: 200 } });
    const [source] = (await s.rc('get-source')).stdout.trim().split('\n');
    expect(JSON.parse(source!)).toMatchObject({ Source: '127.0.0.1', Open: 2, Limit: 2, RefusedHour: 200 });
    expect(await logged(s.folder, 1021)).toHaveLength(1);
    // A place that is free is given again at once, though both were told to refuse.
    held[0]!.socket.destroy();
    await s.counting(1);
    expect(served(await s.openMany(3))).toHaveLength(1);
  }));

it('bindings come and go in all workers as soon as --wait is over', () =>
  scene({ connectors: { A: {}, B: {} } }, async (s) => {
    const [a, b] = s.ports as [number, number];
    const more = await freePort();
    expect((await s.rc('set', 'B', '--bindings', `127.0.0.1:${more}`, '--wait')).code).toBe(0);
    const clients = await Promise.all(Array.from({ length: 10 }, () => s.open('127.0.0.1', more)));
    expect(served(clients)).toHaveLength(10);
    const other = createServer();
    await new Promise<void>((resolve, reject) => other.once('error', reject).listen(b, '127.0.0.1', resolve));
    // In use by another program now: told, and the rest goes on.
    const set = await s.rc('set', 'B', '--bindings', `127.0.0.1:${b},127.0.0.1:${more}`, '--wait');
    expect(set.stderr).toContain(`127.0.0.1:${b}`);
    expect((await s.status()).failed.map(({ binding, code }) => [binding, code])).toEqual([
      [`127.0.0.1:${b}`, 'EADDRINUSE'],
    ]);
    await new Promise((resolve) => other.close(resolve));
    await until('it is tried again', async () => (await s.status()).failed.length === 0);
    expect(served([await s.open('127.0.0.1', b), await s.open('127.0.0.1', a)])).toHaveLength(2);
    // From a single address to all of them: the first lets go of the port in all workers before.
    expect((await s.rc('set', 'A', '--bindings', `0.0.0.0:${a}`, '--wait')).stderr).toBe('');
    expect(served([await s.open('127.0.0.1', a), await s.open('127.0.0.2', a)])).toHaveLength(2);
    for (const client of clients) expect(await client.say('NOOP')).toMatch(/^250/);
  }));

it('FaultRules that count hold over all workers, and go on when a worker is replaced', async () => {
  const FaultRules = ['rcpt 451 4.3.0 first 2', 'rcpt 550 5.1.1 sender "always@*"'];
  await scene({ connectors: { A: { FaultRules } } }, async (s) => {
    const asked = async (client: Client, sender: string) => {
      await client.say('HELO a.contoso.com');
      await client.say(`MAIL FROM:<${sender}>`);
      return (await client.say('RCPT TO:<b@contoso.com>')).slice(0, 3);
    };
    const before = await s.openInEach(2);
    const answers = [await asked(before[0]!, 'a@contoso.com')];
    for (const pid of await s.pids()) process.kill(pid, 'SIGKILL');
    await until('the clients notice', () => before.every((client) => client.closed));
    for (const client of await s.openInEach(4)) {
      answers.push(await asked(client, 'a@contoso.com'));
      await client.say('RSET');
      if (answers.length > 2) expect(await asked(client, 'always@contoso.com')).toBe('550');
    }
    expect(answers.slice(0, 2)).toEqual(['451', '451']);
    expect(answers.slice(2).filter((answer) => answer !== '250')).toEqual([]);
  });
});

/** What servers took and how they do is seen from any of a fleet: status, usage, the tracking log, messages; narrowed by --server. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Client } from '../listener/harness.ts';
import { until } from '../support/until.ts';
import { fleetOf, hasEngine, type Member, TestEngine } from './scene.ts';

describe.skipIf(!hasEngine)('asked on one server of a fleet', () => {
  let engine: TestEngine;
  let members: Member[];
  const clients: Client[] = [];

  beforeAll(async () => {
    engine = await TestEngine.start();
    members = await fleetOf(2, engine, {
      MaxInboundConnectionPerSource: 2,
      MaxInboundConnectionPercentagePerSource: 100,
    });
    for (const member of members) {
      await send(member, `One of ${member.server}`);
      await send(member, `Two of ${member.server}`);
    }
    for (let i = 0; i < 3; i++) clients.push(await opened(members[1]!));
  }, 120_000);

  afterAll(async () => {
    for (const client of clients) client.socket.destroy();
    for (const member of members ?? []) await member.stop('SIGKILL');
    await engine?.stop();
  });

  const opened = ({ address, port }: Member) => Client.open(port, { host: address, localAddress: '127.0.0.1' });

  async function send(member: Member, subject: string): Promise<void> {
    const client = await opened(member);
    for (const line of ['HELO x', 'MAIL FROM:<alice@contoso.com>', `RCPT TO:<bob@${member.server}.com>`, 'DATA'])
      await client.say(line);
    const body = `From: alice@contoso.com\r\nTo: bob@contoso.com\r\nSubject: ${subject}\r\n\r\nText of ${subject}`;
    expect(await client.say(`${body}\r\n.`)).toMatch(/^250/);
    client.socket.destroy();
  }

  async function objects(member: Member, ...args: readonly string[]): Promise<Record<string, unknown>[]> {
    return lines((await member.rc(...args, '--output', 'ndjson')).stdout);
  }

  function lines(stdout: string): Record<string, unknown>[] {
    return stdout
      .split('\n')
      .filter(Boolean)
      .map((line) => JSON.parse(line));
  }

  const OF_BOTH = ['EX01', 'EX02'].flatMap((server) => [
    [server, `One of ${server}`],
    [server, `Two of ${server}`],
  ]);

  test('usage: each server’s sources, the nearest to their limit first', async () => {
    const [one] = members as [Member];
    const [row, ...more] = await objects(one, 'usage', 'EX02\\*');
    expect(row).toMatchObject({
      Connector: 'EX02\\Relay',
      Server: 'EX02',
      Source: '127.0.0.1',
      Connections: 2,
      Limit: 2,
    });
    expect(row).toMatchObject({ PercentUsed: 100, RefusedPerSource: 1 });
    expect(more).toEqual([]);
    expect(await objects(one, 'usage', '--server', 'EX01')).toEqual([]);
  });

  test('status: each server with its listener, connectors, sources, refusals and findings', async () => {
    const [one, two] = members as [Member, Member];
    const rows = lines((await one.tried('status', '--output', 'ndjson')).stdout);
    expect(rows).toMatchObject([
      { Server: 'EX01', State: 'Running', Home: one.home, Connections: 0, Refusals: [] },
      { Server: 'EX02', State: 'Running', Home: two.home, Connections: 2, Refusals: [{ Id: 1021 }] },
    ]);
    for (const row of rows) expect(row).toMatchObject({ Connectors: [{ Name: 'Relay', Open: row.Connections }] });
    expect(rows[1]).toMatchObject({ Sources: [{ Source: '127.0.0.1', Open: 2 }] });
    expect(JSON.stringify(rows[0]!.Findings)).not.toContain('EX02');
    const { stdout } = await one.tried('status', '--output', 'table');
    expect(stdout.match(/^EX0\d +Running/gm)).toHaveLength(2);
    const other = lines((await one.tried('status', '--server', 'EX02', '--output', 'ndjson')).stdout);
    expect(other).toMatchObject([{ Server: 'EX02' }]);
  });

  test('the tracking log: by time, narrowed by what is asked for, the newest of all', async () => {
    const [, two] = members as [Member, Member];
    const tracking = (...args: string[]) => objects(two, 'get-message-tracking-log', '--event-id', 'RECEIVE', ...args);
    await until('all is logged', async () => (await tracking()).length === 4);
    const received = await tracking('--result-size', 'Unlimited');
    expect(received.map(({ Server, MessageSubject }) => [Server, MessageSubject])).toEqual(OF_BOTH);
    expect(await tracking('--recipients', '*@ex01.com', '--start', String(received[1]!.Timestamp))).toEqual([
      received[1],
    ]);
    expect(await tracking('--server', 'EX01')).toHaveLength(2);
    const few = await two.rc(
      'get-message-tracking-log',
      '--event-id',
      'RECEIVE',
      '--result-size',
      '3',
      '--output',
      'ndjson',
    );
    expect(lines(few.stdout)).toEqual(received.slice(1));
    expect(few.stderr).toMatch(/more results than the 3 newest/);
  });

  test('messages: not over a network that may be read; else of all, oldest first', async () => {
    const [one, two] = members as [Member, Member];
    const alone = await one.tried('get-message', '--output', 'ndjson');
    expect(alone.code).toBe(0);
    expect(alone.stderr).toMatch(/WARNING: EX02: messages are told only over TLS/);
    expect(lines(alone.stdout).map(({ Server }) => Server)).toEqual(['EX01', 'EX01']);
    expect((await one.tried('get-message', '--server', 'EX02')).code).toBe(1);
    for (const member of members) await member.join(engine, '--allow-plaintext');
    await until('all tell', async () => (await objects(one, 'get-message')).length === 4);
    const all = await objects(one, 'get-message');
    expect(all.map(({ Server, Subject }) => [Server, Subject])).toEqual(OF_BOTH);
    expect(await objects(two, 'get-message', '--subject', 'one of ex02', '--server', 'EX02')).toEqual([all[2]]);
    expect(await objects(one, 'get-message', '--newest', '1')).toEqual([all[3]]);
    expect(await objects(one, 'get-message', String(all[3]!.Identity))).toEqual([all[3]]);
    const raw = await one.rc('get-message', '--subject', 'Two of EX02', '--raw');
    expect(raw.stdout).toContain('Text of Two of EX02');
    expect((await one.tried('get-message', 'nobody-has-this')).stderr).toContain('No message has the Identity');
  });
});

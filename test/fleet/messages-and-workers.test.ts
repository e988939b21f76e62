/** MessageRateLimit over a fleet; and workers in a fleet, whose limits are as exact as without. */
import { connect } from 'node:net';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { Client } from '../listener/harness.ts';
import { until } from '../support/until.ts';
import { hasEngine, Member, TestEngine } from './scene.ts';

describe.skipIf(!hasEngine)('two servers', { timeout: 120_000 }, () => {
  let engine: TestEngine;
  let members: Member[] = [];
  const clients: Client[] = [];

  beforeEach(async () => {
    engine = await TestEngine.start();
  });
  afterEach(async () => {
    for (const client of clients.splice(0)) client.socket.destroy();
    for (const member of members) await member.stop('SIGKILL');
    await engine.stop();
  });

  async function running(settings: Readonly<Record<string, unknown>>, ...flags: string[]): Promise<void> {
    members = [await Member.make('EX01', 60, settings), await Member.make('EX02', 61, settings)];
    for (const member of members) await member.join(engine);
    for (const member of members) await member.serve(...flags);
    await until(
      'their limits are counted in the engine',
      async () => {
        const known = await Promise.all(members.map((member) => member.listener!.status()));
        const [now, whole] =
          (await engine.say('HMGET', 'rc:{default}:clock', 'now', 'whole')).match(/^\d+(?=\r)/gm) ?? [];
        return (
          known.every((status) => status?.fleet?.counting && status.fleet.nodes === 2) && Number(now) > Number(whole)
        );
      },
      { timeout: 40_000, every: 100 },
    );
  }

  async function client({ address, port }: Member): Promise<Client> {
    const opened = await Client.open(port, { host: address, localAddress: '127.0.0.1' });
    clients.push(opened);
    return opened;
  }

  const ALL = { LimitScope: 'Fleet', MaxInboundConnectionPercentagePerSource: 100 };

  /** A source has a limit's worth on both servers together, one connection on each: what they show of it, and what they would say to one more. */
  async function shown(): Promise<void> {
    const rows = async () => {
      const { stdout } = await members[1]!.rc('get-source', '--source', '127.0.0.1', '--output', 'ndjson');
      return stdout
        .split('\n')
        .filter(Boolean)
        .map((line) => JSON.parse(line) as Record<string, unknown>);
    };
    await until('both know of both', async () => {
      const all = await rows();
      return all.length === 2 && all.every(({ OpenInFleet }) => OpenInFleet === 2);
    });
    for (const row of await rows()) expect(row).toMatchObject({ Open: 1, Limit: 2, PercentUsed: 100 });
    const why = await members[1]!.tried('why', '--from', '127.0.0.1', '--output', 'ndjson');
    expect(why.stdout).toMatch(/421 4\.3\.2.*"Accepted":false.*MaxInboundConnectionPerSource/);
    expect((await client(members[1]!)).lines[0]).toMatch(/^421 4\.3\.2/);
  }

  test('MessageRateLimit with LimitScope Fleet counts the messages to both; without, each its own', async () => {
    await running({ ...ALL, MessageRateLimit: 5, MessageRateSource: 'IPAddress', MaxInboundConnectionPerSource: 2 });
    const [one, two] = [await client(members[0]!), await client(members[1]!)];
    await shown();
    const answers: string[] = [];
    for (const each of [one, two]) await each.say('HELO x');
    for (let i = 0; i < 4; i++)
      for (const each of [one, two])
        answers.push((await each.say('MAIL FROM:<a@b.c>')).slice(0, 3), (await each.say('RSET')).slice(0, 3));
    const mail = answers.filter((_, i) => i % 2 === 0);
    // 421 ends the session, so the second server's client is gone after its first.
    expect(mail.slice(0, 7)).toEqual(['250', '250', '250', '250', '250', '421', '421']);
    expect(mail[7]).toBe('clo');
    await members[0]!.rc('set', '*\\Relay', '--limit-scope', 'Server', '--wait=40');
    const again = await client(members[1]!);
    await again.say('HELO x');
    expect((await again.say('MAIL FROM:<a@b.c>')).slice(0, 3)).toBe('250');
  });

  test('with two workers each: exactly the limit, however many knock at once, and again after they left', async () => {
    await running({ ...ALL, MaxInboundConnectionPerSource: 7 }, '--workers', '2');
    // An engine that a busy machine does not answer in time lets nobody in, so the limit is never passed.
    for (const member of members) await member.rc('set-transport-service', '--fleet-fallback', 'Closed', '--wait=40');
    for (let round = 0; round < 2; round++) {
      const knock = async (n: number) => {
        await Promise.all(Array.from({ length: n }, (_, i) => client(members[i % 2]!)));
        return clients.filter(({ lines, closed }) => lines[0]?.startsWith('220') && !closed).length;
      };
      expect(await knock(30)).toBeLessThanOrEqual(7);
      await until('the limit is reached', async () => (await knock(2)) === 7, { every: 250 });
      expect(await knock(10)).toBe(7);
      for (const each of clients.splice(0)) each.socket.destroy();
      await until('all have left', async () => {
        const said = await engine.say('HVALS', 'rc:{default}:source:127.0.0.1 relay');
        return !/^\d+\r$/m.test(said);
      });
      await forgotten();
    }
  });

  /** What was refused is believed for 200 ms: waits until somebody is let in again. */
  async function forgotten(): Promise<void> {
    for (const { address, port } of members)
      await until(
        'refusals are forgotten',
        () =>
          new Promise<boolean>((resolve) => {
            const socket = connect({ host: address, port, localAddress: '127.0.0.1' });
            socket.once('data', (text) => {
              resolve(String(text).startsWith('220'));
              socket.destroy();
            });
            socket.on('error', () => resolve(false));
          }),
      );
    await until(
      'none is counted',
      async () => !/^\d+\r$/m.test(await engine.say('HVALS', 'rc:{default}:source:127.0.0.1 relay')),
    );
  }
});

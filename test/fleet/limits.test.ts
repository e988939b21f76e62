/** Limits that count over all servers of a fleet, with a real engine and listeners on 127.0.0.x. */
import { connect, type Socket } from 'node:net';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { listenerMetrics } from '../../src/control/listener-client.ts';
import { homeAt } from '../../src/store/home.ts';
import { until } from '../support/until.ts';
import { fleetOf, hasEngine, type Member, TestEngine } from './scene.ts';

const LIMIT = 6;

describe.skipIf(!hasEngine)('a limit of the fleet', () => {
  let engine: TestEngine;
  let members: Member[];
  const open: Socket[] = [];

  beforeAll(async () => {
    engine = await TestEngine.start();
    members = await fleetOf(3, engine, {
      LimitScope: 'Fleet',
      MaxInboundConnectionPerSource: LIMIT,
      MaxInboundConnectionPercentagePerSource: 100,
    });
    await whole();
  });

  afterEach(async () => {
    engine.signal('SIGCONT');
    await drop(open.length);
    await passed(3500); // all have said that they are there, and refusals of before are forgotten
  });

  afterAll(async () => {
    for (const member of members ?? []) await member.stop('SIGKILL');
    await engine?.stop();
  });

  /** The engine's counts are whole: nobody falls back any more. */
  async function whole(): Promise<void> {
    await until(
      'counts are whole',
      async () => {
        const [now, at] = (await engine.say('HMGET', 'rc:{default}:clock', 'now', 'whole'))
          .match(/^\d+(?=\r)/gm)!
          .map(Number);
        return now! > at!;
      },
      { every: 100 },
    );
  }

  /** So much has passed by the fleet's clock, which goes as long as somebody says that he is there. */
  async function passed(ms: number): Promise<void> {
    const now = async () => Number((await engine.say('HGET', 'rc:{default}:clock', 'now')).match(/^\d+(?=\r)/gm)![0]);
    const begun = await now();
    await until('time has passed', async () => (await now()) >= begun + ms, { every: 50 });
  }

  /** The first three digits that a client is told. */
  function dial(member: Member): Promise<string> {
    return new Promise((resolve, reject) => {
      const socket = connect({ host: member.address, port: member.port, localAddress: '127.0.0.1' });
      let text = '';
      socket.setEncoding('latin1').on('data', (chunk: string) => {
        text += chunk;
        if (!text.includes('\n')) return;
        if (text.startsWith('220')) open.push(socket);
        resolve(text.slice(0, 3));
      });
      socket.on('error', reject);
      socket.on('close', () => resolve(text.slice(0, 3)));
    });
  }

  /** How many of `n` connections to each of some servers, one after the other, are served. */
  async function served(n: number, to: readonly Member[]): Promise<number> {
    let count = 0;
    for (let i = 0; i < n; i++) for (const member of to) if ((await dial(member)) === '220') count++;
    return count;
  }

  async function drop(n: number): Promise<void> {
    for (const socket of open.splice(0, n)) socket.destroy();
    if (!open.length) await until('the engine counts none', async () => (await counted()) === 0);
  }

  /** What the engine counts for 127.0.0.1. */
  async function counted(): Promise<number> {
    const said = await engine.say('HVALS', 'rc:{default}:source:127.0.0.1 relay');
    return said
      .split('\r\n')
      .filter((line) => /^\d+$/.test(line))
      .reduce((sum, line) => sum + Number(line), 0);
  }

  /** Connections that FleetFallback judged, on all servers. */
  async function fallbacks(): Promise<number> {
    const all = await Promise.all(members.map(({ home }) => listenerMetrics(homeAt(home))));
    return all.reduce((sum, text) => sum + Number(/^rc_fleet_fallbacks_total (\d+)$/m.exec(text ?? '')![1]), 0);
  }

  /** What is exact while the engine answers in time. On a machine too busy for that the fallback judges, and it is tried again. */
  async function whileItAnswers(work: () => Promise<void>): Promise<void> {
    for (let tries = 1; ; tries++) {
      const before = await fallbacks();
      try {
        return await work();
      } catch (error) {
        if (tries === 5 || (await fallbacks()) === before) throw error;
        await drop(open.length);
        await passed(3500);
      }
    }
  }

  /** So many of them are served, no more and no fewer. */
  const reached = (limit: number, to: readonly Member[]) =>
    whileItAnswers(async () => expect(await served(limit + 1, to)).toBe(limit));

  test('is never passed and always reached, over all servers together', async () => {
    await whileItAnswers(async () => {
      expect(await served(4, members)).toBe(LIMIT);
      expect(await counted()).toBe(LIMIT);
    });
    await drop(2);
    await until('two are free', async () => (await counted()) === LIMIT - 2);
    await until('they can be had again', async () => (await served(1, members)) > 0);
  });

  test('many at once: exactly the limit', async () => {
    await whileItAnswers(async () => {
      const answers = await Promise.all(Array.from({ length: 30 }, (_, i) => dial(members[i % 3]!)));
      expect(answers.filter((answer) => answer === '220')).toHaveLength(LIMIT);
      expect(answers.filter((answer) => answer === '421')).toHaveLength(30 - LIMIT);
    });
  });

  test('raised by one command on any of them, it holds on all', async () => {
    await whileItAnswers(async () => {
      await members[2]!.rc('set', '*\\Relay', '--max-inbound-per-source', String(LIMIT), '--wait=20');
      expect(await served(3, members)).toBe(LIMIT);
      await members[2]!.rc('set', '*\\Relay', '--max-inbound-per-source', String(LIMIT + 3), '--wait=20');
      expect(await served(3, members)).toBe(3);
    });
    await members[2]!.rc('set', '*\\Relay', '--max-inbound-per-source', String(LIMIT), '--wait=20');
  });

  test('MaxInboundConnection and the percentage count over all servers too', async () => {
    await members[0]!.rc('set', '*\\Relay', '--max-inbound-connection', '4', '--wait=20');
    await reached(4, members);
    await drop(4);
    const percentage = ['--max-inbound-connection', '10', '--max-inbound-percentage-per-source', '20'];
    await members[0]!.rc('set', '*\\Relay', ...percentage, '--wait=20');
    await reached(2, members);
    const back = ['--max-inbound-connection', '5000', '--max-inbound-percentage-per-source', '100'];
    await members[0]!.rc('set', '*\\Relay', ...back, '--wait=20');
  });

  test('usage shows what the fleet has of the connector, get-source each server’s part', async () => {
    await reached(LIMIT, members);
    const rows = async (...args: string[]) =>
      (await members[0]!.rc(...args, '--output', 'ndjson')).stdout
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line) as Record<string, unknown>);
    const isKnown = async () => (await rows('usage'))[0]?.ConnectorConnections === LIMIT;
    await until('the totals are read', isKnown);
    expect(await rows('usage')).toMatchObject(
      ['EX01', 'EX02', 'EX03'].map((server) => ({
        Connector: `${server}\\Relay`,
        Connections: 2,
        ConnectorConnections: LIMIT,
      })),
    );
    const parts = await rows('get-source', '--source', '127.0.0.1');
    expect(parts.map(({ Server, Open }) => `${Server} ${Open}`).sort()).toEqual(['EX01 2', 'EX02 2', 'EX03 2']);
  });

  test('kill -9 of a listener gives its places back within 15 s', async () => {
    const [one, two] = members as [Member, Member];
    await whileItAnswers(async () => {
      expect(await served(LIMIT + 1, [two])).toBe(LIMIT);
      expect(await dial(one)).toBe('421');
    });
    await two.stop('SIGKILL');
    const begun = performance.now();
    await until('all are free again', async () => (await served(1, [one])) === 1, { every: 200 });
    expect(performance.now() - begun).toBeLessThan(20_000);
    await until('the limit is reached again', async () => {
      await served(1, [one]);
      return (await counted()) === LIMIT;
    });
    expect(await dial(one)).toBe('421');
    await two.serve();
    await until('it is back', async () => (await one.fleet()).LiveNodes === 3);
    await whileItAnswers(async () => {
      await served(LIMIT, [one]);
      expect(await dial(two)).toBe('421');
    });
  });

  test('a listener that starts again at once takes its old counts away at once', async () => {
    const [one, two] = members as [Member, Member];
    await reached(LIMIT, [two]);
    await two.stop('SIGKILL');
    open.splice(0);
    await two.serve();
    await until('its places are free', async () => (await served(1, [one])) === 1, { timeout: 9000 });
  });

  test('the engine away: each takes its share; when it is back the limit holds again, counting what was let in', async () => {
    engine.signal('SIGSTOP');
    expect(await served(4, members)).toBe(LIMIT); // 2 of 6 each
    engine.signal('SIGCONT');
    await until('the engine counts them', async () => (await counted()) === LIMIT);
    for (const member of members) expect(await dial(member)).toBe('421');
  });

  test('FleetFallback Closed lets nobody in meanwhile, Open counts each server alone', async () => {
    for (const member of members) await member.rc('set-transport-service', '--fleet-fallback', 'Closed', '--wait=20');
    engine.signal('SIGSTOP');
    expect(await served(2, members)).toBe(0);
    engine.signal('SIGCONT');
    await until('it is back', async () => (await served(1, members)) > 0, { every: 200 });
    for (const member of members) {
      await until(
        'it can be set',
        async () => (await member.tried('set-transport-service', '--fleet-fallback', 'Open', '--wait=20')).code === 0,
      );
    }
    await drop(open.length);
    engine.signal('SIGSTOP');
    expect(await served(LIMIT, members)).toBe(3 * LIMIT);
    engine.signal('SIGCONT');
    for (const member of members) {
      await until(
        'it can be set',
        async () =>
          (await member.tried('set-transport-service', '--fleet-fallback', 'LocalShare', '--wait=20')).code === 0,
      );
    }
  });

  test('FLUSHALL: counts are said again, the generation that is gone is not followed, and a join puts it back', async () => {
    await reached(LIMIT, members);
    await engine.say('FLUSHALL');
    await until('counts are said again', async () => (await counted()) === LIMIT);
    await whole();
    for (const member of members) expect(await dial(member)).toBe('421');
    const [one, two] = members as [Member, Member];
    expect((await two.fleet()).State).toBe('NotFollowed');
    const refused = await two.tried('set', 'Relay', '--max-hop-count', '9');
    expect(refused.stderr).toMatch(/has no fleet "default" any more.*rc join-fleet redis:/s);
    const { generation } = one.store;
    expect((await one.rc('join-fleet', engine.url)).stderr).toContain('is there again');
    for (const member of members) await until('it follows', () => member.store.generation === generation + 1);
    await until('all is well', async () => (await two.fleet()).State === 'Connected');
  });
});

/** What docs/fleet.md says of failures: engines that die, come back with old data or hand over to a replica, clocks that jump, twins. */
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { until } from '../support/until.ts';
import { fleetOf, hasEngine, type Member, TestEngine } from './scene.ts';

const AWAY = 17201;
const NOT_FOLLOWED = 17202;
const FOLLOWED = 17203;
const PATIENT = { timeout: 40_000, every: 100 };

describe.skipIf(!hasEngine)('a fleet of two', { timeout: 120_000 }, () => {
  let engine: TestEngine;
  let one: Member;
  let two: Member;
  const others: TestEngine[] = [];

  beforeEach(async () => {
    engine = await TestEngine.start(['--save', '']);
    [one, two] = (await fleetOf(2, engine)) as [Member, Member];
  }, 120_000);
  afterEach(async () => {
    for (const member of [one, two]) await member?.stop('SIGKILL');
    for (const each of [engine, ...others.splice(0)]) await each?.stop();
  });

  const hops = (member: Member) =>
    member.store.connectors.map((c) => (c as { MaxHopCount?: number }).MaxHopCount).join(' ');

  test('the engine killed: connections are refused, changes too; restarted with old data it is not followed, and put right', async () => {
    await one.rc('set', '*\\Relay', '--max-hop-count', '20', '--wait=40');
    await engine.say('SAVE');
    await one.rc('set', '*\\Relay', '--max-hop-count', '21', '--wait=40');
    const { generation } = one.store;
    await engine.stop('SIGKILL');
    const refused = await two.tried('set', 'Relay', '--max-hop-count', '9');
    expect(refused.stderr).toMatch(/cannot be asked .*ECONNREFUSED.*Nothing was changed/s);
    expect((await two.fleet()).State).toBe('EngineAway');
    await until('it is told', () => two.told(AWAY).length > 0, PATIENT); // refused, closed, reset: as the kill met it
    await engine.start(); // with what was saved
    await until(
      'that it went back is told',
      () => [one, two].every((m) => m.told(NOT_FOLLOWED).some((t) => /went back/.test(t))),
      PATIENT,
    );
    expect([one, two].map(hops)).toEqual(['21 21', '21 21']);
    expect([one, two].map(({ store }) => store.generation)).toEqual([generation, generation]);
    expect((await two.tried('set', 'Relay', '--max-hop-count', '9')).stderr).toMatch(/went back from/);
    await two.rc('join-fleet', engine.url);
    await until('both follow', () => [one, two].every(({ store }) => store.generation === generation + 1), PATIENT);
    expect([one, two].map(hops)).toEqual(['21 21', '21 21']);
  });

  test('a replica that took over: joined again by its address, nothing is lost, and counts are whole again', async () => {
    const replica = await TestEngine.start(['--save', '', '--replicaof', '127.0.0.1', String(engine.port)]);
    others.push(replica);
    await one.rc('set', '*\\Relay', '--max-hop-count', '20', '--wait=40');
    const { generation } = one.store;
    const has = async () =>
      (await replica.say('HGET', 'rc:{default}:document', 'generation')).includes(`\n${generation}\r`);
    await until('the replica has it', has, PATIENT);
    await engine.stop('SIGKILL');
    await replica.say('REPLICAOF', 'NO', 'ONE');
    for (const member of [one, two])
      expect((await member.rc('join-fleet', replica.url)).stderr).toContain(
        `follows the fleet "default" at ${replica.url}`,
      );
    await until('both are there', async () => (await one.fleet()).LiveNodes === 2, PATIENT);
    await two.rc('set', '*\\Relay', '--max-hop-count', '22', '--wait=40');
    expect([one, two].map(hops)).toEqual(['22 22', '22 22']);
    expect(one.store.generation).toBe(generation + 1);
  });

  test.each([
    ['forward', -3_600_000],
    ['back', 3_600_000],
  ])('the engine’s clock is set an hour %s: nobody is declared dead', async (_, by) => {
    const lives = async () => Number(/:(\d+)/.exec(await engine.say('ZCARD', 'rc:{default}:alive'))![1]);
    const clock = async (field: string) =>
      Number(/^(\d+)\r$/m.exec((await engine.say('HGET', 'rc:{default}:clock', field)).replace(/^\$\d+\r\n/, ''))![1]);
    const before = await clock('now');
    // The clock that was read last is an hour off the one that is read next, as if it had been set meanwhile.
    await engine.say('HSET', 'rc:{default}:clock', 'wall', String((await clock('wall')) + by));
    const told = two.told(NOT_FOLLOWED, AWAY).length;
    await until('the fleet’s clock goes on', async () => (await clock('now')) > before + 5000, PATIENT);
    expect(await lives()).toBe(2);
    expect(two.told(NOT_FOLLOWED, AWAY)).toHaveLength(told);
    expect((await one.fleet()).LiveNodes).toBe(2);
  });

  test('another machine runs as this server: told, nothing stops; and all is well when it is gone', async () => {
    const key = (rest: string) => `rc:{default}:${rest}`;
    const twin = { server: 'EX02', home: 'elsewhere:1', host: 'mx9', pid: 7, version: '1', started: 1, generation: 1 };
    await engine.say('HSET', key('nodes'), 'twin', JSON.stringify(twin));
    await engine.say('ZADD', key('alive'), '1e15', 'twin');
    await engine.say('HSET', key('servers'), 'ex02', 'twin');
    const isTold = () =>
      two.told(NOT_FOLLOWED).some((text) => /Another listener runs as server EX02 .*mx9, process 7/.test(text));
    await until('it is told', isTold, PATIENT);
    expect((await two.listener!.status())!.fleet).toMatchObject({ counting: false });
    await engine.say('ZREM', key('alive'), 'twin');
    await until('it counts again', async () => (await two.listener!.status())!.fleet!.counting, PATIENT);
  });

  test('a document that a newer rc wrote while we run: the listener says so and goes on; back in our form, it is followed', async () => {
    await one.rc('set', '*\\Relay', '--max-hop-count', '20', '--wait=40');
    const { generation } = two.store;
    const format = 'receive-connector fleet';
    await engine.say('HSET', 'rc:{default}:document', 'format', `${format} 2`, 'generation', String(generation + 1));
    for (const member of [one, two])
      await until(
        'it says so',
        () => member.told(NOT_FOLLOWED).some((text) => /newer rc \(form 2; this one knows up to 1\)/.test(text)),
        PATIENT,
      );
    expect((await two.tried('set', 'Relay', '--max-hop-count', '9')).stderr).toMatch(/Update rc here/);
    expect(two.store.generation).toBe(generation);
    expect((await two.listener!.status())!.generation.applied).toBe(generation);
    await engine.say('HSET', 'rc:{default}:document', 'format', `${format} 1`, 'generation', String(generation));
    await two.rc('set', '*\\Relay', '--max-hop-count', '23', '--wait=40');
    expect([one, two].map(hops)).toEqual(['23 23', '23 23']);
  });

  test('a newer rc in the fleet: settings unknown here are not followed, and none of them is lost by a change here', async () => {
    await one.rc('set', '*\\Relay', '--max-hop-count', '20', '--wait=40');
    const { generation } = two.store;
    const key = 'rc:{default}:document';
    const text = async () => /^\$\d+\r\n(.*)\r\n$/s.exec(await engine.say('HGET', key, 'document'))![1]!;
    const ours = await text();
    type Organization = { connectors: object[]; servers: object[] };
    /** As an rc writes it that knows more. */
    const newer = (change: (document: Organization) => object) =>
      engine.say(
        'HSET',
        key,
        'document',
        JSON.stringify({ ...change(JSON.parse(ours) as Organization), generation: generation + 1 }),
        'generation',
        String(generation + 1),
      );
    const cases: [name: string, change: (document: Organization) => object][] = [
      ['Flavour', (all) => ({ ...all, connectors: all.connectors.map((c) => ({ ...c, Flavour: 'mild' })) })],
      ['flavours', (all) => ({ ...all, flavours: [] })],
      ['flavour', (all) => ({ ...all, servers: all.servers.map((s) => ({ ...s, flavour: 'mild' })) })],
    ];
    for (const [name, change] of cases) {
      await newer(change);
      const told = new RegExp(`Generation ${generation + 1}|generation ${generation + 1}\\).*\\b${name}\\b`);
      for (const member of [one, two])
        await until('it says so', () => member.told(NOT_FOLLOWED).some((said) => told.test(said)), PATIENT);
      const refused = await two.tried('set', 'Relay', '--max-hop-count', '9');
      expect(refused.code).toBe(1);
      expect(refused.stderr).toMatch(new RegExp(`\\b${name}\\b`));
      expect(await one.fleet()).toMatchObject({ State: 'Refused', LastError: expect.stringContaining(name) });
      expect(await text()).toContain(name); // as it was
      expect([one, two].map(({ store }) => store.generation)).toEqual([generation, generation]);
      expect((await two.listener!.status())!.generation.applied).toBe(generation);
      expect((await two.listener!.status())!.fleet).toMatchObject({ counting: true }); // limits still are the fleet's
    }
    await until(
      'what is wrong is one line',
      async () => {
        const lines = (await one.fleet()).Servers as string[];
        return lines.every((line) => /cannot be|is not what rc wrote/.test(line) && !/u\{a\}|\n/.test(line));
      },
      PATIENT,
    );
    // One of another version says so, and is named with it.
    const older = { server: 'EX09', home: 'x:1', host: 'mx9', pid: 9, version: '0.9.0', started: 1, generation };
    await engine.say('HSET', 'rc:{default}:nodes', 'older', JSON.stringify(older));
    await engine.say('ZADD', 'rc:{default}:alive', '1e15', 'older');
    await engine.say('HSET', key, 'document', ours.replaceAll('EX02', 'EX09'), 'generation', String(generation + 1));
    await until('EX01 follows again', () => one.store.generation === generation + 1, PATIENT);
    expect((await one.fleet()).Servers).toContainEqual(expect.stringMatching(/^EX09: .*, rc 0\.9\.0, host mx9/));
    expect(one.told(FOLLOWED).at(-1)).toContain(`(generation ${generation + 1})`);
  });

  test('a right is taken from the engine’s user while we run: told, nothing stops, and all is well when it has it again', async () => {
    await engine.say('ACL', 'SETUSER', 'default', '-evalsha', '-eval');
    await until('it is told', () => two.told(AWAY).some((text) => /lacks a right/.test(text)), PATIENT);
    expect((await two.listener!.status())!.pid).toBe(two.listener!.child.pid);
    expect((await two.tried('set', 'Relay', '--max-hop-count', '9')).stderr).toMatch(/lacks a right/);
    await engine.say('ACL', 'SETUSER', 'default', '+@all');
    await until('both are there', async () => (await one.fleet()).LiveNodes === 2, PATIENT);
    await two.rc('set', '*\\Relay', '--max-hop-count', '24', '--wait=40');
    expect(hops(one)).toBe('24 24');
  });
});

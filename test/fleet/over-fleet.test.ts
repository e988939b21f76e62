/** What listeners see is seen from any server of the fleet: sources, sessions, events, top; narrowed by --server. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { environment, RC } from '../support/rc.ts';
import { tempFolder } from '../support/temp-home.ts';
import { until } from '../support/until.ts';
import { fleetOf, hasEngine, Member, TestEngine } from './scene.ts';

describe.skipIf(!hasEngine)('asked on one server of a fleet', () => {
  let engine: TestEngine;
  let members: Member[];
  const open: Socket[] = [];

  beforeAll(async () => {
    engine = await TestEngine.start();
    members = await fleetOf(3, engine, {
      MaxInboundConnectionPerSource: 2,
      MaxInboundConnectionPercentagePerSource: 100,
    });
    for (const member of members) for (let i = 0; i < 3; i++) await dial(member);
  }, 120_000);

  afterAll(async () => {
    for (const socket of open) socket.destroy();
    for (const member of members ?? []) await member.stop('SIGKILL');
    await engine?.stop();
  });

  function dial(member: Member): Promise<string> {
    return new Promise((resolve, reject) => {
      const socket = connect({ host: member.address, port: member.port, localAddress: '127.0.0.1' });
      open.push(socket);
      socket.setEncoding('latin1').once('data', (text: string) => resolve(text.slice(0, 3)));
      socket.on('error', reject);
    });
  }

  async function objects(member: Member, ...args: readonly string[]): Promise<Record<string, unknown>[]> {
    const { stdout } = await member.rc(...args, '--output', 'ndjson');
    return stdout
      .split('\n')
      .filter(Boolean)
      .map((line) => JSON.parse(line));
  }

  test('get-session shows the sessions of all servers, --server those of some', async () => {
    const [one] = members as [Member];
    const all = await objects(one, 'get-session');
    expect(all.map(({ Connector }) => Connector).sort()).toEqual(
      ['EX01', 'EX02', 'EX03'].flatMap((server) => [`${server}\\Relay`, `${server}\\Relay`]),
    );
    const some = await objects(one, 'get-session', '--server', 'EX0[23]');
    expect(some.map(({ Server }) => Server)).toEqual(['EX02', 'EX02', 'EX03', 'EX03']);
    expect(await objects(one, 'get-session', '--server', 'EX01')).toHaveLength(2);
    expect(await objects(one, 'get-session', 'EX03\\Relay')).toHaveLength(2);
    expect(await objects(one, 'get-session', 'Relay')).toHaveLength(6);
  });

  test('get-source shows each server’s sources with what was refused there', async () => {
    const rows = await objects(members[1]!, 'get-source', '--source', '127.0.0.1');
    expect(rows).toHaveLength(3);
    for (const row of rows) expect(row).toMatchObject({ Open: 2, Limit: 2, PercentUsed: 100, RefusedHour: 1 });
    expect(rows.map(({ Server }) => Server).sort()).toEqual(['EX01', 'EX02', 'EX03']);
  });

  test('get-event shows the events of all by time; --newest the newest of all', async () => {
    const [, two] = members as [Member, Member];
    const refused = await objects(two, 'get-event', '1021');
    expect(refused.map(({ Server }) => Server)).toEqual(['EX01', 'EX02', 'EX03']);
    const times = (await objects(two, 'get-event')).map(({ Time }) => String(Time));
    expect(times.length).toBeGreaterThan(8);
    expect(times).toEqual([...times].sort());
    expect(await objects(two, 'get-event', '1021', '--newest', '2')).toHaveLength(2);
    expect((await objects(two, 'get-event', '1021', '--server', 'EX03')).map(({ Server }) => Server)).toEqual(['EX03']);
    const { stdout } = await two.rc('get-event', '1021', '--server', 'EX03', '--output', 'table');
    expect(stdout).toContain('1021');
  });

  test('get-event --follow goes on with the events of all', async () => {
    const [one, two, three] = members as [Member, Member, Member];
    const following = spawn(process.execPath, [RC, 'get-event', '--follow', '--output', 'ndjson'], {
      env: environment({ home: one.home }),
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    let stdout = '';
    following.stdout.setEncoding('utf8').on('data', (text: string) => {
      stdout += text;
    });
    await until('it shows the first', () => stdout.includes('\n'));
    await three.rc('set', 'EX03\\Relay', '--max-inbound-per-source', '3', '--wait=20');
    const told = () =>
      stdout
        .split('\n')
        .filter((line) => line.endsWith('}'))
        .map((line) => JSON.parse(line) as Record<string, unknown>);
    for (const server of ['EX01', 'EX02', 'EX03'])
      await until(`the change is told of ${server}`, () =>
        told().some(({ Server, Generation }) => Server === server && Generation === three.store.generation),
      );
    following.kill('SIGINT');
    expect((await once(following, 'close'))[0]).toBe(0);
    expect(new Set(told().map((event) => JSON.stringify(event))).size).toBe(told().length);
    expect(two.store.generation).toBe(three.store.generation);
  });

  test('top shows the connectors of all, or of one', async () => {
    const [one] = members as [Member];
    const { stdout } = await one.rc('top', '--once', '--interval', '0.3');
    for (const server of ['EX01', 'EX02', 'EX03']) expect(stdout).toContain(`${server}\\Relay`);
    const line = JSON.parse((await one.rc('top', '--output', 'ndjson', '--count', '1', '--interval', '0.3')).stdout);
    expect(line).toMatchObject({ Open: 6 });
    const other = JSON.parse(
      (await one.rc('top', '--server', 'EX03', '--output', 'ndjson', '--count', '1', '--interval', '0.3')).stdout,
    );
    expect(other).toMatchObject({ Open: 2 });
  });

  test('disconnect-session ends sessions of other servers', async () => {
    const [one, two] = members as [Member, Member];
    const [session] = await objects(one, 'get-session', '--server', 'EX02');
    const ended = await objects(one, 'disconnect-session', String(session!.Id));
    expect(ended).toMatchObject([{ Connector: 'EX02\\Relay', Result: 'Ending' }]);
    await until('it is gone', async () => (await two.listener!.status())!.sessions === 1);
    expect(await dial(two)).toBe('220');
  });

  test('history, diff, undo, export, import and doctor: of all, or of one with --server', async () => {
    const [one, two, three] = members as [Member, Member, Member];
    await one.rc('set', 'EX02\\Relay', '--max-hop-count', '33', '--wait=40');
    await one.rc('set', 'EX03\\Relay', '--max-hop-count', '34', '--wait=40');
    const newest = async (...server: string[]) => (await objects(two, 'history', '--last', '1', ...server))[0]!.Command;
    expect(await newest()).toContain('--max-hop-count 34');
    expect(await newest('--server', 'EX02')).toContain('--max-hop-count 33');
    const { generation } = three.store;
    const diff = async (server: string) =>
      JSON.parse(
        `[${(await two.tried('diff', String(generation - 2), '--server', server)).stdout.trim().replaceAll('\n', ',')}]`,
      );
    expect(await diff('EX02')).toMatchObject([{ Name: 'Relay', Setting: 'MaxHopCount', After: 33 }]);
    expect(await diff('EX01')).toEqual([]);
    await three.rc('undo', '--server', 'EX02', '--wait=40');
    const hops = (member: Member) =>
      member.store.connectors.flatMap((c) => (c as { MaxHopCount?: number }).MaxHopCount ?? []);
    expect(members.map(hops)).toEqual([[34], [34], [34]]);
    const exported = JSON.parse((await one.rc('export', '--server', 'EX03')).stdout);
    expect(exported.connectors).toMatchObject([{ Name: 'Relay', MaxHopCount: 34 }]);
    const file = join(tempFolder('export'), 'ex03.json');
    writeFileSync(file, JSON.stringify({ ...exported, connectors: [{ ...exported.connectors[0], MaxHopCount: 35 }] }));
    await two.rc('import', file, '--server', 'EX03', '--wait=40');
    expect(members.map(hops)).toEqual([[35], [35], [35]]);
    const findings = await two.tried('doctor', '--server', 'EX03', '--output', 'ndjson');
    expect(findings.stderr).not.toMatch(/ERROR|error/);
  });

  test('a server without a listener, and an engine that is away, are told of; the rest is shown', async () => {
    const [one, two, three] = members as [Member, Member, Member];
    await three.stop();
    const all = await one.tried('get-session', '--output', 'ndjson');
    expect(all.code).toBe(0);
    expect(all.stderr).toMatch(/WARNING: EX03: no listener runs there/);
    expect(all.stdout.trim().split('\n')).toHaveLength(4);
    const named = await one.tried('get-session', '--server', 'EX03');
    expect(named.code).toBe(1);
    expect(named.stderr).toMatch(/EX03: no listener runs there/);
    engine.signal('SIGSTOP');
    const alone = await one.tried('get-source', '--output', 'ndjson');
    engine.signal('SIGCONT');
    expect(alone.code).toBe(0);
    expect(alone.stdout).toContain('EX01\\\\Relay');
    expect(alone.stderr).toMatch(/This is EX01 alone: EX02, EX03 cannot be asked.*no answer/s);
    await three.serve();
    await until('all are back', async () => (await two.fleet()).LiveNodes === 3);
  });

  test('a home that only administrates sees the listeners of the others', async () => {
    const desk = await Member.make('DESK', 8);
    await desk.join(engine);
    const ran = await desk.tried('get-session', '--server', 'EX02', '--output', 'ndjson');
    expect(ran.code, ran.stderr).toBe(0);
    expect(ran.stdout.trim().split('\n')).toHaveLength(2);
    await desk.rc('leave-fleet');
  });

  test('what is no question, and what is no answer, harms nobody', async () => {
    const [one] = members as [Member];
    for (const text of ['', '{', '{"asker":"x"}', JSON.stringify({ asker: 1, servers: ['ex01'] }), 'x'.repeat(300_000)])
      await engine.say('PUBLISH', 'rc:{default}:asked', text);
    expect((await objects(one, 'get-session', '--server', 'EX02')).length).toBe(2);
  });
});

/** `rc serve` as a process: what it says, who may run beside it, how it ends and what it leaves. */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs';
import net from 'node:net';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { listenerStatus, sessions, waitForGeneration } from '../../src/control/listener-client.ts';
import { homeAt } from '../../src/store/home.ts';
import { Client, freePort, until, World } from './harness.ts';
import { Serving } from './process.ts';

let world: World;
let port: number;
const started: Serving[] = [];

beforeEach(async () => {
  world = new World();
  port = await freePort();
  world.define({ 'Default HOST': { Bindings: [`127.0.0.1:${port}`] } });
});
afterEach(async () => {
  for (const serving of started.splice(0)) {
    serving.kill('SIGKILL');
    await serving.over();
  }
  await world.end();
});

async function serve(graceMs?: number, home = world.home.folder): Promise<Serving> {
  const serving = await Serving.start(home, graceMs);
  started.push(serving);
  return serving.ready();
}

test('says what it listens on and what to try, answers on its control socket, ends with 0', async () => {
  const serving = await serve();
  expect(serving.out).toContain(`127.0.0.1:${port}`);
  expect(serving.out).toContain(`'Default HOST'`);
  expect(serving.out).toContain(`--home ${world.home.folder} set 'default*' --max-inbound-per-source 100`);
  expect(statSync(world.home.control).mode & 0o777).toBe(0o600);
  const client = await world.open(port);
  expect(client.lines).toEqual(['220 Default HOST 127.0.0.1']);

  const status = (await listenerStatus(world.home))!;
  expect(status).toMatchObject({ pid: serving.pid, sessions: 1, lastError: '', failed: [] });
  expect(status.bound).toEqual([
    { binding: `127.0.0.1:${port}`, connectors: ['Default HOST'], servedBy: `127.0.0.1:${port}` },
  ]);
  expect(status.connectors[0]).toMatchObject({
    name: 'Default HOST',
    connections: 1,
    limit: 5000,
    accepted: 1,
    sources: [{ address: '127.0.0.1', connections: 1, limit: 20 }],
  });
  expect((await sessions(world.home))![0]).toMatchObject({ connector: 'Default HOST', state: 'idle' });
  const generation = world.set('default*', { MaxInboundConnectionPerSource: 100 });
  expect(await waitForGeneration(world.home, generation, 5000)).toMatchObject({ result: 'applied', failed: [] });
  expect((await listenerStatus(world.home))!.connectors[0]!.sources[0]!.limit).toBe(100);

  serving.kill('SIGTERM');
  expect(await serving.over()).toBe(0);
  await until(() => client.closed);
  expect(client.lines[1]).toBe('421 4.3.2 Service not available');
  expect(existsSync(world.home.control)).toBe(false);
  expect(existsSync(join(world.home.folder, 'listener.pid'))).toBe(false);
  expect(await listenerStatus(world.home)).toBeUndefined();
  expect(await waitForGeneration(world.home, 1, 100)).toEqual({ result: 'no listener' });
  const events = readFileSync(world.home.events, 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
  expect(events.map((e) => e.id)).toEqual(expect.arrayContaining([17000, 17003, 17010, 17001, 17002]));
  expect(statSync(world.home.events).mode & 0o777).toBe(0o600);
});

test('lets a message finish before it ends, and cuts it when the time is over or a second signal comes', async () => {
  const patient = await serve();
  const sender = await world.open(port);
  await sender.say('DATA');
  patient.kill('SIGTERM');
  await until(() => patient.err.includes('17001'));
  expect((await Client.open(port)).lines[0] ?? 'nobody listens').not.toMatch(/^220/);
  sender.socket.write('Subject: still coming\r\n');
  expect(await sender.say('.')).toBe('250 2.6.0 Queued');
  expect(await sender.line(3)).toBe('421 4.3.2 Service not available');
  expect(await patient.over()).toBe(0);

  const short = await serve(50);
  await (await world.open(port)).say('DATA');
  short.kill('SIGINT');
  expect(await short.over()).toBe(0);
  expect(short.err).toContain('1 session(s) were cut off');

  const hurried = await serve(100_000);
  await (await world.open(port)).say('DATA');
  hurried.kill('SIGINT');
  await until(() => hurried.err.includes('17001'));
  hurried.kill('SIGINT');
  expect(await hurried.over()).toBe(0);
});

test('a second listener on the same home is refused with the pid; one that was killed is no obstacle', async () => {
  const first = await serve();
  const second = await serve();
  expect(second.code).toBe(1);
  expect(second.err).toContain(`A listener already runs for ${world.home.folder} (process ${first.pid})`);
  expect((await Client.open(port)).lines[0]).toMatch(/^220/);

  first.kill('SIGKILL');
  await first.over();
  expect(existsSync(world.home.control)).toBe(true);
  expect(await listenerStatus(world.home)).toBeUndefined();
  const third = await serve();
  expect(third.ended).toBe(false);
  expect((await listenerStatus(world.home))!.pid).toBe(third.pid);
});

test('of two started at the same moment, one runs', async () => {
  const both = await Promise.all([serve(), serve()]);
  expect(both.filter((s) => s.ended).map((s) => s.code)).toEqual([1]);
});

test('a port in use: named with the connector and what to type; fails only when nothing could be bound', async () => {
  const other = net.createServer().listen(port, '127.0.0.1');
  await until(() => other.listening);
  const alone = await serve();
  expect(alone.code).toBe(1);
  expect(alone.err).toContain('Nothing could be listened on.');
  expect(alone.err).toContain(`127.0.0.1:${port} for 'Default HOST': port ${port} is in use by another program.`);
  expect(alone.err).toContain(`rc set 'Default HOST' --bindings 127.0.0.1:${port + 1}`);
  expect(existsSync(join(world.home.folder, 'listener.pid'))).toBe(false);

  const free = await freePort();
  world.set('default*', { Bindings: [`127.0.0.1:${port}`, `127.0.0.1:${free}`] });
  const serving = await serve();
  expect(serving.out).toContain(`${`127.0.0.1:${port}`.padEnd(22)} NOT listening: port`);
  expect((await Client.open(free)).lines[0]).toMatch(/^220/);
  const status = (await listenerStatus(world.home))!;
  expect(status.failed).toMatchObject([{ binding: `127.0.0.1:${port}`, code: 'EADDRINUSE' }]);
  await new Promise((resolve) => other.close(resolve));
  const generation = world.set('default*', { Comment: 'the next change tries again', Bindings: [`127.0.0.1:${port}`] });
  expect(await waitForGeneration(world.home, generation, 5000)).toMatchObject({ result: 'applied', failed: [] });
  expect((await Client.open(port)).lines[0]).toMatch(/^220/);
});

test('a store that cannot be read is told, and left alone', async () => {
  writeFileSync(world.home.store, '{ "schemaVersion": 1,');
  const serving = await serve();
  expect(serving.code).toBe(1);
  expect(serving.err).toMatch(/rc serve: The store is not valid JSON: .*store\.json, line 1, column 22/);
  expect(readFileSync(world.home.store, 'utf8')).toBe('{ "schemaVersion": 1,');
});

test('a home with a long path has its control socket elsewhere, and leaves nothing there', async () => {
  const folder = join(world.home.folder, 'a'.repeat(100), 'b'.repeat(100));
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const home = homeAt(folder);
  const deep = new World(home);
  deep.define({ Deep: { Bindings: [`127.0.0.1:${port}`] } });
  const serving = await serve(1000, folder);
  expect((await listenerStatus(home))!.pid).toBe(serving.pid);
  const at = readFileSync(`${home.control}.path`, 'utf8').trim();
  expect(statSync(at).mode & 0o777).toBe(0o600);
  serving.kill('SIGKILL');
  await serving.over();
  const next = await serve(1000, folder);
  expect(existsSync(at)).toBe(false);
  next.kill('SIGTERM');
  expect(await next.over()).toBe(0);
  expect(existsSync(`${home.control}.path`)).toBe(false);
  expect(await listenerStatus(home)).toBeUndefined();
});

test('SIGHUP opens the event log anew, after logrotate moved it away', async () => {
  const serving = await serve();
  renameSync(world.home.events, `${world.home.events}.moved`);
  serving.kill('SIGHUP');
  await until(async () => {
    await waitForGeneration(world.home, world.set('default*', { Comment: String(Math.random()) }), 5000);
    return existsSync(world.home.events) && readFileSync(world.home.events, 'utf8').includes('"id":17003');
  });
  expect(serving.ended).toBe(false);
});

test('with no files left it says so and keeps its settings, and follows the store again when it can', async () => {
  const serving = await serve();
  const limit = (soft: string) => execFileSync('prlimit', [`--pid=${serving.pid}`, `--nofile=${soft}:`]);
  const [before] = /\d+/.exec(/Max open files +\d+/.exec(world.text(`/proc/${serving.pid}/limits`))![0])!;
  limit('3'); // fewer than are open: none can be opened any more
  await until(() => serving.err.includes(' 17018 '));
  const generation = world.set('default*', { MaxInboundConnectionPerSource: 100 });
  limit(before);
  await until(() => serving.err.includes(`Generation ${generation} `));
  expect(serving.err).not.toContain(' 17004 ');
  expect(await waitForGeneration(world.home, generation, 5000)).toMatchObject({ result: 'applied' });
});

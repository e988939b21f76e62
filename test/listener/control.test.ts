/** The control socket, asked as cmdlets and scripts ask it. */
import { readFileSync, writeFileSync } from 'node:fs';
import http from 'node:http';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { Control } from '../../src/listener/control.ts';
import { listenerMetrics, listenerStatus, sessions, waitForGeneration } from '../../src/store/listener-client.ts';
import { freePort, until, World } from './harness.ts';

let world: World;
let port: number;
let control: Control;
beforeEach(async () => {
  world = new World();
  port = await freePort();
  world.define({ A: { Bindings: [`127.0.0.1:${port}`] } });
  const listener = await world.listen({ pollMs: 1_000_000, notifications: false });
  control = new Control({ home: world.home, listener, version: '1.2.3', startedAt: new Date('2025-03-01T00:00:00Z') });
  await control.open();
});
afterEach(async () => {
  await control.close();
  await world.end();
});

function ask(path: string, method = 'GET'): Promise<{ status: number; text: string }> {
  return new Promise((resolve, reject) => {
    const request = http.request({ socketPath: world.home.control, path, method }, (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (chunk) => {
        text += chunk;
      });
      response.on('end', () => resolve({ status: response.statusCode!, text }));
    });
    request.on('error', reject).end();
  });
}

test('status: counters per connector and source, each with its limit', async () => {
  world.set('A', { MaxInboundConnection: 200, MaxInboundConnectionPercentagePerSource: 5 });
  await waitForGeneration(world.home, 3, 5000);
  for (let n = 0; n < 3; n++) await world.open(port);
  await world.open(port, { localAddress: '127.0.0.2' });
  const status = (await listenerStatus(world.home))!;
  expect(status).toMatchObject({
    pid: process.pid,
    version: '1.2.3',
    startedAt: '2025-03-01T00:00:00.000Z',
    sessions: 4,
  });
  expect(status.generation.applied).toBe(status.generation.seen);
  expect(status.connectors).toMatchObject([
    {
      name: 'A',
      enabled: true,
      removed: false,
      connections: 4,
      limit: 200,
      accepted: 4,
      refused: { connector: 0, source: 0, percentage: 0 },
      sourceCount: 2,
      sources: [
        { address: '127.0.0.1', connections: 3, limit: 10 },
        { address: '127.0.0.2', connections: 1, limit: 10 },
      ],
    },
  ]);
  expect(await sessions(world.home)).toHaveLength(4);
});

test('unlimited is null', async () => {
  const generation = world.set('A', { MaxInboundConnection: 'Unlimited', MaxInboundConnectionPerSource: 'Unlimited' });
  await waitForGeneration(world.home, generation, 5000);
  await world.open(port);
  const [a] = (await listenerStatus(world.home))!.connectors;
  expect(a).toMatchObject({ limit: null, sources: [{ limit: null }] });
});

test('wait: applied although no notification and no poll said so', async () => {
  const generation = world.set('A', { MaxInboundConnectionPerSource: 7 });
  expect(await waitForGeneration(world.home, generation, 5000)).toEqual({ result: 'applied', generation, failed: [] });
  expect(world.listener.slots[0]!.now.MaxInboundConnectionPerSource).toBe(7);
  expect(await waitForGeneration(world.home, 1, 5000)).toMatchObject({ result: 'applied', generation });
});

test('wait: refused with the reason, with and without a generation; a binding that failed; time over', async () => {
  const good = readFileSync(world.home.store, 'utf8');
  writeFileSync(
    world.home.store,
    good.replace('"generation": 2', '"generation": 3').replace('"Name": "A"', '"MaxHopCount": 0, "Name": "A"'),
  );
  expect(await waitForGeneration(world.home, 3, 5000)).toMatchObject({
    result: 'refused',
    generation: 3,
    reason: expect.stringContaining('connectors[0] "A" MaxHopCount: "0" is out of range'),
  });
  expect((await listenerStatus(world.home))!).toMatchObject({
    generation: { applied: 2, seen: 3 },
    lastError: expect.stringContaining('MaxHopCount'),
  });
  writeFileSync(world.home.store, 'nonsense');
  expect(await waitForGeneration(world.home, 3, 5000)).toMatchObject({
    result: 'refused',
    reason: expect.stringContaining('not valid JSON'),
  });
  writeFileSync(world.home.store, good);
  const generation = world.set('A', { Bindings: [`127.0.0.1:${port}`, `192.0.2.1:${port}`] });
  expect(await waitForGeneration(world.home, generation, 5000)).toMatchObject({
    result: 'applied',
    failed: [{ binding: `192.0.2.1:${port}`, connectors: ['A'], code: 'EADDRNOTAVAIL' }],
  });
  expect(await waitForGeneration(world.home, generation + 1, 20)).toEqual({ result: 'timeout', generation });
});

test('a waiter is answered when the listener ends', async () => {
  const waiting = waitForGeneration(world.home, 99, 60_000);
  await until(() => control.waiting === 1);
  await control.close();
  expect((await waiting).result).toBe('timeout');
});

test('metrics', async () => {
  world.set('A', { MaxInboundConnectionPerSource: 1 });
  await waitForGeneration(world.home, 3, 5000);
  await world.open(port);
  await world.open(port);
  const text = (await listenerMetrics(world.home))!;
  expect(text).toContain('rc_connections{connector="A"} 1');
  expect(text).toContain('rc_connections_refused_total{connector="A",limit="source"} 1');
  expect(text).toContain('rc_source_connections_max{connector="A"} 1');
  expect(text).toMatch(/^process_resident_memory_bytes \d+/m);
  expect((await listenerMetrics(world.home))!).toContain('rc_connections_accepted_total{connector="A"} 1');
});

test('it only shows: other methods, paths and figures are refused', async () => {
  expect((await ask('/status', 'POST')).status).toBe(405);
  expect((await ask('/nothing')).status).toBe(404);
  for (const query of [
    '',
    '?generation=x',
    '?generation=-1',
    '?generation=1&timeout=-1',
    '?generation=1&timeout=99999999999',
  ])
    expect((await ask(`/wait${query}`)).status, query).toBe(400);
});

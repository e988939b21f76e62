/** The control socket, asked as cmdlets and scripts ask it. */
import { setMaxListeners } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import http from 'node:http';
import net from 'node:net';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { controlAddress, isPipe, makeControlAddress } from '../../src/control/control-address.ts';
import {
  disconnectSession,
  listenerMetrics,
  listenerPage,
  listenerStatus,
  reloadListener,
  type Snapshot,
  sessions,
  sources,
  stopListener,
  waitForGeneration,
} from '../../src/control/listener-client.ts';
import { live } from '../../src/control/live-client.ts';
import { Control, type Orders } from '../../src/listener/observe/control.ts';
import { LiveFeed } from '../../src/listener/observe/live-feed.ts';
import { Metrics } from '../../src/listener/observe/metrics.ts';
import { Observer } from '../../src/listener/observe/snapshot.ts';
import { homeAt } from '../../src/store/home.ts';
import { freePort, until, World } from './harness.ts';

let world: World;
let port: number;
let control: Control;
let told: string[];
/** What serve() makes of orders; here they are kept. */
const orders: Orders = {
  stop: (now) => void told.push(now ? 'stop now' : 'stop'),
  reload: async () => void told.push('reload'),
  page: async (address) => {
    told.push(`page ${address}`);
    return { url: 'http://127.0.0.1:8025/', token: 'T', opened: true };
  },
};
beforeEach(async () => {
  world = new World();
  told = [];
  port = await freePort();
  world.define({ A: { Bindings: [`127.0.0.1:${port}`] } });
  const listener = await world.listen({ pollMs: 1_000_000, notifications: false });
  const about = { home: world.home.folder, version: '1.2.3', startedAt: new Date('2025-03-01T00:00:00Z') };
  const observer = new Observer(listener, about, world.recent);
  control = new Control({
    home: world.home,
    listener,
    observer,
    metrics: new Metrics(listener, { version: '1.2.3' }),
    orders,
  });
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
      refused: { connector: 0, source: 0, percentage: 0, rate: 0 },
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
  expect(world.listener.connectors[0]!.now.MaxInboundConnectionPerSource).toBe(7);
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
  expect(text).toContain('smtp_receive_connections_current{connector="A"} 1\n');
  expect(text).toContain('smtp_receive_connections_rejected_total{connector="A",limit="source"} 1\n');
  expect(text).toMatch(/^process_resident_memory_bytes \d+/m);
});

test('it only shows: other methods, paths and figures are refused', async () => {
  expect((await ask('/status', 'POST')).status).toBe(405);
  expect((await ask('/nothing')).status).toBe(404);
  expect((await ask('//')).status).toBe(404); // no URL at all
  for (const query of [
    '',
    '?generation=x',
    '?generation=-1',
    '?generation=1&timeout=-1',
    '?generation=1&timeout=99999999999',
  ])
    expect((await ask(`/wait${query}`)).status, query).toBe(400);
});

describe('sources', () => {
  test('who is near the limit, which setting sets it, and who was refused', async () => {
    world.set('A', { MaxInboundConnectionPerSource: 2, MaxInboundConnection: 50 });
    await waitForGeneration(world.home, 3, 5000);
    for (const localAddress of ['127.0.0.1', '127.0.0.1', '127.0.0.1', '127.0.0.1', '127.0.0.2'])
      await world.open(port, { localAddress });
    const guid = world.listener.connectors[0]!.guid;
    const own = { connector: 'A', guid };
    // 2 % of 50 is one connection: the percentage is the smaller limit.
    expect(await sources(world.home)).toEqual([
      {
        ...own,
        address: '127.0.0.1',
        connections: 1,
        limit: 1,
        rule: 'MaxInboundConnectionPercentagePerSource',
        refused: { minute: 3, hour: 3 },
        failedLogons: { minute: 0, hour: 0 },
        because: [{ cause: 'MaxInboundConnectionPercentagePerSource', minute: 3, hour: 3 }],
        lastRefused: expect.stringMatching(/^\d{4}-/),
      },
      {
        ...own,
        address: '127.0.0.2',
        connections: 1,
        limit: 1,
        rule: 'MaxInboundConnectionPercentagePerSource',
        refused: { minute: 0, hour: 0 },
        failedLogons: { minute: 0, hour: 0 },
        because: [],
        lastRefused: '',
      },
    ]);
    const generation = world.set('A', { MaxInboundConnectionPercentagePerSource: 100 });
    await waitForGeneration(world.home, generation, 5000);
    expect(await sources(world.home)).toMatchObject([
      { address: '127.0.0.1', connections: 1, limit: 2, rule: 'MaxInboundConnectionPerSource' },
      { address: '127.0.0.2', connections: 1, limit: 2, rule: 'MaxInboundConnectionPerSource' },
    ]);
  });

  test('no limit has no rule; whom no connector takes is told without one', async () => {
    const generation = world.set('A', {
      MaxInboundConnection: 'Unlimited',
      MaxInboundConnectionPerSource: 'Unlimited',
      RemoteIPRanges: '127.0.0.1',
    });
    await waitForGeneration(world.home, generation, 5000);
    await world.open(port);
    await world.open(port, { localAddress: '127.0.0.2' });
    expect(await sources(world.home)).toMatchObject([
      { address: '127.0.0.2', connector: '', connections: 0, limit: null, rule: '', refused: { minute: 1, hour: 1 } },
      { address: '127.0.0.1', connector: 'A', connections: 1, limit: null, rule: '', refused: { minute: 0, hour: 0 } },
    ]);
  });
});

describe('live', () => {
  test('looks follow one another: counters, sources, and each event once', async () => {
    world.set('A', { MaxInboundConnectionPerSource: 1 });
    await waitForGeneration(world.home, 3, 5000);
    const stop = new AbortController();
    const looks: Snapshot[] = [];
    const watching = (async () => {
      for await (const look of live(world.home, 100, stop.signal)) looks.push(look);
    })();
    await until(() => looks.length > 0);
    expect(looks[0]!.events.map((event) => event.id)).toContain(17003);
    expect(looks[0]!.status.connectors).toMatchObject([{ name: 'A', connections: 0 }]);
    await world.open(port);
    await world.open(port);
    await until(() => looks.some((look) => look.sources.length > 0 && look.sources[0]!.refused.minute === 1));
    await until(() => looks.length > 3);
    stop.abort();
    await watching;
    const told = looks.flatMap((look) => look.events);
    expect(told).toMatchObject(world.events.all.map(({ id, message }) => ({ id, message })));
    expect(looks.at(-1)!.status.connectors[0]).toMatchObject({ connections: 1, refused: { source: 1 } });
    await until(() => control.watchers === 0);
  });

  test('the end of the listener ends it; no listener gives no look', async () => {
    let looks = 0;
    for await (const _ of live(world.home, 100)) if (++looks === 1) await control.close();
    expect(looks).toBe(1);
    for await (const _ of live(world.home, 100)) looks++;
    expect(looks).toBe(1);
  });

  test('sixteen may look on, and every look has its interval', async () => {
    const stop = new AbortController();
    setMaxListeners(16, stop.signal);
    const seen = Array.from({ length: 16 }, () => live(world.home, 60_000, stop.signal));
    for (const look of seen) expect((await look.next()).done).toBe(false);
    await expect(live(world.home, 1000).next()).rejects.toThrow('16 look on already');
    stop.abort();
    for (const look of seen) expect((await look.next()).done).toBe(true);
    for (const every of ['0', '99', '60001', 'x', '1.5']) expect((await ask(`/live?every=${every}`)).status).toBe(400);
  });

  test('whoever does not read gets no backlog and is let go', async () => {
    const observer = new Observer(world.listener, { home: '', version: '', startedAt: new Date() });
    const big = { ...observer.look(0).snapshot, version: 'x'.repeat(1_000_000) };
    let looked = 0;
    observer.look = () => {
      looked++;
      return { snapshot: big, written: 0 };
    };
    const feed = new LiveFeed(observer, 300);
    const server = http.createServer((_, response) => void feed.join(response, '100')).listen(0, '127.0.0.1');
    world.onEnd(() => server.close());
    await until(() => server.listening);
    const socket = net.connect((server.address() as net.AddressInfo).port, '127.0.0.1').pause();
    world.onEnd(() => socket.destroy());
    socket.on('error', () => {}).write('GET / HTTP/1.1\r\nHost: x\r\n\r\n');
    await until(() => feed.watchers === 1);
    await until(() => feed.watchers === 0);
    // Until the kernel's buffers were full it was looked for the client, and then no more.
    expect(looked).toBeLessThan(50);
  });
});

describe('ending a session', () => {
  test('it finishes its message; with now it is cut; an unknown id is said', async () => {
    const busy = await world.open(port);
    const idle = await world.open(port);
    await busy.say('DATA');
    const [first, second] = (await sessions(world.home))!;
    expect(await disconnectSession(world.home, first!.id, false)).toBe('ending');
    expect((await sessions(world.home))!.map((s) => s.id)).toEqual([first!.id, second!.id]);
    busy.socket.write('.\r\n');
    await until(() => busy.closed);
    expect(busy.lines.slice(-2)).toEqual(['250 2.6.0 Queued', '421 4.3.2 Service not available']);
    expect(await disconnectSession(world.home, second!.id, true)).toBe('cut');
    await until(() => idle.closed);
    expect(idle.lines).toHaveLength(1);
    expect(await disconnectSession(world.home, second!.id, true)).toBe('no such session');
    expect(await disconnectSession(world.home, '../status?x=%00', false)).toBe('no such session');
    expect(world.events.messages(17019)).toEqual([
      expect.stringMatching(
        /^Session .* of receive connector 'A' with '127.0.0.1' was told to end by an administrator\.$/,
      ),
      expect.stringMatching(/^Session .* was cut by an administrator\.$/),
    ]);
    expect((await ask('/sessions/x/disconnect')).status).toBe(405);
    await control.close();
    expect(await disconnectSession(world.home, first!.id, false)).toBe('no listener');
  });
});

test('on Windows it is a named pipe, one a home', () => {
  const at = (folder: string) => controlAddress(homeAt(folder), 'win32').path!;
  expect(at('C:\\rc')).toMatch(/^\\\\\.\\pipe\\receive-connector-[0-9a-f]{16}$/);
  expect(at('C:\\rc')).toBe(at('c:\\RC'));
  expect(at('C:\\rc')).not.toBe(at('C:\\rd'));
  expect(makeControlAddress(homeAt('C:\\rc'), 'win32')).toEqual({ path: at('C:\\rc') });
  expect(isPipe(at('C:\\rc'))).toBe(true);
  expect(isPipe(world.home.control)).toBe(false);
});

describe('orders', () => {
  test('stop, reload and the page', async () => {
    expect(await stopListener(world.home, false)).toEqual({ pid: process.pid });
    expect(await stopListener(world.home, true)).toEqual({ pid: process.pid });
    expect(await reloadListener(world.home)).toMatchObject({ pid: process.pid, problem: '' });
    const page = { url: 'http://127.0.0.1:8025/', token: 'T', opened: true };
    expect(await listenerPage(world.home)).toEqual(page);
    expect(await listenerPage(world.home, '127.0.0.1:9000')).toEqual(page);
    expect(told).toEqual(['stop', 'stop now', 'reload', 'page undefined', 'page 127.0.0.1:9000']);
  });

  test('only POST gives one, and an address that is none is an error', async () => {
    for (const path of ['/stop', '/reload', '/page']) expect((await ask(path)).status).toBe(405);
    expect((await ask('/page?address=nowhere', 'POST')).status).toBe(500);
    expect(told).toEqual([]);
  });

  test('of no listener nothing is known', async () => {
    const nobody = homeAt('/nonexistent');
    expect(await stopListener(nobody, false)).toBeUndefined();
    expect(await reloadListener(nobody)).toBeUndefined();
    expect(await listenerPage(nobody)).toBeUndefined();
  });
});

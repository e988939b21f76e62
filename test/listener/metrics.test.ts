/** Metrics: right, in Prometheus' format, never going back, never without end; and served over TCP to whoever may ask. */
import http from 'node:http';
import net from 'node:net';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { Binding } from '../../src/domain/value.ts';
import { type Health, healthOf } from '../../src/listener/observe/health.ts';
import { CONNECTOR_METRICS, LISTENER_METRICS } from '../../src/listener/observe/metric-table.ts';
import { Metrics } from '../../src/listener/observe/metrics.ts';
import { MetricsServer } from '../../src/listener/observe/metrics-server.ts';
import { freePort, until, World } from './harness.ts';

let world: World;
let port: number;
beforeEach(async () => {
  world = new World();
  port = await freePort();
});
afterEach(() => world.end());

/** Samples of ours by name and labels. */
async function samples(metrics: Metrics): Promise<Record<string, string>> {
  const lines = (await metrics.text()).split('\n').filter((line) => /^(?:smtp_|rc_)/.test(line));
  return Object.fromEntries(lines.map((line) => line.split(/ (?=[^ ]+$)/) as [string, string]));
}

async function listening(connectors: Parameters<World['define']>[0], options?: { most: number }): Promise<Metrics> {
  world.define(connectors);
  await world.listen();
  return new Metrics(world.listener, { version: '1.2.3', ...options });
}

test('names as Prometheus wants them (promtool check metrics): what ends in _total is a counter, and a counter ends so', async () => {
  const text = await (await listening({ A: { Bindings: [`127.0.0.1:${port}`] } })).text();
  const types = [...text.matchAll(/^# TYPE (\S+) (\S+)$/gm)].map((m) => ({ name: m[1]!, counter: m[2] === 'counter' }));
  expect(types.length).toBeGreaterThan(20);
  expect(types.filter(({ name, counter }) => name.endsWith('_total') !== counter)).toEqual([]);
});

describe('figures', () => {
  test('connections, refusals by limit, sessions by how they end', async () => {
    const metrics = await listening({ A: { Bindings: [`127.0.0.1:${port}`], MaxInboundConnectionPerSource: 2 } });
    const [first] = [await world.open(port), await world.open(port), await world.open(port)];
    await world.open(port, { localAddress: '127.0.0.2' });
    expect(await samples(metrics)).toMatchObject({
      'smtp_receive_connections_current{connector="A"}': '3',
      'smtp_receive_connections_limit{connector="A"}': '5000',
      'smtp_receive_connections_total{connector="A"}': '3',
      'smtp_receive_sources_current{connector="A"}': '2',
      'smtp_receive_source_connections_largest{connector="A"}': '2',
      'smtp_receive_connections_rejected_total{connector="A",limit="source"}': '1',
      'smtp_receive_connections_rejected_total{connector="A",limit="connector"}': '0',
      smtp_receive_connections_unmatched_total: '0',
      rc_connectors: '1',
      rc_store_generation: String(world.listener.state.applied),
      rc_store_refused: '0',
      rc_bindings_open: '1',
      rc_bindings_failed: '0',
      'rc_build_info{version="1.2.3"}': '1',
    });
    await first!.say('QUIT');
    const [slot] = world.listener.connectors;
    await until(() => slot!.open === 2);
    slot!.count('messages');
    slot!.count('messageBytes', 1234);
    slot!.count('endedByTimeout');
    expect(await samples(metrics)).toMatchObject({
      'smtp_receive_connections_current{connector="A"}': '2',
      'smtp_receive_connections_total{connector="A"}': '3',
      'smtp_receive_messages_received_total{connector="A"}': '1',
      'smtp_receive_message_bytes_received_total{connector="A"}': '1234',
      'smtp_receive_disconnections_total{connector="A",reason="timeout"}': '1',
    });
  });

  test('every metric of the table is there, once described, with its type', async () => {
    const metrics = await listening({ A: { Bindings: [`127.0.0.1:${port}`] } });
    const text = await metrics.text();
    for (const { name, type } of [...CONNECTOR_METRICS, ...LISTENER_METRICS]) {
      expect(text.match(new RegExp(`^# HELP ${name} .`, 'gm')), name).toHaveLength(1);
      expect(text.match(new RegExp(`^# TYPE ${name} ${type}$`, 'gm')), name).toHaveLength(1);
      expect(text, name).toMatch(new RegExp(`^${name}(?:\\{[^}]*\\})? [\\d+]`, 'm'));
      expect(name.endsWith('_total'), name).toBe(type === 'counter');
    }
    expect(text).toMatch(/^process_cpu_seconds_total /m);
    // What comes more than once is an error for Prometheus.
    const series = text
      .split('\n')
      .filter((line) => line && !line.startsWith('#'))
      .map((line) => line.split(/ (?=[^ ]+$)/)[0]);
    expect(new Set(series).size).toBe(series.length);
  });

  test('unlimited is +Inf; a name is escaped as labels are', async () => {
    const metrics = await listening({
      'say "a"': { Bindings: [`127.0.0.1:${port}`], MaxInboundConnection: 'Unlimited' },
    });
    expect(await samples(metrics)).toMatchObject({
      'smtp_receive_connections_limit{connector="say \\"a\\""}': '+Inf',
    });
  });
});

describe('labels', () => {
  const total = (name: string, connector: string) => `smtp_receive_${name}_total{connector="${connector}"}`;

  test('connectors beyond the bound share one label, for good: counters never go back', async () => {
    const ports = [port, await freePort(), await freePort()];
    const [a, b, c] = ports.map((p) => ({ Bindings: [`127.0.0.1:${p}`] }));
    const metrics = await listening({ A: a!, B: b!, C: c! }, { most: 1 });
    for (const p of ports) (await world.open(p)).socket.end();
    await until(() => world.listener.connectors.every((slot) => slot.open === 0));
    expect(await samples(metrics)).toMatchObject({
      [total('connections', 'A')]: '1',
      [total('connections', 'other')]: '2',
    });
    await world.applied(world.remove('C'));
    await world.applied(world.remove('A'));
    const after = await samples(metrics);
    expect(after[total('connections', 'other')]).toBe('2');
    expect(after[total('connections', 'A')]).toBeUndefined();
    expect(after['smtp_receive_connections_current{connector="other"}']).toBe('0');
    // B goes on as one of the others although there is room; and when the last of them is gone, they are not forgotten.
    await world.open(ports[1]!);
    expect((await samples(metrics))[total('connections', 'other')]).toBe('3');
    for (const client of world.clients) client.socket.destroy();
    await world.applied(world.remove('B'));
    await until(() => world.listener.connectors.length === 0);
    expect(await samples(metrics)).toMatchObject({
      [total('connections', 'other')]: '3',
      'smtp_receive_connections_current{connector="other"}': '0',
    });
  });

  test('a connector that is ending and a new one of its name are shown together', async () => {
    const metrics = await listening({ A: { Bindings: [`127.0.0.1:${port}`] } });
    const client = await world.open(port);
    await client.say('DATA');
    const next = await freePort();
    await world.applied(world.define({ A: { Bindings: [`127.0.0.1:${next}`] } }));
    await world.open(next);
    expect(world.listener.connectors).toHaveLength(2);
    expect(await samples(metrics)).toMatchObject({
      'smtp_receive_connections_current{connector="A"}': '2',
      [total('connections', 'A')]: '2',
    });
  });
});

describe('over TCP', () => {
  let server: MetricsServer;
  let at: number;
  let health: Health;
  beforeEach(async () => {
    const metrics = await listening({ A: { Bindings: [`127.0.0.1:${port}`] } });
    health = { serving: true, text: 'ok' };
    server = new MetricsServer(
      metrics,
      () => health,
      () => ['mail01.contoso.com'],
    );
    at = await freePort();
    await server.open(new Binding('127.0.0.1', at));
    world.onEnd(() => server.close());
  });

  function ask(
    path: string,
    method = 'GET',
    agent?: http.Agent,
    headers: http.OutgoingHttpHeaders = {},
  ): Promise<{ status: number; type: string; text: string; idle: string | undefined }> {
    return new Promise((resolve, reject) => {
      http
        .request({ host: '127.0.0.1', port: at, path, method, agent, headers }, (response) => {
          let text = '';
          response.setEncoding('utf8').on('data', (chunk) => {
            text += chunk;
          });
          response.on('end', () =>
            resolve({
              status: response.statusCode!,
              type: response.headers['content-type']!,
              text,
              idle: response.headers['keep-alive'] as string | undefined,
            }),
          );
        })
        .on('error', reject)
        .end();
    });
  }

  test('GET /metrics, as Prometheus asks; nothing else', async () => {
    const { status, type, text } = await ask('/metrics?x=1');
    expect([status, type]).toEqual([200, 'text/plain; version=0.0.4; charset=utf-8']);
    expect(text).toContain('smtp_receive_connections_current{connector="A"} 0\n');
    expect((await ask('/metrics', 'HEAD')).text).toBe('');
    for (const path of ['/', '/status', '/sessions', '/metrics/', '/../metrics'])
      expect((await ask(path)).status).toBe(404);
    for (const method of ['POST', 'DELETE', 'PUT']) expect((await ask('/metrics', method)).status).toBe(405);
  });

  test('GET /healthz: 200 when it serves, 503 and why when it does not', async () => {
    expect(await ask('/healthz')).toMatchObject({ status: 200, text: 'ok\n' });
    health = healthOf({ stopping: false, sockets: { bound: [], failed: [{}] } });
    expect(await ask('/healthz')).toMatchObject({ status: 503, text: 'no binding is open\n' });
    health = healthOf({ stopping: false, sockets: { bound: [], failed: [] } });
    expect(await ask('/healthz')).toMatchObject({ status: 503, text: 'no connector is enabled\n' });
    health = healthOf({ stopping: true, sockets: { bound: [{}], failed: [] } });
    expect(await ask('/healthz')).toMatchObject({ status: 503, text: 'stopping\n' });
    expect(healthOf({ stopping: false, sockets: { bound: [{}], failed: [{}] } }).serving).toBe(true);
    expect((await ask('/healthz', 'POST')).status).toBe(405);
    expect((await ask('/healthz', 'HEAD')).text).toBe('');
  });

  test('asked by the name of somebody else it tells nothing', async () => {
    const asking = (host: string) => ask('/metrics', 'GET', undefined, { host });
    for (const host of ['localhost:1', `127.0.0.1:${at}`, '[::1]:9464', '192.0.2.7', 'MAIL01.contoso.com:9464'])
      expect([host, (await asking(host)).status]).toEqual([host, 200]);
    for (const host of ['fabrikam.com', `rebound.fabrikam.com:${at}`, '127.0.0.1.fabrikam.com']) {
      const { status, text } = await asking(host);
      expect([host, status]).toEqual([host, 421]);
      expect(text).not.toContain('smtp_');
    }
  });

  test('a connection that asks no more is closed after ten seconds', async () => {
    const agent = new http.Agent({ keepAlive: true });
    expect((await ask('/metrics', 'GET', agent)).idle).toBe('timeout=10'); // what node says there is what it does
    agent.destroy();
  });

  test('one connection serves many questions; nonsense is cut off; the end ends all', async () => {
    const agent = new http.Agent({ keepAlive: true, maxSockets: 1 });
    for (let n = 0; n < 3; n++) expect((await ask('/metrics', 'GET', agent)).status).toBe(200);
    expect(Object.values(agent.freeSockets).flat()).toHaveLength(1);
    const socket = net.connect(at, '127.0.0.1');
    let closed = false;
    socket
      .on('error', () => {})
      .on('close', () => {
        closed = true;
      });
    socket.resume().write('EHLO x\r\n\r\n');
    await until(() => closed);
    await server.close();
    await expect(ask('/metrics')).rejects.toThrow('ECONNREFUSED');
    agent.destroy();
  });
});

/** The system does not pass a socket on to a worker that lives: the client is served all the same, or told that there is no service. */
import type { ChildProcess } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { createServer, type Server, type Socket } from 'node:net';
import { join } from 'node:path';
import { afterEach, expect, it, vi } from 'vitest';
import type { SessionConnector } from '../../src/listener/contracts/session-connector.ts';
import type { SessionServices } from '../../src/listener/contracts/session-services.ts';
import { Crew } from '../../src/listener/workers/crew.ts';
import { homeAt } from '../../src/store/home.ts';
import { Client, Events } from '../listener/harness.ts';
import { tempFolder } from '../support/temp-home.ts';
import { until } from '../support/until.ts';

/** How many sockets are still to fail, of whatever worker. */
const faults = vi.hoisted(() => ({ left: 0, met: 0 }));

vi.mock('node:child_process', async (original) => {
  const real = await original<typeof import('node:child_process')>();
  const fork = (...args: Parameters<typeof real.fork>): ChildProcess => {
    const child = real.fork(...args);
    const send = child.send.bind(child) as (...all: unknown[]) => boolean;
    child.send = (...all: unknown[]) => {
      const done = all.at(-1);
      if (all.length < 4 || faults.left === 0 || typeof done !== 'function') return send(...all);
      faults.left--;
      faults.met++;
      process.nextTick(done, Object.assign(new Error('write ETOOMANYREFS'), { code: 'ETOOMANYREFS' }));
      return false;
    };
    return child;
  };
  return { ...real, fork };
});

const server = { generation: 1, name: 'EX', fqdn: 'ex.contoso.com', acceptedDomains: [], users: [], transport: {} };
const connector = {
  guid: 'a',
  count: (what) => void counted.push(what),
  countRefusal: (_source, because) => void counted.push(because),
} as SessionConnector;
const WORKER = `process.on('message', (m, socket) => {
  if (m.kind === 'document') process.send({ applied: { edition: m.edition, generation: 1 } });
  if (m.kind === 'start') {
    process.send({ taken: [m.id] });
    socket.on('error', () => {}).on('close', () => process.send({ ended: [m.id] }));
    socket.on('data', () => socket.end());
    socket.write('220 ' + process.pid + '\\r\\n');
  }
  if (m.end) process.disconnect();
});`;

let crew: Crew;
let door: Server;
const counted: string[] = [];
const accepted: Socket[] = [];
let ended = 0;
let retireAtOnce = false;

async function open(size: number): Promise<number> {
  const folder = tempFolder();
  const script = join(folder, 'worker.cjs');
  writeFileSync(script, WORKER);
  crew = new Crew({
    home: homeAt(folder),
    script,
    size,
    events: new Events(),
    rates: { take: () => true },
    server: () => server,
  });
  await crew.follow({ server, all: [], changed: [], removed: [] });
  door = createServer((socket) => {
    accepted.push(socket);
    const peer = {
      remoteAddress: '127.0.0.1',
      remotePort: socket.remotePort!,
      localAddress: '127.0.0.1',
      localPort: 1,
    };
    const session = crew.startSession(socket, connector, peer, {} as SessionServices, () => ended++);
    if (retireAtOnce) session.retire();
  });
  await new Promise<void>((resolve) => door.listen(0, '127.0.0.1', resolve));
  return (door.address() as { port: number }).port;
}

afterEach(async () => {
  await crew.close();
  door.close();
  counted.length = accepted.length = ended = faults.left = faults.met = 0;
  retireAtOnce = false;
});

it.each([1, 2])(
  'once: the session is handed over again, and all %i worker(s) take sessions as before',
  async (size) => {
    const port = await open(size);
    faults.left = 1;
    const clients = await Promise.all(
      Array.from({ length: 4 }, () => Client.open(port, { localAddress: '127.0.0.1' })),
    );
    expect(clients.map(({ lines }) => lines[0]!.slice(0, 3))).toEqual(['220', '220', '220', '220']);
    expect(faults.met).toBe(1);
    expect(accepted.every((socket) => socket.destroyed)).toBe(true);
    await until('all to have some', async () => {
      clients.push(await Client.open(port, { localAddress: '127.0.0.1' }));
      return crew.status.every(({ sessions }) => sessions > 0);
    });
    for (const client of clients) client.socket.write('x');
    await until('all to be over', () => ended === clients.length);
  },
);

it('each time: the client is told, its place is free, and the next one is served', async () => {
  const port = await open(2);
  faults.left = 3;
  const client = await Client.open(port, { localAddress: '127.0.0.1' });
  expect(client.lines[0]).toBe('421 4.3.2 Service not available');
  await until('its end', () => ended === 1 && accepted[0]!.destroyed);
  expect(counted).toEqual(['endedByListener', 'Busy']);
  expect(crew.status.map(({ sessions }) => sessions)).toEqual([0, 0]);
  const next = await Client.open(port, { localAddress: '127.0.0.1' });
  expect(next.lines[0]).toMatch(/^220 /);
  next.socket.write('x');
  await until('its end', () => ended === 2);
});

it('and it was told to end meanwhile: the client is told, no other worker has it', async () => {
  const port = await open(2);
  faults.left = 1;
  retireAtOnce = true;
  const client = await Client.open(port, { localAddress: '127.0.0.1' });
  expect(client.lines[0]).toBe('421 4.3.2 Service not available');
  await until('its end', () => ended === 1);
  expect(faults.met).toBe(1);
});

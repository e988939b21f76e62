/** Changes of the store on a running listener: only the difference is opened, closed and told to sessions. */
import net from 'node:net';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { Client, freePort, ME, until, World } from './harness.ts';

let world: World;
let port: number;
let second: number;
beforeEach(async () => {
  world = new World();
  [port, second] = [await freePort(), await freePort()];
});
afterEach(() => world.end());

const refused = async (at: number, host = '127.0.0.1') => (await Client.open(at, { host })).error === 'ECONNREFUSED';
const greeting = async (at: number, options = {}) => (await world.open(at, options)).lines[0];

async function blocker(at: number, host = '127.0.0.1'): Promise<{ close(): Promise<void> }> {
  const server = net.createServer((socket) => socket.end('taken\r\n'));
  await new Promise<void>((resolve) => server.listen(at, host, resolve));
  const close = () => new Promise<void>((resolve) => (server.listening ? server.close(() => resolve()) : resolve()));
  world.onEnd(close);
  return { close };
}

test('a new connector opens its port, a rebound one moves, a removed one closes; the others are not touched', async () => {
  world.define({ A: { Bindings: [`127.0.0.1:${port}`] } });
  await world.listen();
  const old = await world.open(port);
  expect(await refused(second)).toBe(true);

  const transaction = world.store.begin();
  transaction.change((draft) => {
    draft.putConnector({
      Name: 'B',
      Guid: '00000000-0000-4000-8000-00000000000b',
      WhenCreated: '2025-01-01T00:00:00Z',
      WhenChanged: '2025-01-01T00:00:00Z',
      Bindings: [`127.0.0.1:${second}`],
    });
  });
  await world.applied(transaction.commit(ME).generation);
  const b = await world.open(second);
  expect(b.lines[0]).toBe('220 B 127.0.0.1');
  expect(world.events.messages(17010)).toHaveLength(2);

  const third = await freePort();
  await world.applied(world.set('B', { Bindings: [`127.0.0.1:${third}`] }));
  expect(await refused(second)).toBe(true);
  expect(await greeting(third)).toBe('220 B 127.0.0.1');
  expect(await b.say('NOOP')).toBe('250 NOOP'); // a rebound connector keeps its sessions

  await world.applied(world.remove('B'));
  expect(await refused(third)).toBe(true);
  expect(await b.line(2)).toBe('421 4.3.2 Service not available');
  expect(await old.say('NOOP')).toBe('250 NOOP');
  expect(old.lines).toHaveLength(2);
});

test('from the moment it is shut nobody is let in, not even by a change that comes then; who is in stays until it stops', async () => {
  world.define({ A: { Bindings: [`127.0.0.1:${port}`] } });
  const listener = await world.listen();
  const inside = await world.open(port);
  world.set('A', { Bindings: [`127.0.0.1:${port}`, `127.0.0.1:${second}`] });
  listener.hint();
  listener.shut();
  expect(await refused(port)).toBe(true);
  await listener.settled();
  expect(await refused(second)).toBe(true);
  expect(await inside.say('NOOP')).toBe('250 NOOP');
  expect(await listener.stop(5000)).toBe(0);
  expect(await inside.line(2)).toBe('421 4.3.2 Service not available');
  expect([await refused(port), await refused(second)]).toEqual([true, true]);
});

test('a listening socket whose connectors changed keeps listening', async () => {
  world.define({ A: { Bindings: [`127.0.0.1:${port}`] } });
  await world.listen();
  const before = world.events.of(17010).length;
  await world.applied(world.set('A', { RemoteIPRanges: ['127.0.0.0/8'], Comment: 'x' }));
  await world.applied(world.set('A', { MaxInboundConnection: 10 }));
  expect(world.events.of(17010)).toHaveLength(before);
  expect(world.events.of(17011)).toEqual([]);
  expect(await greeting(port)).toBe('220 A 127.0.0.1');
});

test('disabled: the port closes, a message finishes first; enabled again: it opens', async () => {
  world.define({ A: { Bindings: [`127.0.0.1:${port}`] }, B: { Bindings: [`127.0.0.1:${second}`] } });
  await world.listen();
  const [sender, idle, other] = [await world.open(port), await world.open(port), await world.open(second)];
  expect(await sender.say('DATA')).toBe('354 Go');
  await world.applied(world.set('A', { Enabled: false }));
  expect(await idle.line(1)).toBe('421 4.3.2 Service not available');
  expect(await refused(port)).toBe(true);
  expect(await sender.say('.')).toBe('250 2.6.0 Queued');
  expect(await sender.line(3)).toBe('421 4.3.2 Service not available');
  expect(await other.say('NOOP')).toBe('250 NOOP');
  expect(world.events.messages(17014)).toEqual([
    "Receive connector 'A' was disabled; its 2 session(s) finish their message and are closed.",
  ]);
  await world.applied(world.set('A', { Enabled: true }));
  expect(await greeting(port)).toBe('220 A 127.0.0.1');
});

test('of two connectors on one port, one that goes takes only its own sessions with it', async () => {
  world.define({
    A: { Bindings: [`127.0.0.1:${port}`] },
    B: { Bindings: [`127.0.0.1:${port}`], RemoteIPRanges: ['127.0.0.7'] },
  });
  await world.listen();
  const a = await world.open(port);
  const b = await world.open(port, { localAddress: '127.0.0.7' });
  expect(b.lines[0]).toBe('220 B 127.0.0.7');
  await world.applied(world.remove('B'));
  expect(await b.line(1)).toBe('421 4.3.2 Service not available');
  expect(await a.say('NOOP')).toBe('250 NOOP');
  expect(await greeting(port, { localAddress: '127.0.0.7' })).toBe('220 A 127.0.0.7');
  await until(() => world.listener.connectors.length === 1);
});

test('a connector that comes back before its last session is gone still counts it', async () => {
  world.define({ A: { Bindings: [`127.0.0.1:${port}`], MaxInboundConnectionPerSource: 1 } });
  await world.listen();
  const before = world.store.read().connectors;
  const sender = await world.open(port);
  await sender.say('DATA');
  await world.applied(world.remove('A'));
  expect(await refused(port)).toBe(true);
  const transaction = world.store.begin();
  transaction.change((draft) => draft.putConnector(before[0]!));
  await world.applied(transaction.commit(ME).generation);
  expect(world.listener.connectors).toHaveLength(1);
  expect(await greeting(port)).toMatch(/^421 4\.3\.2 The maximum/);
  expect(await sender.say('.')).toBe('250 2.6.0 Queued');
  await until(() => world.listener.connectors[0]!.open === 0);
  expect(await greeting(port)).toMatch(/^220/);
});

test('a running session sees the change at its next command, and is told once', async () => {
  world.define({ A: { Bindings: [`127.0.0.1:${port}`] }, B: { Bindings: [`127.0.0.1:${second}`] } });
  await world.listen();
  const [a, b] = [await world.open(port), await world.open(second)];
  expect(await a.say('LIMITS')).toBe('250 20');
  await world.applied(world.set('A', { MaxInboundConnectionPerSource: 77 }));
  expect(await a.say('LIMITS')).toBe('250 77');
  expect(world.listener.sessions.map((s) => [s.info().connector, s.info().helo])).toEqual([
    ['A', 'changes 1'],
    ['B', 'changes 0'],
  ]);
  expect(await b.say('LIMITS')).toBe('250 20');
});

test('0.0.0.0 and [::] on one port are two sockets, each with its own connector', async () => {
  world.define({ Four: { Bindings: [`0.0.0.0:${port}`] }, Six: { Bindings: [`[::]:${port}`] } });
  await world.listen();
  expect(world.listener.sockets.failed).toEqual([]);
  expect(await greeting(port)).toBe('220 Four 127.0.0.1');
  expect(await greeting(port, { host: '::1' })).toBe('220 Six ::1');
});

test('a specific address beside 0.0.0.0 shares its socket and keeps its connector, however they come and go', async () => {
  world.define({ One: { Bindings: [`127.0.0.1:${port}`] } });
  await world.listen();
  const one = await world.open(port);
  const transaction = world.store.begin();
  transaction.change((draft) => {
    const [first] = draft.document.connectors;
    draft.putConnector({
      ...first!,
      Name: 'All',
      Guid: '00000000-0000-4000-8000-00000000000a',
      Bindings: [`0.0.0.0:${port}`],
    });
  });
  await world.applied(transaction.commit(ME).generation);
  expect(world.listener.sockets.bound).toEqual([
    { binding: `127.0.0.1:${port}`, connectors: ['One'], servedBy: `0.0.0.0:${port}` },
    { binding: `0.0.0.0:${port}`, connectors: ['All'], servedBy: `0.0.0.0:${port}` },
  ]);
  expect(await greeting(port)).toBe('220 One 127.0.0.1');
  expect(await greeting(port, { host: '127.0.0.2' })).toMatch(/^220 All/);
  await world.applied(world.remove('All'));
  expect(await greeting(port)).toBe('220 One 127.0.0.1');
  expect(await refused(port, '127.0.0.2')).toBe(true);
  expect(await one.say('NOOP')).toBe('250 NOOP');
});

test('a port in use is told once with what to type, tried again, and taken when it is free', async () => {
  const other = await blocker(second);
  world.define({ A: { Bindings: [`127.0.0.1:${port}`] }, B: { Bindings: [`127.0.0.1:${second}`] } });
  await world.listen({ retryMs: 10 });
  expect(await greeting(port)).toBe('220 A 127.0.0.1');
  expect(world.listener.sockets.failed).toMatchObject([{ binding: `127.0.0.1:${second}`, code: 'EADDRINUSE' }]);
  await world.applied(world.set('A', { Comment: 'any change' }));
  expect(world.events.of(17012)).toHaveLength(1);
  expect(world.events.messages(17012)[0]).toContain(
    `Cannot listen on 127.0.0.1:${second} for 'B': port ${second} is in use by another program. See which one with: ss -ltnp 'sport = :${second}'`,
  );
  await other.close();
  await until(() => world.listener.sockets.failed.length === 0);
  expect(await greeting(second)).toBe('220 B 127.0.0.1');
});

test('when 0.0.0.0 cannot be had, the specific address on its port keeps being served', async () => {
  world.define({ One: { Bindings: [`127.0.0.1:${port}`] } });
  await world.listen({ retryMs: 10 });
  await blocker(port, '127.0.0.3');
  await world.applied(world.set('One', { Bindings: [`127.0.0.1:${port}`, `0.0.0.0:${port}`] }));
  expect(world.listener.sockets.failed).toMatchObject([{ binding: `0.0.0.0:${port}`, code: 'EADDRINUSE' }]);
  expect(await greeting(port)).toBe('220 One 127.0.0.1');
  expect(world.listener.sockets.hasRetry).toBe(false);
});

test('an address this host does not have', async () => {
  world.define({ A: { Bindings: [`127.0.0.1:${port}`, `192.0.2.1:${port}`] } });
  await world.listen();
  expect(world.listener.sockets.failed[0]).toMatchObject({ binding: `192.0.2.1:${port}`, code: 'EADDRNOTAVAIL' });
  expect(world.events.messages(17012)[0]).toContain('this host has no address 192.0.2.1; it has ');
  expect(await greeting(port)).toBe('220 A 127.0.0.1');
});

test('no connector at all: it runs, and listens as soon as there is one', async () => {
  world.define({ A: { Bindings: [`127.0.0.1:${port}`], Enabled: false } });
  await world.listen();
  expect(world.listener.sockets.bound).toEqual([]);
  await world.applied(world.set('A', { Enabled: true }));
  expect(await greeting(port)).toBe('220 A 127.0.0.1');
});

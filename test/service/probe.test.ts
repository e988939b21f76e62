/** A handed-over [::] socket whose connection to itself, which tells whether it takes IPv4 too, does not come up in time. */
import { createServer, Socket } from 'node:net';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { Binding } from '../../src/domain/value.ts';
import { HandedSockets } from '../../src/listener/admission/handed-sockets.ts';
import { ownSockets } from '../../src/listener/admission/socket-opener.ts';
import { Events } from '../listener/harness.ts';
import { until } from '../support/until.ts';

/** Does a connection to the socket come up? */
const probe = vi.hoisted(() => ({ comesUp: false, asked: 0 }));

vi.mock('node:net', async (original) => {
  const real = await original<typeof import('node:net')>();
  return {
    ...real,
    connect: (to: { host: string; port: number }) => {
      probe.asked++;
      return probe.comesUp ? real.connect(to) : new real.Socket();
    },
    // This process cannot be given a descriptor by itself: what is "handed over" is opened here, for IPv6 and IPv4.
    createServer: (...all: unknown[]) => {
      const server = Reflect.apply(real.createServer, undefined, all) as import('node:net').Server;
      const listen = server.listen.bind(server) as (at: object, done: () => void) => typeof server;
      server.listen = ((at: { fd?: number }, done: () => void) =>
        listen(at.fd === undefined ? at : { host: '::', port: 0 }, done)) as typeof server.listen;
      return server;
    },
  };
});

const standIn = createServer();
const events = new Events();
const accepted: Socket[] = [];
let handed: HandedSockets;

beforeEach(async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  await new Promise<void>((resolve) => standIn.listen({ port: 0 }, resolve));
  const { fd } = (standIn as unknown as { _handle: { fd: number } })._handle;
  const onConnection = (socket: Socket) => accepted.push(socket);
  handed = new HandedSockets([{ fd, name: 'smtp' }], events, { onConnection, onAcceptFailed: () => {} }, ownSockets);
});
afterEach(() => {
  vi.useRealTimers();
  for (const socket of accepted) socket.destroy();
  handed.close();
  standIn.close();
});

test('a client that comes meanwhile is let in, and the next time it is asked again', async () => {
  await handed.open();
  handed.tellIdle();
  const port = Number(/\d+$/.exec(String(events.of(17062)[0]!.data!.binding))![0]);
  const wanted = new Binding('0.0.0.0', port);

  const first = handed.borrow(wanted);
  const client = new Socket().connect(port, '127.0.0.1');
  await new Promise((resolve) => client.once('connect', resolve));
  await vi.advanceTimersByTimeAsync(2000);
  expect(await first).toBeUndefined();
  await until('the client to be let in', () => accepted.length === 1);
  client.destroy();

  probe.comesUp = true;
  expect((await handed.borrow(wanted))?.key).toBe(`[::]:${port}`);
  expect(await handed.borrow(wanted)).toBeDefined();
  expect(probe.asked).toBe(2);
});

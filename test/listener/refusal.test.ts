/** Refusing: everybody reads why, a flood too; it waits its turn, and nothing of it is kept. */
import { EventEmitter, once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { setImmediate as turn } from 'node:timers/promises';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { Refusals } from '../../src/listener/admission/refused-sockets.ts';
import { REPLIES } from '../../src/listener/session/replies.ts';
import { until } from '../support/until.ts';

const TOO_MANY = `${REPLIES.tooManyConnections.line}\r\n`;

/** One for each test: what counts as a flood is counted in it. */
let refusals: Refusals;
beforeEach(() => {
  refusals = new Refusals();
});
afterEach(() => refusals.close());

/** What a client hears that says `said` as soon as it is connected. */
async function heard(port: number, said = ''): Promise<string> {
  const socket = connect(port, '127.0.0.1');
  let text = '';
  socket.setEncoding('latin1').on('data', (chunk) => {
    text += chunk;
  });
  socket.on('error', () => {});
  if (said) socket.once('connect', () => socket.write(said));
  await once(socket, 'close');
  return text;
}

async function refusing(run: (port: number) => Promise<void>): Promise<void> {
  const server = createServer((socket) => refusals.refuse(socket, REPLIES.tooManyConnections)).listen(0, '127.0.0.1');
  await once(server, 'listening');
  try {
    await run((server.address() as AddressInfo).port);
  } finally {
    server.close();
  }
}

test('all of a flood read why they are refused, and none is kept', () =>
  refusing(async (port) => {
    const all = await Promise.all(Array.from({ length: 400 }, () => heard(port)));
    expect(new Set(all)).toEqual(new Set([TOO_MANY]));
    await until('no refused socket is kept', () => refusals.lingering === 0);
  }));

test('who speaks before being told reads it too, while there is no flood', () =>
  refusing(async (port) => {
    for (let i = 0; i < 20; i++) expect(await heard(port, 'EHLO client.contoso.com\r\n')).toBe(TOO_MANY);
  }));

test('in one turn of the event loop a few are refused, so that others get theirs between', async () => {
  let told = 0;
  const socket = () =>
    Object.assign(new EventEmitter(), {
      destroyed: false,
      writableLength: 0,
      write: () => told++,
      end: () => told++,
      resume() {},
      destroy() {},
    }) as unknown as Socket;
  for (let i = 0; i < 300; i++) refusals.refuse(socket(), REPLIES.tooManyConnections);
  expect(told).toBe(0);
  for (let turns = 1; told < 300; turns++) {
    await turn();
    expect(told).toBeLessThanOrEqual(10 * turns);
    expect(turns).toBeLessThan(40);
  }
});

test('a socket that went away before its turn is passed over', async () => {
  const gone = Object.assign(new EventEmitter(), { destroyed: true }) as unknown as Socket;
  refusals.refuse(gone, REPLIES.tooManyConnections);
  await turn();
  await turn();
  expect(refusals.lingering).toBe(0);
});

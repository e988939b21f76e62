/**
 * TCP ports that are free just now, from below the range that the system gives to outgoing connections (32768 and up on
 * Linux): a port from that range can be taken by any client between finding it and listening on it. And by no other test: each of vitest's
 * forks has a part of the range to itself, and gives no port of it twice to one file.
 */
import { createServer, type Server } from 'node:net';

const LOWEST = 10_000;
const HIGHEST = 32_000;
const PARTS = 8;
const PART = (HIGHEST - LOWEST) / PARTS;
/** From 1 to maxWorkers in a fork of vitest. */
const part = Number(process.env.VITEST_POOL_ID ?? 0) % PARTS;
const given = new Set<number>();

/** `n` different free ports of an address (default 127.0.0.1): all held at once, then let go. */
export async function freePorts(n: number, address = '127.0.0.1'): Promise<number[]> {
  const servers = await Promise.all(Array.from({ length: n }, () => listening(address)));
  const ports = servers.map((server) => (server.address() as { port: number }).port);
  await Promise.all(servers.map((server) => new Promise((done) => server.close(done))));
  return ports;
}

export async function freePort(address = '127.0.0.1'): Promise<number> {
  return (await freePorts(1, address))[0]!;
}

async function listening(address: string): Promise<Server> {
  if (given.size > PART / 2) given.clear(); // those of long ago are free again, or found not to be
  for (;;) {
    const port = LOWEST + part * PART + Math.floor(Math.random() * PART);
    if (given.has(port)) continue;
    given.add(port);
    const server = await tried(address, port);
    if (server) return server;
  }
}

/** `undefined` when the port is taken. */
function tried(address: string, port: number): Promise<Server | undefined> {
  const server = createServer();
  return new Promise((done, fail) => {
    server.once('error', (error: NodeJS.ErrnoException) =>
      error.code === 'EADDRINUSE' ? done(undefined) : fail(error),
    );
    server.listen(port, address, () => done(server));
  });
}

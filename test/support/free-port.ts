/** TCP ports that the system says are free just now. */
import { createServer, type Server } from 'node:net';

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

function listening(address: string): Promise<Server> {
  const server = createServer();
  return new Promise((done, fail) => {
    server.once('error', fail);
    server.listen(0, address, () => done(server));
  });
}

/** What is the same in a worker as in a listener of one process: how a session begins. */
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { join } from 'node:path';
import { connect as secure } from 'node:tls';
import { expect, it } from 'vitest';
import { until } from '../support/until.ts';
import { scene } from './scene.ts';

const EARLY = '421 4.5.0 Client spoke before the greeting, closing transmission channel\r\n';

/** A connection with what it hears. */
function connection(port: number): { socket: Socket; heard(): string; closed: Promise<unknown> } {
  const socket = connect(port, '127.0.0.1');
  let text = '';
  socket.setNoDelay(true);
  socket.setEncoding('latin1').on('data', (chunk: string) => {
    text += chunk;
  });
  socket.on('error', () => {});
  return { socket, heard: () => text, closed: once(socket, 'close') };
}

/** Sends bytes to the kernel of the other side, whose process may be stopped. */
const send = (socket: Socket, bytes: string) => new Promise<void>((sent) => socket.write(bytes, () => sent()));

/** While processes are stopped, bytes that a client sends wait in the kernel: it is certain that they are there first. */
async function whileStopped(pids: readonly number[], act: () => Promise<void>): Promise<void> {
  for (const pid of pids) process.kill(pid, 'SIGSTOP');
  try {
    await act();
  } finally {
    for (const pid of pids) process.kill(pid, 'SIGCONT');
  }
}

it('a client that speaks before it is accepted is caught', () =>
  scene({ connectors: { A: { EarlyTalkers: 'Refuse' } } }, async (s) => {
    const early = [0, 1, 2, 3].map(() => connection(s.port));
    await whileStopped([s.listener.child.pid!, ...(await s.pids())], async () => {
      for (const { socket } of early) {
        if (socket.connecting) await once(socket, 'connect');
        await send(socket, 'EHLO a.contoso.com\r\n');
      }
    });
    await Promise.all(early.map(({ closed }) => closed));
    // Those that a worker had greeted before it was stopped have done nothing wrong; here none was.
    expect(early.map(({ heard }) => heard())).toEqual(early.map(() => EARLY));
    await s.counting(0);
  }));

it('a PROXY header: the session is the client behind it, and what came with the header is not lost', () =>
  scene(
    {
      connectors: { A: { RemoteIPRanges: '0.0.0.0/0', EarlyTalkers: 'Refuse' } },
      more: { transport: { ProxyProtocolTrustedSources: ['127.0.0.1'] } },
    },
    async (s) => {
      const header = (n: number) => `PROXY TCP4 10.1.2.${n} 10.0.0.1 1234 25\r\n`;
      const polite = [1, 2, 3, 4].map((n) => {
        const client = connection(s.port);
        client.socket.write(header(n));
        return client;
      });
      await until('their greetings', () => polite.every(({ heard }) => /^220 .*\r\n$/.test(heard())));
      expect((await s.connector()).sources.map(({ address }) => address).sort()).toEqual(
        [1, 2, 3, 4].map((n) => `10.1.2.${n}`),
      );
      for (const { socket } of polite) {
        socket.write('NOOP\r\n');
        socket.end('QUIT\r\n');
      }
      await Promise.all(polite.map(({ closed }) => closed));
      for (const { heard } of polite) expect(heard()).toMatch(/^220 .*\r\n250 .*\r\n221 .*\r\n$/);

      // It is early to send these bytes, though they came with the header.
      const together = connection(s.port);
      together.socket.write(`${header(5)}EHLO a.contoso.com\r\n`);
      await together.closed;
      expect(together.heard()).toBe(EARLY);
      await s.counting(0);
    },
  ));

it('STARTTLS in both workers, with one certificate', () =>
  scene({ connectors: { A: { ProtocolLoggingLevel: 'Verbose' } } }, async (s) => {
    const fingerprints = await Promise.all(
      [1, 2, 3, 4].map(async () => {
        const client = await s.open();
        await client.say('EHLO a.contoso.com');
        expect(await client.say('STARTTLS')).toMatch(/^220/);
        client.socket.removeAllListeners('data');
        const tls = secure({ socket: client.socket, rejectUnauthorized: false });
        await once(tls, 'secureConnect');
        tls.write('EHLO a.contoso.com\r\n');
        const [answer] = await once(tls, 'data');
        expect(String(answer)).toContain('250');
        const { fingerprint256 } = tls.getPeerCertificate();
        tls.destroy();
        return fingerprint256;
      }),
    );
    expect(new Set(fingerprints).size).toBe(1);
    expect(readdirSync(s.home.certificates)).toEqual([expect.stringMatching(/^self-signed-.*\.pem$/)]);
    await s.counting(0);
    // The log of all workers is one log, written by one process.
    await until('the log', () => {
      const [file, ...others] = readdirSync(s.home.protocol);
      const text = file ? readFileSync(join(s.home.protocol, file), 'latin1') : '';
      return others.length === 0 && text.match(/TLS negotiation succeeded/g)?.length === 4;
    });
  }));

it('a client that leaves before it is let in is not left counted', () =>
  scene({}, async (s) => {
    for (let round = 0; round < 10; round++) {
      const sockets = Array.from({ length: 30 }, () => connect(s.port, '127.0.0.1').on('error', () => {}));
      await Promise.all(sockets.map((socket) => once(socket, 'connect')));
      for (const [i, socket] of sockets.entries()) i % 2 ? socket.destroy() : socket.resetAndDestroy();
    }
    await s.counting(0);
    expect(await (await s.open()).say('NOOP')).toMatch(/^250/);
  }));

it('message numbers of all workers differ and grow', () =>
  scene({}, async (s) => {
    const clients = await s.openMany(6);
    const numbers = await Promise.all(
      clients.map(async (client) => {
        await client.say('HELO a.contoso.com');
        const own: number[] = [];
        for (let i = 0; i < 10; i++) {
          for (const line of ['MAIL FROM:<a@contoso.com>', 'RCPT TO:<postmaster>', 'DATA']) await client.say(line);
          own.push(Number(/InternalId=(\d+)/.exec(await client.say('Subject: x\r\n\r\nbody\r\n.'))![1]));
        }
        return own;
      }),
    );
    for (const own of numbers) expect(own).toEqual([...own].sort((a, b) => a - b));
    expect(new Set(numbers.flat()).size).toBe(60);
  }));

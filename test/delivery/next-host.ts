import { type AddressInfo, createServer, type Socket } from 'node:net';
import { SMTPServer, type SMTPServerOptions } from 'smtp-server';
import { onTestFinished } from 'vitest';
import { selfSigned } from '../../src/certificates/self-signed.ts';

export interface Taken {
  readonly from: string;
  readonly args: Readonly<Record<string, unknown>>;
  readonly to: readonly string[];
  readonly rcptArgs: readonly unknown[];
  readonly secure: boolean;
  readonly user: unknown;
  readonly text: string;
}

/** A next host that takes everything, unless `options` say otherwise. */
export async function realHost(options: SMTPServerOptions = {}) {
  const taken: Taken[] = [];
  let connections = 0;
  let open = 0;
  let mostOpen = 0;
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS'],
    disableReverseLookup: true,
    closeTimeout: 10,
    onConnect(_session, callback) {
      connections++;
      mostOpen = Math.max(mostOpen, ++open);
      callback();
    },
    onClose() {
      open--;
    },
    onData(stream, session, callback) {
      const chunks: Buffer[] = [];
      stream.on('data', (chunk) => chunks.push(chunk));
      stream.on('end', () => {
        const { mailFrom, rcptTo } = session.envelope;
        taken.push({
          from: mailFrom ? mailFrom.address : '',
          args: (mailFrom ? mailFrom.args : {}) as Record<string, unknown>,
          to: rcptTo.map((rcpt) => rcpt.address),
          rcptArgs: rcptTo.map((rcpt) => rcpt.args),
          secure: session.secure,
          user: session.user,
          text: Buffer.concat(chunks).toString('latin1'),
        });
        callback(null, `2.0.0 Ok: queued as ${taken.length}`);
      });
    },
    ...options,
  });
  server.on('error', () => {});
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => new Promise<void>((resolve) => server.close(() => resolve())));
  const port = (server.server.address() as AddressInfo).port;
  return {
    taken,
    host: `127.0.0.1:${port}`,
    get connections() {
      return connections;
    },
    get open() {
      return open;
    },
    get mostOpen() {
      return mostOpen;
    },
  };
}

/**
 * A next host that answers each command by a function: a reply (421 hangs up), nothing (silence), or `hangup`. Bodies are collected until
 * the final dot, or by BDAT's count; `.` and `BDAT` are then answered.
 */
export async function scriptedHost(
  answer: (command: string, latest: number, connection: number) => string | undefined,
) {
  const commands: string[] = [];
  const bodies: string[] = [];
  const sockets = new Set<Socket>();
  let connections = 0;
  const server = createServer((socket) => {
    const connection = ++connections;
    sockets.add(socket);
    socket.on('error', () => {});
    socket.on('close', () => sockets.delete(socket));
    let rest = '';
    let inData = false;
    let chunk: { left: number; command: string } | undefined;
    const say = (command: string) => {
      const reply = answer(command, connections, connection);
      if (reply === 'hangup') socket.destroy();
      else if (reply?.startsWith('421')) socket.end(`${reply}\r\n`);
      else if (reply !== undefined) socket.write(`${reply}\r\n`);
      return reply ?? '';
    };
    const eat = () => {
      for (;;) {
        if (inData) {
          const end = rest.startsWith('.\r\n') ? 0 : rest.indexOf('\r\n.\r\n');
          if (end < 0) return;
          bodies.push(rest.slice(0, end ? end + 2 : 0));
          rest = rest.slice(end ? end + 5 : 3);
          inData = false;
          say('.');
        } else if (chunk) {
          if (rest.length < chunk.left) return;
          bodies.push(rest.slice(0, chunk.left));
          rest = rest.slice(chunk.left);
          const { command } = chunk;
          chunk = undefined;
          say(command);
        } else {
          const end = rest.indexOf('\r\n');
          if (end < 0) return;
          const command = rest.slice(0, end);
          rest = rest.slice(end + 2);
          commands.push(command);
          const bdat = /^BDAT (\d+)/.exec(command);
          if (bdat) chunk = { left: Number(bdat[1]), command };
          else if (say(command).startsWith('354')) inData = true;
        }
      }
    };
    say('');
    socket.on('data', (data) => {
      rest += data.toString('latin1');
      eat();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(async () => {
    for (const socket of sockets) socket.destroy();
    await new Promise<void>((resolve) => server.close(() => resolve()));
  });
  return {
    commands,
    bodies,
    host: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    get connections() {
      return connections;
    },
    hangUp() {
      for (const socket of sockets) socket.destroy();
    },
    get open() {
      return sockets.size;
    },
  };
}

/** Answers of a polite host; some replaced. */
export function polite(extensions: readonly string[], other: Readonly<Record<string, string | undefined>> = {}) {
  return (command: string): string | undefined => {
    for (const [start, reply] of Object.entries(other)) if (start && command.startsWith(start)) return reply;
    if (command === '') return '220 next.fabrikam.com ESMTP';
    if (command.startsWith('EHLO')) {
      const lines = ['next.fabrikam.com', ...extensions];
      return lines.map((line, i) => `250${i === lines.length - 1 ? ' ' : '-'}${line}`).join('\r\n');
    }
    if (command === 'DATA') return '354 go';
    if (command === 'QUIT') return '221 2.0.0 bye';
    return '250 2.0.0 ok';
  };
}

/** A certificate that nobody trusts, as a next host shows one. */
export function untrusted(name = 'next.fabrikam.com'): { key: string; cert: string } {
  const { key, certificate } = selfSigned(name, new Date(), 2);
  return { key, cert: certificate };
}

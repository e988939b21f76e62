/** A try over the wire: connects, goes through the script as far as it is let, and leaves without a message. */
import { connect, type Socket } from 'node:net';
import type { LiveQuestion, LiveTry } from '../../domain/rehearsal.ts';
import { unmapped } from '../../domain/selection.ts';
import { NoReply, SmtpClient } from './client.ts';

/** @throws Error when the connection cannot be made */
export async function tryLive({ to, from, proxyFor, script, timeoutMs }: LiveQuestion): Promise<LiveTry> {
  const socket = connect({ host: to.address, port: to.port, ...(from === undefined ? {} : { localAddress: from }) });
  const smtp = new SmtpClient(socket, { timeoutMs });
  try {
    await connected(socket, timeoutMs);
    const remote = unmapped(socket.localAddress ?? '');
    const local = { address: unmapped(socket.remoteAddress ?? to.address), port: to.port };
    if (proxyFor !== undefined) socket.write(proxyLine(proxyFor, local.address, socket.localPort ?? 0, to.port));
    const problem = await smtp.speak(script).then(
      () => '',
      (error: Error) => {
        if (error instanceof NoReply) return error.message;
        throw error;
      },
    );
    if (problem === '') await smtp.leave();
    return { exchanges: smtp.exchanges, problem, remote, local };
  } finally {
    smtp.close();
  }
}

/** A header of version 1 (haproxy.org, "The PROXY protocol", section 2.1); both addresses are of the client's family. */
function proxyLine(client: string, local: string, clientPort: number, port: number): string {
  const six = client.includes(':');
  const to = local.includes(':') === six ? local : six ? '::1' : '127.0.0.1';
  return `PROXY ${six ? 'TCP6' : 'TCP4'} ${client} ${to} ${clientPort} ${port}\r\n`;
}

function connected(socket: Socket, timeoutMs: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(`no connection within ${timeoutMs / 1000} s`)), timeoutMs);
    const settle = (then: () => void) => () => {
      clearTimeout(timer);
      then();
    };
    socket.once('connect', settle(resolve));
    socket.once('error', (error) => settle(() => reject(error))());
  });
}

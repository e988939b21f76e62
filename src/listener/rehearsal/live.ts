/** A try over the wire: connects, goes through the script as far as it is let, and leaves without a message. */
import type { LiveQuestion, LiveTry } from '../../domain/rehearsal.ts';
import { unmapped } from '../../domain/selection.ts';
import { connectTo } from '../../smtp/client/connect.ts';
import { NoReply, ScriptedClient } from './script.ts';

/** @throws Error when the connection cannot be made */
export async function tryLive({ to, from, proxyFor, script, timeoutMs }: LiveQuestion): Promise<LiveTry> {
  const destination = { host: to.address, port: to.port, ...(from === undefined ? {} : { from }) };
  const socket = await connectTo(destination, timeoutMs);
  const smtp = new ScriptedClient(socket, { timeoutMs });
  try {
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

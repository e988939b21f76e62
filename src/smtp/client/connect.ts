/** A client's connection to a server: by name or address, all its addresses in turn, with TLS from the first byte where asked for. */
import { connect as connectPlain, isIP, type Socket } from 'node:net';
import { type ConnectionOptions, connect as connectTls } from 'node:tls';
import { ConnectionOver, handshaken } from './client.ts';

/** An address that does not answer by then is left for the next one, should the name have several. */
const NEXT_ADDRESS_MS = 2000;

interface Destination {
  /** A name, or an address without brackets. */
  readonly host: string;
  readonly port: number;
  /** An address of this machine to connect from. */
  readonly from?: string;
}

/** Options of TLS to a host: SNI for a name, its certificate held against the name or address. */
export function tlsTo(host: string, verify: boolean, ca?: string): ConnectionOptions {
  return {
    host,
    ...(isIP(host) ? {} : { servername: host }),
    rejectUnauthorized: verify,
    minVersion: 'TLSv1.2',
    ...(ca === undefined ? {} : { ca }),
  };
}

/** Connects; with `tls` the handshake is done too. @throws ConnectionOver (`tls` for the handshake), or the system's error with its `code` */
export async function connectTo(
  { host, port, from }: Destination,
  limitMs: number,
  tls?: ConnectionOptions,
): Promise<Socket> {
  const began = performance.now();
  const socket = connectPlain({
    host,
    port,
    autoSelectFamilyAttemptTimeout: NEXT_ADDRESS_MS,
    ...(from === undefined ? {} : { localAddress: from }),
  });
  try {
    await connected(socket, limitMs);
    if (!tls) return socket;
    const secure = connectTls({ ...tls, socket });
    await handshaken(secure, Math.max(limitMs - (performance.now() - began), 1));
    return secure;
  } catch (error) {
    socket.on('error', () => {});
    socket.destroy();
    throw error;
  }
}

function connected(socket: Socket, limitMs: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const late = () => reject(new ConnectionOver('silent', `no connection within ${limitMs / 1000} s`));
    const timer = setTimeout(late, limitMs);
    socket.once('connect', () => {
      clearTimeout(timer);
      socket.on('error', () => {}); // told by the one who listens then
      socket.setNoDelay(true);
      resolve();
    });
    socket.once('error', (error: NodeJS.ErrnoException & { readonly errors?: readonly Error[] }) => {
      clearTimeout(timer);
      // A name with several addresses: one error for all of them, without a text of its own.
      if (error.message === '' && error.errors?.[0]) error.message = error.errors.map((one) => one.message).join('; ');
      reject(error);
    });
  });
}

/** Opens sockets to listen on: in this process, or (src/listener/workers/shared-sockets.ts) for workers that share them. */
import { type AddressInfo, createServer, type Socket } from 'node:net';
import type { Binding } from '../../domain/value.ts';

/** Where: an address of ours, or a descriptor that the service manager opened. */
export type Where = { readonly binding: Binding } | { readonly fd: number };

/** What becomes of it. */
export interface SocketHandlers {
  onConnection(socket: Socket): void;
  /** It could not accept, and will try again (out of file descriptors, say). */
  onAcceptFailed(code: string): void;
  /** It broke by itself and is closed. */
  onBroken(code: string): void;
}

export interface OpenSocket {
  /** `null`: it is no TCP socket. */
  readonly address: AddressInfo | null;
  /** Nobody is accepted any more; the promise settles when the port is free. */
  close(): void | Promise<void>;
}

export interface SocketOpener {
  /** @throws Error of the system, with its code */
  open(where: Where, handlers: SocketHandlers): Promise<OpenSocket>;
  /** Whether the [::] socket of a port takes IPv4 too, where a connection to it cannot be told from a client's. */
  takesIPv4?(port: number): Promise<boolean>;
}

/** Connections the kernel may hold until we accept them; net.core.somaxconn bounds it. */
export const BACKLOG = 4096;

/** Listens and accepts in this process. */
export const ownSockets: SocketOpener = {
  open(where, { onConnection, onAcceptFailed, onBroken }) {
    return new Promise((resolve, reject) => {
      const isHanded = 'fd' in where;
      const server = createServer({ noDelay: isHanded }, onConnection);
      server.once('error', reject);
      const listening = () => {
        server.off('error', reject);
        server.on('error', (error: NodeJS.ErrnoException) => {
          const code = error.code ?? error.message;
          // What cannot be accepted now may be later; the socket goes on.
          if (isHanded || error.syscall === 'accept') return onAcceptFailed(code);
          server.close();
          onBroken(code);
        });
        const address = server.address();
        resolve({
          address: typeof address === 'string' ? null : address,
          close: () => void server.close(),
        });
      };
      if (isHanded) server.listen({ fd: where.fd, backlog: BACKLOG }, listening);
      else {
        const { address, port, family } = where.binding;
        // ipv6Only: [::] takes IPv6 alone, so that 0.0.0.0 on the same port can be a connector of its own.
        server.listen({ host: address, port, ipv6Only: family === 6, backlog: BACKLOG }, listening);
      }
    });
  },
};

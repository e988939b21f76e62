/** An HTTP server that few use and nobody fills up: bounded in connections, header and time. The page, the metrics and the API are each one. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { AnonymousConnections } from './anonymous-connections.ts';

interface Bounds {
  /** Connections at once, with those that are being answered. */
  readonly most: number;
  /** Of those that nobody is known on; beyond, the oldest gives way. Left out: 150 in all and 50 from one address. */
  readonly anonymous?: { readonly most: number; readonly ofOne: number };
  /** Bytes of a request's header. */
  readonly header: number;
  /** Milliseconds in which the header, and the whole request, has to be there. */
  readonly headerMs: number;
  readonly requestMs: number;
  /** Milliseconds that a connection may wait for its next request. */
  readonly idleMs: number;
}

/** Why it cannot be listened on, as the end of a sentence. @param flag that names the address: `--web` */
export function adviceFor(error: NodeJS.ErrnoException, flag: string): string {
  switch (error.code) {
    case 'EADDRINUSE':
      return `something else listens there already. Give ${flag} another port.`;
    case 'EACCES':
      return `this user may not listen there. Give ${flag} a port above 1023.`;
    case 'EADDRNOTAVAIL':
      return 'this machine has no such address.';
    default:
      return error.message;
  }
}

export class BoundedServer {
  readonly #server: Server;
  readonly #anonymous: AnonymousConnections;

  constructor(bounds: Bounds, answer: (request: IncomingMessage, response: ServerResponse) => void) {
    this.#anonymous = new AnonymousConnections(bounds.anonymous);
    this.#server = createServer(
      {
        maxHeaderSize: bounds.header,
        headersTimeout: bounds.headerMs,
        requestTimeout: bounds.requestMs,
        keepAliveTimeout: bounds.idleMs,
        connectionsCheckingInterval: Math.min(2000, bounds.headerMs),
      },
      answer,
    );
    this.#server.maxConnections = bounds.most;
    this.#server.on('connection', (socket) => this.#anonymous.add(socket));
    this.#server.on('clientError', (_error, socket) => {
      if (socket.writable) socket.end('HTTP/1.1 400 Bad Request\r\nConnection: close\r\nContent-Length: 0\r\n\r\n');
      else socket.destroy();
    });
  }

  /** Somebody who is let in asks on it: it gives way to nobody. */
  know(socket: Socket): void {
    this.#anonymous.know(socket);
  }

  /** It is answered, and nobody is known on it until the next request. */
  forget(socket: Socket): void {
    if (!socket.destroyed) this.#anonymous.add(socket);
  }

  /** Where it listens; 0 when it does not. */
  get port(): number {
    return (this.#server.address() as AddressInfo | null)?.port ?? 0;
  }

  /** @throws Error of listen(), with its code */
  async open(host: string, port: number): Promise<void> {
    await new Promise<void>((resolve, reject) => {
      this.#server.once('error', reject);
      this.#server.listen({ host, port, ipv6Only: host.includes(':') }, resolve);
    });
    this.#server.on('error', () => {});
  }

  /** Answers that are being given may end within `graceMs`. */
  async close(graceMs: number): Promise<void> {
    if (!this.#server.listening) return;
    await new Promise<void>((resolve) => {
      this.#server.close(() => resolve());
      if (graceMs === 0) return this.#server.closeAllConnections();
      this.#server.closeIdleConnections();
      setTimeout(() => this.#server.closeAllConnections(), graceMs).unref();
    });
  }
}

/** A connection in memory: two ends of a duplex stream, the listener's with the addresses that a socket would have. */
import type { Socket } from 'node:net';
import { Duplex } from 'node:stream';
import type { Endpoint } from '../../domain/address.ts';
import { asSocket } from '../session/wire.ts';

class End extends Duplex {
  other!: End;
  #next: (() => void) | undefined;

  constructor() {
    super({ allowHalfOpen: true });
  }

  override _read(): void {
    const next = this.#next;
    this.#next = undefined;
    next?.();
  }

  /** The writer goes on when this end is read from. */
  arrive(chunk: Buffer, next: () => void): void {
    if (this.destroyed || this.push(chunk)) next();
    else this.#next = next;
  }

  override _write(chunk: Buffer, _encoding: string, done: () => void): void {
    const { other } = this;
    setImmediate(() => other.arrive(chunk, done));
  }

  override _final(done: () => void): void {
    const { other } = this;
    setImmediate(() => {
      if (!other.destroyed) other.push(null);
      done();
    });
  }

  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    const { other } = this;
    done(error);
    this.#next?.();
    setImmediate(() => {
      if (!other.destroyed && !other.readableEnded) other.push(null);
    });
  }
}

/** The listener's end, as far as a session knows a socket. */
class ListenersEnd extends End {
  constructor(
    readonly remoteAddress: string,
    readonly remotePort: number,
    readonly localAddress: string,
    readonly localPort: number,
  ) {
    super();
  }
  setNoDelay(): this {
    return this;
  }
  setKeepAlive(): this {
    return this;
  }
  setTimeout(): this {
    return this;
  }
  ref(): this {
    return this;
  }
  unref(): this {
    return this;
  }
}

/** A client of this address, connected to this local endpoint. */
export function connection(remote: Endpoint, local: Endpoint): { client: Duplex; socket: Socket } {
  const client = new End();
  const socket = new ListenersEnd(remote.address, remote.port, local.address, local.port);
  client.other = socket;
  socket.other = client;
  return { client, socket: asSocket(socket) };
}

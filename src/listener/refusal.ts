/**
 * Refusing a connection so that the client reads why. Closing a socket that still has unread bytes makes the kernel send a
 * reset, and a reset can wipe the reply from the client's buffer (RFC 1122 section 4.2.2.13). So: send the reply and a FIN,
 * read away what the client says, and close when it closes or shortly after.
 */
import type { Socket } from 'node:net';

/** Exchange's reply at a connection limit. */
export const TOO_MANY = Buffer.from(
  '421 4.3.2 The maximum number of concurrent connections has exceeded a limit, closing transmission channel\r\n',
);
/** No connector takes the client, or the listener stops. */
export const NOT_AVAILABLE = Buffer.from('421 4.3.2 Service not available\r\n');

const LINGER_MS = 1000;
/** Refused sockets waiting for their client to close; the oldest is closed when one more comes. */
const MOST_LINGERING = 2000;

/** Sockets that were told to go. One timer for all of them: a refusal costs a Map entry, no timer. */
export class Refusals {
  /** In the order they were refused, with the time. */
  readonly #lingering = new Map<Socket, number>();
  #timer: NodeJS.Timeout | undefined;
  readonly #forget: (this: Socket) => void;

  constructor() {
    const lingering = this.#lingering;
    this.#forget = function forget(this: Socket) {
      lingering.delete(this);
    };
  }

  get lingering(): number {
    return this.#lingering.size;
  }

  refuse(socket: Socket, reply: Buffer): void {
    socket.on('error', ignore);
    socket.on('close', this.#forget);
    socket.end(reply);
    socket.resume();
    if (this.#lingering.size >= MOST_LINGERING) {
      const [oldest] = this.#lingering.keys();
      oldest?.destroy();
    }
    this.#lingering.set(socket, performance.now());
    this.#timer ??= setInterval(() => this.#sweep(), LINGER_MS / 4).unref();
  }

  #sweep(): void {
    const limit = performance.now() - LINGER_MS;
    for (const [socket, since] of this.#lingering) {
      if (since > limit) break;
      socket.destroy();
      this.#lingering.delete(socket);
    }
    if (this.#lingering.size === 0) this.#stop();
  }

  #stop(): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
  }

  close(): void {
    for (const socket of this.#lingering.keys()) socket.destroy();
    this.#lingering.clear();
    this.#stop();
  }
}

function ignore(): void {}

/**
 * Refusing a connection so that the client reads why. Closing a socket that still has unread bytes makes the kernel send a
 * reset, and a reset can wipe the reply from the client's buffer (RFC 1122 section 4.2.2.13). So: send the reply and a FIN,
 * read away what the client says, and close when it closes or shortly after.
 *
 * A flood is not waited for: from some hundred refusals a second on, the reply is sent and the socket closed. Only who speaks
 * before it is greeted can lose the reply by that. And a flood does not keep others waiting: a few are refused in each turn
 * of the event loop, so that whoever else comes is served between them (docs/decisions/0120-a-flood-waits-its-turn.md).
 */
import type { Socket } from 'node:net';
import type { Reply } from '../refusal/reply.ts';

/** What each reply is on the wire; they come from a table. */
const bytes = new Map<Reply, Buffer>();

function onWire(reply: Reply): Buffer {
  let made = bytes.get(reply);
  if (!made) {
    made = Buffer.from(`${reply.line}\r\n`);
    bytes.set(reply, made);
  }
  return made;
}

const LINGER_MS = 1000;
/** Refused sockets waiting for their client to close; the oldest is closed when one more comes. */
const MOST_LINGERING = 2000;
/** Time in which refusals are counted, and how many of them are waited for. */
const WINDOW_MS = 250;
const WAITED_FOR = 100;
/** Refused in one turn of the event loop: half a millisecond. */
const A_TURN = 10;
/** Sockets that wait to be refused; from here on they are refused as they come, for each is an open file. */
const MOST_WAITING = 500;

/** Sockets that were told to go. One timer for all of them: a refusal costs a Map entry, no timer. */
export class Refusals {
  /** In the order they were refused, with the time. */
  readonly #lingering = new Map<Socket, number>();
  readonly #waiting: { readonly socket: Socket; readonly reply: Reply }[] = [];
  #timer: NodeJS.Timeout | undefined;
  #turn: NodeJS.Immediate | undefined;
  /** When the window began, and the refusals in it. */
  #since = 0;
  #inWindow = 0;
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

  /** Refuses it when its turn comes. */
  refuse(socket: Socket, reply: Reply): void {
    socket.on('error', ignore);
    this.#waiting.push({ socket, reply });
    this.#turn ??= setImmediate(this.#some);
  }

  readonly #some = (): void => {
    this.#turn = undefined;
    const now = performance.now();
    for (const { socket, reply } of this.#waiting.splice(0, Math.max(A_TURN, this.#waiting.length - MOST_WAITING))) {
      this.#refuseNow(socket, reply, now);
    }
    if (this.#waiting.length > 0) this.#turn = setImmediate(this.#some);
  };

  #refuseNow(socket: Socket, reply: Reply, now: number): void {
    if (socket.destroyed) return;
    if (now - this.#since >= WINDOW_MS) {
      this.#since = now;
      this.#inWindow = 0;
    }
    if (++this.#inWindow > WAITED_FOR) {
      socket.write(onWire(reply));
      // All of it is the kernel's now, as good as always: it sends it, and the FIN behind it.
      if (socket.writableLength === 0) {
        socket.destroy();
        return;
      }
      socket.end();
    } else socket.end(onWire(reply));
    this.#linger(socket, now);
  }

  #linger(socket: Socket, now: number): void {
    socket.on('close', this.#forget);
    socket.resume();
    if (this.#lingering.size >= MOST_LINGERING) {
      const [oldest] = this.#lingering.keys();
      oldest?.destroy();
    }
    this.#lingering.set(socket, now);
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
    clearImmediate(this.#turn);
    const now = performance.now();
    for (const { socket, reply } of this.#waiting.splice(0)) this.#refuseNow(socket, reply, now);
    for (const socket of this.#lingering.keys()) socket.destroy();
    this.#lingering.clear();
    this.#stop();
  }
}

function ignore(): void {}

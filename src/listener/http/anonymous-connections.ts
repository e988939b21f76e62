/**
 * Connections that nobody has signed in on: at most 50 from one address and 150 in all, so that those of people who are
 * signed in have room under the server's 200. One too many is not refused: the oldest gives way, so that whoever shares an
 * address with the owner, as all users of a machine do, cannot keep him out by holding connections.
 */

import type { Socket } from 'node:net';
import { isLoopback } from '../../domain/address.ts';

const MOST = 150;
const MOST_OF_ONE = 50;

interface AnonymousLimits {
  readonly most: number;
  readonly ofOne: number;
}

export class AnonymousConnections {
  /** Oldest first. */
  readonly #sockets = new Map<Socket, string>();
  readonly #seen = new WeakSet<Socket>();
  readonly #limits: AnonymousLimits;

  constructor(limits: AnonymousLimits = { most: MOST, ofOne: MOST_OF_ONE }) {
    this.#limits = limits;
  }

  /** Counts a connection that has just come. */
  add(socket: Socket): void {
    const { most, ofOne } = this.#limits;
    const source = sourceOf(socket.remoteAddress ?? '');
    const mine = [...this.#sockets].filter(([, from]) => from === source);
    const oldest = mine.length >= ofOne ? mine[0]![0] : this.#sockets.keys().next().value;
    if (oldest && (mine.length >= ofOne || this.#sockets.size >= most)) {
      this.#sockets.delete(oldest);
      oldest.destroy();
    }
    this.#sockets.set(socket, source);
    if (!this.#seen.has(socket)) socket.once('close', () => this.know(socket));
    this.#seen.add(socket);
  }

  /** Somebody who is signed in asks on it, or it is closed: it counts no more. */
  know(socket: Socket): void {
    this.#sockets.delete(socket);
  }
}

/** What counts as one address: the whole of 127.0.0.0/8, which is one machine, and a /64 of IPv6, which one host has to itself. */
export function sourceOf(address: string): string {
  const plain = address.replace(/^::ffff:/i, '');
  if (isLoopback(plain)) return 'loopback';
  return plain.includes(':') ? plain.split(':').slice(0, 4).join(':') : plain;
}

/**
 * Listening sockets follow what is wanted: only the difference is opened and closed. A socket whose connectors changed keeps
 * listening; connections that came in through a socket outlive it. What could not be bound is told, and tried again.
 */
import type { Socket } from 'node:net';
import { ownAddresses } from '../../checks/own-addresses.ts';
import { bindAdvice, coveredBy, namesOf, type Wanted } from '../../domain/wanted-bindings.ts';
import type { EventLog } from '../contracts/event-log.ts';
import { EVENTS } from '../records/event-table.ts';
import type { HandedFd } from '../service/supervision.ts';
import { HandedSockets } from './handed-sockets.ts';
import { ownSockets, type SocketOpener } from './socket-opener.ts';

interface FailedBinding {
  readonly binding: string;
  readonly connectors: readonly string[];
  readonly code: string;
  readonly advice: string;
  readonly since: string;
}

/** A socket of ours, or one of the service manager's, which may be on all addresses of the port. */
interface Opened {
  readonly key: string;
  close(): unknown;
}

export class ListeningSockets {
  readonly #open = new Map<string, Opened>();
  readonly #handed: HandedSockets;
  readonly #failed = new Map<string, FailedBinding>();
  /** Specific bindings served by themselves because their all-addresses socket failed. */
  #wanted: ReadonlyMap<string, Wanted> = new Map();
  #closed = false;

  constructor(
    readonly events: EventLog,
    readonly onConnection: (socket: Socket, binding: string) => void,
    /** Told when a listening socket breaks by itself, and when it cannot accept (out of file descriptors). */
    readonly onBroken: () => void = () => {},
    readonly onAcceptFailed: (binding: string, code: string) => void = () => {},
    /** Opened by the service manager. */
    handed: readonly HandedFd[] = [],
    readonly opener: SocketOpener = ownSockets,
  ) {
    this.#handed = new HandedSockets(handed, events, { onConnection, onAcceptFailed }, opener);
  }

  /** Wanted bindings and whether each is served: by its own socket, or by the one on all addresses. */
  get bound(): { readonly binding: string; readonly connectors: readonly string[]; readonly servedBy: string }[] {
    const bound = [];
    for (const [key, { binding, connectors }] of this.#wanted) {
      const servedBy = this.#open.get(key)?.key ?? coveredBy(binding, this.#open);
      if (servedBy) bound.push({ binding: key, connectors, servedBy });
    }
    return bound;
  }

  get failed(): readonly FailedBinding[] {
    return [...this.#failed.values()];
  }

  /** Something that is not bound now could be bound at another try. */
  get hasRetry(): boolean {
    return [...this.#failed.keys()].some((key) => !this.#isFallenBack(key));
  }

  /** Opens and closes until the sockets are those wanted. Never called twice at once. */
  async follow(wanted: ReadonlyMap<string, Wanted>, isChange: boolean): Promise<void> {
    this.#wanted = wanted;
    await this.#handed.open();
    const needed = new Map<string, Wanted>();
    for (const [key, want] of wanted) if (!coveredBy(want.binding, wanted)) needed.set(key, want);
    // Without a change, specific sockets that stand in for one on all addresses stay: they are in each other's way.
    if (!isChange) for (const key of [...needed.keys()]) if (this.#isFallenBack(key)) needed.delete(key);

    for (const key of [...this.#failed.keys()])
      if (!needed.has(key) && !this.#isFallenBack(key)) this.#failed.delete(key);
    for (const key of [...this.#open.keys()]) {
      if (needed.has(key) || (!isChange && wanted.has(key))) continue;
      await this.#close(key);
    }
    for (const [key, want] of needed) if (!this.#open.has(key)) await this.#tryOpen(key, want);
    for (const [key, want] of wanted) {
      const any = coveredBy(want.binding, wanted);
      if (any && !this.#open.has(any) && !this.#open.has(key)) await this.#tryOpen(key, want);
    }
    this.#handed.tellIdle();
  }

  /** A binding on all addresses that failed while specific ones of its port listen in its place. */
  #isFallenBack(key: string): boolean {
    if (!this.#failed.has(key)) return false;
    for (const [other, want] of this.#wanted) {
      if (this.#open.has(other) && coveredBy(want.binding, this.#wanted) === key) return true;
    }
    return false;
  }

  async #tryOpen(key: string, want: Wanted): Promise<void> {
    if (this.#closed) return;
    const handed = await this.#handed.borrow(want.binding);
    if (handed) {
      this.#open.set(key, handed);
      this.#failed.delete(key);
      this.events.write(EVENTS.listening(key, namesOf(want.connectors), handed.key));
      return;
    }
    try {
      const socket = await this.opener.open(want, {
        onConnection: (accepted) => this.onConnection(accepted, key),
        onAcceptFailed: (code) => this.onAcceptFailed(key, code),
        onBroken: (code) => {
          this.#fail(key, want, code);
          this.#open.delete(key);
          this.onBroken();
        },
      });
      if (this.#closed) return void socket.close();
      this.#open.set(key, { key, close: () => socket.close() });
      this.#failed.delete(key);
      this.events.write(EVENTS.listening(key, namesOf(want.connectors)));
    } catch (error) {
      this.#fail(key, want, (error as NodeJS.ErrnoException).code ?? (error as Error).message);
    }
  }

  #fail(key: string, want: Wanted, code: string): void {
    const before = this.#failed.get(key);
    if (before?.code === code) return;
    const advice = bindAdvice(code, want, ownAddresses);
    this.#failed.set(key, { binding: key, connectors: want.connectors, code, advice, since: new Date().toISOString() });
    this.events.write(EVENTS.bindFailed(key, namesOf(want.connectors), code, advice));
  }

  async #close(key: string): Promise<void> {
    const opened = this.#open.get(key);
    this.#open.delete(key);
    await opened?.close();
    this.events.write(EVENTS.closed(key));
  }

  /** Stops listening everywhere, for good; open connections stay. */
  close(): void {
    this.#closed = true;
    for (const opened of this.#open.values()) opened.close();
    this.#open.clear();
    this.#handed.close();
  }
}

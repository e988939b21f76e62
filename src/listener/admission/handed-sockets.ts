/**
 * Listening sockets that the service manager opened for us, so that ports below 1024 need no rights of ours. A binding that
 * is wanted borrows the one of its address and port. They stay open as long as the listener runs, borrowed or not: the
 * service manager holds them too, so the port is open whatever we do, and who connects must not wait for nobody. Without a
 * connector he gets 421 at once.
 */
import { connect, type Socket } from 'node:net';
import { Binding } from '../../domain/value.ts';
import type { EventLog } from '../contracts/event-log.ts';
import { EVENTS } from '../records/event-table.ts';
import { type HandedFd, isSocket } from '../service/supervision.ts';
import type { OpenSocket, SocketOpener } from './socket-opener.ts';

interface HandedHandlers {
  readonly onConnection: (socket: Socket, binding: string) => void;
  readonly onAcceptFailed: (binding: string, code: string) => void;
}

interface Handed {
  readonly name: string;
  readonly binding: Binding;
  readonly socket: OpenSocket;
  borrowers: number;
  /** Told that nobody wants it, since it was last borrowed. */
  toldIdle: boolean;
  /** Does [::] take IPv4 too? Asked once. */
  dual: Promise<boolean> | undefined;
  /** Local port of a connection that we made ourselves to find that out. */
  probing: Promise<number | undefined> | undefined;
  onProbe: () => void;
}

/** How long a connection to our own socket may take to come up. */
const PROBE_MS = 2000;
/** Descriptors that cannot be listened on are told one by one up to this many; LISTEN_FDS may be any number. */
const MOST_TOLD = 3;

export class HandedSockets {
  readonly #events: EventLog;
  readonly #handlers: HandedHandlers;
  readonly #opener: SocketOpener;
  #fds: readonly HandedFd[];
  #sockets: Handed[] = [];
  #unusable = 0;

  constructor(fds: readonly HandedFd[], events: EventLog, handlers: HandedHandlers, opener: SocketOpener) {
    this.#fds = fds;
    this.#events = events;
    this.#handlers = handlers;
    this.#opener = opener;
  }

  /** Begins to accept, once; before the connectors are known nobody must be let in. */
  async open(): Promise<void> {
    const fds = this.#fds;
    this.#fds = [];
    for (const handed of fds) await this.#open(handed);
    const untold = this.#unusable - MOST_TOLD;
    if (untold > 0) this.#events.write(EVENTS.handedUnusableMore(untold, fds.length));
  }

  #tellUnusable(fd: number, name: string, reason: string): void {
    if (this.#unusable++ < MOST_TOLD) this.#events.write(EVENTS.handedUnusable(fd, name, reason));
  }

  async #open({ fd, name }: HandedFd): Promise<void> {
    if (!isSocket(fd)) {
      this.#tellUnusable(fd, name, 'it is no socket');
      return;
    }
    let handed: Handed;
    let socket: OpenSocket;
    const failed = (code: string) => this.#handlers.onAcceptFailed(handed.binding.toString(), code);
    try {
      socket = await this.#opener.open(
        { fd },
        {
          onConnection: (accepted) => void this.#accept(handed, accepted),
          onAcceptFailed: failed,
          onBroken: failed,
        },
      );
    } catch (error) {
      this.#tellUnusable(fd, name, (error as NodeJS.ErrnoException).code ?? String(error));
      return;
    }
    const at = socket.address;
    if (at === null) {
      socket.close();
      this.#tellUnusable(fd, name, 'it is no TCP socket');
      return;
    }
    const binding = new Binding(at.address.replace(/%.*/, ''), at.port);
    handed = {
      name,
      binding,
      socket,
      borrowers: 0,
      toldIdle: false,
      dual: undefined,
      probing: undefined,
      onProbe: () => {},
    };
    this.#sockets.push(handed);
  }

  async #accept(handed: Handed, socket: Socket): Promise<void> {
    if (handed.probing && socket.remoteAddress === '::ffff:127.0.0.1') {
      if ((await handed.probing) === socket.remotePort) {
        socket.destroy();
        handed.onProbe();
        return;
      }
    }
    this.#handlers.onConnection(socket, handed.binding.toString());
  }

  /**
   * The socket that takes the binding's connections: of the same address, else the one on all addresses of its port (the
   * kernel says for each connection which address it came to). `undefined` when none does. Give it back with `close`.
   */
  async borrow(wanted: Binding): Promise<{ readonly key: string; close(): void } | undefined> {
    const socket = await this.#serving(wanted);
    if (!socket) return undefined;
    socket.borrowers++;
    socket.toldIdle = false;
    let borrowed = true;
    return {
      key: socket.binding.toString(),
      close: () => {
        if (borrowed) socket.borrowers--;
        borrowed = false;
      },
    };
  }

  async #serving({ address, family, port }: Binding): Promise<Handed | undefined> {
    const here = this.#sockets.filter((socket) => socket.binding.port === port);
    const any = (v: 4 | 6) => here.find((socket) => socket.binding.address === (v === 6 ? '::' : '0.0.0.0'));
    const found = here.find((socket) => socket.binding.address === address) ?? any(family);
    if (found || family === 6) return found;
    const six = any(6);
    return six && (await this.#isDual(six)) ? six : undefined;
  }

  /**
   * `ListenStream=25` is [::]:25 for IPv4 as well, unless BindIPv6Only= says otherwise. Node cannot ask a socket for
   * IPV6_V6ONLY, so a connection over IPv4 tells. One that tells nothing in time is no answer: it is asked again next time.
   */
  #isDual(six: Handed): Promise<boolean> {
    six.dual ??= this.#opener.takesIPv4?.(six.binding.port) ?? this.#probe(six);
    return six.dual;
  }

  #probe(six: Handed): Promise<boolean> {
    return new Promise<boolean>((resolve) => {
      const client = connect({ host: '127.0.0.1', port: six.binding.port });
      let found: (port: number | undefined) => void;
      six.probing = new Promise((resolve) => {
        found = resolve;
      });
      client.once('connect', () => found(client.localPort));
      const end = (is: boolean) => {
        clearTimeout(timer);
        found(undefined); // who came from 127.0.0.1 meanwhile is waiting for it
        six.probing = undefined;
        six.onProbe = () => {};
        client.destroy();
        resolve(is);
      };
      const timer = setTimeout(() => {
        six.dual = undefined;
        end(false);
      }, PROBE_MS);
      six.onProbe = () => end(true);
      client.on('error', () => end(false));
    });
  }

  /** Says which sockets nobody wants, each once. */
  tellIdle(): void {
    for (const socket of this.#sockets) {
      if (socket.borrowers > 0 || socket.toldIdle) continue;
      socket.toldIdle = true;
      this.#events.write(EVENTS.handedIdle(socket.binding.toString(), socket.name));
    }
  }

  /** The listener ends; what comes from now on waits in the service manager's own copy for the next one. */
  close(): void {
    for (const { socket } of this.#sockets) socket.close();
    this.#sockets = [];
  }
}

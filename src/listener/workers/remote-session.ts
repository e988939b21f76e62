/**
 * A session that a worker holds, as the gate and the reconciler see it. It counts from the moment the gate lets it in until its
 * worker says that it ended, or is gone.
 */

import type { Socket } from 'node:net';
import { bracketed } from '../../text/bracketed.ts';
import type { Peer } from '../contracts/peer.ts';
import type { Session, SessionInfo } from '../contracts/session-api.ts';
import type { SessionConnector } from '../contracts/session-connector.ts';

interface RemoteSessionEvents {
  readonly onEnd: () => void;
  /** Says to a client that nobody greeted that there is no service. */
  readonly turnAway: (socket: Socket) => void;
}

/** Handing it over fails so often before the client is turned away. */
const MOST_TRIES = 3;

/** The worker that holds a session. */
interface SessionHolder {
  order(what: 'retire' | 'destroy', id: string): void;
}

export class RemoteSession implements Session {
  readonly #startedAt = Date.now();
  /** Who has it; nobody while it waits for a worker. */
  worker: SessionHolder | undefined;
  #on: RemoteSessionEvents | undefined;
  /** What its worker was told to do with it. */
  #order: 'retire' | 'destroy' | undefined;
  #tries = 0;

  constructor(
    readonly id: string,
    readonly connector: SessionConnector,
    readonly peer: Peer,
    /** The accepted socket, until a worker has it. */
    public socket: Socket | undefined,
    /** Bytes that were read from it. */
    readonly ahead: Buffer | undefined,
    on: RemoteSessionEvents,
  ) {
    this.#on = on;
  }

  get startedAt(): Date {
    return new Date(this.#startedAt);
  }

  get isOver(): boolean {
    return this.#on === undefined;
  }

  /** Its worker did not get it: it waits for another one, unless it was to end, or has been tried too often. */
  givenBack(): void {
    this.worker = undefined;
    if (this.#order === 'destroy') this.destroy();
    else if (this.#order === 'retire' || ++this.#tries >= MOST_TRIES) this.turnAway();
  }

  /** The worker has the socket: ours, which stands for the same connection, is let go. */
  taken(): void {
    this.socket?.destroy();
    this.socket = undefined;
  }

  /** It is over; its place is free. */
  ended(): void {
    const on = this.#on;
    this.#on = undefined;
    this.taken();
    on?.onEnd();
  }

  /** Nobody greeted it yet: says so to the client, and is over. */
  turnAway(): void {
    const { socket } = this;
    this.socket = undefined;
    if (socket) this.#on?.turnAway(socket);
    this.ended();
  }

  /** Workers tell their sessions themselves, when they act by the new settings. */
  settingsChanged(): void {}

  retire(): void {
    this.#order ??= 'retire';
    if (this.worker) this.worker.order('retire', this.id);
    else this.turnAway();
  }

  destroy(): void {
    this.#order = 'destroy';
    if (this.worker) this.worker.order('destroy', this.id);
    else this.ended();
  }

  /** What is known here; `Workforce.infos` asks the worker. */
  info(): SessionInfo {
    const { peer } = this;
    return {
      id: this.id,
      connector: this.connector.now.Name,
      remote: `${bracketed(peer.remoteAddress)}:${peer.remotePort}`,
      source: peer.remoteAddress,
      port: peer.remotePort,
      local: `${bracketed(peer.localAddress)}:${peer.localPort}`,
      since: this.startedAt.toISOString(),
      tls: false,
      user: '',
      helo: '',
      state: 'idle',
      messages: 0,
      bytes: 0,
      bytesSent: 0,
    };
  }
}

/**
 * The connectors and sessions of one worker. It follows documents in the order they come and starts the sessions it is
 * handed; a session that comes behind a document waits until that acts.
 */
import type { Socket } from 'node:net';
import type { LiveConnector, LiveServer, Session, SessionInfo, SessionServices, StartSession } from '../contract.ts';
import { events } from '../event-table.ts';
import { DocumentReader, liveServer } from '../live-document.ts';
import { Tally } from '../tally.ts';
import { applyPatch } from './document-patch.ts';
import type { DocumentMessage, OrdersMessage, StartMessage } from './messages.ts';

export interface StaffOptions {
  /** Path of store.json, for texts of errors. */
  readonly store: string;
  readonly startSession: StartSession;
  readonly services: Omit<SessionServices, 'server'>;
  readonly onApplied: (edition: number, generation: number) => void;
  readonly onEnded: (id: string) => void;
}

interface Desk extends LiveConnector {
  readonly sessions: Set<Session>;
}

export class Staff {
  readonly #options: StaffOptions;
  readonly #reader: DocumentReader;
  readonly #tally: Tally;
  readonly #services: SessionServices;
  readonly #sessions = new Map<string, Session>();
  /** Sessions that wait for a document, with what they were told meanwhile. */
  readonly #waiting = new Map<string, { readonly socket: Socket; retire: boolean }>();
  #desks = new Map<string, Desk>();
  /** Removed connectors whose sessions are still there. */
  readonly #leaving = new Map<string, Desk>();
  #text: Buffer = Buffer.alloc(0);
  #server: LiveServer | undefined;
  #following: Promise<void> | undefined;

  constructor(options: StaffOptions) {
    this.#options = options;
    this.#reader = new DocumentReader(options.store);
    this.#tally = new Tally(options.services.events);
    this.#services = { ...options.services, server: () => this.server };
  }

  get server(): LiveServer {
    if (!this.#server) throw new Error('the worker has no document yet');
    return this.#server;
  }

  get size(): number {
    return this.#sessions.size + this.#waiting.size;
  }

  infos(): SessionInfo[] {
    return [...this.#sessions.values()].map((session) => session.info());
  }

  /** @throws (the promise rejects) when it cannot be read; the listener's process has found it good before */
  follow(message: DocumentMessage): Promise<void> {
    const before = this.#following;
    const following = (async () => {
      await before;
      const text = applyPatch(this.#text, message.patch);
      const { document, connectors } = await this.#reader.read(text);
      this.#text = text;
      this.#server = liveServer(document);
      const desks = new Map<string, Desk>();
      for (const connector of connectors) {
        const guid = connector.Guid;
        const desk = this.#desks.get(guid) ?? this.#leaving.get(guid) ?? { guid, now: connector, sessions: new Set() };
        this.#leaving.delete(guid);
        desks.set(guid, desk);
        if (desk.now === connector) continue;
        desk.now = connector;
        for (const session of desk.sessions) session.settingsChanged();
      }
      for (const [guid, desk] of this.#desks)
        if (!desks.has(guid) && desk.sessions.size > 0) this.#leaving.set(guid, desk);
      this.#desks = desks;
      this.#options.onApplied(message.edition, document.generation);
    })();
    this.#following = following;
    const done = () => {
      if (this.#following === following) this.#following = undefined;
    };
    following.then(done, done);
    return following;
  }

  start(message: StartMessage, socket: Socket | undefined): void {
    if (!socket) {
      this.#options.onEnded(message.id); // gone before it could be handed over
      return;
    }
    if (message.ahead) socket.unshift(Buffer.from(message.ahead));
    if (!this.#following) {
      this.#begin(message, socket);
      return;
    }
    const ignore = () => {};
    socket.on('error', ignore);
    this.#waiting.set(message.id, { socket, retire: false });
    this.#following.then(
      () => {
        socket.off('error', ignore);
        this.#begin(message, socket);
      },
      () => socket.destroy(),
    );
  }

  #begin({ id, guid, peer }: StartMessage, socket: Socket): void {
    const waiting = this.#waiting.get(id);
    this.#waiting.delete(id);
    const desk = this.#desks.get(guid) ?? this.#leaving.get(guid);
    let session: Session | undefined;
    let ended = false;
    const onEnd = () => {
      if (ended) return;
      ended = true;
      this.#sessions.delete(id);
      if (session) desk?.sessions.delete(session);
      if (desk?.sessions.size === 0) this.#leaving.delete(guid);
      this.#options.onEnded(id);
    };
    if (!desk || socket.destroyed) {
      socket.destroy(); // the client left, or its connector was removed, while it waited
      onEnd();
      return;
    }
    socket.once('close', onEnd);
    try {
      session = this.#options.startSession(socket, desk, peer, this.#services, onEnd, id);
      if (ended) return;
      desk.sessions.add(session);
      this.#sessions.set(id, session);
      if (waiting?.retire) session.retire();
    } catch (error) {
      socket.on('error', () => {});
      socket.destroy();
      const reason = (error as Error).message;
      this.#tally.count(`failed ${guid} ${reason}`, () =>
        events.sessionFailed(desk.now.Name, peer.remoteAddress, reason),
      );
    }
  }

  obey({ retire = [], destroy = [] }: OrdersMessage): void {
    for (const id of retire) {
      const waiting = this.#waiting.get(id);
      if (waiting) waiting.retire = true;
      else this.#sessions.get(id)?.retire();
    }
    for (const id of destroy) (this.#sessions.get(id) ?? this.#waiting.get(id)?.socket)?.destroy();
  }

  /** Sessions that are left finish their message, at most `graceMs` long, then they are cut. */
  async leave(graceMs: number): Promise<void> {
    for (const session of [...this.#sessions.values()]) session.retire();
    const until = performance.now() + graceMs;
    while (this.#sessions.size > 0 && performance.now() < until) await new Promise((turn) => setTimeout(turn, 20));
    for (const session of [...this.#sessions.values()]) session.destroy();
  }

  close(): void {
    this.#tally.close();
  }
}

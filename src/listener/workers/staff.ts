/**
 * The connectors and sessions of one worker. It follows documents in the order they come and starts the sessions it is
 * handed; a session that comes behind a document waits until that acts.
 */
import type { Socket } from 'node:net';
import { setImmediate } from 'node:timers/promises';
import { type Connector, readConnector, type StoredConnector } from '../../domain/connector.ts';
import type { LiveServer } from '../contracts/live-server.ts';
import type { Session, SessionInfo, StartSession } from '../contracts/session-api.ts';
import type { SessionConnector } from '../contracts/session-connector.ts';
import type { SessionCount } from '../contracts/session-counts.ts';
import type { SessionServices } from '../contracts/session-services.ts';
import { events } from '../records/event-table.ts';
import { EventThrottle } from '../records/event-throttle.ts';
import { refusalEvents } from '../records/refusal-events.ts';
import type { Channel } from './channel.ts';
import type { DocumentMessage, OrdersMessage, StartMessage } from './messages.ts';

interface StaffOptions {
  readonly startSession: StartSession;
  readonly services: Omit<SessionServices, 'server' | 'onRefusal'>;
  /** Takes what sessions count, by the connector's Guid. */
  readonly counts: Pick<Channel, 'count' | 'refused'>;
  readonly onApplied: (edition: number, generation: number) => void;
  readonly onEnded: (id: string) => void;
}

/** Connectors read before the event loop gets a turn: a few milliseconds. */
const BATCH = 25;

class Desk implements SessionConnector {
  readonly sessions = new Set<Session>();
  readonly #counts: StaffOptions['counts'];

  constructor(
    readonly guid: string,
    public now: Connector,
    counts: StaffOptions['counts'],
  ) {
    this.#counts = counts;
  }

  count(what: SessionCount, by?: number): void {
    this.#counts.count(this.guid, what, by);
  }

  countRefusal(source: string, because: string, by?: number): void {
    this.#counts.refused(this.guid, source, because, by);
  }
}

export class Staff {
  readonly #options: StaffOptions;
  readonly #tally: EventThrottle;
  readonly #services: SessionServices;
  readonly #sessions = new Map<string, Session>();
  /** Sessions that wait for a document, with what they were told meanwhile. */
  readonly #waiting = new Map<string, { readonly socket: Socket; retire: boolean }>();
  readonly #desks = new Map<string, Desk>();
  /** Removed connectors whose sessions are still there. */
  readonly #leaving = new Map<string, Desk>();
  #server: LiveServer | undefined;
  #following: Promise<void> | undefined;

  constructor(options: StaffOptions) {
    this.#options = options;
    this.#tally = new EventThrottle(options.services.events);
    const onRefusal = refusalEvents(this.#tally);
    this.#services = { ...options.services, onRefusal, server: () => this.server };
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

  /** @throws (the promise rejects) when it cannot be read, though the listener's process has found it good */
  follow(message: DocumentMessage): Promise<void> {
    const before = this.#following;
    const following = (async () => {
      if (before) await before;
      const { edition, server, removed } = message;
      const site = { server: server.name, fqdn: server.fqdn };
      const changed: Connector[] = [];
      for (const stored of JSON.parse(message.changed) as StoredConnector[]) {
        if (changed.length % BATCH === BATCH - 1) await setImmediate();
        changed.push(
          readConnector(stored, site, (key, problem) => {
            throw new Error(`connector "${stored.Name}" ${key}: ${problem}`);
          }),
        );
      }
      this.#server = server;
      this.#apply(changed, removed);
      this.#options.onApplied(edition, server.generation);
    })();
    this.#following = following;
    const done = () => {
      if (this.#following === following) this.#following = undefined;
    };
    following.then(done, done);
    return following;
  }

  #apply(changed: readonly Connector[], removed: readonly string[]): void {
    for (const connector of changed) {
      const guid = connector.Guid;
      const desk = this.#desks.get(guid);
      if (desk) {
        desk.now = connector;
        for (const session of desk.sessions) session.settingsChanged();
        continue;
      }
      // New; or back (undo) before its last sessions are gone.
      const back = this.#leaving.get(guid);
      this.#leaving.delete(guid);
      if (back) back.now = connector;
      this.#desks.set(guid, back ?? new Desk(guid, connector, this.#options.counts));
    }
    for (const guid of removed) {
      const desk = this.#desks.get(guid);
      this.#desks.delete(guid);
      if (desk && desk.sessions.size > 0) this.#leaving.set(guid, desk);
    }
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

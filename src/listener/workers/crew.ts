/**
 * The workers of `rc serve --workers N`, as the listener's process runs them. Connections are let in here, by one gate that
 * counts them all, and handed to the worker with the fewest sessions. A worker that ends unasked gives its counts back at once
 * and is replaced; one that does not answer is killed.
 */
import type { Socket } from 'node:net';
import type { WorkerStatus } from '../../control/listener-client.ts';
import type { Home } from '../../store/home.ts';
import { Refusals } from '../admission/refused-sockets.ts';
import type { EventLog } from '../contracts/event-log.ts';
import type { LiveServer } from '../contracts/live-server.ts';
import type { MessageRates } from '../contracts/message-rates.ts';
import type { Peer } from '../contracts/peer.ts';
import type { Session, SessionInfo } from '../contracts/session-api.ts';
import type { SessionConnector } from '../contracts/session-connector.ts';
import type { SessionCount } from '../contracts/session-counts.ts';
import type { DocumentChange, Workforce } from '../contracts/workforce.ts';
import { FailureEvents } from '../delivery/failure-events.ts';
import { events as told } from '../records/event-table.ts';
import { openProtocolFile } from '../records/protocol-log.ts';
import type { RotatingLog } from '../records/rotating-log.ts';
import { openTrackingFile } from '../records/tracking-log.ts';
import { REPLIES } from '../session/replies.ts';
import { newSessionId } from '../session/session-id.ts';
import type { FromWorker, Hello, LogLines } from './messages.ts';
import { RemoteSession } from './remote-session.ts';
import { takeUnread } from './unread-socket.ts';
import { PROMPT_MS, WorkerProcess } from './worker-process.ts';

interface CrewOptions {
  readonly home: Home;
  /** Path of the workers' bundle. */
  readonly script: string;
  readonly size: number;
  readonly events: EventLog;
  readonly rates: MessageRates;
  readonly server: () => LiveServer;
  /** Milliseconds between looks at the workers. */
  readonly lookMs?: number;
}

/** Looks in a row at which a worker gave no sign of life, until it is killed. */
const SILENT_LOOKS = 10;
/** The same for one that is starting. */
const STARTING_LOOKS = 30;
/** The same for one that was told to end. */
const ENDING_LOOKS = 3;
/** A worker that ends sooner than this after its start is started again later and later, up to a limit. */
const STEADY_MS = 60_000;
const FIRST_WAIT_MS = 100;
const LONGEST_WAIT_MS = 10_000;
/** How long a connection waits for a worker before it is turned away: all are being replaced. */
const PATIENCE_LOOKS = 10;
/** How long a worker may take to end when it is told to. */
const END_MS = 65_000;
const INFOS_MS = 2000;

/** A place that one process after another fills. */
interface Place {
  readonly index: number;
  worker: WorkerProcess | undefined;
  /** Processes that ended unasked. */
  replaced: number;
  /** Of these, the ones that ended soon after their start, one after the other. */
  early: number;
  timer: NodeJS.Timeout | undefined;
}

/** No worker could be started. */
export class NoWorkers extends Error {}

export class Crew implements Workforce {
  readonly #options: CrewOptions;
  readonly #places: Place[];
  readonly #failures: FailureEvents;
  readonly #logs: Readonly<Record<'protocol' | 'tracking', RotatingLog>>;
  /** Sessions that no worker is free for, with the looks they waited. */
  readonly #queue = new Map<RemoteSession, number>();
  readonly #refusals = new Refusals();
  /** Connectors that have sessions, with how many. */
  readonly #connectors = new Map<string, { readonly connector: SessionConnector; sessions: number }>();
  #document: DocumentChange | undefined;
  #edition = 0;
  /** Who waits until every worker acts by the newest document. */
  #followers: { readonly resolve: () => void; readonly reject: (error: Error) => void }[] = [];
  #infos = new Map<number, (worker: WorkerProcess, sessions: readonly SessionInfo[]) => void>();
  #question = 0;
  #turn = 0;
  #again: NodeJS.Timeout | undefined;
  #timer: NodeJS.Timeout | undefined;
  /** Not all workers have acted by a document yet. */
  #isStarting = false;
  #closing = false;

  constructor(options: CrewOptions) {
    this.#options = options;
    const { home, server, events } = options;
    this.#failures = new FailureEvents(events);
    this.#logs = {
      protocol: openProtocolFile(home, server, this.#failures),
      tracking: openTrackingFile(home, server, { failures: this.#failures }),
    };
    this.#places = Array.from({ length: options.size }, (_, index) => ({
      index,
      worker: undefined,
      replaced: 0,
      early: 0,
      timer: undefined,
    }));
  }

  get #workers(): WorkerProcess[] {
    return this.#places.flatMap(({ worker }) => worker ?? []);
  }

  get status(): readonly WorkerStatus[] {
    return this.#places.map(({ index, worker, replaced }) => ({
      number: index + 1,
      pid: worker?.pid ?? null,
      startedAt: worker?.startedAt.toISOString() ?? '',
      sessions: worker?.sessions.size ?? 0,
      generation: worker?.generation ?? 0,
      replaced,
    }));
  }

  /** The first document starts the workers; none may fail then. @throws NoWorkers */
  follow(change: DocumentChange): Promise<void> {
    this.#document = change;
    this.#edition++;
    const { server, removed } = change;
    const workers = this.#workers;
    const changed = workers.length ? JSON.stringify(change.changed) : '';
    for (const worker of workers) worker.send({ kind: 'document', edition: this.#edition, server, changed, removed });
    return new Promise((resolve, reject) => {
      this.#followers.push({ resolve, reject });
      if (this.#edition === 1) {
        this.#isStarting = true;
        for (const place of this.#places) this.#fill(place);
        this.#timer = setInterval(() => this.#look(), this.#options.lookMs ?? 1000).unref();
      }
      this.#checkFollowed();
    });
  }

  #checkFollowed(): void {
    // At the start all must be there; later, whoever is starting comes with the newest document.
    const behind = (worker: WorkerProcess) => worker.edition < this.#edition && (this.#isStarting || worker.isReady);
    if (!this.#followers.length || this.#workers.some(behind)) return;
    this.#isStarting = false;
    for (const { resolve } of this.#followers.splice(0)) resolve();
  }

  #fill(place: Place): void {
    const { home, script, size, events } = this.#options;
    const hello: Hello = { kind: 'hello', home, place: place.index, of: size };
    const on = {
      onMessage: (from: WorkerProcess, message: FromWorker) => this.#hear(from, message),
      onExit: (from: WorkerProcess, how: string) => this.#lost(place, from, how),
      onNotHanded: (session: RemoteSession) => {
        this.#queueFirst(session);
        this.#serve();
      },
    };
    let worker: WorkerProcess;
    try {
      worker = new WorkerProcess(script, hello, on);
    } catch (error) {
      this.#replace(place, undefined, (error as Error).message, 0);
      return;
    }
    const { server, all } = this.#document!;
    worker.send({ kind: 'document', edition: this.#edition, server, changed: JSON.stringify(all), removed: [] });
    place.worker = worker;
    if (place.replaced > 0) events.write(told.workerStarted(place.index + 1, worker.pid ?? 0));
  }

  /** Starts a session in the worker with the fewest; waits with it while none is free. As `StartSession`. */
  readonly startSession = (
    socket: Socket,
    connector: SessionConnector,
    peer: Peer,
    _services: unknown,
    onEnd: () => void,
  ): Session => {
    socket.off('close', onEnd); // our end is let go when the worker has its own
    socket.on('error', () => {});
    const known = this.#connectors.get(connector.guid) ?? { connector, sessions: 0 };
    known.sessions++;
    this.#connectors.set(connector.guid, known);
    const session = new RemoteSession(newSessionId(), connector, peer, socket, takeUnread(socket), {
      onEnd: () => {
        if (--known.sessions === 0) this.#connectors.delete(connector.guid);
        onEnd();
      },
      turnAway: (unread) => {
        connector.count('endedByListener');
        connector.countRefusal(peer.remoteAddress, 'Busy');
        this.#refusals.refuse(unread, REPLIES.serviceNotAvailable);
      },
    });
    this.#queue.set(session, 0);
    this.#serve();
    return session;
  };

  #serve(): void {
    clearTimeout(this.#again);
    this.#again = undefined;
    for (const session of this.#queue.keys()) {
      if (!session.isOver) {
        const worker = this.#choose();
        if (!worker) {
          this.#again = setTimeout(() => this.#serve(), PROMPT_MS).unref();
          return;
        }
        worker.give(session);
      }
      this.#queue.delete(session);
    }
  }

  /**
   * The free worker with the fewest sessions; of equals, each in turn. Nobody, when one that has fewer still will be free in a
   * moment: of many connections at once each worker is to have its part, for some stay long.
   */
  #choose(): WorkerProcess | undefined {
    const { length } = this.#places;
    const now = performance.now();
    let best: WorkerProcess | undefined;
    let fewest = Number.POSITIVE_INFINITY;
    for (let i = 0; i < length; i++) {
      const { worker } = this.#places[(this.#turn + i) % length]!;
      if (!worker?.isPrompt(now)) continue;
      fewest = Math.min(fewest, worker.sessions.size);
      if (worker.isFree && (!best || worker.sessions.size < best.sessions.size)) best = worker;
    }
    if (!best || best.sessions.size > fewest + 1) return undefined;
    this.#turn++;
    return best;
  }

  #hear(worker: WorkerProcess, message: FromWorker): void {
    for (const id of message.taken ?? []) {
      worker.sessions.get(id)?.taken();
      if (worker.handing?.id === id) worker.handing = undefined;
    }
    for (const { number, guid, sources, limit } of message.rates ?? []) {
      // Here it is counted in this process, so the answer is there at once.
      worker.answer(number, this.#options.rates.take(guid, sources, limit) === true);
    }
    for (const event of message.events ?? []) this.#options.events.write(event);
    this.#write('protocol', message.protocol);
    this.#write('tracking', message.tracking);
    this.#count(message.counts);
    for (const [guid, source, because, by] of message.refused ?? [])
      this.#connectors.get(guid)?.connector.countRefusal(source, because, by);
    if (message.infos) this.#infos.get(message.infos.question)?.(worker, message.infos.sessions);
    for (const id of message.ended ?? []) {
      const session = worker.sessions.get(id);
      worker.sessions.delete(id);
      session?.ended();
    }
    if (message.applied) {
      worker.edition = message.applied.edition;
      worker.generation = message.applied.generation;
      this.#checkFollowed();
    }
    if (this.#queue.size > 0) this.#serve();
  }

  #count(counts: FromWorker['counts'] = {}): void {
    for (const [guid, all] of Object.entries(counts)) {
      const connector = this.#connectors.get(guid)?.connector;
      if (!connector) continue;
      for (const [count, by] of Object.entries(all)) connector.count(count as SessionCount, by);
    }
  }

  #write(name: 'protocol' | 'tracking', lines: LogLines | undefined): void {
    if (lines?.dropped) this.#logs[name].lost(lines.dropped);
    for (const line of lines?.lines ?? []) this.#logs[name].write(line);
  }

  /** Nobody greeted this client yet: it goes to another worker, before those who came later. */
  #queueFirst(back: RemoteSession): void {
    back.givenBack();
    if (back.isOver) return;
    const others = [...this.#queue];
    this.#queue.clear();
    this.#queue.set(back, 0);
    for (const [session, looks] of others) this.#queue.set(session, looks);
  }

  /** A worker is gone: its counts are given back now, whatever else happens. */
  #lost(place: Place, worker: WorkerProcess, how: string): void {
    place.worker = undefined;
    const { handing } = worker;
    if (handing) {
      worker.sessions.delete(handing.id);
      this.#queueFirst(handing);
    }
    const lost = [...worker.sessions.values()];
    worker.sessions.clear();
    for (const session of lost) {
      session.connector.count('endedByLoss'); // nobody else is there to say how it ended
      session.ended();
    }
    for (const tell of [...this.#infos.values()]) tell(worker, []);
    if (!this.#closing) this.#replace(place, worker, how, lost.length);
    this.#checkFollowed();
    this.#serve();
  }

  #replace(place: Place, worker: WorkerProcess | undefined, how: string, sessions: number): void {
    if (this.#isStarting) {
      const error = new NoWorkers(`A worker ended as it started (${how}).`);
      for (const { reject } of this.#followers.splice(0)) reject(error);
      return;
    }
    const early = !worker || Date.now() - worker.startedAt.getTime() < STEADY_MS;
    place.early = early ? place.early + 1 : 0;
    place.replaced++;
    const waitMs = place.early < 2 ? 0 : Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** (place.early - 2));
    this.#options.events.write(told.workerEnded(place.index + 1, worker?.pid ?? 0, how, sessions, waitMs));
    place.timer = setTimeout(() => this.#fill(place), waitMs);
  }

  /** Once a second: who is silent, who waits too long. */
  #look(): void {
    for (const { worker, index } of this.#places) {
      if (!worker || worker.isOver) continue;
      const limit = worker.isEnding ? ENDING_LOOKS : worker.isReady ? SILENT_LOOKS : STARTING_LOOKS;
      if (++worker.silent > limit) {
        this.#options.events.write(told.workerHung(index + 1, worker.pid ?? 0, limit));
        worker.kill();
      } else if (worker.silent > 1) worker.ping();
    }
    for (const [session, looks] of this.#queue) {
      if (looks < PATIENCE_LOOKS) this.#queue.set(session, looks + 1);
      else {
        this.#queue.delete(session);
        session.turnAway();
      }
    }
  }

  /** Asks all workers; one that does not answer in time, or ends, is left out. */
  infos(): Promise<SessionInfo[]> {
    const question = ++this.#question;
    const asked = new Set(this.#workers.filter((worker) => worker.isReady));
    const found: SessionInfo[] = [];
    return new Promise((resolve) => {
      const finish = () => {
        clearTimeout(timer);
        this.#infos.delete(question);
        resolve(found);
      };
      const timer = setTimeout(finish, INFOS_MS);
      this.#infos.set(question, (worker, sessions) => {
        if (!asked.delete(worker)) return;
        found.push(...sessions);
        if (asked.size === 0) finish();
      });
      for (const worker of asked) worker.askInfos(question);
      if (asked.size === 0) finish();
    });
  }

  /** Ends the workers, whose sessions are over, and writes what they told last. */
  async close(): Promise<void> {
    this.#closing = true;
    for (const { timer } of this.#places) clearTimeout(timer);
    const workers = this.#workers;
    for (const worker of workers) worker.end();
    const limit = setTimeout(() => {
      for (const worker of workers) worker.kill();
    }, END_MS);
    await Promise.all(workers.map((worker) => worker.exited));
    clearTimeout(limit);
    clearInterval(this.#timer);
    this.#refusals.close();
    await this.#logs.protocol.close();
    await this.#logs.tracking.close();
    this.#failures.close();
  }
}

/**
 * The workers of `rc serve --workers N`, as the first process runs them. They accept and hold sessions; what they let in has
 * places that are borrowed here. A worker that ends unasked gives its places back at once and is replaced; one that does not
 * answer is killed.
 */
import type { WorkerStatus } from '../../control/listener-client.ts';
import { NO_PRESSURE, type Pressure } from '../../domain/pressure.ts';
import type { Home } from '../../store/home.ts';
import type { AdmissionAuthority } from '../admission/authority.ts';
import type { SocketOpener } from '../admission/socket-opener.ts';
import type { EventLog } from '../contracts/event-log.ts';
import type { LiveServer } from '../contracts/live-server.ts';
import type { SessionInfo } from '../contracts/session-api.ts';
import type { SessionCount } from '../contracts/session-counts.ts';
import type { DocumentChange, Workforce } from '../contracts/workforce.ts';
import { FailureEvents } from '../delivery/failure-events.ts';
import { EVENTS } from '../records/event-table.ts';
import type { RefusalThrottle } from '../records/event-throttle.ts';
import { openProtocolFile } from '../records/protocol-log.ts';
import type { RotatingLog } from '../records/rotating-log.ts';
import { openTrackingFile } from '../records/tracking-log.ts';
import { faultsAt } from '../session/faults-on-purpose.ts';
import type { LogonCheck, Logons } from '../session/logon.ts';
import { Lender, type Lending } from './lender.ts';
import type { FromWorker, Hello, LogLines, LogonQuestion } from './messages.ts';
import { RelayLender } from './relay-lender.ts';
import { type SharedSocket, sharedSockets } from './shared-sockets.ts';
import { WorkerProcess } from './worker-process.ts';

interface WorkersOptions {
  readonly home: Home;
  /** Path of the workers' bundle. */
  readonly script: string;
  readonly size: number;
  readonly events: EventLog;
  readonly authority: AdmissionAuthority;
  readonly logons: Logons;
  readonly server: () => LiveServer;
  /** The connectors whose places are lent, and where refusals are summed up: the listener's. */
  readonly lending: () => Lending & { readonly throttle: RefusalThrottle };
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

/** A question to all workers. */
interface Question {
  readonly asked: Set<WorkerProcess>;
  hear(answer: unknown): void;
  readonly finish: () => void;
}

/** No worker could be started. */
export class NoWorkers extends Error {}

export class Workers implements Workforce {
  /** Opens the sockets on which all of them accept. */
  readonly sockets: SocketOpener;
  readonly #options: WorkersOptions;
  readonly #places: Place[];
  /** Those that the places have: looked through for each place that is given back. */
  #workers: readonly WorkerProcess[] = [];
  readonly #failures: FailureEvents;
  readonly #logs: Readonly<Record<'protocol' | 'tracking', RotatingLog>>;
  readonly #relays: RelayLender;
  readonly #shared = new Map<string, SharedSocket>();
  readonly #logons = new Map<WorkerProcess, Map<number, LogonCheck>>();
  readonly #questions = new Map<number, Question>();
  #lender: Lender | undefined;
  #number = 0;
  #pressure = NO_PRESSURE;
  #document: DocumentChange | undefined;
  #edition = 0;
  /** Who waits until every worker acts by the newest document. */
  #followers: { readonly resolve: () => void; readonly reject: (error: Error) => void }[] = [];
  #timer: NodeJS.Timeout | undefined;
  /** Not all workers have acted by a document yet. */
  #isStarting = false;
  #isShut = false;
  #closing = false;

  constructor(options: WorkersOptions) {
    this.#options = options;
    const { home, server, events, authority } = options;
    this.#failures = new FailureEvents(events);
    this.#logs = {
      protocol: openProtocolFile(home, server, this.#failures),
      tracking: openTrackingFile(home, server, { failures: this.#failures }),
    };
    this.#relays = new RelayLender(authority.relays, () => this.#workers);
    this.#places = Array.from({ length: options.size }, (_, index) => ({
      index,
      worker: undefined,
      replaced: 0,
      early: 0,
      timer: undefined,
    }));
    this.sockets = sharedSockets({
      listen: async (socket) => {
        this.#shared.set(socket.binding, socket);
        const codes = await Promise.all(this.#workers.map((worker) => worker.listen(socket)));
        return codes.find((code) => code !== '') ?? '';
      },
      unlisten: async (socket) => {
        this.#shared.delete(socket.binding);
        await Promise.all(this.#workers.map((worker) => worker.unlisten(socket)));
      },
    });
  }

  get #lends(): Lender {
    this.#lender ??= new Lender(this.#options.lending(), () => this.#workers);
    return this.#lender;
  }

  get status(): readonly WorkerStatus[] {
    return this.#places.map(({ index, worker, replaced }) => ({
      number: index + 1,
      pid: worker?.pid ?? null,
      startedAt: worker?.startedAt.toISOString() ?? '',
      sessions: worker?.loans.places ?? 0,
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
    for (const socket of this.#shared.values()) void this.#listenAnew(worker, socket);
    worker.order({ pressure: this.#pressure });
    place.worker = worker;
    this.#workers = [...this.#workers, worker];
    if (place.replaced > 0) events.write(EVENTS.workerStarted(place.index + 1, worker.pid ?? 0));
  }

  async #listenAnew(worker: WorkerProcess, socket: SharedSocket): Promise<void> {
    const code = await worker.listen(socket);
    if (code !== '') socket.handlers.onAcceptFailed(code);
  }

  /** In the order of FromWorker: places that are free are free for who asks in the same message. */
  #hear(worker: WorkerProcess, message: FromWorker): void {
    const { events, authority } = this.#options;
    for (const [guid, source, places] of message.left ?? []) this.#lends.left(worker, guid, source, places);
    for (const [guid, source, connections] of message.reused ?? []) {
      const connector = this.#options.lending().find(guid);
      if (connector) authority.came(connector, source, connections);
    }
    for (const ask of message.asks ?? []) this.#lends.ask(worker, ask);
    for (const { number, guid, sources, limit, windowMs } of message.rates ?? []) {
      const within = authority.take(guid, sources, limit, windowMs);
      if (within instanceof Promise) void within.then((late) => worker.tell('rates', [number, late]));
      else worker.tell('rates', [number, within]);
    }
    for (const { number, guid, occasion } of message.faults ?? []) {
      const connector = this.#options.lending().find(guid);
      const acting = connector ? faultsAt(connector, occasion) : [];
      worker.tell('faults', [number, acting.map(({ rule }) => rule)]);
    }
    for (const question of message.logons ?? []) void this.#logOn(worker, question);
    for (const number of message.logonsLeft ?? []) this.#logons.get(worker)?.get(number)?.cancel();
    for (const event of message.events ?? []) events.write(event);
    this.#write('protocol', message.protocol);
    this.#write('tracking', message.tracking);
    this.#count(message);
    for (const limit of message.relayAsks ?? []) this.#relays.ask(worker, limit);
    if (message.relayLeft) this.#relays.left(worker, message.relayLeft);
    for (const [binding, code] of message.acceptFailed ?? []) this.#shared.get(binding)?.handlers.onAcceptFailed(code);
    for (const [number, answer] of [...(message.infos ?? []), ...(message.disconnected ?? [])])
      this.#answered(worker, number, answer);
    if (!message.applied) return;
    worker.edition = message.applied.edition;
    worker.generation = message.applied.generation;
    this.#checkFollowed();
  }

  async #logOn(worker: WorkerProcess, { number, penaltyMs, ...tried }: LogonQuestion): Promise<void> {
    const { logons, server } = this.#options;
    const check = logons.check(server().users, { ...tried, penalty: () => penaltyMs });
    const mine = this.#logons.get(worker) ?? new Map<number, LogonCheck>();
    this.#logons.set(worker, mine);
    mine.set(number, check);
    const user = await check.done;
    mine.delete(number);
    worker.tell('logons', user === 'left' ? [number, user] : user ? [number, 'user', user.Name] : [number, 'nobody']);
  }

  #count({ counts = {}, refused = [], tally = [] }: FromWorker): void {
    const lending = this.#options.lending();
    for (const [guid, all] of Object.entries(counts)) {
      const connector = lending.find(guid);
      for (const [count, by] of Object.entries(all)) {
        if (count === 'accepted') connector?.countAccepted(by);
        else connector?.count(count as SessionCount, by);
      }
    }
    for (const [guid, source, because, by] of refused) {
      if (guid === '') lending.gate.countUnmatched(source, by);
      else lending.find(guid)?.countRefusal(source, because, by);
    }
    for (const [key, event, by] of tally) lending.throttle.count(key, () => event, by);
  }

  #write(name: 'protocol' | 'tracking', lines: LogLines | undefined): void {
    if (lines?.dropped) this.#logs[name].lost(lines.dropped);
    for (const line of lines?.lines ?? []) this.#logs[name].write(line);
  }

  /** A worker is gone: its places are free now, whatever else happens. */
  #lost(place: Place, worker: WorkerProcess, how: string): void {
    place.worker = undefined;
    this.#workers = this.#workers.filter((one) => one !== worker);
    let sessions = 0;
    for (const [connector, lost] of this.#lends.gone(worker)) {
      connector.count('endedByLoss', lost); // nobody else is there to say how they ended
      sessions += lost;
    }
    this.#relays.gone(worker);
    for (const check of this.#logons.get(worker)?.values() ?? []) check.cancel();
    this.#logons.delete(worker);
    for (const number of [...this.#questions.keys()]) this.#answered(worker, number, undefined);
    if (!this.#closing) this.#replace(place, worker, how, sessions);
    this.#checkFollowed();
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
    this.#options.events.write(EVENTS.workerEnded(place.index + 1, worker?.pid ?? 0, how, sessions, waitMs));
    if (!this.#isShut) place.timer = setTimeout(() => this.#fill(place), waitMs);
  }

  /** Once a second: who is silent. */
  #look(): void {
    const { events } = this.#options;
    for (const { worker, index } of this.#places) {
      if (!worker || worker.isOver) continue;
      const limit = worker.isEnding ? ENDING_LOOKS : worker.isReady ? SILENT_LOOKS : STARTING_LOOKS;
      if (++worker.silent > limit) {
        if (!worker.isKilled) events.write(EVENTS.workerHung(index + 1, worker.pid ?? 0, limit));
        worker.kill();
      } else if (worker.silent > 1) worker.order({ ping: true });
    }
  }

  /** Tells all, and those that start later. */
  press(pressure: Pressure): void {
    this.#pressure = pressure;
    for (const worker of this.#workers) worker.order({ pressure });
  }

  async sync(): Promise<void> {
    await Promise.all(this.#workers.map((worker) => worker.sync()));
  }

  /** Asks all workers; one that does not answer in time, or ends, is left out. */
  #ask(put: (worker: WorkerProcess, number: number) => void, hear: (answer: unknown) => void): Promise<void> {
    const number = ++this.#number;
    const asked = new Set(this.#workers.filter((worker) => worker.isReady));
    return new Promise((resolve) => {
      const finish = () => {
        clearTimeout(timer);
        this.#questions.delete(number);
        resolve();
      };
      const timer = setTimeout(finish, INFOS_MS);
      this.#questions.set(number, { asked, hear, finish });
      for (const worker of asked) put(worker, number);
      if (asked.size === 0) finish();
    });
  }

  /** @param answer nothing from one that is gone */
  #answered(worker: WorkerProcess, number: number, answer: unknown): void {
    const question = this.#questions.get(number);
    if (!question?.asked.delete(worker)) return;
    if (answer !== undefined) question.hear(answer);
    if (question.asked.size === 0) question.finish();
  }

  async infos(): Promise<SessionInfo[]> {
    const found: SessionInfo[] = [];
    await this.#ask(
      (worker, number) => worker.tell('infos', number),
      (sessions) => found.push(...(sessions as SessionInfo[])),
    );
    return found;
  }

  async disconnect(id: string, now: boolean): Promise<boolean> {
    let isFound = false;
    await this.#ask(
      (worker, number) => worker.tell('disconnect', [number, id, now]),
      (found) => {
        isFound ||= found === true;
      },
    );
    return isFound;
  }

  shut(): void {
    this.#isShut = true;
    for (const { timer } of this.#places) clearTimeout(timer);
    for (const worker of this.#workers) worker.order({ shut: true });
  }

  cut(): void {
    for (const worker of this.#workers) worker.order({ cut: true });
  }

  /** Ends the workers, whose sessions are over, and writes what they told last. */
  async close(): Promise<void> {
    this.#closing = true;
    this.#isShut = true;
    for (const { timer } of this.#places) clearTimeout(timer);
    const workers = this.#workers;
    for (const worker of workers) worker.end();
    const limit = setTimeout(() => {
      for (const worker of workers) worker.kill();
    }, END_MS);
    await Promise.all(workers.map((worker) => worker.exited));
    clearTimeout(limit);
    clearInterval(this.#timer);
    await this.#logs.protocol.close();
    await this.#logs.tracking.close();
    this.#failures.close();
  }
}

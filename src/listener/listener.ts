/**
 * The running listener: follows the store, lets connections in through the gate, hands them to sessions. Everything it needs
 * from outside (sessions, delivery, logs, clock) is handed in.
 */
import { setTimeout as delay, setImmediate } from 'node:timers/promises';
import type { StoredConnector } from '../domain/connector.ts';
import type { Pressure } from '../domain/pressure.ts';
import { readTransport } from '../domain/transport.ts';
import { wantedBindings } from '../domain/wanted-bindings.ts';
import { StoreError } from '../store/store-error.ts';
import { printableLines } from '../text/printable.ts';
import { ConnectionAdmission } from './admission/connection-admission.ts';
import { Gate } from './admission/gate.ts';
import { ListeningSockets } from './admission/listening-sockets.ts';
import type { LiveConnector } from './admission/live-connector.ts';
import { LocalAuthority } from './admission/local-authority.ts';
import type { FleetFigures } from './contracts/fleet-figures.ts';
import type { LiveServer } from './contracts/live-server.ts';
import type { Session, SessionInfo } from './contracts/session-api.ts';
import type { Workforce } from './contracts/workforce.ts';
import { LiveConnectors } from './follow/live-connectors.ts';
import { DocumentReader, liveServer } from './follow/live-document.ts';
import { type Looked, lookAt, NOTHING_READ, problemKey, type StoreState } from './follow/store-look.ts';
import { StoreWatch } from './follow/watch.ts';
import type { ListenerOptions } from './listener-options.ts';
import type { MemoryBudget } from './memory-budget.ts';
import { EVENTS } from './records/event-table.ts';
import { EventThrottle, type RefusalThrottle } from './records/event-throttle.ts';
import { refusalEvents } from './records/refusal-events.ts';
import type { Lending } from './workers/lender.ts';

/** Waits before a file that cannot be read counts as bad: an editor may be in the middle of writing it. */
const SETTLE_MS = [15, 30, 60, 120, 240];

export class Listener {
  readonly gate: Gate;
  readonly sockets: ListeningSockets;
  readonly #options: ListenerOptions;
  readonly #live: LiveConnectors;
  readonly #throttle: EventThrottle;
  readonly #reader: DocumentReader;
  readonly #watch: StoreWatch;
  readonly #admission: ConnectionAdmission | undefined;
  #server: LiveServer | undefined;
  #text: Buffer | undefined;
  #reported = '';
  #state: StoreState = { applied: 0, seen: 0, problem: '', unreadable: false, appliedAt: '' };
  #others: readonly StoredConnector[] = [];
  #onState = new Set<() => void>();
  #again = false;
  #working: Promise<void> | undefined;
  #workingSince = 0;
  #retry: NodeJS.Timeout | undefined;
  #stopping = false;
  #onEmpty: () => void = () => {};

  constructor(options: ListenerOptions) {
    this.#options = options;
    this.gate = new Gate(options.authority ?? new LocalAuthority(options.services?.rates));
    this.#live = new LiveConnectors(this.gate, options.events);
    this.#throttle = new EventThrottle(
      options.events,
      options.tallyMs === undefined ? {} : { intervalMs: options.tallyMs },
    );
    const { startSession, services } = options;
    this.#admission =
      startSession &&
      services &&
      new ConnectionAdmission({
        gate: this.gate,
        throttle: this.#throttle,
        startSession,
        services: {
          ...services,
          events: options.events,
          rates: this.gate.authority,
          onRefusal: refusalEvents(this.#throttle),
          server: () => this.server,
        },
        proxyTimeoutMs: options.proxyTimeoutMs ?? 5000,
        onEmpty: (connector) => this.#left(connector),
      });
    this.#reader = new DocumentReader(options.store);
    this.sockets = new ListeningSockets(
      options.events,
      (socket, binding) => this.#admission?.accept(socket, binding),
      () => this.#retryLater(),
      (binding, code) => this.#throttle.count(`accept ${binding} ${code}`, () => EVENTS.acceptFailed(binding, code)),
      options.handed,
      options.sockets,
    );
    this.#watch = new StoreWatch({
      path: options.store,
      hint: () => this.hint(),
      degraded: (folder, reason) => options.events.write(EVENTS.watchDegraded(folder, reason)),
      pollMs: options.pollMs,
      notifications: options.notifications,
    });
  }

  get server(): LiveServer {
    if (!this.#server) throw new Error('the listener has not read its store yet');
    return this.#server;
  }

  get fleet(): FleetFigures | undefined {
    return this.#options.fleet?.();
  }

  get workers(): Workforce | undefined {
    return this.#options.workers;
  }

  /** What workers borrow places from. */
  get lending(): Lending & { readonly throttle: RefusalThrottle } {
    return {
      gate: this.gate,
      throttle: this.#throttle,
      find: (guid) => this.#live.find(guid),
      left: (connector) => this.#left(connector),
    };
  }

  /** The last connection of a connector is gone. */
  #left(connector: LiveConnector): void {
    this.#live.left(connector);
    this.#onEmpty();
  }

  /** Settles when what is counted here is what is, also where workers count. */
  async sync(): Promise<void> {
    await this.#options.workers?.sync();
  }

  /** Open connections. */
  get open(): number {
    return this.connectors.reduce((sum, connector) => sum + connector.open, 0);
  }

  /** What clients make this process hold. */
  get memory(): MemoryBudget | undefined {
    return this.#options.services?.memory;
  }

  get pressure(): Pressure | undefined {
    return this.#options.pressure?.();
  }

  get state(): StoreState {
    return this.#state;
  }

  /** Connectors as they run, with those that are gone but still have sessions. */
  get connectors(): readonly LiveConnector[] {
    return this.#live.all;
  }

  /** Connectors that are in the store. */
  get live(): Iterable<LiveConnector> {
    return this.#live.live;
  }

  /** Connectors of other servers, as they are stored; in no fleet there are none. */
  get others(): readonly StoredConnector[] {
    return this.#others;
  }

  get sessions(): Session[] {
    return this.connectors.flatMap((connector) => [...connector.sessions]);
  }

  /** Every open session. */
  async sessionInfos(): Promise<SessionInfo[]> {
    const { workers } = this.#options;
    return workers ? workers.infos() : this.sessions.map((session) => session.info());
  }

  /**
   * Ends one session: it finishes the message it is in and gets 421, or is cut at once. @returns whether there is one of
   * this id
   */
  async disconnect(id: string, now: boolean): Promise<boolean> {
    const { workers } = this.#options;
    if (workers) return workers.disconnect(id, now);
    const session = this.sessions.find((candidate) => candidate.id === id);
    if (!session) return false;
    this.#options.events.write(EVENTS.disconnected(session.connector.now.Name, id, session.peer.remoteAddress, now));
    if (now) session.destroy();
    else session.retire();
    return true;
  }

  /** Reads the store for the first time and binds. @throws StoreError when the store cannot be applied. */
  async start(): Promise<void> {
    const looked = await this.#look();
    if (looked.kind === 'bad') throw new StoreError('invalid', looked.reason);
    if (looked.kind === 'good') await this.#apply(looked);
    await this.#watch.start();
    this.hint(); // what changed between the first read and the first watch
  }

  /** The store may have changed: look, apply. Hints that come meanwhile make one more look. */
  hint(): void {
    this.#again = true;
    this.#working ??= this.#work();
  }

  /** Resolves when all hints so far are worked off. */
  async settled(): Promise<void> {
    while (this.#working) await this.#working;
  }

  /** What has kept it from following the store for longer than `ms`; `undefined` when all is well. */
  unwell(ms: number): string | undefined {
    const now = performance.now();
    const seconds = (since: number) => Math.round((now - since) / 1000);
    const { lookedAt } = this.#watch;
    // The store is looked at once a second, so some seconds are no sign of anything.
    if (now - lookedAt > Math.max(ms, 3000)) return `the store has not been looked at for ${seconds(lookedAt)} s`;
    if (this.#working && now - this.#workingSince > Math.max(ms, 3000))
      return `a change of the store has not been applied for ${seconds(this.#workingSince)} s`;
    return undefined;
  }

  async #work(): Promise<void> {
    await Promise.resolve();
    this.#workingSince = performance.now();
    while (this.#again && !this.#stopping) {
      this.#again = false;
      try {
        await this.#refresh();
      } catch (error) {
        this.#report(`Unexpected: ${(error as Error).stack ?? error}`, this.#text ?? NOTHING_READ);
      }
    }
    this.#working = undefined;
  }

  async #refresh(): Promise<void> {
    let looked = await this.#look();
    for (const ms of SETTLE_MS) {
      if (looked.kind !== 'bad' || !looked.torn || problemKey(looked.reason, looked.text) === this.#reported) break;
      await delay(ms);
      looked = await this.#look();
    }
    if (looked.kind === 'bad') {
      this.#report(looked.reason, looked.text, looked.generation);
    } else if (looked.kind === 'good') {
      await this.#apply(looked);
    } else if (looked.kind === 'same' && this.#state.problem) {
      this.#mended();
    }
  }

  async #look(): Promise<Looked> {
    const looked = await lookAt(this.#options.store, this.#reader, this.#text);
    if (looked.kind === 'unknown') this.#throttle.count(`files ${looked.code}`, () => EVENTS.noFilesLeft(looked.code));
    return looked;
  }

  #report(reason: string, text: Buffer, generation?: number): void {
    const key = problemKey(reason, text);
    if (key === this.#reported) return;
    this.#reported = key;
    this.#state = {
      ...this.#state,
      problem: printableLines(reason),
      unreadable: generation === undefined,
      seen: generation ?? this.#state.seen,
    };
    this.#options.events.write(EVENTS.refusedDocument(reason));
    this.#tellState();
  }

  #mended(): void {
    this.#reported = '';
    this.#state = { ...this.#state, problem: '', unreadable: false, seen: this.#state.applied };
    this.#options.events.write(EVENTS.documentMended(this.#state.applied));
    this.#tellState();
  }

  async #apply({ live, text }: Extract<Looked, { kind: 'good' }>): Promise<void> {
    const begun = performance.now();
    const { document, connectors } = live;
    const wasBad = this.#state.problem !== '';
    this.#server = liveServer(document);
    this.#others = document.servers ? document.connectors.filter(({ Server }) => Server !== undefined) : [];
    const { ProxyProtocolTrustedSources, MaxConnectionRatePerMinute } = readTransport(document.transport);
    if (this.#admission) this.#admission.trusted = ProxyProtocolTrustedSources;
    this.gate.authority.pace(MaxConnectionRatePerMinute);
    await this.sync(); // who is told how many sessions a connector has is told the truth
    const { rebind: moved, changed, removed } = this.#live.follow(connectors);
    const rebind = moved || this.#text === undefined;
    // On each worker's channel the document is ahead of the verdicts that are given by it.
    const followed = this.#options.workers?.follow({
      server: this.#server,
      all: live.stored,
      changed: changed.map((index) => live.stored[index]!),
      removed,
    });
    this.#text = text;
    await setImmediate(); // sessions get their turn
    await followed;
    if (rebind || this.sockets.failed.length) await this.sockets.follow(wantedBindings(connectors), true);
    if (this.sockets.hasRetry) this.#retryLater();
    this.#reported = '';
    this.#state = {
      applied: document.generation,
      seen: document.generation,
      problem: '',
      unreadable: false,
      appliedAt: new Date().toISOString(),
    };
    if (wasBad) this.#options.events.write(EVENTS.documentMended(document.generation));
    const ms = Math.round(performance.now() - begun);
    this.#options.events.write(EVENTS.applied(document.generation, connectors.length, ms));
    this.#tellState();
  }

  #retryLater(): void {
    if (this.#retry || this.#stopping) return;
    this.#retry = setTimeout(async () => {
      await this.settled();
      this.#retry = undefined;
      if (this.#stopping) return;
      this.#working = this.sockets
        .follow(wantedBindings([...this.#live.live].map((connector) => connector.now)), false)
        .finally(() => {
          this.#working = undefined;
          if (this.#again) this.hint();
          if (this.sockets.hasRetry) this.#retryLater();
          this.#tellState();
        });
      await this.#working;
    }, this.#options.retryMs ?? 5000).unref();
  }

  /** Calls back at each change of `state` and of the bindings, until the returned function is called. */
  onState(callback: () => void): () => void {
    this.#onState.add(callback);
    return () => this.#onState.delete(callback);
  }

  #tellState(): void {
    for (const callback of [...this.#onState]) callback();
  }

  /** Was it told to end? */
  get stopping(): boolean {
    return this.#stopping;
  }

  /** Nobody is let in from here on; who is in stays, until `stop`. */
  shut(): void {
    this.#stopping = true;
    this.#watch.close();
    clearTimeout(this.#retry);
    this.sockets.close();
    this.#admission?.shut();
    this.#options.workers?.shut();
  }

  /**
   * Stops: no new connections, sessions finish their message (421), at most `graceMs` long or until `hurry`; then they are
   * cut. @returns how many were cut.
   */
  async stop(graceMs: number, hurry: Promise<void> = new Promise(() => {})): Promise<number> {
    this.shut();
    await this.settled();
    for (const session of this.sessions) session.retire();
    let timer: NodeJS.Timeout | undefined;
    await new Promise<void>((resolve) => {
      this.#onEmpty = () => {
        if (this.connectors.every((connector) => connector.open === 0)) resolve();
      };
      this.#onEmpty();
      timer = setTimeout(resolve, graceMs);
      hurry.then(resolve);
    });
    clearTimeout(timer);
    const left = this.open;
    this.#options.workers?.cut();
    for (const session of this.sessions) session.destroy();
    this.#admission?.close();
    this.#throttle.close();
    return left;
  }
}

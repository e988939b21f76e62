/** A worker's life: it accepts, lets in and serves like a listener of one process, does what the first process says and tells it what happens, and ends when told to, or when that process is gone. */
import { createServer, type Server } from 'node:net';
import { NO_PRESSURE } from '../../domain/pressure.ts';
import { readTransport } from '../../domain/transport.ts';
import { neverMakeAgain } from '../../store/home-files-later.ts';
import { ConnectionAdmission } from '../admission/connection-admission.ts';
import { BACKLOG } from '../admission/socket-opener.ts';
import type { Certificates } from '../contracts/certificates-api.ts';
import type { EventLog } from '../contracts/event-log.ts';
import type { LiveServer } from '../contracts/live-server.ts';
import type { Session, StartSession } from '../contracts/session-api.ts';
import { openDelivery } from '../delivery/delivery.ts';
import { LiveConnectors } from '../follow/live-connectors.ts';
import { MemoryBudget } from '../memory-budget.ts';
import { EVENTS } from '../records/event-table.ts';
import { protocolLogOn } from '../records/protocol-log.ts';
import { refusalEvents } from '../records/refusal-events.ts';
import { BorrowedPlaces } from './borrowed-places.ts';
import { Channel } from './channel.ts';
import { DocumentFollower } from './document-follower.ts';
import { internalIds } from './internal-ids.ts';
import type { FromWorker, Hello, ListenMessage, OrdersMessage, ToWorker } from './messages.ts';
import { RemoteFaults } from './remote-faults.ts';
import { RemoteLogons } from './remote-logons.ts';
import { RemoteRates } from './remote-rates.ts';
import { RemoteRelays } from './remote-relays.ts';
import { ToldConnector, ToldGate } from './told-connector.ts';

interface WorkerParts {
  readonly startSession: StartSession;
  openCertificates(home: Hello['home'], events: EventLog): Certificates;
}

/** How long sessions may finish their message when the first process was killed. */
const ORPHAN_GRACE_MS = 5000;
/** A commit settles within a minute; nothing is waited for longer than that. */
const LAST_MS = 70_000;
/** Milliseconds until a trusted front end has said who its client is. */
const PROXY_MS = 5000;
/** The part of the memory that all workers together may be made to hold: at least as much as a few sessions need. */
const LEAST_MEMORY = 4 * 1024 * 1024;

/** Runs until told to end. To be called at once when the process starts, before a message can come. */
export function runWorker(parts: WorkerParts): void {
  // A terminal sends Ctrl-C, and systemd SIGTERM, to all processes; sessions are ended in order by the first process.
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => {});
  const channel = new Channel((message, done) => post(message, done));
  const events: EventLog = { write: (event) => channel.event(event), close: async () => {} };
  const onDefect = (error: unknown) =>
    events.write(EVENTS.unexpected(error instanceof Error ? `${error.stack}` : String(error)));
  process.on('uncaughtException', onDefect);
  process.on('unhandledRejection', onDefect);

  let worker: Worker | undefined;
  let isEnding = false;
  process.on('message', (message: ToWorker, handle: unknown) => {
    if (message.kind === 'hello') worker = new Worker(message, parts, channel, events);
    else if (message.kind === 'document') {
      worker?.documents
        .follow(message)
        .then(() => channel.tell({ applied: { edition: message.edition, generation: message.server.generation } }))
        .catch((error: Error) => giveUp(error));
    } else if (message.kind === 'listen') worker?.listen(message, handle);
    else {
      worker?.obey(message);
      if (message.ping) channel.tell({ alive: true });
      if (message.end && !isEnding) void end();
    }
  });
  process.on('disconnect', () => {
    if (!isEnding) void end(ORPHAN_GRACE_MS);
  });

  async function end(graceMs = 0): Promise<void> {
    isEnding = true;
    await worker?.leave(graceMs);
    await worker?.close();
    await channel.flushed();
    process.removeAllListeners('disconnect');
    if (process.connected) process.disconnect();
    process.exitCode = 0; // a commit that runs keeps the process until it is done
    setTimeout(() => process.exit(), LAST_MS).unref();
  }

  /** It cannot act by the document: another worker, or a restart, is better than one that acts by an old one. */
  async function giveUp(error: Error): Promise<void> {
    events.write(EVENTS.unexpected(`A worker cannot read the store that the listener could: ${error.message}`));
    await channel.flushed();
    process.exit(1);
  }
}

class Worker {
  readonly documents: DocumentFollower;
  readonly #channel: Channel;
  readonly #places: BorrowedPlaces;
  readonly #rates: RemoteRates;
  readonly #faults: RemoteFaults;
  readonly #logons: RemoteLogons;
  readonly #relays: RemoteRelays;
  readonly #connectors: LiveConnectors;
  readonly #admission: ConnectionAdmission;
  readonly #servers = new Map<string, Server>();
  readonly #close: () => Promise<void>;
  #server: LiveServer | undefined;
  #pressure = NO_PRESSURE;

  constructor({ home, place, of }: Hello, parts: WorkerParts, channel: Channel, events: EventLog) {
    this.#channel = channel;
    this.#rates = new RemoteRates(channel);
    this.#faults = new RemoteFaults(channel);
    this.#logons = new RemoteLogons(channel);
    this.#relays = new RemoteRelays(channel);
    this.#places = new BorrowedPlaces(
      {
        ask: (question) => channel.ask(question),
        giveBack: (...places) => channel.left(...places),
        reuse: (guid, source) => channel.reused(guid, source),
      },
      this.#rates,
      this.#relays,
    );
    const gate = new ToldGate(this.#places, channel);
    // What becomes of a connector's sessions is told once, by the first process.
    const quiet: EventLog = { write: () => {}, close: async () => {} };
    this.#connectors = new LiveConnectors(gate, quiet, (connector) => new ToldConnector(connector, channel));
    const server = () => this.server;
    const memory = new MemoryBudget(Math.max(LEAST_MEMORY, Math.floor(MemoryBudget.BYTES / of)));
    const certificates = parts.openCertificates(home, events);
    neverMakeAgain(home.folder);
    const delivery = openDelivery(home, events, server, {
      trackingLines: channel.log('tracking'),
      internalIds: internalIds(place, of),
      relays: this.#relays,
      memory,
    });
    const protocolLog = protocolLogOn(channel.log('protocol'));
    this.#admission = new ConnectionAdmission({
      gate,
      throttle: channel,
      startSession: parts.startSession,
      services: {
        server,
        delivery,
        protocolLog,
        certificates,
        events,
        memory,
        rates: this.#places,
        faults: (...of) => this.#faults.at(...of),
        logons: this.#logons,
        pressure: () => this.#pressure,
        onRefusal: refusalEvents(channel),
      },
      proxyTimeoutMs: PROXY_MS,
      onEmpty: (connector) => this.#connectors.left(connector),
    });
    this.documents = new DocumentFollower((live, connectors) => {
      this.#server = live;
      const { ProxyProtocolTrustedSources, MaxConnectionRatePerMinute } = readTransport(live.transport);
      this.#admission.trusted = ProxyProtocolTrustedSources;
      this.#places.pace(MaxConnectionRatePerMinute);
      this.#connectors.follow(connectors);
    });
    this.#close = async () => {
      this.#admission.close();
      this.#places.close();
      await delivery.close();
      await protocolLog.close();
      certificates.close();
    };
  }

  get server(): LiveServer {
    if (!this.#server) throw new Error('the worker has no document yet');
    return this.#server;
  }

  get #sessions(): Session[] {
    return this.#connectors.all.flatMap(({ sessions }) => [...sessions]);
  }

  /** Accepts on a socket that all workers share. */
  listen({ binding, noDelay }: ListenMessage, handle: unknown): void {
    this.documents.whenFollowed(() => {
      const server = createServer({ noDelay }, (socket) => this.#admission.accept(socket, binding));
      const failed = (error: NodeJS.ErrnoException) => error.code ?? error.message;
      const onStart = (error: NodeJS.ErrnoException) => this.#channel.add('listening', [binding, failed(error)]);
      server.once('error', onStart);
      server.listen(handle, BACKLOG, () => {
        server.off('error', onStart);
        server.on('error', (error) => this.#channel.add('acceptFailed', [binding, failed(error)]));
        this.#servers.set(binding, server);
        this.#channel.add('listening', [binding, '']);
      });
    });
  }

  #unlisten(binding: string): void {
    this.#servers.get(binding)?.close();
    this.#servers.delete(binding);
    this.#channel.add('unlistened', binding);
  }

  obey(orders: OrdersMessage): void {
    const { verdicts, forget, recall, sync, rates, logons, relays, unlisten, infos, disconnect } = orders;
    // Not before the documents that were told ahead of them: they were given by these.
    if (verdicts)
      this.documents.whenFollowed(() => {
        for (const verdict of verdicts) this.#places.answered(verdict);
      });
    for (const whose of forget ?? []) this.#places.forget(whose);
    for (const [number, ...whose] of recall ?? []) {
      this.#places.recall(whose);
      this.#channel.add('done', number);
    }
    for (const number of sync ?? []) {
      this.#places.settle();
      this.#channel.add('done', number);
    }
    if (rates) this.#rates.answered(rates);
    if (orders.faults) this.#faults.answered(orders.faults);
    if (logons) this.#logons.answered(logons);
    if (orders.relayWanted !== undefined) this.#relays.wanted(orders.relayWanted);
    if (relays) this.#relays.granted(relays);
    for (const binding of unlisten ?? []) this.#unlisten(binding);
    for (const question of infos ?? [])
      this.#channel.add('infos', [question, this.#sessions.map((session) => session.info())]);
    for (const [question, id, now] of disconnect ?? [])
      this.#channel.add('disconnected', [question, this.#disconnect(id, now)]);
    if (orders.pressure) this.#pressure = orders.pressure;
    if (orders.shut) this.#shut();
    if (orders.cut) for (const session of this.#sessions) session.destroy();
  }

  #disconnect(id: string, now: boolean): boolean {
    const session = this.#sessions.find((candidate) => candidate.id === id);
    if (!session) return false;
    const { Name } = session.connector.now;
    this.#channel.event(EVENTS.disconnected(Name, id, session.peer.remoteAddress, now));
    if (now) session.destroy();
    else session.retire();
    return true;
  }

  /** Nobody is let in any more, and sessions end when they have finished their message. */
  #shut(): void {
    for (const server of this.#servers.values()) server.close();
    this.#servers.clear();
    this.#places.shut();
    this.#admission.shut();
    for (const session of this.#sessions) session.retire();
  }

  /** Sessions that are left finish their message, at most `graceMs` long, then they are cut. */
  async leave(graceMs: number): Promise<void> {
    this.#shut();
    const until = performance.now() + graceMs;
    while (this.#sessions.length > 0 && performance.now() < until) await new Promise((turn) => setTimeout(turn, 20));
    for (const session of this.#sessions) session.destroy();
  }

  close(): Promise<void> {
    return this.#close();
  }
}

function post(message: FromWorker, done: () => void): void {
  if (process.send && process.connected) process.send(message, undefined, undefined, done);
  else done(); // nobody is there any more
}

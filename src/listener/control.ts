/**
 * The control socket: HTTP over a Unix socket that only its owner may open (0600). It answers what the listener does;
 * it changes nothing, the store is the only way to change something.
 */
import { chmodSync, rmSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { makeControlAddress } from '../store/control-address.ts';
import type { Home } from '../store/home.ts';
import type { ConnectorStatus, ListenerStatus, WaitResult } from '../store/listener-client.ts';
import { percentageLimit, type Slot } from './gate.ts';
import type { Listener } from './listener.ts';

export interface ControlOptions {
  readonly home: Home;
  readonly listener: Listener;
  readonly version: string;
  readonly startedAt: Date;
}

const MOST_SOURCES = 100;
const MOST_WAIT_MS = 600_000;

export class Control {
  readonly #options: ControlOptions;
  #server: Server | undefined;
  #place: { path: string; folder?: string } | undefined;
  #metrics: Promise<() => Promise<string>> | undefined;
  /** Answers to waiters that are still open. */
  readonly #waiting = new Set<() => void>();

  constructor(options: ControlOptions) {
    this.#options = options;
  }

  get path(): string {
    return this.#place?.path ?? '';
  }

  /** Open `/wait` questions. */
  get waiting(): number {
    return this.#waiting.size;
  }

  /** @throws Error when the socket cannot be made */
  async open(): Promise<void> {
    const place = makeControlAddress(this.#options.home);
    const server = createServer((request, response) => void this.#answer(request, response));
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      // The socket file is made inside listen(): the umask keeps others out from its first moment.
      const umask = process.umask(0o177);
      try {
        server.listen(place.path, resolve);
      } finally {
        process.umask(umask);
      }
    });
    chmodSync(place.path, 0o600);
    this.#server = server;
    this.#place = place;
  }

  async close(): Promise<void> {
    for (const give of [...this.#waiting]) give();
    const server = this.#server;
    if (server) {
      await new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeIdleConnections();
        setTimeout(() => server.closeAllConnections(), 200).unref();
      });
    }
    if (!this.#place) return;
    const { path, folder } = this.#place;
    rmSync(folder ?? path, { recursive: true, force: true });
    if (folder) rmSync(`${this.#options.home.control}.path`, { force: true });
    this.#place = undefined;
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '/', 'http://control');
    request.resume();
    if (request.method !== 'GET')
      return send(response, 405, 'Only GET: the store is the only way to change something.\n');
    try {
      switch (url.pathname) {
        case '/status':
          return send(response, 200, this.status());
        case '/sessions':
          return send(
            response,
            200,
            this.#options.listener.sessions.map((session) => session.info()),
          );
        case '/wait':
          return await this.#wait(url, response);
        case '/metrics': {
          this.#metrics ??= import('./metrics.ts').then((module) => module.openMetrics(this.#options.listener));
          return send(response, 200, await (await this.#metrics)());
        }
        default:
          return send(
            response,
            404,
            'Not here. There are /status, /sessions, /wait?generation=N&timeout=MS and /metrics.\n',
          );
      }
    } catch (error) {
      send(response, 500, `${(error as Error).message}\n`);
    }
  }

  status(): ListenerStatus {
    const { listener, home, version, startedAt } = this.#options;
    const { state } = listener;
    const live = new Set(listener.live);
    return {
      pid: process.pid,
      version,
      home: home.folder,
      startedAt: startedAt.toISOString(),
      bound: listener.sockets.bound,
      failed: listener.sockets.failed,
      generation: { applied: state.applied, seen: state.seen },
      appliedAt: state.appliedAt,
      lastError: state.problem,
      sessions: listener.slots.reduce((sum, slot) => sum + slot.open, 0),
      unmatched: listener.gate.unmatched,
      connectors: listener.slots.map((slot) => connectorStatus(slot, !live.has(slot))),
    };
  }

  /** Long poll: answers when the generation is applied or refused, or the time is over. */
  async #wait(url: URL, response: ServerResponse): Promise<void> {
    const wanted = Number(url.searchParams.get('generation') ?? Number.NaN);
    const timeoutMs = Number(url.searchParams.get('timeout') ?? 10_000);
    if (!Number.isInteger(wanted) || wanted < 0 || !(timeoutMs >= 0 && timeoutMs <= MOST_WAIT_MS)) {
      return send(response, 400, `Give generation=N and timeout=MS, at most ${MOST_WAIT_MS}.\n`);
    }
    const { listener } = this.#options;
    // Whoever waits has just written: look now, and only then judge; a problem known before may be mended.
    listener.hint();
    const result = await new Promise<WaitResult>((resolve) => {
      const settle = () => {
        const outcome = outcomeOf(listener, wanted);
        if (outcome) finish(outcome);
      };
      const giveUp = () => finish({ result: 'timeout', generation: listener.state.applied });
      const finish = (outcome: WaitResult) => {
        clearTimeout(timer);
        stop();
        this.#waiting.delete(giveUp);
        resolve(outcome);
      };
      const stop = listener.onState(settle);
      const timer = setTimeout(giveUp, timeoutMs);
      this.#waiting.add(giveUp);
      response.on('close', giveUp);
      if (listener.state.applied >= wanted) settle();
      else listener.settled().then(settle);
    });
    send(response, 200, result);
  }
}

function outcomeOf(listener: Listener, wanted: number): WaitResult | undefined {
  const { applied, seen, problem } = listener.state;
  if (applied >= wanted) return { result: 'applied', generation: applied, failed: listener.sockets.failed };
  if (problem && seen >= wanted) return { result: 'refused', generation: seen, reason: problem };
  // What is in the file now cannot even be read as a document: no generation to compare, and none will come of it.
  if (problem && listener.state.unreadable) return { result: 'refused', generation: applied, reason: problem };
  return undefined;
}

function finite(limit: number): number | null {
  return Number.isFinite(limit) ? limit : null;
}

function connectorStatus(slot: Slot, removed: boolean): ConnectorStatus {
  const { now } = slot;
  const top = [...slot.sources].sort((a, b) => b[1] - a[1]).slice(0, MOST_SOURCES);
  return {
    name: now.Name,
    guid: slot.guid,
    enabled: now.Enabled,
    removed,
    connections: slot.open,
    limit: finite(Number(now.MaxInboundConnection)),
    accepted: slot.accepted,
    refused: { ...slot.refused },
    sources: top.map(([address, connections]) => ({
      address,
      connections,
      limit: finite(Math.min(Number(now.MaxInboundConnectionPerSource), percentageLimit(now, slot.open - connections))),
    })),
    sourceCount: slot.sources.size,
  };
}

function send(response: ServerResponse, status: number, body: object | string): void {
  if (response.destroyed) return;
  const isText = typeof body === 'string';
  const bytes = Buffer.from(isText ? body : JSON.stringify(body));
  response.writeHead(status, {
    'content-type': isText ? 'text/plain; charset=utf-8' : 'application/json',
    'content-length': bytes.length,
    connection: 'close',
  });
  response.end(bytes);
}

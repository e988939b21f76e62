/**
 * The control socket: HTTP over a Unix socket that only its owner may open (0600), or a named pipe on Windows. It answers what
 * the listener does, and ends single sessions. Settings it does not change: the store is the only way to do that.
 */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { isPipe, makeControlAddress, removeControl } from '../../control/control-address.ts';
import type { PageAnswer, WaitResult } from '../../control/listener-client.ts';
import { parseAddress } from '../../domain/address.ts';
import { binding } from '../../domain/address-kind.ts';
import type { Binding } from '../../domain/value.ts';
import type { Home } from '../../store/home.ts';
import { printable } from '../../text/printable.ts';
import { json, notAllowed, send, text } from '../http/answer.ts';
import { parsedUrl } from '../http/guard.ts';
import type { Listener } from '../listener.ts';
import { LiveFeed } from './live-feed.ts';
import type { Metrics } from './metrics.ts';
import type { Observer } from './snapshot.ts';

interface ControlOptions {
  readonly home: Home;
  readonly listener: Listener;
  readonly observer: Observer;
  readonly metrics: Metrics;
  /** What it may be told beside its settings. */
  readonly orders: Orders;
}

export interface Orders {
  /** Ends as by SIGTERM; `now` does not let sessions finish. */
  stop(now: boolean): void;
  /** Reads the store now, as by SIGHUP. */
  reload(): Promise<void>;
  /** The page, opened if it is not there yet: at `address`, else at 127.0.0.1:8025 or a free port. @throws Error that says why not */
  page(address: Binding | undefined): Promise<PageAnswer>;
}

const MOST_WAIT_MS = 600_000;
const GETS = new Set(['/status', '/sessions', '/sources', '/rates', '/live', '/metrics', '/wait']);
/** What shows how much there is of something. */
const COUNTED = new Set(['/status', '/sources', '/rates']);
const PATHS =
  'Not here. There are GET /status, /sessions, /sources, /rates?address=IP, /live?every=MS, /metrics and /wait?generation=N&timeout=MS, and POST /sessions/ID/disconnect (?now cuts at once), /stop (?now), /reload and /page (?address=IP:PORT).';
const ORDERS = new Set(['/stop', '/reload', '/page']);

export class Control {
  readonly #options: ControlOptions;
  #server: Server | undefined;
  #place: { path: string; folder?: string } | undefined;
  /** Answers to waiters that are still open. */
  readonly #waiting = new Set<() => void>();
  readonly #feed: LiveFeed;

  constructor(options: ControlOptions) {
    this.#options = options;
    this.#feed = new LiveFeed(options.observer);
  }

  get path(): string {
    return this.#place?.path ?? '';
  }

  /** Open `/wait` questions. */
  get waiting(): number {
    return this.#waiting.size;
  }

  /** Who looks on at `/live`. */
  get watchers(): number {
    return this.#feed.watchers;
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
    // A pipe on Windows is no file: only its owner, administrators and the system write to one made like this.
    this.#server = server;
    this.#place = place;
  }

  async close(): Promise<void> {
    for (const give of [...this.#waiting]) give();
    this.#feed.close();
    const server = this.#server;
    if (server) {
      await new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeIdleConnections();
        setTimeout(() => server.closeAllConnections(), 200).unref();
      });
    }
    if (!this.#place) return;
    const place = this.#place;
    this.#place = undefined;
    if (!isPipe(place.path)) removeControl(this.#options.home, place);
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    request.resume();
    response.setHeader('connection', 'close');
    try {
      const url = parsedUrl(request.url);
      if (!url) return text(response, 404, PATHS);
      const session = /^\/sessions\/([^/]+)\/disconnect$/.exec(url.pathname)?.[1];
      if (session !== undefined) return await this.#disconnect(request, response, decoded(session), url);
      if (ORDERS.has(url.pathname)) return await this.#order(request, response, url);
      if (!GETS.has(url.pathname)) return text(response, 404, PATHS);
      if (request.method !== 'GET')
        return notAllowed(response, 'GET', 'Only GET: the store is the only way to change a setting.');
      await this.#show(url, response);
    } catch (error) {
      text(response, 500, (error as Error).message);
    }
  }

  async #show(url: URL, response: ServerResponse): Promise<void> {
    const { listener, observer, metrics } = this.#options;
    if (COUNTED.has(url.pathname)) await listener.sync();
    switch (url.pathname) {
      case '/status':
        return json(response, 200, observer.status());
      case '/sessions':
        return json(response, 200, await listener.sessionInfos());
      case '/sources':
        return json(response, 200, observer.sources());
      case '/rates': {
        const said = (name: string) => url.searchParams.get(name) ?? '';
        if (!parseAddress(said('address'))) return text(response, 400, 'Give address=IP.');
        const client = { address: said('address'), sender: said('sender'), user: said('user') };
        return json(response, 200, observer.rates(client));
      }
      case '/live': {
        const refusal = this.#feed.join(response, url.searchParams.get('every'));
        return refusal && text(response, refusal.status, refusal.text);
      }
      case '/metrics':
        return send(response, 200, 'text/plain; charset=utf-8', await metrics.text());
      case '/wait':
        return await this.#wait(url, response);
    }
  }

  async #disconnect(request: IncomingMessage, response: ServerResponse, id: string, url: URL): Promise<void> {
    if (request.method !== 'POST') return notAllowed(response, 'POST', 'Only POST: it ends the session.');
    const now = url.searchParams.has('now');
    if (!(await this.#options.listener.disconnect(id, now))) {
      return text(response, 404, `No session has the id ${printable(id)}.`);
    }
    json(response, 200, { id, now });
  }

  async #order(request: IncomingMessage, response: ServerResponse, url: URL): Promise<void> {
    if (request.method !== 'POST') return notAllowed(response, 'POST', 'Only POST: it does something.');
    const { listener, orders } = this.#options;
    switch (url.pathname) {
      case '/stop':
        json(response, 200, { pid: process.pid });
        return orders.stop(url.searchParams.has('now'));
      case '/reload': {
        await orders.reload();
        const { applied, seen, problem } = listener.state;
        return json(response, 200, { pid: process.pid, applied, seen, problem });
      }
      default: {
        const address = url.searchParams.get('address');
        return json(response, 200, await orders.page(address === null ? undefined : binding.parse(address)));
      }
    }
  }

  /** Long poll: answers when the generation is applied or refused, or the time is over. */
  async #wait(url: URL, response: ServerResponse): Promise<void> {
    const wanted = Number(url.searchParams.get('generation') ?? Number.NaN);
    const timeoutMs = Number(url.searchParams.get('timeout') ?? 10_000);
    if (!Number.isInteger(wanted) || wanted < 0 || !(timeoutMs >= 0 && timeoutMs <= MOST_WAIT_MS)) {
      return text(response, 400, `Give generation=N and timeout=MS, at most ${MOST_WAIT_MS}.`);
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
    json(response, 200, result);
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

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

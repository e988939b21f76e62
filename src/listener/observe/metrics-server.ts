/** `/metrics` for Prometheus over TCP (`rc serve --metrics`), and `/healthz`: to be read, by few at once. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Binding } from '../../domain/value.ts';
import { notAllowed, send, text } from '../http/answer.ts';
import { BoundedServer } from '../http/bounded-server.ts';
import { isOurHost } from '../http/guard.ts';
import { answerHealth, type Health } from './health.ts';
import { METRICS_TYPE, type Metrics } from './metrics.ts';

/** Prometheus needs one connection; a second server, and a person who looks, a few more. Of more that ask nothing the oldest gives way. */
const MOST_IDLE = 32;
/** With those that are being answered. */
const MOST_CONNECTIONS = 64;
/** Within this a request has to be there. */
const PATIENCE_MS = 5000;
/** An answered connection that asks no more gives its place to another; Prometheus opens a new one where it needs it. */
const IDLE_MS = 10_000;

export class MetricsServer {
  readonly #server: BoundedServer;
  readonly #metrics: Metrics;
  readonly #names: () => readonly string[];
  readonly #health: () => Health;

  /** `names`: the machine's own at this moment, by which it may be asked besides localhost and addresses in numbers. */
  constructor(metrics: Metrics, health: () => Health, names: () => readonly string[] = () => []) {
    this.#metrics = metrics;
    this.#health = health;
    this.#names = names;
    const anonymous = { most: MOST_IDLE, ofOne: MOST_IDLE };
    const times = { headerMs: PATIENCE_MS, requestMs: PATIENCE_MS, idleMs: IDLE_MS };
    this.#server = new BoundedServer(
      { most: MOST_CONNECTIONS, anonymous, header: 8192, ...times },
      (request, response) => {
        const { socket } = request;
        this.#server.know(socket);
        response.on('close', () => this.#server.forget(socket));
        void this.#answer(request, response);
      },
    );
  }

  /** @throws Error of listen(), with its code */
  open({ address, port }: Binding): Promise<void> {
    return this.#server.open(address, port);
  }

  close(): Promise<void> {
    return this.#server.close(0);
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    request.resume();
    response.setHeader('x-content-type-options', 'nosniff');
    response.setHeader('cache-control', 'no-store');
    // A browser that was led here by a name of somebody else's (DNS rebinding) must not read the answer to him.
    if (!isOurHost(request.headers.host, this.#names()))
      return text(response, 421, 'This name is not one of the listener’s. Use its address in numbers, or localhost.');
    const path = request.url?.split('?')[0];
    if (path === '/healthz') return answerHealth(request, response, this.#health());
    if (path !== '/metrics') return text(response, 404, 'Not here. There are GET /metrics and /healthz.');
    if (request.method !== 'GET' && request.method !== 'HEAD') return notAllowed(response, 'GET, HEAD', 'Only GET.');
    try {
      send(response, 200, METRICS_TYPE, await this.#metrics.text());
    } catch (error) {
      text(response, 500, (error as Error).message);
    }
  }
}

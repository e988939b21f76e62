/** `/metrics` for Prometheus over TCP (`rc serve --metrics`), and `/healthz`: to be read, by few at once. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Binding } from '../../domain/value.ts';
import { AnonymousConnections } from '../web/anonymous-connections.ts';
import { isOurHost } from '../web/guard.ts';
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
  readonly #server: Server;
  readonly #metrics: Metrics;
  readonly #names: () => readonly string[];
  readonly #health: () => Health;
  readonly #idle = new AnonymousConnections({ most: MOST_IDLE, ofOne: MOST_IDLE });

  /** `names`: the machine's own at this moment, by which it may be asked besides localhost and addresses in numbers. */
  constructor(metrics: Metrics, health: () => Health, names: () => readonly string[] = () => []) {
    this.#metrics = metrics;
    this.#health = health;
    this.#names = names;
    this.#server = createServer(
      {
        maxHeaderSize: 8192,
        headersTimeout: PATIENCE_MS,
        requestTimeout: PATIENCE_MS,
        keepAliveTimeout: IDLE_MS,
        connectionsCheckingInterval: PATIENCE_MS,
      },
      (request, response) => {
        const { socket } = request;
        this.#idle.know(socket);
        response.on('close', () => !socket.destroyed && this.#idle.add(socket));
        void this.#answer(request, response);
      },
    );
    this.#server.maxConnections = MOST_CONNECTIONS;
    this.#server.on('connection', (socket) => this.#idle.add(socket));
    this.#server.on('clientError', (_error, socket) => socket.destroy());
  }

  /** @throws Error of listen(), with its code */
  open({ address, port }: Binding): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#server.once('error', reject);
      this.#server.listen({ host: address, port, ipv6Only: address.includes(':') }, resolve);
    });
  }

  async close(): Promise<void> {
    if (!this.#server.listening) return;
    await new Promise<void>((resolve) => {
      this.#server.close(() => resolve());
      this.#server.closeAllConnections();
    });
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    request.resume();
    // A browser that was led here by a name of somebody else's (DNS rebinding) must not read the answer to him.
    if (!isOurHost(request.headers.host, this.#names()))
      return send(response, 421, 'This name is not one of the listener’s. Use its address in numbers, or localhost.\n');
    const path = request.url?.split('?')[0];
    if (path === '/healthz') return answerHealth(request, response, this.#health());
    if (path !== '/metrics') return send(response, 404, 'Not here. There are GET /metrics and /healthz.\n');
    if (request.method !== 'GET' && request.method !== 'HEAD') {
      response.setHeader('allow', 'GET, HEAD');
      return send(response, 405, 'Only GET.\n');
    }
    try {
      send(response, 200, await this.#metrics.text(), METRICS_TYPE);
    } catch (error) {
      send(response, 500, `${(error as Error).message}\n`);
    }
  }
}

function send(response: ServerResponse, status: number, text: string, type = 'text/plain; charset=utf-8'): void {
  if (response.destroyed) return;
  const bytes = Buffer.from(text);
  response.writeHead(status, {
    'content-type': type,
    'content-length': bytes.length,
    'x-content-type-options': 'nosniff',
    'cache-control': 'no-store',
  });
  response.end(bytes);
}

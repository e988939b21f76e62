/** `/metrics` for Prometheus over TCP (`rc serve --metrics`): one path, to be read, by few at once. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Binding } from '../connector/value.ts';
import { METRICS_TYPE, type Metrics } from './metrics.ts';

/** Prometheus needs one connection; a second server, and a person who looks, a few more. */
const MOST_CONNECTIONS = 32;
/** Within this a request has to be there, and an idle connection asks again. */
const PATIENCE_MS = 5000;

export class MetricsServer {
  readonly #server: Server;
  readonly #metrics: Metrics;

  constructor(metrics: Metrics) {
    this.#metrics = metrics;
    this.#server = createServer(
      {
        maxHeaderSize: 8192,
        headersTimeout: PATIENCE_MS,
        requestTimeout: PATIENCE_MS,
        keepAliveTimeout: 60_000, // Prometheus asks every 15 to 60 seconds over the same connection
        connectionsCheckingInterval: PATIENCE_MS,
      },
      (request, response) => void this.#answer(request, response),
    );
    this.#server.maxConnections = MOST_CONNECTIONS;
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
    const path = request.url?.split('?')[0];
    if (path !== '/metrics') return send(response, 404, 'Not here. There is GET /metrics.\n');
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

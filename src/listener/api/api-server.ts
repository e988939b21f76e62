/**
 * The API's HTTP server: who may ask, what of the rows is asked, and the answer. Every request needs the token; without it
 * there are only the document, which is the same for everybody, and /healthz.
 */

import type { IncomingMessage, ServerResponse } from 'node:http';
import { isRecord } from '../../text/is-record.ts';
import { show } from '../../text/printable.ts';
import type { EventLog } from '../contracts/event-log.ts';
import { send } from '../http/answer.ts';
import { BoundedServer } from '../http/bounded-server.ts';
import { addressOf, isFromOurPage, isOurHost, parsedUrl } from '../http/guard.ts';
import { LoginThrottle } from '../http/login-throttle.ts';
import { BadRequest, readJson } from '../http/request-body.ts';
import { sameSecret } from '../http/token.ts';
import { answerHealth } from '../observe/health.ts';
import { EVENTS } from '../records/event-table.ts';
import { openApi } from './openapi.ts';
import { Problem, sendProblem } from './problem.ts';
import type { Answer, Api, Route } from './route.ts';
import { ROUTES, routeOf } from './routes.ts';

const BOUNDS = {
  most: 128,
  // Of more that have not shown the token, or are between two requests, the oldest gives way.
  anonymous: { most: 96, ofOne: 64 },
  header: 16 * 1024,
  headerMs: 5000,
  requestMs: 15_000,
  idleMs: 15_000,
};
const MOST_BODY = 256 * 1024;
/** Who waits for a message, or looks on. */
const MOST_LASTING = 64;
/** A client that takes nothing of its answer for so long is let go. */
const SLOW_MS = 30_000;

const HEADERS: Readonly<Record<string, string>> = {
  'cache-control': 'no-store',
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
  'cross-origin-resource-policy': 'same-origin',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
};

interface ApiServerOptions {
  readonly api: Api;
  readonly token: string;
  readonly events: EventLog;
  readonly version: string;
}

export class ApiServer {
  readonly #options: ApiServerOptions;
  readonly #server: BoundedServer;
  readonly #logins = new LoginThrottle();
  readonly #closing = new AbortController();
  #document: string | undefined;
  #lasting = 0;

  constructor(options: ApiServerOptions) {
    this.#options = options;
    this.#server = new BoundedServer(BOUNDS, (request, response) => void this.#serve(request, response));
  }

  /** @throws Error of listen(), with its code */
  open(host: string, port: number): Promise<void> {
    return this.#server.open(host, port);
  }

  get port(): number {
    return this.#server.port;
  }

  async close(): Promise<void> {
    this.#closing.abort();
    this.#options.api.feed.close();
    await this.#server.close(200);
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    for (const [name, value] of Object.entries(HEADERS)) response.setHeader(name, value);
    response.on('error', () => {});
    try {
      await this.#answer(request, response);
    } catch (error) {
      sendProblem(response, this.#problemOf(error));
    }
  }

  #problemOf(error: unknown): Problem {
    if (error instanceof Problem) return error;
    if (error instanceof BadRequest) return new Problem(error.status, error.message, { code: 'InvalidBody' });
    this.#options.events.write(EVENTS.unexpected(`The API: ${(error as Error).stack}`));
    return new Problem(500, 'This should not happen; the event log says more.', { code: 'Unexpected' });
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (!isFromOurPage(request)) throw new Problem(403, 'Asked by the page of another site.', { code: 'OtherSite' });
    const url = parsedUrl(request.url);
    if (!url) throw new Problem(400, 'This is no address.', { code: 'InvalidAddress' });
    const { api } = this.#options;
    const isPublic = url.pathname === '/healthz' || url.pathname === '/openapi.json';
    const isKnown = !isPublic && this.#hasToken(request);
    if (!isKnown) this.#expectOurHost(request);
    if (url.pathname === '/healthz') return answerHealth(request, response, api.health());
    if (url.pathname === '/openapi.json') return this.#tellDocument(request, response);
    if (!isKnown) throw this.#refusal(request);
    const { socket } = request;
    this.#server.know(socket);
    response.on('close', () => this.#server.forget(socket));
    const { route, parts } = this.#route(request.method ?? '', url.pathname);
    const gone = goneSignal(response, this.#closing.signal);
    const asked = {
      part: (name: string) => parts[name]!,
      body: () => bodyOf(request),
      request,
      via: `the API, ${addressOf(request)}`,
      gone,
    };
    const answer = async () => give(response, route, await route.answerTo(api, asked, url.searchParams));
    if (!route.lasts) return answer();
    if (this.#lasting >= MOST_LASTING)
      throw new Problem(503, `${MOST_LASTING} wait or look on already.`, { code: 'TooMany' }, { 'retry-after': '1' });
    this.#lasting++;
    try {
      await answer();
    } finally {
      this.#lasting--;
    }
  }

  #route(method: string, path: string) {
    const found = routeOf(method, path);
    if (found === undefined)
      throw new Problem(404, `There is nothing at ${show(path)}. What there is: GET /openapi.json`, {
        code: 'NoSuchPath',
      });
    if (!('route' in found)) throw notAllowed(found.join(', '));
    return found;
  }

  #hasToken({ headers }: IncomingMessage): boolean {
    const given = /^bearer +(\S+)$/i.exec(headers.authorization ?? '')?.[1];
    return given !== undefined && sameSecret(given, this.#options.token);
  }

  /** Who has the token may call us by any name, as in a network of containers; a page that was led here by a name has none. */
  #expectOurHost({ headers }: IncomingMessage): void {
    if (isOurHost(headers.host, this.#options.api.listener.names)) return;
    throw new Problem(421, 'This name is not one of the listener’s. Use its address in numbers, or localhost.', {
      code: 'OtherHost',
    });
  }

  /** Of a request without the token; a wrong one is told of and slowed down, the right one is always taken. */
  #refusal(request: IncomingMessage): Problem {
    const { events } = this.#options;
    const challenge = { 'www-authenticate': 'Bearer realm="rc"' };
    const where = 'Send it as Authorization: Bearer TOKEN; rc serve says at its start in which file it is.'; // whoever lacks it is not told of this machine's folders
    if (request.headers.authorization === undefined)
      return new Problem(401, `The token is missing. ${where}`, { code: 'TokenMissing' }, challenge);
    const address = addressOf(request);
    const wait = this.#logins.wait(address);
    if (wait)
      return new Problem(
        429,
        `Too many wrong tokens. Try again in ${wait} s.`,
        { code: 'TooManyWrongTokens' },
        { 'retry-after': String(wait) },
      );
    this.#logins.fail(address);
    events.write(EVENTS.apiTokenWrong(address));
    return new Problem(401, `This is not the token. ${where}`, { code: 'TokenWrong' }, challenge);
  }

  #tellDocument({ method }: IncomingMessage, response: ServerResponse): void {
    if (method !== 'GET' && method !== 'HEAD') throw notAllowed('GET, HEAD');
    this.#document ??= JSON.stringify(openApi(ROUTES, this.#options.version));
    write(response, 200, 'application/json', this.#document);
  }
}

function notAllowed(allowed: string): Problem {
  return new Problem(405, `Only ${allowed}.`, { code: 'MethodNotAllowed', allowed }, { allow: allowed });
}

async function bodyOf(request: IncomingMessage): Promise<Readonly<Record<string, unknown>>> {
  if (!/^application\/(?:[\w.-]+\+)?json\b/i.test(request.headers['content-type'] ?? ''))
    throw new BadRequest('The body must be application/json.', 415);
  const body = await readJson(request, MOST_BODY);
  if (!isRecord(body)) throw new BadRequest('The body is no object.');
  return body;
}

/** Aborted when the client has left, or `closing` is. */
function goneSignal(response: ServerResponse, closing: AbortSignal): AbortSignal {
  const gone = new AbortController();
  const abort = () => gone.abort();
  closing.addEventListener('abort', abort, { once: true });
  response.on('close', () => {
    closing.removeEventListener('abort', abort);
    abort();
  });
  if (closing.aborted) abort();
  return gone.signal;
}

async function give(response: ServerResponse, { answer }: Route, given: Answer): Promise<void> {
  for (const [name, value] of Object.entries(given.headers ?? {})) response.setHeader(name, value);
  if (given.stream) return given.stream(response);
  if (given.bytes) write(response, answer.status, answer.type!, given.bytes);
  else if (given.json === undefined) response.writeHead(answer.status).end();
  else write(response, answer.status, 'application/json', JSON.stringify(given.json));
}

function write(response: ServerResponse, status: number, type: string, body: Buffer | string): void {
  response.setTimeout(SLOW_MS, () => response.destroy());
  send(response, status, type, body);
}

/**
 * The page's HTTP server. Anybody who reaches it gets its files, which hold nothing; every answer about the listener, and
 * every change, needs a session, and a session needs the token.
 */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { MessageReading } from '../../messages/reading.ts';
import { hostAndPort } from '../../text/bracketed.ts';
import { urlOf, type WebAddress } from '../http/address.ts';
import { first, json, notAllowed, send, text } from '../http/answer.ts';
import { adviceFor, BoundedServer } from '../http/bounded-server.ts';
import { addressOf, isFromOurPage, isOurHost, ownNames, parsedUrl } from '../http/guard.ts';
import { LoginThrottle } from '../http/login-throttle.ts';
import { BadRequest, readJson } from '../http/request-body.ts';
import { openToken, sameSecret } from '../http/token.ts';
import { asRecord } from './as-record.ts';
import { ASSETS } from './assets.ts';
import { Changes } from './changes.ts';
import { cookieOf, HEADERS } from './guard.ts';
import { Live, type LiveOptions } from './live.ts';
import { Mail } from './mail.ts';
import { CHOICES, LISTS, type ListName, Readings } from './readings.ts';
import { LONGEST_MS, type WebSession, WebSessions } from './sessions.ts';
import { answerHealth, EVENTS, type EventLog, type RunCommand, type WatchedListener } from './surroundings.ts';
import { View } from './view.ts';

interface PageOptions {
  readonly address: WebAddress;
  /** Where web.token and web.sessions are. */
  readonly token: string;
  readonly sessions: string;
  readonly events: EventLog;
  readonly watched: WatchedListener;
  readonly run: RunCommand;
  /** Left out: no messages are shown. */
  readonly mail?: MessageReading | undefined;
  readonly live?: LiveOptions;
}

/** Cookies do not know ports: the port that the browser asked is in the name, so that two pages on one host keep out of each other's way. */
function cookieName({ headers }: IncomingMessage): string {
  return `rc-${/:(\d{1,5})$/.exec(headers.host ?? '')?.[1] ?? 80}`;
}

const BOUNDS = { most: 200, header: 16 * 1024, headerMs: 5000, requestMs: 15_000, idleMs: 5000 };
const MOST_BODY = 256 * 1024;
/** Of one that nobody has signed in for. */
const MOST_STRANGE_BODY = 4096;

export class PageServer {
  readonly #options: PageOptions;
  readonly #token: string;
  readonly #sessions: WebSessions;
  readonly #logins = new LoginThrottle();
  readonly #live: Live;
  readonly #readings: Readings;
  readonly #changes: Changes;
  readonly #mail: Mail;
  readonly #server: BoundedServer;

  /** What somebody who is signed in may ask; each throws BadRequest. */
  readonly #gets: Readonly<Record<string, (query: URLSearchParams) => unknown>> = {
    '/connector': (query) => this.#readings.connector(query.get('guid') ?? ''),
    '/choices': () => CHOICES,
    ...Object.fromEntries(Object.keys(LISTS).map((name) => [`/${name}`, () => this.#readings.list(name as ListName)])),
    '/messages': (query) => this.#mail.list(query.get('search') ?? '', query.get('before') ?? ''),
    '/message': (query) => this.#mail.show(query.get('id') ?? ''),
  };
  /** What he may have done, as the body says. */
  readonly #posts: Readonly<Record<string, (body: unknown, via: string) => unknown>> = {
    '/ticket': (body) => this.#mail.ticket(body),
    '/why': (body) => this.#readings.why(body),
    '/change': (body, via) => this.#changes.change(body, via),
    '/undo': (body, via) => this.#changes.undo(body, via),
    '/do': (body, via) => this.#changes.command(body, via),
  };

  /** @throws TokenError */
  constructor(options: PageOptions) {
    this.#options = options;
    this.#token = openToken(options.token, 'The token of the page');
    this.#sessions = new WebSessions(options.sessions, this.#token);
    this.#live = new Live(new View(options.watched), (session) => this.#sessions.use(session), options.live);
    this.#readings = new Readings(options.watched, options.run);
    this.#changes = new Changes(options.watched, this.#readings, options.run);
    this.#mail = new Mail(options.mail);
    this.#server = new BoundedServer(BOUNDS, (request, response) => void this.#serve(request, response));
  }

  get url(): string {
    return urlOf(this.#options.address.host, this.#server.port);
  }

  /** What lets a browser in; for the terminal of the one who started it, and nowhere else. */
  get token(): string {
    return this.#token;
  }

  /** Pages that are open. */
  get watchers(): number {
    return this.#live.size;
  }

  /** @throws Error when the address cannot be listened on */
  async open(): Promise<void> {
    const { host, port, loopback } = this.#options.address;
    try {
      await this.#server.open(host, port);
    } catch (error) {
      throw new Error(
        `The page cannot be on ${hostAndPort(host, port)}: ${adviceFor(error as NodeJS.ErrnoException, '--web')}`,
      );
    }
    this.#options.events.write(EVENTS.pageOpen(this.url));
    if (!loopback) this.#options.events.write(EVENTS.pagePlain(this.url));
  }

  async close(): Promise<void> {
    this.#live.close();
    this.#sessions.close();
    await this.#mail.close();
    await this.#server.close(200);
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    for (const [name, value] of Object.entries(HEADERS)) response.setHeader(name, value);
    response.on('error', () => {});
    try {
      await this.#route(request, response);
    } catch (error) {
      if (error instanceof BadRequest) return text(response, error.status, error.message);
      this.#options.events.write(EVENTS.unexpected(`The page: ${(error as Error).stack}`));
      text(response, 500, 'This should not happen; the event log says more.');
    }
  }

  async #route(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { method, headers } = request;
    // As it is now: an fqdn that was changed is ours at once
    if (!isOurHost(headers.host, ownNames(this.#options.watched.server)))
      return text(response, 421, 'This name is not one of the listener’s. Use its address in numbers, or localhost.');
    const url = parsedUrl(request.url);
    if (!url) return text(response, 400, 'This is no address of a page.');
    if (url.pathname === '/healthz') return answerHealth(request, response, this.#options.watched.health());
    const asset = ASSETS.get(url.pathname);
    if (asset) {
      if (method !== 'GET' && method !== 'HEAD') return notAllowed(response, 'GET, HEAD');
      return send(response, 200, asset.type, asset.text);
    }
    const get = this.#gets[url.pathname];
    const post = this.#posts[url.pathname];
    const allowed = OTHER_ROUTES[url.pathname] ?? (get ? ['GET'] : post ? ['POST'] : undefined);
    if (!allowed) return text(response, 404, 'There is nothing here.');
    if (!allowed.includes(method ?? '')) return notAllowed(response, allowed.join(', '));
    if (!isFromOurPage(request)) return text(response, 403, 'Asked by the page of another site.');
    if (method === 'POST' && !/^application\/json\b/i.test(headers['content-type'] ?? ''))
      return text(response, 415, 'The body must be application/json.');
    if (url.pathname === '/session' && method === 'POST') return this.#signIn(request, response);
    if (url.pathname === '/frame') {
      const { searchParams } = url;
      return this.#mail.frame(response, searchParams.get('ticket') ?? '', first(headers['sec-fetch-dest']));
    }
    const session = this.#sessions.find(cookieOf(request, cookieName(request)), first(headers['x-rc-key']));
    if (!session) return text(response, 401, 'Sign in first.');
    const { socket } = request; // gone from the request when it is over
    this.#server.know(socket);
    response.on('close', () => this.#server.forget(socket));
    if (url.pathname === '/session') return this.#signOut(session, request, response);
    if (url.pathname === '/live') return this.#watch(session, response);
    if (url.pathname === '/part') {
      const { searchParams } = url;
      return this.#mail.save(response, searchParams.get('id') ?? '', searchParams.get('part') ?? '');
    }
    if (get) return json(response, 200, await get(url.searchParams));
    const via = `the page, ${addressOf(request)}`;
    if (post) json(response, 200, await post(await readJson(request, MOST_BODY), via));
  }

  async #signIn(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const address = addressOf(request);
    const { token } = asRecord(await readJson(request, MOST_STRANGE_BODY), 'the body');
    // The right one first, always: whoever shares the owner's address must not keep him out with wrong ones.
    if (typeof token !== 'string' || !sameSecret(token.trim(), this.#token)) {
      const wait = this.#logins.wait(address);
      if (wait) {
        response.setHeader('retry-after', wait);
        return text(response, 429, `Too many wrong tokens. Try again in ${wait} s.`);
      }
      this.#logins.fail(address);
      this.#options.events.write(EVENTS.pageTokenWrong(address));
      return text(response, 403, 'This is not the token. It is in the file web.token of the listener’s home.');
    }
    const { cookie, key } = this.#sessions.begin();
    const age = Math.floor(LONGEST_MS / 1000);
    response.setHeader(
      'set-cookie',
      `${cookieName(request)}=${cookie}; Path=/; Max-Age=${age}; HttpOnly; SameSite=Strict`,
    );
    json(response, 200, { key });
  }

  #signOut(session: WebSession, request: IncomingMessage, response: ServerResponse): void {
    this.#sessions.end(session);
    this.#live.drop(session.id);
    response.setHeader('set-cookie', `${cookieName(request)}=; Path=/; Max-Age=0; HttpOnly; SameSite=Strict`);
    response.writeHead(204).end();
  }

  #watch(session: WebSession, response: ServerResponse): void {
    if (this.#live.isFull) {
      text(response, 503, 'Too many pages are open already.');
      return;
    }
    response.writeHead(200, { 'content-type': 'text/event-stream; charset=utf-8', 'x-accel-buffering': 'no' });
    this.#live.watch(response, session.id);
  }
}

/** What is not asked for by its address alone, or sent as JSON, and answered in JSON; and how it may be asked. */
const OTHER_ROUTES: Readonly<Record<string, readonly string[]>> = {
  '/session': ['POST', 'DELETE'],
  '/live': ['GET'],
  '/part': ['GET'],
  '/frame': ['GET'],
};

/**
 * Asks the running listener over its control socket: is it there, what does it do, has it applied a generation. node:http
 * is loaded when something is asked, not before.
 */

import type { Pressure } from '../domain/pressure.ts';
import type { RatesUsed } from '../domain/rehearsal.ts';
import type { Home } from '../store/home.ts';
import { isRecord } from '../text/is-record.ts';
import { controlAddress } from './control-address.ts';

/** Counters of one source on one connector. */
export interface SourceStatus {
  readonly address: string;
  readonly connections: number;
  /** Those on all servers of a fleet, where LimitScope says that they count together; left out where that is not known. */
  readonly everywhere?: number;
  /** Connections it may have: the smaller of the per-source and the percentage limit; null is no limit. */
  readonly limit: number | null;
}

/**
 * One source on one connector, with what kept it out. A source is remembered for an hour after its last refusal; when very
 * many are refused, those refused longest ago are forgotten first.
 */
export interface SourceDetail extends SourceStatus {
  /** Empty, as `guid`: no connector takes this source. */
  readonly connector: string;
  readonly guid: string;
  /** The setting that gives `limit`; empty when there is none. */
  readonly rule: 'MaxInboundConnectionPerSource' | 'MaxInboundConnectionPercentagePerSource' | '';
  /** Refusals of its connections, senders, recipients and messages, whatever stood against them. */
  readonly refused: { readonly minute: number; readonly hour: number };
  /** The same by cause, the most frequent first: `MessageRateLimit`, `ms-Exch-SMTP-Submit`, `AcceptedDomain`, `Logon`, … */
  readonly because: readonly { readonly cause: string; readonly minute: number; readonly hour: number }[];
  /** ISO 8601; empty when it was not refused within the hour. */
  readonly lastRefused: string;
  /** Logons with a wrong password or name. */
  readonly failedLogons: { readonly minute: number; readonly hour: number };
}

/** An event, as events.ndjson holds it. */
export interface EventRecord {
  readonly time: string;
  readonly id: number;
  readonly level: 'Information' | 'Warning' | 'Error';
  readonly message: string;
  readonly data?: Readonly<Record<string, string | number | boolean>>;
}

/** One look at the listener, as `/live` sends it again and again. Rates are the differences of two looks. */
export interface Snapshot {
  /** ISO 8601. */
  readonly at: string;
  readonly status: ListenerStatus;
  /** Sources nearest to their limit or refused most, at most 100. */
  readonly sources: readonly SourceDetail[];
  /** Events since the look before; in the first look the last ones, at most 50. */
  readonly events: readonly EventRecord[];
  /** Only where looks at several servers were put together. */
  readonly several?: {
    /** Which processes they are of: another text when one was started anew. */
    readonly run: string;
    /** Servers that are not seen, each with why. */
    readonly silent: readonly string[];
    /** Servers whose listener is ending. */
    readonly stopping: readonly string[];
  };
}

/** What a client has used of the rates of a connector. */
export interface ConnectorRatesUsed extends RatesUsed {
  /** The connector's Guid. */
  readonly guid: string;
}

export interface ConnectorStatus {
  readonly name: string;
  readonly guid: string;
  readonly enabled: boolean;
  /** Removed from the store; its last sessions are ending. */
  readonly removed: boolean;
  readonly connections: number;
  readonly limit: number | null;
  readonly accepted: number;
  /** Refusals since the start, by the limit that was reached. */
  readonly refused: {
    readonly connector: number;
    readonly source: number;
    readonly percentage: number;
    readonly rate: number;
  };
  /** The sources with the most connections, at most 100. */
  readonly sources: readonly SourceStatus[];
  /** How many sources there are. */
  readonly sourceCount: number;
}

export interface BoundStatus {
  readonly binding: string;
  readonly connectors: readonly string[];
  /** The socket that serves it: itself, or the one on all addresses of its port. */
  readonly servedBy: string;
}

export interface FailedStatus {
  readonly binding: string;
  readonly connectors: readonly string[];
  readonly code: string;
  readonly advice: string;
  readonly since: string;
}

/** A process that holds sessions (`rc serve --workers`). */
export interface WorkerStatus {
  /** 1 to N: a place that one process after another may fill. */
  readonly number: number;
  /** null while the place is empty. */
  readonly pid: number | null;
  /** ISO 8601; empty while the place is empty. */
  readonly startedAt: string;
  readonly sessions: number;
  /** Generation it acts by. */
  readonly generation: number;
  /** Processes that filled this place before and ended unasked. */
  readonly replaced: number;
}

export interface ListenerStatus {
  readonly pid: number;
  readonly version: string;
  readonly home: string;
  readonly startedAt: string;
  readonly bound: readonly BoundStatus[];
  readonly failed: readonly FailedStatus[];
  readonly generation: { readonly applied: number; readonly seen: number };
  readonly appliedAt: string;
  /** Why the store as it is now cannot be applied; empty when all is well. */
  readonly lastError: string;
  /** It was told to end: nobody is let in, and those who are in finish. Left out before that. */
  readonly stopping?: boolean;
  /** Left out by a listener that does not look at its resources. */
  readonly pressure?: Pressure;
  readonly sessions: number;
  readonly unmatched: number;
  readonly connectors: readonly ConnectorStatus[];
  /** Left out when sessions run in the listener's own process. */
  readonly workers?: readonly WorkerStatus[];
  /** Address of the page, without what lets a browser in; left out when there is none. */
  readonly page?: string | undefined;
  /** The API and the file with its token; left out when there is none. */
  readonly api?: { readonly url: string; readonly tokenFile: string } | undefined;
  /** Left out in no fleet. */
  readonly fleet?: {
    readonly name: string;
    readonly url: string;
    /** Limits of the fleet are counted in its engine; else `fallback` (FleetFallback) holds. */
    readonly counting: boolean;
    readonly fallback: string;
    /** Live listeners, as last known. */
    readonly nodes: number;
    /** Empty when all is well. */
    readonly problem: string;
  };
}

export interface SessionStatus {
  readonly id: string;
  readonly connector: string;
  /** The client's address and port. */
  readonly source: string;
  readonly port: number;
  readonly remote: string;
  readonly local: string;
  readonly since: string;
  readonly tls: boolean;
  readonly user: string;
  readonly helo: string;
  /** `idle`, `command`, `message`; `closing`: all is said, and the client has not closed its side yet */
  readonly state: string;
  readonly messages: number;
  /** Received from the client and sent to it. */
  readonly bytes: number;
  readonly bytesSent: number;
}

/** What became of a generation. */
export type WaitResult =
  /** It acts; bindings that could not be opened are in `failed`. */
  | { readonly result: 'applied'; readonly generation: number; readonly failed: readonly FailedStatus[] }
  /** The listener cannot apply the store as it is; the last good settings stay. */
  | { readonly result: 'refused'; readonly generation: number; readonly reason: string }
  | { readonly result: 'timeout'; readonly generation: number }
  | { readonly result: 'no listener' };

/** The listener of this home; `undefined` when none runs. */
export async function listenerStatus(home: Home): Promise<ListenerStatus | undefined> {
  return (await ask(home, '/status', 5000, 'GET', isStatus)) as ListenerStatus | undefined;
}

/** Sessions that are open now; `undefined` when no listener runs. */
export async function sessions(home: Home): Promise<SessionStatus[] | undefined> {
  return (await ask(home, '/sessions', 5000, 'GET', isList)) as SessionStatus[] | undefined;
}

/** Resolves when the listener has applied `generation` (or a later one), refused it, or `timeoutMs` have passed. */
export async function waitForGeneration(home: Home, generation: number, timeoutMs: number): Promise<WaitResult> {
  const path = `/wait?generation=${generation}&timeout=${Math.round(timeoutMs)}`;
  return (
    ((await ask(home, path, timeoutMs + 2000, 'GET', isRecord)) as WaitResult | undefined) ?? { result: 'no listener' }
  );
}

/** Metrics in Prometheus' text format; `undefined` when no listener runs. */
export async function listenerMetrics(home: Home): Promise<string | undefined> {
  return (await ask(home, '/metrics', 5000, 'GET', (answer) => typeof answer === 'string')) as string | undefined;
}

/** Sources with a connection or a refusal within the hour, nearest to their limit first; `undefined` when no listener runs. */
export async function sources(home: Home): Promise<SourceDetail[] | undefined> {
  return (await ask(home, '/sources', 5000, 'GET', isList)) as SourceDetail[] | undefined;
}

/** What a client has used of the rates of each connector; `undefined` when no listener tells. */
export async function ratesUsed(
  home: Home,
  client: { readonly address: string; readonly sender: string; readonly user: string },
): Promise<ConnectorRatesUsed[] | undefined> {
  try {
    return (await ask(home, `/rates?${new URLSearchParams(client)}`, 5000, 'GET', isList)) as
      | ConnectorRatesUsed[]
      | undefined;
  } catch {
    return undefined; // one of an older version
  }
}

/** What became of a session that was to end. */
export type DisconnectResult =
  /** It finishes the message it is in, gets 421 and is closed. */
  | 'ending'
  /** It was cut off. */
  | 'cut'
  | 'no such session'
  | 'no listener';

/** Ends a session; with `now` it is cut off, else it may finish its message. */
export async function disconnectSession(home: Home, id: string, now: boolean): Promise<DisconnectResult> {
  const path = `/sessions/${encodeURIComponent(id)}/disconnect${now ? '?now' : ''}`;
  const answer = await ask(home, path, 5000, 'POST');
  if (answer === undefined) return 'no listener';
  if (answer === NOT_FOUND) return 'no such session';
  return now ? 'cut' : 'ending';
}

/** What became of a listener that was told to read the store. */
interface ReloadAnswer {
  readonly pid: number;
  readonly applied: number;
  readonly seen: number;
  /** Why the store as it is cannot be applied; empty when all is well. */
  readonly problem: string;
}

/** Where the page is, and what lets a browser in. */
export interface PageAnswer {
  readonly url: string;
  readonly token: string;
  /** It was opened now. */
  readonly opened: boolean;
}

/** A listener that is older than the order. */
const OLDER = 'it does not know this; it is of an older version, and a restart makes it know';

async function order<T>(home: Home, path: string, timeoutMs = 10_000): Promise<T | undefined> {
  const answer = await ask(home, path, timeoutMs, 'POST');
  if (answer === NOT_FOUND) throw cannotAsk(home, controlAddress(home).path ?? '', OLDER);
  return answer as T | undefined;
}

/** Ends the listener as SIGTERM does, its process id in the answer; `now`: sessions may not finish. `undefined` when none runs. */
export function stopListener(home: Home, now: boolean): Promise<{ readonly pid: number } | undefined> {
  return order(home, `/stop${now ? '?now' : ''}`);
}

/** Makes it read the store now; `undefined` when none runs. */
export function reloadListener(home: Home): Promise<ReloadAnswer | undefined> {
  return order(home, '/reload', 60_000);
}

/** The page of the listener, opened if it is not there; `undefined` when none runs. @param address `IP:PORT`, for one that is opened now */
export function listenerPage(home: Home, address?: string): Promise<PageAnswer | undefined> {
  return order(home, `/page${address === undefined ? '' : `?address=${encodeURIComponent(address)}`}`);
}

/** Nobody behind the socket: never there, killed, or just ending. */
export const NOBODY: ReadonlySet<string | undefined> = new Set(['ENOENT', 'ECONNREFUSED', 'ENOTDIR', 'ECONNRESET']);

/** A list of objects. */
export const isList = (value: unknown): boolean => Array.isArray(value) && value.every(isRecord);
/** As much of a status as everybody who asks relies on. */
export const isStatus = (value: unknown): boolean =>
  isRecord(value) &&
  Number.isInteger(value.pid) &&
  [value.bound, value.failed, value.connectors].every(isList) &&
  isRecord(value.generation);

/** A status with the 100 busiest sources of 10,000 connectors has some 100 MB; beyond is somebody else's talk. */
export const MOST_ANSWER = 128 * 1024 ** 2;
/** Whatever is said meanwhile, an answer ends within this much more than it was given. */
const SLACK_MS = 30_000;

const NOT_FOUND = Symbol('404');

/** The error for a listener that is there and does not answer as it should. */
export function cannotAsk(home: Home, socketPath: string, why: string): Error {
  return new Error(`The listener of ${home.folder} cannot be asked (${why}). Its socket is ${socketPath}.`);
}

/** @throws Error when a listener is there but does not answer in time, or may not be asked */
async function ask(
  home: Home,
  path: string,
  timeoutMs: number,
  method: 'GET' | 'POST' = 'GET',
  isAnswer: (answer: unknown) => boolean = () => true,
): Promise<unknown> {
  const { path: socketPath } = controlAddress(home);
  if (!socketPath) return undefined;
  const { request } = await import('node:http');
  return new Promise((resolve, reject) => {
    const fail = (why: string) => reject(cannotAsk(home, socketPath, why));
    const asked = request({ socketPath, path, method, timeout: timeoutMs, agent: false }, (response) => {
      let text = '';
      response.setEncoding('utf8');
      response.on('data', (chunk: string) => {
        text += chunk;
        if (text.length <= MOST_ANSWER) return;
        fail(`its answer is longer than ${MOST_ANSWER / 1024 ** 2} MB, so it is no listener of ours`);
        asked.destroy();
      });
      response.on('end', () => {
        if (response.statusCode === 404 && method === 'POST') return resolve(NOT_FOUND);
        if (response.statusCode !== 200) return fail(text.trim() || `status ${response.statusCode}`);
        let answer: unknown = text;
        try {
          if (/json/.test(response.headers['content-type'] ?? '')) answer = JSON.parse(text);
        } catch {
          return fail('its answer was cut short');
        }
        if (isAnswer(answer)) resolve(answer);
        else fail('its answer is not that of a listener');
      });
      response.on('error', (error) => fail(error.message));
    });
    // A socket that keeps talking is never idle, so the request's own timeout would not end it.
    const limit = setTimeout(() => {
      fail(`its answer did not end within ${(timeoutMs + SLACK_MS) / 1000} s`);
      asked.destroy();
    }, timeoutMs + SLACK_MS).unref();
    asked.on('close', () => clearTimeout(limit));
    asked.on('timeout', () => asked.destroy(new Error(`no answer within ${timeoutMs / 1000} s`)));
    asked.on('error', (error: NodeJS.ErrnoException) => {
      if (NOBODY.has(error.code)) resolve(undefined);
      else fail(error.message);
    });
    asked.end();
  });
}

/** What a route is: from its row come the routing, the reading of its parameters, and its part of the OpenAPI document. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Mailbox } from '../../messages/mailbox.ts';
import type { Health } from '../observe/health.ts';
import type { Feed } from './feed.ts';
import { type Query, type QueryParameter, readQuery } from './query.ts';
import type { Schema } from './schemas.ts';
import type { ApiListener, RunCmdlets } from './surroundings.ts';

/** What the handlers of routes work with. */
export interface Api {
  readonly listener: ApiListener;
  readonly mailbox: Mailbox;
  readonly feed: Feed;
  readonly run: RunCmdlets;
  /** Path of events.ndjson. */
  readonly eventLog: string;
  health(): Health;
}

export interface Asked<Q = Readonly<Record<string, never>>> {
  readonly query: Q;
  /** A part of the path, decoded. */
  part(name: string): string;
  /** The body, an object of JSON. @throws BadRequest */
  body(): Promise<Readonly<Record<string, unknown>>>;
  readonly request: IncomingMessage;
  /** Who asks, for the history. */
  readonly via: string;
  /** Aborted when the client has left, or the server closes. */
  readonly gone: AbortSignal;
}

export interface Answer {
  readonly json?: unknown;
  readonly bytes?: Buffer;
  readonly headers?: Readonly<Record<string, string>>;
  /** Writes the answer itself, and ends it. */
  readonly stream?: (response: ServerResponse) => Promise<void>;
}

export interface Route {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** `/v1/messages/{id}` */
  readonly path: string;
  /** Its name in clients made from the document. */
  readonly id: string;
  readonly topic: string;
  readonly summary: string;
  readonly parts?: Readonly<Record<string, string>>;
  readonly query: Readonly<Record<string, QueryParameter>>;
  readonly body?: Schema;
  /** It may take long on purpose: waits, or goes on. */
  readonly lasts?: true;
  readonly answer: {
    readonly status: number;
    readonly means: string;
    /** Of JSON; with `type`, of that. */
    readonly schema?: Schema;
    readonly type?: string;
  };
  /** Statuses that only this route has, with what they mean. */
  readonly problems?: Readonly<Record<number, string>>;
  /** @param given of the address @throws Problem, BadRequest */
  answerTo(api: Api, request: Omit<Asked, 'query'>, given: URLSearchParams): Promise<Answer>;
}

/** A row, its handler typed by its own query. */
export function route<D extends Readonly<Record<string, QueryParameter>> = Readonly<Record<string, never>>>(
  row: Omit<Route, 'query' | 'answerTo'> & {
    readonly query?: D;
    answerTo(api: Api, asked: Asked<Query<D>>): Promise<Answer>;
  },
): Route {
  const query = row.query ?? ({} as D);
  return {
    ...row,
    query,
    answerTo: (api, request, given) => row.answerTo(api, { ...request, query: readQuery(query, given) }),
  };
}

/** What cannot be answered, as RFC 9457 has it: `application/problem+json`, with the value, what is allowed, what to do. */
import type { ServerResponse } from 'node:http';
import { send } from '../http/answer.ts';

interface More {
  /** For programs: `MessageNotFound`, `InvalidParameter`. */
  readonly code: string;
  /** The parameter of the query, or the setting, that it is about. */
  readonly parameter?: string;
  readonly value?: string;
  readonly allowed?: string;
}

export class Problem extends Error {
  constructor(
    readonly status: number,
    message: string,
    readonly more: More,
    readonly headers: Readonly<Record<string, string>> = {},
  ) {
    super(message);
  }
}

const TITLES: Readonly<Record<number, string>> = {
  400: 'Bad Request',
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'Not Found',
  405: 'Method Not Allowed',
  409: 'Conflict',
  413: 'Content Too Large',
  415: 'Unsupported Media Type',
  421: 'Misdirected Request',
  429: 'Too Many Requests',
  500: 'Internal Server Error',
  503: 'Service Unavailable',
};

export function sendProblem(response: ServerResponse, { status, message, more, headers }: Problem): void {
  if (!response.headersSent) for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
  const title = TITLES[status] ?? 'Error';
  const body = JSON.stringify({ type: 'about:blank', title, status, detail: message, ...more });
  send(response, status, 'application/problem+json', body);
}

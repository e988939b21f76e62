/** `/healthz` on the page's and the metrics' address: does it serve? For load balancers and container engines; says nothing else. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { notAllowed, text } from '../http/answer.ts';

export interface Health {
  readonly serving: boolean;
  /** `ok`, or why not. */
  readonly text: string;
}

/** What health is told by. */
interface Healthy {
  readonly stopping: boolean;
  readonly sockets: { readonly bound: readonly unknown[]; readonly failed: readonly unknown[] };
}

/** It serves while it listens on something and has not been told to end. One binding of several that is not open is `rc status`' to tell. */
export function healthOf({ stopping, sockets }: Healthy): Health {
  if (stopping) return { serving: false, text: 'stopping' };
  if (sockets.bound.length) return { serving: true, text: 'ok' };
  return { serving: false, text: sockets.failed.length ? 'no binding is open' : 'no connector is enabled' };
}

/** Answers a request for `/healthz`: 200 when it serves, else 503. */
export function answerHealth({ method }: IncomingMessage, response: ServerResponse, health: Health): void {
  if (method !== 'GET' && method !== 'HEAD') notAllowed(response, 'GET, HEAD', 'Only GET.');
  else text(response, health.serving ? 200 : 503, health.text);
}

/** Answers of one piece, JSON or text, as the page, the API, the metrics and the control socket give them; headers of requests. */
import type { ServerResponse } from 'node:http';

/** A header that stands there once. */
export function first(value: string | string[] | undefined): string | undefined {
  return Array.isArray(value) ? value[0] : value;
}

export function notAllowed(response: ServerResponse, allowed: string, message = `Only ${allowed}.`): void {
  response.setHeader('allow', allowed);
  text(response, 405, message);
}

export function json(response: ServerResponse, status: number, value: unknown): void {
  send(response, status, 'application/json', JSON.stringify(value));
}

export function text(response: ServerResponse, status: number, message: string): void {
  send(response, status, 'text/plain; charset=utf-8', `${message}\n`);
}

export function send(response: ServerResponse, status: number, type: string, body: string | Buffer): void {
  if (response.headersSent || response.destroyed) return void response.destroy();
  // A body that was not read to its end cannot be followed by another request.
  if (status >= 400) response.setHeader('connection', 'close');
  response.writeHead(status, { 'content-type': type, 'content-length': Buffer.byteLength(body) });
  response.end(body);
}

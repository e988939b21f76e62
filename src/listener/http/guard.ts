/**
 * What a request has to do with other sites in the same browser: which Host it was sent to (a name that somebody else points
 * at us is none of ours: DNS rebinding), and which page sent it.
 */
import type { IncomingMessage } from 'node:http';
import { isIP } from 'node:net';
import { hostname } from 'node:os';

/** The machine's own names at this moment: an fqdn that was changed is ours at once. */
export function ownNames({ fqdn }: { readonly fqdn: string }): readonly string[] {
  return [hostname(), fqdn];
}

/** Is the request meant for us? Addresses in numbers and the machine's own names; any port, for it may come through a tunnel. */
export function isOurHost(host: string | undefined, names: readonly string[]): boolean {
  const parts = /^(?:\[([0-9a-fA-F:.]+)\]|([\w.-]+))(?::\d{1,5})?$/.exec(host ?? '');
  if (!parts) return false;
  if (parts[1] !== undefined) return isIP(parts[1]) === 6;
  const name = parts[2]!.toLowerCase();
  return isIP(name) === 4 || name === 'localhost' || names.some((own) => own.toLowerCase() === name);
}

/** Did our own page send it? Browsers say where a request comes from; who says nothing is no browser, and has no cookie to misuse. */
export function isFromOurPage({ headers }: IncomingMessage): boolean {
  const site = headers['sec-fetch-site'];
  if (site !== undefined && site !== 'same-origin' && site !== 'none') return false;
  return headers.origin === undefined || headers.origin.toLowerCase() === `http://${headers.host?.toLowerCase()}`;
}

/** The client's address, an IPv4 one in its own form. */
export function addressOf({ socket }: IncomingMessage): string {
  return (socket.remoteAddress ?? '').replace(/^::ffff:/, '');
}

/** The address asked for; `undefined` when it is none. */
export function parsedUrl(path: string | undefined): URL | undefined {
  if (!path?.startsWith('/') || path.startsWith('//')) return undefined;
  return URL.canParse(path, 'http://here') ? new URL(path, 'http://here') : undefined;
}

/**
 * What every request and answer has to do with other sites in the same browser: which Host it was sent to (a name that
 * somebody else points at us is none of ours: DNS rebinding), which page sent it, and what the browser may do with the answer.
 */
import type { IncomingMessage } from 'node:http';
import { isIP } from 'node:net';

/** Only our own files; no inline script or style; nobody frames us; text becomes markup nowhere (trusted types). */
const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self'",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
  "require-trusted-types-for 'script'",
  "trusted-types 'none'",
].join('; ');

export const HEADERS: Readonly<Record<string, string>> = {
  'content-security-policy': POLICY,
  'cache-control': 'no-store',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'permissions-policy': 'camera=(), geolocation=(), microphone=(), payment=(), usb=()',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
};

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

/** A cookie of a request. */
export function cookieOf(request: IncomingMessage, name: string): string | undefined {
  for (const part of (request.headers.cookie ?? '').split(';')) {
    const at = part.indexOf('=');
    if (at > 0 && part.slice(0, at).trim() === name) return part.slice(at + 1).trim();
  }
  return undefined;
}

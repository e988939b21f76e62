/** Kinds of addresses: this host only, private, the wide world. */
import { parseRange } from '../domain/range.ts';
import type { IpRange } from '../domain/value.ts';

/** Private and local networks: RFC 1918, RFC 6598, RFC 3927, RFC 1122 (loopback), RFC 4193, RFC 4291. */
const PRIVATE = [
  '10.0.0.0/8',
  '172.16.0.0/12',
  '192.168.0.0/16',
  '100.64.0.0/10',
  '169.254.0.0/16',
  '127.0.0.0/8',
  'fc00::/7',
  'fe80::/10',
  '::1',
].map(parseRange);
const LOOPBACK = ['127.0.0.0/8', '::1'].map(parseRange);

export function isPrivate(range: IpRange): boolean {
  return PRIVATE.some((network) => network.covers(range));
}

/** More hosts than somebody lists on purpose: over 256 IPv4 addresses, or more than a /64 of IPv6. Loopback is never wide. */
export function isWide(range: IpRange): boolean {
  if (LOOPBACK.some((network) => network.covers(range))) return false;
  return range.size > (range.family === 4 ? 256n : 1n << 64n);
}

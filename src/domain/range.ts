/** IP ranges as RemoteIPRanges writes them: an address, `low-high`, or CIDR `network/bits` (RFC 4632, RFC 4291). */
import { nameHint, parseAddress } from './address.ts';
import { IpRange } from './value.ts';
import { ValueError } from './value-error.ts';

const ALLOWED = 'an address (10.1.2.3), a range (10.1.2.1-10.1.2.9) or CIDR (10.1.2.0/24), IPv4 or IPv6';

/** @throws ValueError when it is no range, names a zone where none can be, runs backwards, mixes families or has bits beyond the prefix. */
export function parseRange(input: unknown): IpRange {
  if (input instanceof IpRange) return input;
  // Every connector that is piped brings the default; it is known without reading IPv6 addresses.
  const known = ALL_ADDRESSES.find(({ text }) => text === input);
  if (known) return known;
  // Exchange takes and shows `fe80::…%11`. The number is of one interface of one start; ours is chosen by Bindings.
  const text = String(input ?? '')
    .trim()
    .replaceAll(/\b(fe[89ab][0-9a-f]:[0-9a-f:.]*)%[\w.]{1,32}/gi, '$1');
  const problem = (why: string, allowed = ALLOWED) => new ValueError(input, why, allowed);
  if (text.includes('%'))
    throw problem('has a zone (%), which only a link-local address (fe80::) has', 'the same address without the zone');
  const slash = text.indexOf('/');
  if (slash >= 0) {
    const base = parseAddress(text.slice(0, slash));
    const bits = text.slice(slash + 1);
    if (!base || !/^\d{1,3}$/.test(bits)) throw problem(`is not an IP range${nameHint(text)}`);
    const width = base.family === 4 ? 32 : 128;
    const length = Number(bits);
    if (length > width) throw problem(`has a prefix length over ${width}`, `0 to ${width} after the slash`);
    const hosts = (1n << BigInt(width - length)) - 1n;
    // Host bits set (10.1.2.3/24): the network they are in is meant, as Exchange takes it; the text stays as written.
    const low = base.value & ~hosts;
    return new IpRange(base.family, low, low | hosts, `${base.text}/${length}`);
  }
  const dash = text.indexOf('-');
  const low = parseAddress(dash < 0 ? text : text.slice(0, dash).trim());
  const high = dash < 0 ? low : parseAddress(text.slice(dash + 1).trim());
  if (!low || !high) throw problem(`is not an IP range${nameHint(text)}`);
  if (low.family !== high.family) throw problem('mixes IPv4 and IPv6', 'two addresses of one family');
  if (low.value > high.value) throw problem('runs backwards', 'the lower address first');
  return new IpRange(low.family, low.value, high.value, dash < 0 ? low.text : `${low.text}-${high.text}`);
}

/** Those that begin first in front, and of those that begin together the wider: what lies inside comes behind what is around it. */
export function byLowThenWide<N extends number | bigint>(
  a: { readonly low: N; readonly high: N },
  b: { readonly low: N; readonly high: N },
): number {
  if (a.low !== b.low) return a.low < b.low ? -1 : 1;
  return a.high === b.high ? 0 : a.high > b.high ? -1 : 1;
}

export function byFamilyThenLow(a: IpRange, b: IpRange): number {
  return a.family - b.family || byLowThenWide(a, b);
}

/** Every address of both families: the default of RemoteIPRanges, as Exchange prints it. Not parsed: every start would pay. */
export const ALL_ADDRESSES: readonly IpRange[] = [
  new IpRange(6, 0n, (1n << 128n) - 1n, '::-ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff'),
  new IpRange(4, 0n, (1n << 32n) - 1n, '0.0.0.0-255.255.255.255'),
];

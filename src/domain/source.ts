/**
 * What one source is to the limits of a connector: an IPv4 address, and of IPv6 the /64 around the address, for one host has
 * that to itself (MaxInboundConnectionSourcePrefix says otherwise). Link-local and site-local addresses are each their own
 * source, and limits per source and TarpitInterval do not apply to them (Exchange documentation, "IPv6 support").
 */
import { addressText, parseAddress } from './address.ts';

/** Lengths of a prefix that a source may be, by family. */
const PREFIX_BITS = { 4: { min: 8, max: 32 }, 6: { min: 16, max: 128 } } as const;

const FORM = /^(\d{1,3}),(\d{1,3})$/;

/** `32,64`: lengths for IPv4 and IPv6. @returns `undefined` when it is none or out of range */
export function parseSourcePrefix(text: string): { readonly 4: number; readonly 6: number } | undefined {
  const m = FORM.exec(text);
  if (!m) return undefined;
  const lengths = { 4: Number(m[1]), 6: Number(m[2]) };
  for (const family of [4, 6] as const) {
    const { min, max } = PREFIX_BITS[family];
    if (lengths[family] < min || lengths[family] > max) return undefined;
  }
  return lengths;
}

/**
 * The source that an address belongs to: itself, or a network (`2001:db8:1:2::/64`).
 * @param address canonical text without a zone @param prefix MaxInboundConnectionSourcePrefix
 */
export function sourceOf(address: string, prefix: string): string {
  const isSix = address.includes(':');
  const lengths = prefix === '32,64' ? USUAL : (parseSourcePrefix(prefix) ?? USUAL);
  if (isSix ? lengths[6] === 128 : lengths[4] === 32) return address;
  if (isExemptSource(address)) return address;
  const parsed = parseAddress(address);
  if (!parsed) return address;
  const { family, value } = parsed;
  const hosts = BigInt((family === 4 ? 32 : 128) - lengths[family]);
  return hosts === 0n ? parsed.text : `${addressText(family, (value >> hosts) << hosts)}/${lengths[family]}`;
}

const USUAL = { 4: 32, 6: 64 } as const;

/** Is it link-local (fe80::/10, RFC 4291) or site-local (fec0::/10, RFC 3879)? */
export function isExemptSource(address: string): boolean {
  return /^fe[89a-f][0-9a-f]:/i.test(address);
}

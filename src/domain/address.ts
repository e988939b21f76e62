/** IP addresses as numbers, through ipaddr.js; IPv4-mapped IPv6 (`::ffff:a.b.c.d`, RFC 4291 section 2.5.5.2) is IPv4. */
import ipaddr from 'ipaddr.js';

export interface Address {
  readonly family: 4 | 6;
  readonly value: bigint;
  /** Canonical text (RFC 5952 for IPv6). */
  readonly text: string;
}

/** No leading zeros: some programs read 010 as eight, so nobody can tell what was meant. */
const DOTTED = /^(?:0|[1-9]\d{0,2})(?:\.(?:0|[1-9]\d{0,2})){3}$/;

/** Parses one IPv4 (four dotted decimal numbers) or IPv6 address; `undefined` when it is neither. Zones are not accepted. */
export function parseAddress(text: string): Address | undefined {
  if (text.includes(':')) {
    const dotted = text.includes('.') ? text.slice(text.lastIndexOf(':') + 1) : undefined;
    if (text.includes('%') || (dotted !== undefined && !DOTTED.test(dotted)) || !ipaddr.IPv6.isValid(text))
      return undefined;
    const six = ipaddr.IPv6.parse(text);
    if (six.isIPv4MappedAddress()) return fromBytes(six.toIPv4Address().toByteArray());
    return fromBytes(six.toByteArray());
  }
  if (!DOTTED.test(text)) return undefined;
  const bytes = text.split('.').map(Number);
  return bytes.every((b) => b <= 255) ? fromBytes(bytes) : undefined;
}

function fromBytes(bytes: number[]): Address {
  let value = 0n;
  for (const byte of bytes) value = (value << 8n) | BigInt(byte);
  const family = bytes.length === 4 ? 4 : 6;
  return { family, value, text: addressText(family, value) };
}

/** Canonical text of an address given as a number. */
export function addressText(family: 4 | 6, value: bigint): string {
  if (family === 4) {
    const n = Number(value);
    return `${n >>> 24}.${(n >>> 16) & 255}.${(n >>> 8) & 255}.${n & 255}`;
  }
  const parts: number[] = [];
  for (let i = 7; i >= 0; i--) parts.push(Number((value >> BigInt(i * 16)) & 0xffffn));
  return new ipaddr.IPv6(parts).toRFC5952String();
}

/** An end of a connection: canonical address text and port. */
export interface Endpoint {
  readonly address: string;
  readonly port: number;
}

/** An address that only this machine reaches: 127.0.0.0/8, ::1 (RFC 1122, RFC 4291), also written as IPv6. */
export function isLoopback(text: string): boolean {
  const address = parseAddress(text);
  return address !== undefined && (address.family === 4 ? address.value >> 24n === 127n : address.value === 1n);
}

/** What is said of a host's name where an address is meant; empty for what is none. */
export function nameHint(text: string): string {
  if (/^localhost$/i.test(text)) return ' but a name, which is not looked up: it is 127.0.0.1, and ::1';
  return /^(?:[a-z0-9_-]+\.)+[a-z]{2,}$/i.test(text)
    ? ` but a name, which is not looked up: getent hosts ${text} shows its addresses`
    : '';
}

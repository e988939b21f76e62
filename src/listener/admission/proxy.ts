/**
 * The PROXY protocol, versions 1 and 2 (haproxy.org, "The PROXY protocol"): a front end that we trust says in front of the
 * SMTP session who the client really is. Read with a bound on bytes and time; anything malformed is an error.
 */
import type { Socket } from 'node:net';
import { addressText, parseAddress } from '../../domain/address.ts';
import type { IpRange } from '../../domain/value.ts';

/** Whom the front end speaks for; `undefined` for itself (v1 UNKNOWN, v2 LOCAL: health checks). */
type ProxyClient = { readonly address: string; readonly port: number } | undefined;

type ProxyHeader =
  | { readonly kind: 'more' }
  | { readonly kind: 'bad'; readonly reason: string }
  | { readonly kind: 'done'; readonly client: ProxyClient; readonly length: number };

/** Longest version 1 line with its CRLF (specification section 2.1). */
const V1_MOST = 107;
/** First bytes of version 2 (section 2.2). */
const V2_SIGNATURE = Buffer.from('\r\n\r\n\0\r\nQUIT\n', 'latin1');
/** Bytes of addresses and TLVs we take behind the 16 of a version 2 header. */
const V2_MOST = 4096;

const MORE: ProxyHeader = { kind: 'more' };
const bad = (reason: string): ProxyHeader => ({ kind: 'bad', reason });

/** Reads a header at the start of `bytes`: done, not all there yet, or malformed. */
export function parseProxyHeader(bytes: Buffer): ProxyHeader {
  if (bytes.length === 0) return MORE;
  if (bytes[0] === 0x0d) return parseV2(bytes);
  return parseV1(bytes);
}

function parseV1(bytes: Buffer): ProxyHeader {
  const start = 'PROXY ';
  const shown = bytes.subarray(0, start.length).toString('latin1');
  if (!start.startsWith(shown)) return bad('no PROXY signature');
  const end = bytes.subarray(0, V1_MOST).indexOf('\r\n');
  if (end < 0) return bytes.length >= V1_MOST ? bad('line too long') : MORE;
  const line = bytes.subarray(0, end).toString('latin1');
  const length = end + 2;
  if (line === 'PROXY UNKNOWN' || line.startsWith('PROXY UNKNOWN ')) return { kind: 'done', client: undefined, length };
  const m = /^PROXY (TCP4|TCP6) (\S+) (\S+) (0|[1-9]\d{0,4}) (0|[1-9]\d{0,4})$/.exec(line);
  if (!m) return bad('malformed line');
  const family = m[1] === 'TCP4' ? 4 : 6;
  const isFamily = (text: string) => (family === 6) === text.includes(':') && parseAddress(text) !== undefined;
  if (!isFamily(m[2]!) || !isFamily(m[3]!)) return bad('address that is none of its family');
  const ports = [Number(m[4]), Number(m[5])];
  if (ports.some((port) => port > 65535)) return bad('port out of range');
  return { kind: 'done', client: { address: parseAddress(m[2]!)!.text, port: ports[0]! }, length };
}

function parseV2(bytes: Buffer): ProxyHeader {
  const seen = Math.min(bytes.length, V2_SIGNATURE.length);
  if (bytes.compare(V2_SIGNATURE, 0, seen, 0, seen) !== 0) return bad('no PROXY signature');
  if (bytes.length < 16) return MORE;
  const version = bytes[12]! >> 4;
  const command = bytes[12]! & 15;
  const family = bytes[13]! >> 4;
  const transport = bytes[13]! & 15;
  const rest = bytes.readUInt16BE(14);
  if (version !== 2) return bad(`version ${version}`);
  if (command > 1) return bad(`command ${command}`);
  if (rest > V2_MOST) return bad(`header of ${rest} bytes`);
  if (bytes.length < 16 + rest) return MORE;
  const length = 16 + rest;
  // LOCAL: the connection is the front end's own; whatever the addresses say is to be ignored (section 2.2).
  if (command === 0) return { kind: 'done', client: undefined, length };
  if (family === 0) return { kind: 'done', client: undefined, length };
  if (transport !== 1) return bad('not a TCP connection');
  if (family === 1) {
    if (rest < 12) return bad('addresses cut short');
    const address = addressText(4, BigInt(bytes.readUInt32BE(16)));
    return { kind: 'done', client: { address, port: bytes.readUInt16BE(24) }, length };
  }
  if (family === 2) {
    if (rest < 36) return bad('addresses cut short');
    const value = (bytes.readBigUInt64BE(16) << 64n) | bytes.readBigUInt64BE(24);
    const address = parseAddress(addressText(6, value))!.text; // IPv4-mapped is IPv4
    return { kind: 'done', client: { address, port: bytes.readUInt16BE(48) }, length };
  }
  return bad('address family that is not IP');
}

/**
 * Reads the header from a socket; what follows it stays in the socket for the session. @returns the client, or why not:
 * malformed, nothing within `timeoutMs`, or closed.
 */
export function readProxyHeader(
  socket: Socket,
  timeoutMs: number,
): Promise<{ readonly ok: true; readonly client: ProxyClient } | { readonly ok: false; readonly reason: string }> {
  return new Promise((resolve) => {
    let bytes: Buffer = Buffer.alloc(0);
    const settle = (result: Awaited<ReturnType<typeof readProxyHeader>>) => {
      clearTimeout(timer);
      socket.off('readable', onReadable);
      socket.off('end', onEnd);
      socket.off('close', onEnd);
      resolve(result);
    };
    const onEnd = () => settle({ ok: false, reason: 'closed before the header was there' });
    const onReadable = () => {
      const chunk = socket.read() as Buffer | null;
      if (!chunk) return;
      bytes = bytes.length ? Buffer.concat([bytes, chunk]) : chunk;
      const header = parseProxyHeader(bytes);
      if (header.kind === 'bad') settle({ ok: false, reason: header.reason });
      if (header.kind !== 'done') return;
      settle({ ok: true, client: header.client });
      if (bytes.length > header.length) socket.unshift(bytes.subarray(header.length));
    };
    const timer = setTimeout(() => settle({ ok: false, reason: `no header within ${timeoutMs / 1000} s` }), timeoutMs);
    socket.on('readable', onReadable);
    socket.on('end', onEnd);
    socket.on('close', onEnd);
  });
}

/** Is the address one of the front ends whose header is believed (ProxyProtocolTrustedSources)? */
export function isTrusted(sources: readonly IpRange[], address: string): boolean {
  if (sources.length === 0) return false;
  const parsed = parseAddress(address.split('%')[0]!);
  return parsed !== undefined && sources.some((range) => range.contains(parsed.family, parsed.value));
}

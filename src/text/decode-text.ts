/**
 * Text of every origin as one string: UTF-8, UTF-16 of either order, UTF-32, with a mark in front or, for UTF-16, told by its zero
 * bytes (what begins with an ASCII character). The mark is no part of the text. Line ends stay as they are.
 */

import { decodeBytes } from './charset.ts';

/**
 * `encoding`: PowerShell's name for what has no mark; UTF-8 when it is not said. `strict`: bytes that are no UTF-8 are an error
 * (TypeError with code ERR_ENCODING_INVALID_ENCODED_DATA) instead of U+FFFD.
 */
export function decodeText(bytes: Buffer, encoding?: string, strict = false): string {
  if (bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf) return utf8(bytes.subarray(3), strict);
  if (bytes[0] === 0xff && bytes[1] === 0xfe) {
    if (bytes.length >= 4 && bytes[2] === 0 && bytes[3] === 0) return fromUtf32(bytes.subarray(4));
    return bytes.toString('utf16le', 2);
  }
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return fromUtf16be(bytes.subarray(2));
  switch (encoding?.toLowerCase()) {
    case 'latin1':
      return bytes.toString('latin1');
    case 'ansi':
    case 'oem':
      return fromAnsi(bytes);
    case 'unicode':
      return bytes.toString('utf16le');
    case 'bigendianunicode':
      return fromUtf16be(bytes);
    case 'utf32':
      return fromUtf32(bytes);
    case undefined: {
      // "A\0B\0" and "\0A\0B" are no UTF-8 that anybody writes, and what PowerShell 5's > wrote without a mark.
      const order = orderOf(bytes);
      if (order) return order === 'le' ? bytes.toString('utf16le') : fromUtf16be(bytes);
    }
  }
  return utf8(bytes, strict);
}

/** The code page that Windows has in Western Europe and America, in which its editors wrote: é, ä, and quotes and dashes of Word. */
export function fromAnsi(bytes: Buffer): string {
  return decodeBytes('windows-1252', bytes);
}

/** UTF-16 without a mark, by its first two characters. */
function orderOf(bytes: Buffer): 'le' | 'be' | undefined {
  if (bytes.length < 4) return undefined;
  const zeros = [...bytes.subarray(0, 4)].map((byte) => (byte === 0 ? '0' : 'x')).join('');
  return zeros === 'x0x0' ? 'le' : zeros === '0x0x' ? 'be' : undefined;
}

/** The decoder for text that comes in pieces, by the first of them. */
export function decoderFor(first: Uint8Array): InstanceType<typeof TextDecoder> {
  const bytes = Buffer.from(first.buffer, first.byteOffset, first.byteLength);
  const mark = bytes.length >= 2 ? bytes.readUInt16BE(0) : 0;
  const order = mark === 0xfffe ? 'le' : mark === 0xfeff ? 'be' : orderOf(bytes);
  return new TextDecoder(order ? `utf-16${order}` : 'utf-8', { fatal: true });
}

function utf8(bytes: Buffer, strict: boolean): string {
  return strict ? new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes) : bytes.toString('utf8');
}

function fromUtf16be(bytes: Buffer): string {
  return Buffer.from(bytes.subarray(0, bytes.length - (bytes.length % 2)))
    .swap16()
    .toString('utf16le');
}

function fromUtf32(bytes: Buffer): string {
  let text = '';
  for (let k = 0; k + 4 <= bytes.length; k += 4)
    text += String.fromCodePoint(Math.min(bytes.readUInt32LE(k), 0x10ffff));
  return text;
}

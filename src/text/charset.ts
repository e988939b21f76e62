/**
 * Bytes of a named character set as text. TextDecoder knows them all, but up to Node 20 it reads windows-1252 (and with it
 * iso-8859-1 and us-ascii, which are the same by the Encoding Standard) as Latin-1: € comes out as a control character.
 */

const readsWindows1252 = new TextDecoder('windows-1252').decode(Uint8Array.of(0x80)) === '€';

/** 0x80 to 0x9f of windows-1252 (Encoding Standard, index-windows-1252). */
const C1 = '€\u0081‚ƒ„…†‡ˆ‰Š‹Œ\u008dŽ\u008f\u0090‘’“”•–—˜™š›œ\u009džŸ';

/** @throws RangeError for a character set that nobody knows */
export function decodeBytes(charset: string, bytes: Uint8Array): string {
  const decoder = new TextDecoder(charset);
  const text = decoder.decode(bytes);
  return decoder.encoding === 'windows-1252' ? asWindows1252(text) : text;
}

/** A text that was read as Latin-1 although it is windows-1252. */
export function asWindows1252(text: string): string {
  return readsWindows1252 ? text : text.replace(/[\x80-\x9f]/g, (c) => C1[c.charCodeAt(0) - 0x80]!);
}

/** A text in windows-1252; what has no byte there is a question mark. */
export function toWindows1252(text: string): Buffer {
  return Buffer.from(
    Array.from(text, (char) => {
      const place = C1.indexOf(char);
      return place >= 0 ? 0x80 + place : char <= '\xff' ? char.charCodeAt(0) : 0x3f;
    }),
  );
}

/** Does this header or part name such a character set? */
export function namesWindows1252(text: string): boolean {
  return /\b(?:windows-1252|cp1252|x-cp1252|iso-?8859-1|latin-?1|l1|us-ascii|ansi_x3\.4-1968)\b/i.test(text);
}

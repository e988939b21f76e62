/** What is said of a value that cannot be: the value, what is wrong with it, what is allowed. */

/** A value that cannot be what its setting needs: says which value and what is allowed. */
export class ValueError extends Error {
  constructor(
    readonly value: unknown,
    readonly problem: string,
    readonly allowed: string,
  ) {
    super(`${show(value)} ${problem}; allowed: ${allowed}.`);
  }
}

/** A value from outside, safe to show: quoted, control characters escaped, cut at 80 characters. */
export function show(value: unknown): string {
  const clean = printable(textOf(value));
  if (clean.length <= 80) return `"${clean}"`;
  return `"${clean.slice(0, 79).replace(/[\ud800-\udbff]$/, '')}…"`; // never through the middle of a character
}

function textOf(value: unknown): string {
  if (value === null || value === undefined) return '';
  const plain =
    Array.isArray(value) || (typeof value === 'object' && Object.getPrototypeOf(value) === Object.prototype);
  return plain ? JSON.stringify(value) : String(value);
}

const PLAIN = /^[\x20-\x7e]*$/;

/**
 * Control characters, characters that reorder or hide text on a terminal (Unicode's Cf and the blank letters of Hangul),
 * and halves of characters, as `\u{…}` escapes. `\udb40[…]` are the tag characters, U+E0000 to U+E007F.
 */
export function printable(text: string): string {
  if (PLAIN.test(text)) return text; // nearly all there is, and much faster to see
  return text.replace(
    /[\u0000-\u001f\u007f-\u009f\u00ad\u061c\u115f\u1160\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\u3164\ufeff\uffa0\ufff9-\ufffb]|\udb40[\udc00-\udc7f]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g,
    (c) => `\\u{${c.codePointAt(0)!.toString(16)}}`,
  );
}

/** The same for a text of several lines, which stay lines. */
export function printableLines(text: string): string {
  return text.split('\n').map(printable).join('\n');
}

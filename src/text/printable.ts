import { lazy } from './lazy.ts';

/**
 * Characters that nobody sees, or that make others look like something else: controls, formats (Cf), halves of characters, line and
 * paragraph separators, all that Unicode lets a program leave out when it draws (Default_Ignorable_Code_Point: variation
 * selectors, U+034F, Hangul fillers, tags) and the blank Braille pattern. One judge: names refuse them, logs and lists escape them.
 */
const invisible = lazy(() => /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}\u2800]/gu);
/** Blanks that are not the space of a keyboard: U+00A0, U+2003, U+3000. */
const otherSpace = lazy(() => /(?! )\p{Zs}/u);
/** Nearly all there is, and much faster to see. */
const PLAIN = /^[\x20-\x7e]*$/;

/** Each of them as a `\u{…}` escape; other text as it is. */
export function printable(text: string): string {
  return PLAIN.test(text) ? text : text.replace(invisible(), (c) => `\\u{${c.codePointAt(0)!.toString(16)}}`);
}

/** The first one as `U+034F`, a blank that is no space included, for names; `undefined` when all can be told apart. */
export function unseenIn(text: string): string | undefined {
  if (PLAIN.test(text)) return undefined;
  const char = (text.match(invisible()) ?? text.match(otherSpace()))?.[0];
  return char && `U+${char.codePointAt(0)!.toString(16).toUpperCase().padStart(4, '0')}`;
}

/** A value from outside, safe to show: quoted, control characters escaped, cut at 80 characters. */
export function show(value: unknown): string {
  return `"${shortened(printable(textOf(value)))}"`;
}

/** At most 80 characters, never cut through the middle of one. */
export function shortened(text: string): string {
  return text.length <= 80 ? text : `${text.slice(0, 79).replace(/[\ud800-\udbff]$/, '')}…`;
}

function textOf(value: unknown): string {
  if (value === null || value === undefined) return '';
  const plain =
    Array.isArray(value) || (typeof value === 'object' && Object.getPrototypeOf(value) === Object.prototype);
  return plain ? JSON.stringify(value) : String(value);
}

/** The same for a text of several lines, which stay lines. */
export function printableLines(text: string): string {
  return text.split('\n').map(printable).join('\n');
}

import { lazy } from './lazy.ts';

/**
 * Characters that nobody sees, or that make others look like something else: controls, formats (Cf), halves of characters, line and
 * paragraph separators, all that Unicode lets a program leave out when it draws (Default_Ignorable_Code_Point: variation
 * selectors, U+034F, Hangul fillers, tags), the blank Braille pattern, and what is no character (U+FFFE, which YAML and XML do not
 * take). One judge: names refuse them, logs and lists escape them.
 */
const invisible = lazy(
  () => /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}\p{Noncharacter_Code_Point}\u2800]/gu,
);
/** Blanks that are not the space of a keyboard: U+00A0, U+2003, U+3000. */
const otherSpace = lazy(() => /(?! )\p{Zs}/u);
/** Nearly all there is, and much faster to see. */
const PLAIN = /^[\x20-\x7e]*$/;

/** Each of them as a `\u{…}` escape; other text as it is. */
export function printable(text: string): string {
  return PLAIN.test(text) ? text : text.replace(invisible(), (c) => `\\u{${c.codePointAt(0)!.toString(16)}}`);
}

const hexadecimal = (n: number, digits: number) => n.toString(16).padStart(digits, '0');

/** What lays text out, line ends and tabs, stays. */
function escaped(text: string, by: (char: string) => string): string {
  if (!/[^\x00-\x7e]/.test(text)) return text;
  return text.replace(invisible(), (char) => (char < ' ' ? char : by(char)));
}

/** JSON with each of them as its `\uXXXX`: it says the same. */
export function printableJson(json: string): string {
  return escaped(json, (char) =>
    char
      .split('')
      .map((unit) => `\\u${hexadecimal(unit.charCodeAt(0), 4)}`)
      .join(''),
  );
}

/** The same for YAML, where they stand in double quotes; halves of a character would be none there. */
export function printableYaml(yaml: string): string {
  return escaped(yaml, (char) => `\\U${hexadecimal(char.codePointAt(0)!, 8)}`);
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

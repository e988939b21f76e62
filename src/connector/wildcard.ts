/**
 * PowerShell's wildcards: `*` any run, `?` one character, `[abc]` one of, `[a-z]` a range, a backtick escapes the next
 * character. A pattern matches the whole text, case-insensitively (Unicode simple case folding), in time linear in the
 * text for each `*`. `[` right before `]` takes the `]` as a member; `!` and `^` are members like any other.
 * Source: about_Wildcards, and the parser of PowerShell's WildcardPattern.
 */

export class WildcardError extends Error {}

/** No Name is longer than 64 characters; a pattern this long can only be a mistake, and bounds the work. */
const LONGEST_PATTERN = 1024;

type Token = string | typeof ANY_RUN | typeof ANY_ONE | CharacterSet;
const ANY_RUN = Symbol('*');
const ANY_ONE = Symbol('?');
type CharacterSet = readonly (readonly [low: string, high: string])[];

export class Wildcard {
  readonly #tokens: readonly Token[];
  readonly #caseSensitive: boolean;

  /** @throws WildcardError naming the pattern when `[` has no `]`, a range runs backwards, or it is over 1024 characters. */
  constructor(
    readonly pattern: string,
    caseSensitive = false,
  ) {
    this.#caseSensitive = caseSensitive;
    this.#tokens = tokenize(pattern, caseSensitive);
  }

  matches(text: string): boolean {
    const tokens = this.#tokens;
    const chars = this.#caseSensitive ? [...text] : foldAll(text);
    const raw = tokens.some(Array.isArray) ? [...text] : chars;
    let t = 0;
    let c = 0;
    let afterStar = -1;
    let retryFrom = 0;
    while (c < chars.length) {
      const token = tokens[t];
      if (token === ANY_RUN) {
        afterStar = ++t;
        retryFrom = c;
        if (afterStar === tokens.length) return true;
      } else if (token !== undefined && this.#one(token, chars[c]!, raw[c]!)) {
        t++;
        c++;
      } else if (afterStar >= 0) {
        t = afterStar;
        c = ++retryFrom;
      } else return false;
    }
    while (tokens[t] === ANY_RUN) t++;
    return t === tokens.length;
  }

  #one(token: Token, folded: string, raw: string): boolean {
    if (typeof token === 'string') return token === folded;
    if (token === ANY_ONE) return true;
    if (token === ANY_RUN) return false;
    return token.some(([low, high]) => this.#within(raw, low, high));
  }

  #within(char: string, low: string, high: string): boolean {
    const inside = (c: string) => compareChars(c, low) >= 0 && compareChars(c, high) <= 0;
    if (inside(char)) return true;
    if (this.#caseSensitive) return false;
    const folded = fold(char);
    return inside(folded) || inside(char.toUpperCase()) || (low === high && fold(low) === folded);
  }
}

function compareChars(a: string, b: string): number {
  return (a.codePointAt(0) ?? 0) - (b.codePointAt(0) ?? 0);
}

function tokenize(pattern: string, caseSensitive: boolean): Token[] {
  if (pattern.length > LONGEST_PATTERN) {
    throw new WildcardError(
      `The wildcard pattern "${pattern.slice(0, 40)}…" is longer than ${LONGEST_PATTERN} characters.`,
    );
  }
  if (pattern === '`') return []; // PowerShell keeps this one for compatibility: a lone backtick is the empty pattern
  const tokens: Token[] = [];
  const chars = [...pattern];
  const literal = (c: string) => tokens.push(caseSensitive ? c : fold(c));
  for (let i = 0; i < chars.length; i++) {
    const c = chars[i]!;
    if (c === '`') {
      const next = chars[++i];
      literal(next ?? '`');
    } else if (c === '*') {
      if (tokens.at(-1) !== ANY_RUN) tokens.push(ANY_RUN);
    } else if (c === '?') {
      tokens.push(ANY_ONE);
    } else if (c === '[') {
      const set = readSet(chars, i + 1, pattern);
      tokens.push(set.ranges);
      i = set.end;
    } else literal(c);
  }
  return tokens;
}

function readSet(chars: readonly string[], start: number, pattern: string): { ranges: CharacterSet; end: number } {
  const members: string[] = [];
  const dashes: boolean[] = [];
  let i = start;
  for (; ; i++) {
    const c = chars[i];
    if (c === undefined) throw invalid(pattern, 'a "[" has no "]" (write `[ for a plain bracket)');
    if (c === ']' && i > start) break;
    if (c === '`') {
      const next = chars[++i];
      if (next === undefined) throw invalid(pattern, 'a "[" has no "]" (write `[ for a plain bracket)');
      members.push(next);
      dashes.push(false);
    } else {
      members.push(c);
      dashes.push(c === '-');
    }
  }
  const ranges: [string, string][] = [];
  for (let m = 0; m < members.length; m++) {
    if (m + 2 < members.length && dashes[m + 1]) {
      const [low, high] = [members[m]!, members[m + 2]!];
      if (compareChars(low, high) > 0) throw invalid(pattern, `the range "${low}-${high}" runs backwards`);
      ranges.push([low, high]);
      m += 2;
    } else ranges.push([members[m]!, members[m]!]);
  }
  return { ranges, end: i };
}

function invalid(pattern: string, why: string): WildcardError {
  return new WildcardError(`The specified wildcard character pattern is not valid: ${pattern} (${why}).`);
}

/** Has the text a character that is special in a wildcard (an escaped one is not)? */
export function hasWildcard(text: string): boolean {
  for (let i = 0; i < text.length; i++) {
    const c = text[i];
    if (c === '`') i++;
    else if (c === '*' || c === '?' || c === '[') return true;
  }
  return false;
}

/** The pattern that matches exactly this text. */
export function escapeWildcard(text: string): string {
  return text.replace(/[*?[\]`]/g, '`$&');
}

/** The text a pattern without wildcards stands for (its escapes taken away). */
export function unescapeWildcard(text: string): string {
  return text.replace(/`(.)/gsu, '$1');
}

/** Are two names the same, whatever their case? */
export function sameText(a: string, b: string): boolean {
  if (a === b) return true;
  return foldText(a) === foldText(b);
}

export function foldText(text: string): string {
  return isAscii(text) ? text.toLowerCase() : foldAll(text).join('');
}

function isAscii(text: string): boolean {
  return !/[^\x00-\x7f]/.test(text);
}

function foldAll(text: string): string[] {
  return isAscii(text) ? text.toLowerCase().split('') : Array.from(text, fold);
}

/** Unicode simple case folding of one character (CaseFolding.txt, statuses C and S). */
function fold(char: string): string {
  if (char < '\x80') return char.toLowerCase();
  if (char === '\u0130' || char === '\u0131') return char; // dotted and dotless i fold only in Turkic languages
  const upper = char.toUpperCase();
  const viaUpper = isOne(upper) ? upper.toLowerCase() : char.toLowerCase();
  return isOne(viaUpper) ? viaUpper : char;
}

function isOne(text: string): boolean {
  return text.length === 1 || (text.length === 2 && text.codePointAt(0)! > 0xffff);
}

/**
 * PowerShell's wildcards: `*` any run, `?` one character, `[abc]` one of, `[a-z]` a range, a backtick escapes the next
 * character. A pattern matches the whole text, case-insensitively (Unicode simple case folding), in time linear in the
 * text for each `*`. `[` right before `]` takes the `]` as a member; `!` and `^` are members like any other.
 * A character is a whole one here, so that `?` matches an emoji; PowerShell counts the halves of its UTF-16 form.
 * Source: about_Wildcards, and the parser of PowerShell's WildcardPattern.
 */

export class WildcardError extends Error {}

/** Twice the longest text a setting holds, so that any such text, every character of it escaped, is a pattern; bounds the work. */
const LONGEST_PATTERN = 8192;

const ANY_RUN = Symbol('*');
const ANY_ONE = Symbol('?');
/** A folded character, `*`, `?`, or a set. */
type Token = string | typeof ANY_RUN | typeof ANY_ONE | RegExp;

export class Wildcard {
  readonly #tokens: readonly Token[];
  readonly #caseSensitive: boolean;

  /** @throws WildcardError naming the pattern when `[` has no `]`, a range runs backwards, or it is over 8192 characters. */
  constructor(
    readonly pattern: string,
    caseSensitive = false,
  ) {
    this.#caseSensitive = caseSensitive;
    this.#tokens = tokenize(pattern, caseSensitive);
  }

  /** @param work counts the characters looked at, so that a test can hold the bound. */
  matches(text: string, work = { steps: 0 }): boolean {
    const tokens = this.#tokens;
    const chars = this.#caseSensitive ? [...text] : foldAll(text);
    let t = 0;
    let c = 0;
    let afterStar = -1;
    let retryFrom = 0;
    while (c < chars.length) {
      work.steps++;
      const token = tokens[t];
      if (token === ANY_RUN) {
        afterStar = ++t;
        retryFrom = c;
        if (afterStar === tokens.length) return true;
      } else if (token !== undefined && matchesOne(token, chars[c]!)) {
        t++;
        c++;
      } else if (afterStar >= 0) {
        // Only the last star needs another try: what stood before it was matched as early as can be.
        t = afterStar;
        c = ++retryFrom;
      } else return false;
    }
    while (tokens[t] === ANY_RUN) t++;
    return t === tokens.length;
  }
}

function matchesOne(token: Token, char: string): boolean {
  if (typeof token === 'string') return token === char;
  return token instanceof RegExp ? token.test(char) : token === ANY_ONE;
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
      const set = readSet(chars, i + 1, pattern, caseSensitive);
      tokens.push(set.members);
      i = set.end;
    } else literal(c);
  }
  return tokens;
}

/** The set after a `[`, as a regular expression for one character: its `i` flag folds case by the same Unicode table. */
function readSet(
  chars: readonly string[],
  start: number,
  pattern: string,
  caseSensitive: boolean,
): { members: RegExp; end: number } {
  const members: string[] = [];
  const dashes: boolean[] = [];
  let i = start;
  for (; ; i++) {
    const escaped = chars[i] === '`';
    const c = chars[escaped ? ++i : i];
    if (c === undefined) throw invalid(pattern, 'a "[" has no "]" (write `[ for a plain bracket)');
    if (c === ']' && !escaped && i > start) break;
    members.push(c);
    dashes.push(c === '-' && !escaped);
  }
  let ranges = '';
  for (let m = 0; m < members.length; m++) {
    const low = members[m]!;
    const high = dashes[m + 1] ? members[m + 2] : undefined; // a dash at the end is a member
    if (high === undefined) {
      ranges += classEscape(low);
      continue;
    }
    if (low.codePointAt(0)! > high.codePointAt(0)!) {
      throw invalid(pattern, `the range "${low}-${high}" runs backwards`);
    }
    ranges += `${classEscape(low)}-${classEscape(high)}`;
    m += 2;
  }
  return { members: new RegExp(`^[${ranges}]$`, caseSensitive ? 'u' : 'iu'), end: i };
}

const classEscape = (char: string) => `\\u{${char.codePointAt(0)!.toString(16)}}`;

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

/** The text that was escaped: a backtick before a special character goes, any other stays (PowerShell's WildcardPattern.Unescape). */
export function unescapeWildcard(text: string): string {
  return text.replace(/`([*?[\]`])/g, '$1');
}

/** Are two names the same, whatever their case? */
export function sameText(a: string, b: string): boolean {
  if (a === b) return true;
  return foldText(a) === foldText(b);
}

/** Is a text this one, or one that it matches as a wildcard? The brackets of user@[192.0.2.1] are both. @throws WildcardError */
export function nameTest(wanted: string): (text: string) => boolean {
  const pattern = hasWildcard(wanted) ? new Wildcard(wanted) : undefined;
  return (text) => sameText(text, wanted) || pattern?.matches(text) === true;
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

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  escapeWildcard,
  foldText,
  hasWildcard,
  sameText,
  unescapeWildcard,
  Wildcard,
} from '../../src/text/wildcard.ts';

const cellText = (text: string) =>
  text
    .replaceAll('∅', '')
    .replaceAll('␠', ' ')
    .replace(/\\u\{(\w+)\}/g, (_, hex) => String.fromCodePoint(Number.parseInt(hex, 16)));
const texts = (cell: string) => cell.split(/ {2,}/).filter(Boolean).map(cellText);

interface Row {
  line: number;
  pattern: string;
  yes: string[];
  no: string[];
  error?: string;
}

const ROWS: Row[] = readFileSync(join(import.meta.dirname, 'wildcards.txt'), 'utf8')
  .split('\n')
  .flatMap((text, i) => {
    if (text.trim() === '' || text.startsWith('#')) return [];
    const [pattern = '', yes = '', no = ''] = text.split(/ +\| ?/).map((cell) => cell.trim());
    const row = { line: i + 1, pattern: cellText(pattern) };
    if (yes.startsWith('error: ')) return [{ ...row, yes: [], no: [], error: yes.slice(7) }];
    return [{ ...row, yes: texts(yes), no: texts(no) }];
  });

describe('the table wildcards.txt', () => {
  test('is a table: over 60 patterns, each with something to hold', () => {
    expect(ROWS.length).toBeGreaterThan(80);
    for (const row of ROWS)
      expect(row.yes.length + row.no.length + (row.error ? 1 : 0), `line ${row.line}`).toBeGreaterThan(0);
  });

  test.each(ROWS)('line $line: $pattern', ({ pattern, yes, no, error }) => {
    if (error !== undefined) {
      expect(() => new Wildcard(pattern)).toThrow(
        `The specified wildcard character pattern is not valid: ${pattern} (${error}`,
      );
      return;
    }
    const wildcard = new Wildcard(pattern);
    for (const text of yes) expect(wildcard.matches(text), `matches "${text}"`).toBe(true);
    for (const text of no) expect(wildcard.matches(text), `does not match "${text}"`).toBe(false);
  });

  test('with case-sensitivity, as -clike has it', () => {
    expect(new Wildcard('a*[K-M]', true).matches('axL')).toBe(true);
    expect(new Wildcard('a*[K-M]', true).matches('axl')).toBe(false);
    expect(new Wildcard('a*[K-M]', true).matches('AxL')).toBe(false);
  });
});

// Small alphabets, so that patterns and texts meet.
const chars = ['a', 'b', 'B', '-', ']', '[', '!', 'ß', 'ẞ', 'ſ', 's', 'K', 'k', '😀', '`', '*', '?'];
const text = fc.array(fc.constantFrom(...chars), { maxLength: 8 }).map((a) => a.join(''));
const piece = fc.oneof(
  fc.constantFrom('*', '?', 'a', 'b', 's', 'k', '😀', '`*', '`[', '``'),
  fc
    .array(fc.constantFrom('a', 'b', 's', 'K', '`-', '!', '`]'), { minLength: 1, maxLength: 3 })
    .map((m) => `[${m.join('')}]`),
  fc.constantFrom('[a-k]', '[A-K]', '[]a]', '[a-]'),
);
const pattern = fc.array(piece, { maxLength: 7 }).map((p) => p.join(''));

/** The plainest matcher there is: tries everything. */
function naive(pattern: readonly string[], text: readonly string[]): boolean {
  const [head, ...rest] = pattern;
  if (head === undefined) return text.length === 0;
  if (head === '*') return naive(rest, text) || (text.length > 0 && naive(pattern, text.slice(1)));
  if (text.length === 0) return false;
  return naiveOne(head, text[0]!) && naive(rest, text.slice(1));
}

function naiveOne(piece: string, char: string): boolean {
  if (piece === '?') return true;
  if (piece.startsWith('[')) {
    const inside = [...piece.slice(1, -1).replaceAll('`', '')];
    if (inside.length === 3 && inside[1] === '-' && !piece.includes('`')) {
      // a range, ASCII here: the character, or one that folds to the same, lies between
      for (let c = inside[0]!.charCodeAt(0); c <= inside[2]!.charCodeAt(0); c++)
        if (sameText(String.fromCharCode(c), char)) return true;
      return false;
    }
    return inside.some((member) => sameText(member, char));
  }
  return sameText(piece.replace(/^`/, ''), char);
}

describe('properties', () => {
  test('an escaped text matches exactly itself', () => {
    fc.assert(
      fc.property(fc.oneof(text, fc.string({ unit: 'grapheme' })), fc.oneof(text, fc.string()), (a, b) => {
        const wildcard = new Wildcard(escapeWildcard(a));
        expect(wildcard.matches(a)).toBe(true);
        expect(wildcard.matches(b)).toBe(sameText(a, b));
        expect(hasWildcard(escapeWildcard(a))).toBe(false);
        expect(unescapeWildcard(escapeWildcard(a))).toBe(a);
      }),
    );
  });

  test('the longest text of a setting, escaped, is still a pattern', () => {
    expect(new Wildcard(escapeWildcard('*'.repeat(4096))).matches('*'.repeat(4096))).toBe(true);
    expect(() => new Wildcard('a'.repeat(8193))).toThrow(
      /^The wildcard pattern "a{40}…" is longer than 8192 characters\.$/,
    );
  });

  test('agrees with a matcher that tries everything', () => {
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 7 }), text, (pieces, text) => {
        expect(new Wildcard(pieces.join('')).matches(text)).toBe(naive(pieces, [...text]));
      }),
      { numRuns: 2000 },
    );
  });

  test('case of pattern and text does not matter', () => {
    fc.assert(
      fc.property(pattern, text, (pattern, text) => {
        const upper = [...text].map((c) => ([...c.toUpperCase()].length === 1 ? c.toUpperCase() : c)).join('');
        expect(new Wildcard(pattern).matches(upper)).toBe(new Wildcard(pattern).matches(text));
      }),
    );
  });

  test('any pattern at all is read or refused, and * around it finds what is inside', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.string({ unit: 'binary' }), (inner, around) => {
        expect(new Wildcard(`*${escapeWildcard(inner)}*`).matches(around + inner + around)).toBe(true);
        try {
          new Wildcard(inner).matches(around);
        } catch (error) {
          expect((error as Error).message).toMatch(/^The specified wildcard character pattern is not valid: /);
        }
      }),
    );
  });
});

describe('work', () => {
  const steps = (pattern: string, text: string) => {
    const work = { steps: 0 };
    expect(new Wildcard(pattern).matches(text, work)).toBe(false);
    return work.steps;
  };

  test('a*a*a*…b against a’s looks at each character at most a few times', () => {
    for (const stars of [2, 20, 200, 2000]) {
      for (const length of [1000, 10_000]) {
        expect(steps(`${'a*'.repeat(stars)}b`, 'a'.repeat(length)), `${stars} stars, ${length} a's`).toBeLessThan(
          4 * length + 4 * stars,
        );
      }
    }
  });

  test('ten times the text is ten times the work', () => {
    for (const pattern of ['*a*a*b', '*[ab]?a*c', '*aaaaaaaaaab']) {
      const ratio = steps(pattern, 'a'.repeat(10_000)) / steps(pattern, 'a'.repeat(1000));
      expect(ratio, pattern).toBeLessThan(11);
    }
  });

  test('at worst the text times what follows the last star', () => {
    expect(steps(`*${'a'.repeat(100)}b`, 'a'.repeat(2000))).toBeLessThan(2000 * 102);
  });
});

describe('folding', () => {
  /** Unicode’s simple case folding as the engine’s own regular expressions have it (flags iu: CaseFolding.txt, C and S). */
  const engineSame = (a: string, b: string) => new RegExp(`^\\u{${a.codePointAt(0)!.toString(16)}}$`, 'iu').test(b);

  test('agrees with the engine’s table on every character that has another case', () => {
    const odd: string[] = [];
    for (let code = 0x41; code <= 0x1e943; code++) {
      if (code >= 0xd800 && code <= 0xdfff) continue;
      const char = String.fromCodePoint(code);
      const forms = [char.toUpperCase(), char.toLowerCase(), foldText(char)].filter(
        (f) => f !== char && [...f].length === 1,
      );
      for (const form of forms)
        if (engineSame(char, form) !== sameText(char, form)) odd.push(`${code.toString(16)} ${char} ${form}`);
    }
    expect(odd).toEqual([]);
  });

  test('is done once: folding what is folded changes nothing', () => {
    fc.assert(fc.property(fc.string({ unit: 'grapheme' }), (text) => foldText(foldText(text)) === foldText(text)));
  });

  test.each([
    ['default*', true],
    ['a?', true],
    ['[a]', true],
    ['[', true],
    ['`*', false],
    ['``*', true],
    ['a]', false],
    ['', false],
    ['`', false],
  ])('hasWildcard("%s") is %s', (text, answer) => {
    expect(hasWildcard(text)).toBe(answer);
  });

  test.each([
    ['a`*b', 'a*b'],
    ['a`b', 'a`b'],
    ['a``b', 'a`b'],
    ['`[x`]', '[x]'],
    ['a`', 'a`'],
    ['```*', '`*'],
  ])('unescapeWildcard("%s") is "%s"', (text, answer) => {
    expect(unescapeWildcard(text)).toBe(answer);
  });
});

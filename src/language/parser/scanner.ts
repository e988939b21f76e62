/** Reads a text character by character: blanks, comments, line continuation, numbers, names. Knows no grammar. */
import {
  double,
  type Figure,
  hexadecimal,
  INTEGERS,
  type IntegerType,
  integer,
  roundHalfEven,
} from '../../pipeline/number.ts';
import { shortened } from '../../text/printable.ts';
import { endsNumber, endsWord, isDash, isNamePart, isNameStart, isNewline, isSpace } from './characters.ts';
import { type Completeness, type Span, SyntaxProblem } from './syntax-error.ts';

/** Deeper nesting than this can only be a mistake or an attack; PowerShell stops too ("the script is too complex"). */
const DEEPEST = 400;
/** Longest chain `1 + 1 + …`, `$a.b.c…`, `a | b | …` */
const LONGEST_CHAIN = 500;
/** Longest text, in characters. */
const LONGEST_TEXT = 4 * 1024 * 1024;

/** As many problems of one text are told. */
export const MOST_PROBLEMS = 50;

const MULTIPLIERS: Readonly<Record<string, number>> = {
  kb: 1024,
  mb: 1024 ** 2,
  gb: 1024 ** 3,
  tb: 1024 ** 4,
  pb: 1024 ** 5,
};
const NUMBER = /(?:0x([0-9a-f]+)|(\d+\.?\d*(?:e[+-]?\d+)?|\.\d+(?:e[+-]?\d+)?))(u?[lsy]|[du]|)(kb|mb|gb|tb|pb|)/iy;
/** What stands behind a number says its type. */
const SUFFIXES: Readonly<Record<string, IntegerType>> = {
  y: 'sbyte',
  uy: 'byte',
  s: 'int16',
  us: 'uint16',
  u: 'uint32',
  l: 'long',
  ul: 'uint64',
};

/** A number of the type that its suffix says; `undefined` when it has no room there: `128y` has some behind a dash alone. */
function constant(
  value: number,
  type: IntegerType | undefined,
  isReal: boolean,
  isBehindDash: boolean,
): Figure | undefined {
  if (!Number.isFinite(value)) return undefined;
  if (!type) return isReal ? double(value) : Number.isSafeInteger(value) ? value : undefined;
  const { low, high } = INTEGERS[type];
  const whole = roundHalfEven(value);
  return whole >= low && whole <= (isBehindDash ? Math.max(high, -low) : high) ? integer(whole, type) : undefined;
}

export abstract class Scanner {
  protected position = 0;
  #depth = 0;

  constructor(readonly text: string) {
    if (text.length > LONGEST_TEXT)
      throw new SyntaxProblem(
        'ScriptTooLong',
        `The text is ${text.length} characters long; at most ${LONGEST_TEXT} are possible.`,
        '',
        [0, 0],
      );
  }

  protected fail(id: string, problem: string, at: Span, completeness: Completeness = 'wrong'): never {
    throw new SyntaxProblem(id, problem, this.text, at, completeness);
  }

  /** Something is missing that could still come on the next line. */
  protected missing(id: string, problem: string, at: Span): never {
    this.skipBlank();
    const end = this.#onlyBlankLeft();
    this.fail(id, problem, at, end ? 'incomplete' : 'wrong');
  }

  /** Takes the brace that closes a block. @param open where the block began */
  protected closeBrace(open: Span): void {
    if (!this.take('}'))
      this.missing('MissingEndCurlyBrace', "Missing closing '}' in statement block or type definition.", open);
  }

  #onlyBlankLeft(): boolean {
    this.skipLines();
    return this.atEnd;
  }

  /** Constructs that are not part of this language, so that one message names all of them. */
  readonly refused: SyntaxProblem[] = [];

  /** Refuses a construct of PowerShell that is not part of this language; what follows is still read. */
  protected note(construct: string, at: Span, instead = ''): void {
    const problem = `${construct} is not part of this language.${instead && ` ${instead}`}`;
    if (this.refused.length < MOST_PROBLEMS)
      this.refused.push(new SyntaxProblem('NotPartOfThisLanguage', problem, this.text, at));
  }

  /** The same, where nobody can say how the text goes on. */
  protected refuse(construct: string, at: Span, instead = ''): never {
    this.fail('NotPartOfThisLanguage', `${construct} is not part of this language.${instead && ` ${instead}`}`, at);
  }

  protected nested<T>(read: () => T): T {
    if (++this.#depth > DEEPEST) this.tooComplex();
    try {
      return read();
    } finally {
      this.#depth--;
    }
  }

  protected chain(length: number): void {
    if (length > LONGEST_CHAIN) this.tooComplex();
  }

  protected tooComplex(): never {
    this.fail('ScriptTooComplicated', 'Processing was stopped because the script is too complex.', [
      this.position,
      this.position + 1,
    ]);
  }

  protected get atEnd(): boolean {
    return this.position >= this.text.length;
  }
  protected peek(ahead = 0): string {
    return this.text[this.position + ahead] ?? '';
  }
  protected here(length = 1): Span {
    return [this.position, this.position + length];
  }
  protected from(start: number): Span {
    return [start, this.position];
  }
  protected startsWith(what: string): boolean {
    return this.text.startsWith(what, this.position);
  }
  protected take(what: string): boolean {
    if (!this.startsWith(what)) return false;
    this.position += what.length;
    return true;
  }

  /** Skips blanks, comments and continued line ends (a backtick at the end of a line). */
  protected skipBlank(): void {
    for (;;) {
      const c = this.peek();
      if (c !== '' && isSpace(c)) this.position++;
      else if (c === '`' && isNewline(this.peek(1)))
        this.position += this.peek(1) === '\r' && this.peek(2) === '\n' ? 3 : 2;
      else if (c === '#') this.#skipLineComment();
      else if (c === '<' && this.peek(1) === '#') this.#skipBlockComment();
      else return;
    }
  }

  /** Skips blanks and line ends. */
  protected skipLines(): void {
    for (;;) {
      this.skipBlank();
      if (!isNewline(this.peek())) return;
      this.position++;
    }
  }

  #skipLineComment(): void {
    while (!this.atEnd && !isNewline(this.peek())) this.position++;
  }

  #skipBlockComment(): void {
    const end = this.text.indexOf('#>', this.position + 2);
    if (end < 0) {
      this.fail(
        'MissingTerminatorMultiLineComment',
        "The terminator '#>' is missing from the multiline comment.",
        this.here(2),
        'incomplete',
      );
    }
    this.position = end + 2;
  }

  /** A name of letters, digits and `_`; empty when there is none here. */
  protected name(): string {
    const start = this.position;
    while (!this.atEnd && isNamePart(this.peek())) this.position++;
    return this.text.slice(start, this.position);
  }

  /** The word here, up to what ends a word, without moving; enough of it to know a keyword by. */
  protected word(): string {
    const most = Math.min(this.text.length, this.position + 40);
    let end = this.position;
    while (end < most && !endsWord(this.text[end]!)) end++;
    return this.text.slice(this.position, end);
  }

  /**
   * A number here: decimal, hexadecimal, with exponent, KB/MB/GB/TB/PB. `undefined` when it is none, or when it goes on as
   * a word (`10.0.0.1`, `7z`). @param inArgument in an argument only a word's end ends it: `1-5` is a text there
   */
  protected number(inArgument: boolean): { value: Figure; text: string } | undefined {
    NUMBER.lastIndex = this.position;
    const m = NUMBER.exec(this.text);
    if (!m) return undefined;
    const [, hex] = m as readonly (string | undefined)[];
    let [, , decimal, suffix = '', unit = ''] = m as readonly (string | undefined)[];
    let length = m[0].length;
    if (!inArgument && decimal?.endsWith('.')) {
      // 1..3 is a range, not the number "1."; of 1.ToString() the point is the number's, and what follows is nothing
      const next = this.peek(length);
      const digits = m[0].slice(0, -1);
      if (isNamePart(next))
        this.fail('UnexpectedToken', `A member of a number needs parentheses: (${digits}).`, this.here(length));
      if (next === '.') {
        length = m[0].indexOf('.');
        decimal = m[0].slice(0, length);
        suffix = '';
        unit = '';
      }
    }
    const after = this.peek(length);
    if (inArgument ? !endsWord(after) : !endsNumber(after)) return undefined;
    const text = this.text.slice(this.position, this.position + length);
    const type = SUFFIXES[suffix.toLowerCase()];
    const digits = hex !== undefined ? hexadecimal(hex, type) : Number(decimal);
    const value = constant(
      digits * (MULTIPLIERS[unit.toLowerCase()] ?? 1),
      type,
      !hex && /[.ed]/i.test(decimal! + suffix),
      isDash(this.text[this.position - 1] ?? ''),
    );
    if (value === undefined)
      this.fail('BadNumericConstant', `The numeric constant ${shortened(text)} is not valid.`, this.here(length));
    this.position += length;
    return { value, text };
  }

  /** `-name` here, with any kind of dash and in lower case; '' when there is none. Does not move. */
  protected dashWord(): string {
    if (!isDash(this.peek()) || !isNameStart(this.peek(1))) return '';
    let end = this.position + 1;
    while (end < this.text.length && isNamePart(this.text[end]!)) end++;
    return `-${this.text.slice(this.position + 1, end).toLowerCase()}`;
  }
}

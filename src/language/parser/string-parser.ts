/** Reads strings and variables: 'as it is', "with $x and $($x.Name)", here-strings, `$name`, `${any name}`, `$env:NAME`. */
import type { Expression, Literal, Statement, Variable, VariableScope } from './ast.ts';
import { endsWord, isDoubleQuote, isNamePart, isNewline, isSingleQuote } from './characters.ts';
import { Scanner } from './scanner.ts';
import type { Span } from './syntax-error.ts';

/** What a backtick makes of the next character (about_Special_Characters). */
const ESCAPES: Readonly<Record<string, string>> = {
  '0': '\0',
  a: '\x07',
  b: '\b',
  e: '\x1b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
};

const SCOPES = new Set(['global', 'script', 'local', 'private', 'variable', 'using']);
const SHORT_NAMES = new Set(['$', '^', '?', '_']);

type Parts = (string | Expression)[];

export abstract class StringParser extends Scanner {
  /** Statements up to, not including, the closing character. */
  protected abstract statementsUntil(close: ')' | '}' | ''): Statement[];

  /** A text in single quotes; a doubled quote is a quote. */
  protected literalString(): Literal {
    const start = this.position++;
    let value = '';
    for (;;) {
      if (this.atEnd) this.unterminated("'", [start, start + 1]);
      const c = this.text[this.position++]!;
      if (isSingleQuote(c)) {
        if (!isSingleQuote(this.peek())) break;
        this.position++;
      }
      value += c;
    }
    return { kind: 'literal', value, at: this.from(start) };
  }

  protected unterminated(terminator: string, at: Span): never {
    this.fail(
      'TerminatorExpectedAtEndOfString',
      `The string is missing the terminator: ${terminator}.`,
      at,
      'incomplete',
    );
  }

  /** A text in double quotes. */
  protected expandableString(): Expression {
    const start = this.position++;
    const parts: Parts = [];
    for (;;) {
      if (this.atEnd) this.unterminated('"', [start, start + 1]);
      const c = this.peek();
      if (isDoubleQuote(c)) {
        this.position++;
        if (!isDoubleQuote(this.peek())) break;
        this.position++;
        addText(parts, c);
      } else this.stringPart(parts);
    }
    return expandable(parts, this.from(start));
  }

  /** One character, escape, variable or sub-expression of an expandable text. */
  protected stringPart(parts: Parts): void {
    const c = this.peek();
    if (c === '`') addText(parts, this.escape());
    else if (c === '$') {
      const value = this.dollar(true);
      if (value) parts.push(value);
      else {
        this.position++;
        addText(parts, '$');
      }
    } else {
      this.position++;
      addText(parts, c);
    }
  }

  protected escape(): string {
    const start = this.position++;
    if (this.atEnd) return '`';
    const c = this.text[this.position++]!;
    if (c === '\r' && this.peek() === '\n') this.position++;
    if (isNewline(c)) return '';
    if (c === 'u' && this.peek() === '{') return this.#unicodeEscape(start);
    return ESCAPES[c] ?? c;
  }

  #unicodeEscape(start: number): string {
    const m = /\{([0-9a-f]{1,6})\}/iy;
    m.lastIndex = this.position;
    const found = m.exec(this.text);
    const code = found ? Number.parseInt(found[1]!, 16) : Number.NaN;
    if (!found || code > 0x10ffff) {
      this.fail(
        'InvalidUnicodeEscapeSequence',
        "The Unicode escape sequence is not valid. A valid sequence is `u{ followed by one to six hex digits and a closing '}'.",
        [start, this.position + 1],
      );
    }
    this.position += found[0].length;
    return String.fromCodePoint(code);
  }

  /** `$x`, `${x}`, `$( … )`; `undefined`, without moving, when the dollar stands for itself. */
  protected dollar(inString: boolean): Expression | undefined {
    if (this.peek(1) === '(') return this.subExpression();
    return this.variable(inString);
  }

  protected subExpression(): Expression {
    const start = this.position;
    this.position += 2;
    const body = this.nested(() => this.statementsUntil(')'));
    if (!this.take(')'))
      this.missing('MissingEndParenthesisInSubexpression', "Missing closing ')' in subexpression.", [start, start + 2]);
    return { kind: 'subexpression', body, at: this.from(start) };
  }

  /** The variable here. @param inString there `$x:` is an error, and what follows a name is text */
  protected variable(inString: boolean): Variable | undefined {
    const start = this.position;
    if (this.peek(1) === '{') return this.#bracedVariable(start);
    this.position++;
    let written = this.#variableName();
    if (written === '' && SHORT_NAMES.has(this.peek())) written = this.text[this.position++]!;
    if (written === '') {
      this.position = start;
      return undefined;
    }
    if (this.peek() === ':' && this.peek(1) !== ':') {
      if (isNamePart(this.peek(1))) {
        this.position++;
        written += `:${this.#variableName()}`;
      } else if (inString) {
        this.fail(
          'InvalidVariableReferenceWithDrive',
          // biome-ignore lint/suspicious/noTemplateCurlyInString: PowerShell's own words
          "Variable reference is not valid. ':' was not followed by a valid variable name character. Consider using ${} to delimit the name.",
          this.from(start),
        );
      }
    }
    return this.#named(written, start);
  }

  #variableName(): string {
    const start = this.position;
    while (!this.atEnd && (isNamePart(this.peek()) || (this.peek() === '?' && this.position > start))) this.position++;
    return this.text.slice(start, this.position);
  }

  #bracedVariable(start: number): Variable {
    const end = this.text.indexOf('}', start);
    if (end < 0) {
      this.fail(
        'IncompleteDollarVariableReference',
        // biome-ignore lint/suspicious/noTemplateCurlyInString: PowerShell's own words
        "${variable} reference starting is missing the closing '}'.",
        [start, start + 2],
        'incomplete',
      );
    }
    const written = this.text.slice(start + 2, end);
    if (written.trim() === '')
      this.fail(
        'EmptyVariableReference',
        // biome-ignore lint/suspicious/noTemplateCurlyInString: PowerShell's own words
        'An empty ${} variable reference was found. A name is required inside the braces.',
        [start, end + 1],
      );
    this.position = end + 1;
    return this.#named(written, start);
  }

  #named(written: string, start: number): Variable {
    const colon = written.indexOf(':');
    const drive = colon < 0 ? '' : written.slice(0, colon).toLowerCase();
    if (drive === '' || SCOPES.has(drive)) {
      const name = written.slice(colon + 1).toLowerCase();
      const scope = drive === '' || drive === 'variable' || drive === 'using' ? undefined : (drive as VariableScope);
      return { kind: 'variable', name: name === 'psitem' ? '_' : name, written, scope, at: this.from(start) };
    }
    if (drive === 'env')
      return { kind: 'variable', name: `env:${written.slice(colon + 1)}`, written, at: this.from(start) };
    this.note(`The drive '${drive}:' in $${written}`, this.from(start), 'Only $env: can be read.');
    return { kind: 'variable', name: written.toLowerCase(), written, at: this.from(start) };
  }

  /** `@' … '@` or `@" … "@`, each on lines of their own. */
  protected hereString(): Expression {
    const start = this.position;
    const isLiteral = isSingleQuote(this.peek(1));
    const terminator = isLiteral ? "'@" : '"@';
    this.position += 2;
    while (this.peek() === ' ' || this.peek() === '\t') this.position++;
    if (!isNewline(this.peek())) {
      if (this.atEnd) this.unterminated(terminator, [start, start + 2]);
      this.fail(
        'UnexpectedCharactersAfterHereStringHeader',
        'No characters are allowed after a here-string header but before the end of the line.',
        this.here(),
      );
    }
    this.#newline();
    const closes = isLiteral ? isSingleQuote : isDoubleQuote;
    const closedHere = () => closes(this.peek()) && this.peek(1) === '@';
    const parts: Parts = [];
    while (!closedHere()) {
      // one line, then its line end unless the terminator follows
      while (!isNewline(this.peek())) {
        if (this.atEnd) this.unterminated(terminator, [start, start + 2]);
        if (isLiteral) addText(parts, this.text[this.position++]!);
        else this.stringPart(parts);
      }
      const ending = this.#newline();
      if (!closedHere()) addText(parts, ending);
    }
    this.position += 2;
    return expandable(parts, this.from(start));
  }

  #newline(): string {
    const ending = this.startsWith('\r\n') ? '\r\n' : this.peek();
    this.position += ending.length;
    return ending;
  }

  /** A word of an argument, in which quotes, variables and escapes count: `a"b c"d`, `$x/y`, `10.0.0.*`. */
  protected bareWord(): Expression {
    const start = this.position;
    const parts: Parts = [];
    let escaped = false;
    while (!this.atEnd && !endsWord(this.peek())) {
      const c = this.peek();
      if (isSingleQuote(c)) addText(parts, this.literalString().value as string);
      else if (isDoubleQuote(c)) {
        const inner = this.expandableString();
        if (inner.kind === 'expandable')
          for (const part of inner.parts) typeof part === 'string' ? addText(parts, part) : parts.push(part);
        else if (inner.kind === 'literal') addText(parts, inner.value as string);
      } else {
        escaped ||= c === '`';
        this.stringPart(parts);
      }
    }
    const at = this.from(start);
    const word = expandable(parts, at);
    return word.kind === 'literal' && !escaped ? { ...word, text: this.text.slice(...at) } : word;
  }
}

function addText(parts: Parts, text: string): void {
  const last = parts.at(-1);
  if (typeof last === 'string') parts[parts.length - 1] = last + text;
  else if (text !== '') parts.push(text);
}

function expandable(parts: Parts, at: Span): Expression {
  if (parts.every((part) => typeof part === 'string')) return { kind: 'literal', value: parts.join(''), at };
  return { kind: 'expandable', parts, at };
}

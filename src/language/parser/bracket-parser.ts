/** Reads what stands in brackets: `( … )`, `{ … }`, `@( … )`, `@{ … }`. */
import type { Body, Expression, HashLiteral, Statement } from './ast.ts';
import { isDoubleQuote, isNameStart, isNewline, isSingleQuote } from './characters.ts';
import { StringParser } from './string-parser.ts';
import type { Span } from './syntax-error.ts';

export abstract class BracketParser extends StringParser {
  protected abstract statement(): Statement | undefined;
  protected abstract unary(): Expression;
  protected abstract startsOperand(): boolean;
  /** `param( … )`, `begin { … }` and the like, and statements, up to the closing character or the end of the text. */
  protected abstract bodyUntil(close: '}' | ''): Body;

  protected unexpected(): never {
    const word = /[^\s'"`(){};|&,]+|./suy;
    word.lastIndex = this.position;
    const found = word.exec(this.text)?.[0] ?? '';
    if (isNewline(found) || found === '')
      this.fail('ExpectedExpression', 'Missing expression at the end of the line.', this.here());
    const shown = found.length > 40 ? `${found.slice(0, 39)}…` : found;
    this.fail(
      'UnexpectedToken',
      `Unexpected token '${shown}' in expression or statement.`,
      this.here(Math.max(1, found.length)),
    );
  }

  protected parenthesis(): Expression {
    const start = this.position++;
    return this.nested(() => {
      this.skipLines();
      if (this.peek() === ')')
        this.fail('ExpectedExpression', "An expression was expected after '('.", this.from(start));
      const body = this.statement();
      if (!body) this.missing('ExpectedExpression', "An expression was expected after '('.", [start, start + 1]);
      this.skipLines();
      if (!this.take(')'))
        this.missingClose('MissingEndParenthesisInExpression', "Missing closing ')' in expression.", [
          start,
          start + 1,
        ]);
      return { kind: 'parenthesis', body, at: this.from(start) };
    });
  }

  /** A closing bracket is missing: at the end of the text it may still come; else the opening is shown. */
  protected missingClose(id: string, problem: string, opening: readonly [number, number]): never {
    this.skipLines();
    if (!this.atEnd) this.fail(id, problem, this.here());
    this.missing(id, problem, opening);
  }

  protected block(): Expression {
    const start = this.position++;
    const body = this.bodyUntilBrace([start, start + 1]);
    return { kind: 'block', body, text: body.text, at: this.from(start) };
  }

  /** What stands behind a `{`, and the `}`. */
  protected bodyUntilBrace(open: Span): Body {
    const body = this.nested(() => this.bodyUntil('}'));
    this.closeBrace(open);
    return body;
  }

  protected at(): Expression {
    const start = this.position;
    const next = this.peek(1);
    if (isSingleQuote(next) || isDoubleQuote(next)) return this.hereString();
    if (next === '{') return this.#hash();
    if (next === '(') {
      this.position += 2;
      const body = this.nested(() => this.statementsUntil(')'));
      if (!this.take(')'))
        this.missing('MissingEndParenthesisInExpression', "Missing closing ')' in expression.", [start, start + 2]);
      return { kind: 'array', body, at: this.from(start) };
    }
    this.position++;
    const name = this.name();
    if (name === '') this.fail('UnrecognizedToken', 'Unrecognized token in source text.', [start, start + 1]);
    return this.fail(
      'SplattingNotPermitted',
      `The splatting operator '@' cannot be used to reference variables in an expression. '@${name}' can be used only as an argument to a command. To reference variables in an expression use '$${name}'.`,
      this.from(start),
    );
  }

  #hash(): HashLiteral {
    const start = this.position;
    this.position += 2;
    const pairs: [Expression, Statement][] = [];
    const keys = new Set<string>();
    this.nested(() => {
      for (;;) {
        this.skipLines();
        while (this.take(';')) this.skipLines();
        if (this.atEnd || this.peek() === '}') return;
        pairs.push(this.#pair(keys));
        this.skipBlank();
        if (!this.atEnd && !isNewline(this.peek()) && this.peek() !== ';' && this.peek() !== '}')
          this.fail('MissingEndCurlyBrace', "Missing closing '}' in statement block or type definition.", this.here());
      }
    });
    this.closeBrace([start, start + 2]);
    return { kind: 'hash', pairs, at: this.from(start) };
  }

  #pair(keys: Set<string>): [Expression, Statement] {
    const start = this.position;
    const key: Expression = isNameStart(this.peek())
      ? { kind: 'literal', value: this.name(), at: this.from(start) }
      : this.startsOperand()
        ? this.unary()
        : this.unexpected();
    if (key.kind === 'literal') {
      const text = String(key.value).toLowerCase();
      if (keys.has(text))
        this.fail(
          'DuplicateKeyInHashLiteral',
          `Duplicate keys '${key.value}' are not allowed in hash literals.`,
          key.at,
        );
      keys.add(text);
    }
    this.skipBlank();
    if (this.peek() !== '=') {
      this.missing('MissingEqualsInHashLiteral', "Missing '=' operator after key in hash literal.", this.here());
    }
    const equals = this.here();
    this.position++;
    this.skipLines();
    const value = this.statement();
    if (!value) this.missing('MissingStatementInHashLiteral', "Missing statement after '=' in hash literal.", equals);
    return [key, value];
  }
}

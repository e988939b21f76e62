/** Reads expressions, with PowerShell's precedence (about_Operator_Precedence). */

import { INTEGERS, Integer, isFigure, negative } from '../../pipeline/number.ts';
import { hasStatic, staticNames } from '../runtime/static-members.ts';
import { typeNamed } from '../runtime/types.ts';
import { insteadOfType } from '../unsupported-hints.ts';
import type { Assignable, Expression, Unary } from './ast.ts';
import { BracketParser } from './bracket-parser.ts';
import { isDash, isDigit, isDoubleQuote, isNamePart, isNameStart, isSingleQuote } from './characters.ts';
import type { Span } from './syntax-error.ts';

const COMPARISONS = [
  ...['eq', 'ne', 'gt', 'ge', 'lt', 'le', 'like', 'notlike', 'match', 'notmatch'],
  ...['contains', 'notcontains', 'in', 'notin', 'replace', 'split'],
];

/** Binds tighter the higher. */
const PRECEDENCE = new Map<string, number>([
  ...['-and', '-or', '-xor'].map((op) => [op, 1] as const),
  ...['-band', '-bor', '-bxor'].map((op) => [op, 2] as const),
  ...COMPARISONS.flatMap((op) => [`-${op}`, `-i${op}`, `-c${op}`].map((name) => [name, 3] as const)),
  ...['-is', '-isnot', '-as', '-join', '-shl', '-shr'].map((op) => [op, 3] as const),
  ['??', 4],
  ...['+', '-'].map((op) => [op, 5] as const),
  ...['*', '/', '%'].map((op) => [op, 6] as const),
  ['-f', 7],
  ['..', 8],
]);
const TIGHTEST = 8;
const UNARY_WORDS = new Set(['-not', '-join', '-split', '-isplit', '-csplit', '-bnot']);

export abstract class ExpressionParser extends BracketParser {
  protected expression(): Expression {
    return this.nested(() => this.#ternary());
  }

  /** `condition ? then : otherwise`, looser than all operators; `?` behind it is none of `??`, `?.` and `?[`. */
  #ternary(): Expression {
    const condition = this.#binary(1);
    const before = this.position;
    this.skipBlank();
    const sign = this.here();
    if (this.peek() !== '?' || '?.['.includes(this.peek(1) || ' ')) {
      this.position = before;
      return condition;
    }
    const branch = (): Expression => {
      this.skipLines();
      if (!this.startsOperand())
        this.missing(
          'ExpectedValueExpression',
          `You must provide a value expression following the '${this.text[sign[0]]}' operator.`,
          sign,
        );
      return this.expression();
    };
    this.position++;
    const then = branch();
    this.skipLines();
    if (!this.take(':'))
      this.missing('MissingColonInTernaryExpression', "Missing ':' in the ternary expression.", this.here());
    const otherwise = branch();
    return { kind: 'ternary', condition, then, otherwise, at: [condition.at[0], otherwise.at[1]] };
  }

  #binary(level: number): Expression {
    let left = level > TIGHTEST ? this.#list() : this.#binary(level + 1);
    for (let length = 0; ; this.chain(++length)) {
      const before = this.position;
      this.skipBlank();
      const operator = this.#operatorHere();
      if (operator === undefined || PRECEDENCE.get(operator) !== level) {
        this.position = before;
        return left;
      }
      const start = this.position;
      this.position += operator.length;
      const operatorAt = this.from(start);
      this.skipLines();
      if (!this.startsOperand())
        this.missing(
          'ExpectedValueExpression',
          `You must provide a value expression following the '${operator}' operator.`,
          operatorAt,
        );
      const right = level + 1 > TIGHTEST ? this.#list() : this.#binary(level + 1);
      left = {
        kind: 'binary',
        ...named(operator),
        left,
        right,
        at: [left.at[0], right.at[1]],
      };
    }
  }

  #operatorHere(): string | undefined {
    const c = this.peek();
    const word = this.dashWord();
    if (word !== '') {
      return PRECEDENCE.has(word) ? word : undefined;
    }
    if (c === '.' && this.peek(1) === '.') return '..';
    if (c === '?') return this.startsWith('??') && this.peek(2) !== '=' ? '??' : undefined;
    if (this.peek(1) === '=' || this.startsWith('*>')) return undefined;
    if (isDash(c)) return isDash(this.peek(1)) ? undefined : '-';
    return '+*/%'.includes(c) && c !== '' && !this.startsWith('++') ? c : undefined;
  }

  #list(): Expression {
    const first = this.unary();
    const items = [first];
    for (;;) {
      const before = this.position;
      this.skipBlank();
      if (this.peek() !== ',' || this.#commaEnds) {
        this.position = before;
        break;
      }
      const comma = this.here();
      this.position++;
      this.skipLines();
      if (!this.startsOperand()) this.missing('MissingExpressionAfterToken', "Missing expression after ','.", comma);
      items.push(this.unary());
    }
    if (items.length === 1) return first;
    return { kind: 'list', items, at: [first.at[0], items.at(-1)!.at[1]] };
  }

  /** Does an expression begin here? */
  protected startsOperand(): boolean {
    const c = this.peek();
    if (c === '') return false;
    if ('$@({[!+,'.includes(c) || isDigit(c) || isSingleQuote(c) || isDoubleQuote(c)) return true;
    if (c === '.') return isDigit(this.peek(1));
    if (!isDash(c)) return false;
    const word = this.dashWord();
    return word === '' || UNARY_WORDS.has(word);
  }

  protected unary(): Expression {
    return this.nested(() => {
      const start = this.position;
      const c = this.peek();
      if (c === '!') return this.#unaryOf('-not', 1);
      if (c === ',') return this.#unaryOf(',', 1);
      const word = this.dashWord();
      if (UNARY_WORDS.has(word)) return this.#unaryOf(word === '-isplit' ? '-split' : (word as '-not'), word.length);
      const step = this.startsWith('++') ? 1 : isDash(c) && isDash(this.peek(1)) ? -1 : 0;
      if (step) {
        this.position += 2;
        const target = this.unary();
        return { kind: 'step', target: this.#steppable(target, step), by: step, prefix: true, at: this.from(start) };
      }
      if (c === '+' || isDash(c)) return this.#unaryOf(c === '+' ? '+' : '-', 1);
      if (c === '[') return this.#typeOrCast(start);
      return this.postfix(this.primary());
    });
  }

  #unaryOf(operator: Unary['operator'], length: number): Expression {
    const start = this.position;
    this.position += length;
    const operatorAt = this.from(start);
    this.skipBlank();
    if (!this.startsOperand())
      this.missing(
        'MissingExpressionAfterOperator',
        `Missing expression after unary operator '${operator}'.`,
        operatorAt,
      );
    const operand = this.unary();
    if (operator === '+' && operand.kind === 'literal' && isFigure(operand.value) && !operand.text?.startsWith('-'))
      return { ...operand, at: this.from(start) };
    if (operator === '-' && operand.kind === 'literal' && isFigure(operand.value)) {
      const text = `-${operand.text}`;
      const value = negative(operand.value);
      if (value instanceof Integer && value.value < INTEGERS[value.type].low)
        this.fail('BadNumericConstant', `The numeric constant ${text} is not valid.`, this.from(start));
      return { kind: 'literal', value, text, at: this.from(start) };
    }
    return { kind: 'unary', operator, operand, at: this.from(start) };
  }

  #typeOrCast(start: number): Expression {
    const { written, at } = this.typeName();
    const known = typeNamed(written);
    if (!known) this.note(`The type [${written}]`, at, insteadOfType(written));
    const type = known ?? 'object';
    if (this.startsWith('::')) return this.postfix(this.#static(type, start));
    const before = this.position;
    if (this.peek() === '.' && this.peek(1) !== '.') return this.postfix({ kind: 'type', type, at }); // [int].5 is a member
    this.skipBlank();
    if (this.startsOperand() && this.peek() !== ',' && !this.startsWith('..')) {
      const operand = this.unary();
      return { kind: 'cast', type, operand, at: this.from(start) };
    }
    this.position = before;
    return this.postfix({ kind: 'type', type, at });
  }

  /** `[System.Collections.Generic.List[string]]`, from its first bracket to its last. */
  protected typeName(): { written: string; at: Span } {
    const start = this.position++;
    this.skipBlank();
    const nameStart = this.position;
    for (let open = 0; ; this.position++) {
      const c = this.peek();
      if (c === '[') open++;
      else if (c === ']' && open > 0) open--;
      else if (!(isNamePart(c) || c === '.' || c === '+' || (open > 0 && (c === ',' || c === ' ')))) break;
    }
    const written = this.text.slice(nameStart, this.position);
    if (written === '') this.fail('MissingTypename', "Missing type name after '['.", this.here());
    this.skipBlank();
    if (!this.take(']'))
      this.missing('EndSquareBracketExpectedAtEndOfType', 'Missing ] at end of type token.', this.here());
    return { written: written.replaceAll(' ', ''), at: this.from(start) };
  }

  #static(type: string, start: number): Expression {
    const colons = this.here(2);
    this.position += 2;
    const nameStart = this.position;
    const c = this.peek();
    let name: Expression;
    if (isNamePart(c)) name = { kind: 'literal', value: this.name(), at: this.from(nameStart) };
    else if (c === '$' || isSingleQuote(c) || isDoubleQuote(c)) name = this.primary();
    else return this.missing('MissingPropertyName', 'Missing property name after reference operator.', colons);
    const args = this.peek() === '(' ? this.#callArguments() : undefined;
    if (name.kind === 'literal' && type !== 'object' && !hasStatic(type, String(name.value)))
      this.note(`[${type}]::${name.value}`, this.from(start), insteadOfStatic(type));
    return { kind: 'static', type, name, arguments: args, at: this.from(start) };
  }

  /** A value without the operators before or between values. */
  protected primary(): Expression {
    const start = this.position;
    const c = this.peek();
    if (isSingleQuote(c)) return this.literalString();
    if (isDoubleQuote(c)) return this.expandableString();
    if (c === '$') {
      const value = this.dollar(false);
      if (value) return value;
      this.fail('UnexpectedToken', "Unexpected token '$' in expression or statement.", this.here());
    }
    if (c === '(') return this.parenthesis();
    if (c === '{') return this.block();
    if (c === '@') return this.at();
    const number = this.number(false);
    if (number) return { kind: 'literal', ...number, at: this.from(start) };
    return this.unexpected();
  }

  /** `.Name`, `.Method(…)`, `[index]` behind a value, without blanks between, and `++`. */
  protected postfix(target: Expression, inArgument = false): Expression {
    let value = target;
    for (let length = 0; ; this.chain(++length)) {
      const start = this.position;
      const c = this.peek();
      if (this.startsWith('::'))
        this.refuse("'::' behind a value", this.here(2), 'Write the type itself before it: [math]::Round(…).');
      const conditional = c === '?' && (this.peek(1) === '.' || this.peek(1) === '[');
      if (conditional) this.position++;
      if ((c === '.' && this.peek(1) !== '.') || (conditional && this.peek() === '.')) {
        if (inArgument && !this.#memberFollows()) return value;
        value = this.#member(value, conditional);
      } else if (c === '[' || conditional) {
        this.position++;
        this.skipLines();
        if (!this.startsOperand())
          this.missing('MissingArrayIndexExpression', 'Array index expression is missing or not valid.', this.here());
        const index = this.withCommas('list', () => this.expression());
        this.skipLines();
        if (!this.take(']'))
          this.missingClose('MissingEndSquareBracket', "Missing ']' after array index expression.", [start, start + 1]);
        value = { kind: 'index', target: value, index, conditional, at: [target.at[0], this.position] };
      } else return inArgument ? value : this.#stepped(value);
    }
  }

  /** A value, and `++` or `--` behind it, of which blanks may keep it apart. */
  #stepped(value: Expression): Expression {
    const start = this.position;
    this.skipBlank();
    const c = this.peek();
    if (!this.startsWith('++') && !(isDash(c) && isDash(this.peek(1)))) {
      this.position = start;
      return value;
    }
    const by = c === '+' ? 1 : -1;
    const target = this.#steppable(value, by);
    this.position += 2;
    return { kind: 'step', target, by, prefix: false, at: [value.at[0], this.position] };
  }

  #memberFollows(): boolean {
    const next = this.peek(1);
    return isNameStart(next) || '$("\''.includes(next);
  }

  #member(target: Expression, conditional: boolean): Expression {
    const dot = this.here();
    this.position++;
    this.skipLines();
    const start = this.position;
    const c = this.peek();
    let name: Expression;
    if (isNamePart(c)) name = { kind: 'literal', value: this.name(), at: this.from(start) };
    else if (c === '(' || c === '$' || isSingleQuote(c) || isDoubleQuote(c)) name = this.primary();
    else return this.missing('MissingPropertyName', 'Missing property name after reference operator.', dot);
    if (this.peek() === '(') {
      const args = this.#callArguments();
      return { kind: 'call', target, name, arguments: args, conditional, at: [target.at[0], this.position] };
    }
    if (this.peek() === '{' && name.kind === 'literal' && /^(where|foreach)$/i.test(String(name.value))) {
      const block = this.block();
      return { kind: 'call', target, name, arguments: [block], conditional, at: [target.at[0], this.position] };
    }
    return { kind: 'member', target, name, conditional, at: [target.at[0], this.position] };
  }

  #callArguments(): Expression[] {
    const open = this.here();
    this.position++;
    const list: Expression[] = [];
    this.nested(() => {
      this.skipLines();
      while (!this.atEnd && this.peek() !== ')') {
        list.push(this.#argumentExpression());
        this.skipLines();
        const comma = this.here();
        if (!this.take(',')) break;
        this.skipLines();
        if (!this.startsOperand()) this.missing('MissingExpressionAfterToken', "Missing expression after ','.", comma);
      }
    });
    if (!this.take(')')) this.missingClose('MissingEndParenthesisInMethodCall', "Missing ')' in method call.", open);
    return list;
  }

  /** An argument of a method: an expression in which a comma ends it. */
  #argumentExpression(): Expression {
    if (!this.startsOperand()) this.unexpected();
    return this.withCommas('end', () => this.expression());
  }

  /** Reads with commas making lists, or ending the expression. */
  protected withCommas<T>(commas: 'list' | 'end', read: () => T): T {
    const before = this.#commaEnds;
    this.#commaEnds = commas === 'end';
    try {
      return read();
    } finally {
      this.#commaEnds = before;
    }
  }
  #commaEnds = false;

  #steppable(value: Expression, by: number): Assignable {
    if (isAssignable(value) && value.kind !== 'list' && value.kind !== 'cast') return value;
    const operator = by > 0 ? '++' : '--';
    return this.fail(
      'OperatorRequiresVariableOrProperty',
      `The '${operator}' operator works only on variables or on properties.`,
      value.at,
    );
  }
}

function insteadOfStatic(type: string): string {
  const names = staticNames(type).filter((name) => name !== 'new');
  return names.length ? `It has: ${names.join(', ')}.` : '';
}

export function isAssignable(value: Expression): value is Assignable {
  if (value.kind === 'variable' || value.kind === 'member' || value.kind === 'index') return true;
  if (value.kind === 'static') return !value.arguments;
  if (value.kind === 'cast') return value.operand.kind === 'variable';
  return value.kind === 'list' && value.items.every(isAssignable);
}

function named(operator: string): { operator: string; caseSensitive: boolean } {
  if (!operator.startsWith('-') || operator === '-') return { operator, caseSensitive: false };
  const prefix = operator[1]!;
  const rest = operator.slice(2);
  if ((prefix === 'c' || prefix === 'i') && COMPARISONS.includes(rest))
    return { operator: `-${rest}`, caseSensitive: prefix === 'c' };
  return { operator, caseSensitive: false };
}

/** Reads statements, pipelines and commands. What PowerShell has and this language has not is refused by name here. */
import type { Assignable, Assignment, Command, Element, Expression, Pipeline, Statement, Variable } from './ast.ts';
import {
  endsWord,
  isDash,
  isDigit,
  isDoubleQuote,
  isNamePart,
  isNameStart,
  isNewline,
  isSingleQuote,
} from './characters.ts';
import { ExpressionParser, isAssignable } from './expression-parser.ts';
import type { Span } from './syntax-error.ts';

/** Keywords of PowerShell that begin a statement, and what to write instead. */
const REFUSED_KEYWORDS = new Map<string, string>([
  ['while', 'Use foreach.'],
  ['do', 'Use foreach.'],
  ['until', ''],
  ['for', 'Use foreach, such as foreach ($i in 1..10) { … }.'],
  ['switch', 'Use if … elseif … else.'],
  ['function', ''],
  ['filter', ''],
  ['workflow', ''],
  ['configuration', ''],
  ['class', ''],
  ['enum', ''],
  ['interface', ''],
  ['using', ''],
  ['param', 'A script finds its arguments in $args.'],
  ['begin', ''],
  ['process', ''],
  ['end', ''],
  ['clean', ''],
  ['dynamicparam', ''],
  ['data', ''],
  ['try', 'Use -ErrorAction and $?.'],
  ['catch', ''],
  ['finally', ''],
  ['trap', 'Use -ErrorAction and $?.'],
  ['throw', 'Use Write-Error … -ErrorAction Stop.'],
  ['return', ''],
  ['parallel', ''],
  ['sequence', ''],
  ['inlinescript', ''],
  ['define', ''],
  ['from', ''],
  ['var', ''],
]);

class Parser extends ExpressionParser {
  script(): Statement[] {
    if (this.text.charCodeAt(0) === 0xfeff) this.position = 1;
    return this.#statements(() => false);
  }

  protected statementsUntil(close: ')' | '}'): Statement[] {
    return this.#statements(() => this.peek() === close);
  }

  #statements(closed: () => boolean): Statement[] {
    const statements: Statement[] = [];
    for (;;) {
      this.skipLines();
      while (this.take(';')) this.skipLines();
      if (this.atEnd || closed()) return statements;
      const statement = this.statement();
      if (!statement) this.unexpected();
      statements.push(statement);
      this.skipBlank();
      const c = this.peek();
      if (this.atEnd || closed() || c === ';' || isNewline(c)) continue;
      const last = statements.at(-1)!.kind;
      if (last === 'if' || last === 'foreach') continue;
      this.#refuseSeparator();
      this.unexpected();
    }
  }

  #refuseSeparator(): void {
    if (this.startsWith('&&') || this.startsWith('||'))
      this.refuse(`'${this.peek()}${this.peek()}'`, this.here(2), 'Use ; and if ($?) { … }.');
    if (this.peek() === '&') this.refuse("'&' (run in the background)", this.here());
  }

  protected statement(): Statement | undefined {
    return this.nested(() => this.withCommas('list', () => this.#statement()));
  }

  #statement(): Statement | undefined {
    this.skipBlank();
    const start = this.position;
    const word = this.word();
    const keyword = /^:?[a-z]+(?![\w*?/\\:.-])/i.exec(word)?.[0].toLowerCase() ?? '';
    if (keyword === 'if') return this.#if();
    if (keyword === 'foreach') return this.#foreach();
    if (keyword === 'break' || keyword === 'continue') return this.#leave(keyword);
    if (keyword === 'exit') return this.#exit();
    if (keyword === 'elseif' || keyword === 'else') this.unexpected();
    const instead = REFUSED_KEYWORDS.get(keyword);
    if (instead !== undefined) this.refuse(`'${keyword}'`, this.here(keyword.length), instead);
    if (/^:[a-z]\w*$/i.test(word)) this.refuse(`A label (${word})`, this.here(word.length));
    return this.#pipelineOrAssignment(start);
  }

  #pipelineOrAssignment(start: number): Statement | undefined {
    if (!this.#startsExpression()) return this.#pipeline(start);
    const target = this.expression();
    const assignment = this.#assignment(target, start);
    if (assignment) return assignment;
    return this.#pipeline(start, target);
  }

  #assignment(target: Expression, start: number): Assignment | undefined {
    this.skipBlank();
    const m = /[-+*/%]?=/y;
    m.lastIndex = this.position;
    const operator = m.exec(this.text)?.[0].replace(/^[–—―]/, '-') as Assignment['operator'] | undefined;
    if (!operator || this.startsWith('==')) return undefined;
    const operatorAt = this.here(operator.length);
    if (!isAssignable(target) || (target.kind === 'list' && operator !== '=')) {
      this.fail(
        'InvalidLeftHandSide',
        'The assignment expression is not valid. The input to an assignment operator must be an object that is able to accept assignments, such as a variable or a property.',
        target.at,
      );
    }
    this.#refuseAutomatic(target);
    this.position += operator.length;
    this.skipLines();
    const value = this.statement();
    if (!value)
      this.missing(
        'ExpectedValueExpression',
        `You must provide a value expression following the '${operator}' operator.`,
        operatorAt,
      );
    return { kind: 'assignment', target, operator, value, at: this.from(start) };
  }

  #refuseAutomatic(target: Assignable): void {
    const variable = target.kind === 'cast' ? target.operand : target;
    if (variable.kind !== 'variable') return;
    if (['true', 'false', 'null', '?', 'error'].includes(variable.name)) {
      this.fail(
        'VariableNotWritable',
        `Cannot overwrite variable ${variable.written} because it is read-only or constant.`,
        variable.at,
      );
    }
    if (variable.name.startsWith('env:')) this.refuse('Setting an environment variable', variable.at);
  }

  #startsExpression(): boolean {
    const c = this.peek();
    if (c === '.' && !isDigit(this.peek(1))) return false;
    if (isDigit(c) || c === '.') {
      // 7z.exe is a command, 7 + 1 is not
      const before = this.position;
      const number = this.number(false);
      this.position = before;
      return number !== undefined;
    }
    if (this.startsOperand()) return true;
    return this.dashWord() !== '' || c === '-';
  }

  /** Commands with `|` between; the first may be an expression, already read. */
  #pipeline(start: number, source?: Expression): Pipeline | undefined {
    const commands: Command[] = [];
    let into: Pipeline['into'];
    if (!source) {
      const first = this.#command();
      if (!first) {
        if (this.peek() === '|') this.fail('EmptyPipeElement', 'An empty pipe element is not allowed.', this.here());
        return undefined;
      }
      commands.push(first.command);
      into = first.into;
    } else {
      this.skipBlank();
      into = this.#redirection();
    }
    for (;;) {
      const pipe = this.#pipe();
      if (!pipe) break;
      if (into)
        this.fail(
          'EmptyPipeElement',
          'Output that goes into a file cannot also go through a pipe; use Tee-Object.',
          into.at,
        );
      this.chain(commands.length);
      this.skipLines();
      if (this.startsOperand() && !this.startsWith('%') && this.peek() !== '?')
        this.fail(
          'ExpressionsMustBeFirstInPipeline',
          'Expressions are only allowed as the first element of a pipeline.',
          this.here(),
        );
      const next = this.#command();
      if (!next) this.missing('EmptyPipeElement', 'An empty pipe element is not allowed.', pipe);
      commands.push(next.command);
      into = next.into;
    }
    const end = commands.at(-1)?.at[1] ?? source!.at[1];
    return { kind: 'pipeline', source, commands, into, at: [start, Math.max(end, into?.at[1] ?? 0)] };
  }

  /** A `|` here, or at the beginning of a following line. */
  #pipe(): Span | undefined {
    const before = this.position;
    this.skipLines();
    const at = this.here();
    if (this.peek() === '|' && this.peek(1) !== '|') {
      this.position++;
      return at;
    }
    this.position = before;
    return undefined;
  }

  #command(): { command: Command; into: Pipeline['into'] } | undefined {
    this.skipBlank();
    const start = this.position;
    const c = this.peek();
    if (c === '&') this.refuse("'&' (call)", this.here(), 'Write the cmdlet’s name itself.');
    if (c === '.' && (endsWord(this.peek(1)) || isSingleQuote(this.peek(1)) || '$"{('.includes(this.peek(1))))
      this.refuse("'.' (run in this scope)", this.here());
    if (c === '>' || c === '<') return this.unexpected();
    if (endsWord(c)) return undefined;
    const nameExpression = this.bareWord();
    const nameAt = this.from(start);
    if (nameExpression.kind !== 'literal') this.refuse('A computed command name', nameAt);
    const name = String(nameExpression.value);
    return this.nested(() => {
      const elements: Element[] = [];
      let into: Pipeline['into'];
      let end = this.position;
      let parametersOver = false;
      for (;;) {
        this.skipBlank();
        if (this.#endsCommand()) break;
        const redirected = this.#redirection();
        if (redirected) into = redirected;
        else if (this.peek() === ',') this.fail('MissingArgument', 'Missing argument in parameter list.', this.here());
        else if (this.#isDashDash()) {
          this.position += 2;
          parametersOver = true;
        } else {
          const start = this.position;
          const parameter = parametersOver ? undefined : this.#parameter();
          elements.push(parameter ?? this.#argument());
          if (this.position === start) this.unexpected();
        }
        end = this.position;
      }
      return { command: { kind: 'command', name, nameAt, elements, at: [start, end] }, into };
    });
  }

  #endsCommand(): boolean {
    const c = this.peek();
    if (c === '' || isNewline(c) || c === ';' || c === ')' || c === '}') return true;
    if (c === '|' || c === '&') {
      this.#refuseSeparator();
      return true;
    }
    return false;
  }

  #isDashDash(): boolean {
    return isDash(this.peek()) && isDash(this.peek(1)) && endsWord(this.peek(2));
  }

  /** `> file`, `>> file`, `> $null`; redirections of other streams are refused. */
  #redirection(): Pipeline['into'] {
    const m = /([1-6*])?>(>|&[12])?|</y;
    m.lastIndex = this.position;
    const found = m.exec(this.text);
    if (!found) return undefined;
    const [operator, stream, more] = found;
    const at = this.here(operator.length);
    if (operator === '<') this.fail('RedirectionNotSupported', "The '<' operator is reserved for future use.", at);
    if ((stream && stream !== '1') || more?.startsWith('&'))
      this.refuse(
        `'${operator}'`,
        at,
        'Errors can be collected with -ErrorVariable or hidden with -ErrorAction SilentlyContinue.',
      );
    this.position += operator.length;
    this.skipBlank();
    if (this.atEnd || (endsWord(this.peek()) && this.peek() !== '('))
      this.missing('MissingFileSpecification', 'Missing file specification after redirection operator.', at);
    return { file: this.#single(), append: more === '>', at: [at[0], this.position] };
  }

  #parameter(): Element | undefined {
    const start = this.position;
    if (!isDash(this.peek()) || !(isNameStart(this.peek(1)) || this.peek(1) === '?')) return undefined;
    let end = this.position + 1;
    let colon = false;
    while (end < this.text.length) {
      const c = this.text[end]!;
      if (endsWord(c) || c === '.' || c === '[') break;
      if (isSingleQuote(c) || isDoubleQuote(c)) return undefined;
      end++;
      if (c === ':') {
        colon = true;
        break;
      }
    }
    const name = this.text.slice(start + 1, colon ? end - 1 : end);
    this.position = end;
    if (!colon) return { kind: 'parameter', name, at: this.from(start) };
    this.skipBlank();
    if (this.#endsCommand())
      this.missing('ParameterRequiresArgument', `Parameter -${name} requires an argument.`, [start, end]);
    const { value } = this.#argument() as { value: Expression };
    return { kind: 'parameter', name, value, at: this.from(start) };
  }

  #argument(): Element {
    const start = this.position;
    if (this.peek() === '@' && isNameStart(this.peek(1))) {
      this.position++;
      const written = this.name();
      const variable: Variable = { kind: 'variable', name: written.toLowerCase(), written, at: this.from(start) };
      return { kind: 'splat', variable, at: this.from(start) };
    }
    const items = [this.#single()];
    for (;;) {
      const before = this.position;
      this.skipBlank();
      const comma = this.here();
      if (!this.take(',')) {
        this.position = before;
        break;
      }
      this.skipLines();
      if (this.#endsCommand() || this.peek() === ',')
        this.missing('MissingExpression', "Missing expression after ',' in pipeline element.", comma);
      items.push(this.#single());
    }
    const at = this.from(start);
    return { kind: 'argument', value: items.length === 1 ? items[0]! : { kind: 'list', items, at }, at };
  }

  /** One value of an argument, up to a blank or comma. */
  #single(): Expression {
    const start = this.position;
    const c = this.peek();
    const number = isDash(c) && isDigit(this.peek(1)) ? this.#negative() : this.number(true);
    if (number) return { kind: 'literal', ...number, at: this.from(start) };
    if (c === '$') {
      const value = this.dollar(false);
      if (value && this.#wordEndsAfter(value)) return this.postfix(value, true);
      this.position = start;
      return this.bareWord();
    }
    if (c === '@' && !'({\'"‘’“”'.includes(this.peek(1) || ' ')) return this.bareWord();
    if ('({@'.includes(c) || isSingleQuote(c) || isDoubleQuote(c)) return this.postfix(this.primary(), true);
    return this.bareWord();
  }

  #negative(): { value: number; text: string } | undefined {
    const start = this.position++;
    const number = this.number(true);
    if (!number) {
      this.position = start;
      return undefined;
    }
    return { value: -number.value, text: `-${number.text}` };
  }

  /** `$x/y` is a word with a variable in it; `$x.y`, `$x[0]`, `$x` and `$(…)` are values. */
  #wordEndsAfter(value: Expression): boolean {
    const c = this.peek();
    if (value.kind !== 'variable') return true;
    return endsWord(c) || c === '.' || c === '[' || c === '=';
  }

  #if(): Statement {
    const start = this.position;
    const clauses: [Statement, Statement[]][] = [];
    let keyword = 'if';
    let otherwise: Statement[] | undefined;
    for (;;) {
      const keywordAt = this.here(keyword.length);
      this.position += keyword.length;
      this.skipLines();
      if (this.peek() !== '(')
        this.missing(
          'MissingOpenParenthesisInIfStatement',
          `Missing '(' after '${keyword}' in if statement.`,
          keywordAt,
        );
      const condition = this.#condition(keyword, keywordAt);
      clauses.push([
        condition,
        this.#body('MissingStatementBlock', `Missing statement block after ${keyword} ( condition ).`),
      ]);
      this.chain(clauses.length);
      const before = this.position;
      this.skipLines();
      const next = /^[a-z]+/i.exec(this.word())?.[0].toLowerCase();
      if (next === 'elseif') {
        keyword = 'elseif';
        continue;
      }
      if (next === 'else') {
        this.position += 4;
        otherwise = this.#body('MissingStatementBlockAfterElse', "Missing statement block after 'else' keyword.");
      } else this.position = before;
      return { kind: 'if', clauses, otherwise, at: this.from(start) };
    }
  }

  #condition(keyword: string, keywordAt: Span): Statement {
    const open = this.here();
    this.position++;
    this.skipLines();
    const condition = this.peek() === ')' ? undefined : this.statement();
    if (!condition)
      this.missing('IfStatementMissingCondition', `Missing condition in if statement after '${keyword} ('.`, keywordAt);
    this.skipLines();
    if (!this.take(')'))
      this.missing(
        'MissingEndParenthesisAfterStatement',
        `Missing closing ')' after expression in '${keyword}' statement.`,
        this.atEnd ? open : this.here(),
      );
    return condition;
  }

  #body(id: string, problem: string): Statement[] {
    const before = this.position;
    this.skipLines();
    const open = this.here();
    if (!this.take('{')) this.missing(id, problem, [before, before + 1]);
    const body = this.nested(() => this.statementsUntil('}'));
    if (!this.take('}'))
      this.missing('MissingEndCurlyBrace', "Missing closing '}' in statement block or type definition.", open);
    return body;
  }

  #foreach(): Statement {
    const start = this.position;
    const keywordAt = this.here(7);
    this.position += 7;
    this.skipLines();
    if (isDash(this.peek())) this.refuse(`'foreach ${this.word()}'`, this.from(start));
    if (!this.take('('))
      this.missing('MissingOpenParenthesisAfterKeyword', "Missing opening '(' after keyword 'foreach'.", keywordAt);
    this.skipLines();
    const variable = this.peek() === '$' ? this.variable(false) : undefined;
    if (!variable) this.missing('MissingVariableNameAfterForeach', 'Missing variable name after foreach.', this.here());
    this.#refuseAutomatic(variable);
    this.skipLines();
    const isIn = this.text.slice(this.position, this.position + 2).toLowerCase() === 'in' && !isNamePart(this.peek(2));
    if (!isIn) this.missing('MissingInInForeach', "Missing 'in' after variable in foreach loop.", this.here());
    this.position += 2;
    this.skipLines();
    const over = this.peek() === ')' ? undefined : this.statement();
    if (!over) this.missing('MissingForeachExpression', 'Missing expression in foreach loop.', this.here());
    this.skipLines();
    if (!this.take(')'))
      this.missing(
        'MissingEndParenthesisAfterForeach',
        "Missing closing ')' after expression part of foreach loop.",
        this.here(),
      );
    this.#loops++;
    const body = this.#body('MissingForeachStatement', 'Missing statement body in foreach loop.');
    this.#loops--;
    return { kind: 'foreach', variable, over, body, at: this.from(start) };
  }
  #loops = 0;

  #leave(kind: 'break' | 'continue'): Statement {
    const at = this.here(kind.length);
    if (!this.#loops) this.refuse(`'${kind}' outside of foreach`, at);
    this.position += kind.length;
    this.skipBlank();
    if (isNameStart(this.peek()) || this.peek() === '$') this.refuse(`'${kind}' with a label`, this.here());
    return { kind, at };
  }

  #exit(): Statement {
    const start = this.position;
    this.position += 4;
    this.skipBlank();
    const c = this.peek();
    const code = c === '' || isNewline(c) || ';)}'.includes(c) ? undefined : this.statement();
    return { kind: 'exit', code, at: this.from(start) };
  }
}

/** The statements of a text. @throws SyntaxProblem */
export function parse(text: string): Statement[] {
  return new Parser(text).script();
}

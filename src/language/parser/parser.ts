/** Reads statements, pipelines and commands. What PowerShell has and this language has not is refused by name here. */
import type { Assignable, Assignment, Expression, Statement } from './ast.ts';
import { isDash, isDigit, isNamePart, isNameStart, isNewline } from './characters.ts';
import { CommandParser } from './command-parser.ts';
import { isAssignable } from './expression-parser.ts';
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

class Parser extends CommandParser {
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
      this.refuseSeparator();
      this.unexpected();
    }
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
    if (!this.#startsExpression()) return this.pipeline(start);
    const target = this.expression();
    const assignment = this.#assignment(target, start);
    if (assignment) return assignment;
    return this.pipeline(start, target);
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

/** Reads what steers a script: conditions, loops, `switch`, `try`, `trap`, and how they are left. */
import type { Expression, Statement } from './ast.ts';
import { isDash, isNamePart, isNameStart, isNewline } from './characters.ts';
import { CommandParser } from './command-parser.ts';
import type { Span } from './syntax-error.ts';

export abstract class ControlParser extends CommandParser {
  protected abstract refuseAutomatic(variable: Expression): void;

  /** The statement that begins with this keyword here; `undefined` when it is none of these. */
  protected control(keyword: string, label?: string): Statement | undefined {
    switch (keyword) {
      case 'if':
        return this.#if();
      case 'foreach':
        return this.#foreach(label);
      case 'while':
        return this.#while(label);
      case 'do':
        return this.#do(label);
      case 'for':
        return this.#for(label);
      case 'switch':
        return this.#switch(label);
      case 'try':
        return this.#try();
      case 'trap':
        return this.#trap();
      case 'break':
      case 'continue':
        return this.#leave(keyword);
      case 'exit':
      case 'return':
      case 'throw':
        return this.#exit(keyword);
      default:
        return undefined;
    }
  }

  #if(): Statement {
    const start = this.position;
    const clauses: [Statement, Statement[]][] = [];
    let keyword = 'if';
    let otherwise: Statement[] | undefined;
    for (;;) {
      const condition = this.#condition(keyword, 'IfStatement');
      clauses.push([
        condition,
        this.#block('MissingStatementBlock', `Missing statement block after ${keyword} ( condition ).`),
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
        otherwise = this.#block('MissingStatementBlockAfterElse', "Missing statement block after 'else' keyword.");
      } else this.position = before;
      return { kind: 'if', clauses, otherwise, at: this.from(start) };
    }
  }

  /** The keyword here and the condition in parentheses behind it. */
  #condition(keyword: string, id: string): Statement {
    const keywordAt = this.here(keyword.length);
    this.position += keyword.length;
    this.skipLines();
    if (this.peek() !== '(')
      this.missing(
        id === 'IfStatement' ? 'MissingOpenParenthesisInIfStatement' : 'MissingOpenParenthesisAfterKeyword',
        id === 'IfStatement'
          ? `Missing '(' after '${keyword}' in if statement.`
          : `Missing opening '(' after keyword '${keyword}'.`,
        keywordAt,
      );
    const open = this.here();
    this.position++;
    this.skipLines();
    const condition = this.peek() === ')' ? undefined : this.statement();
    if (!condition)
      this.missing(
        `${id}MissingCondition`,
        id === 'IfStatement'
          ? `Missing condition in if statement after '${keyword} ('.`
          : `Missing expression after '${keyword}' in loop.`,
        keywordAt,
      );
    this.skipLines();
    this.#close(keyword, open);
    return condition;
  }

  #open(keyword: string, keywordAt: Span): void {
    if (!this.take('('))
      this.missing('MissingOpenParenthesisAfterKeyword', `Missing opening '(' after keyword '${keyword}'.`, keywordAt);
  }

  /** The parenthesis behind what a keyword is about. */
  #close(keyword: string, open: Span): void {
    if (this.take(')')) return;
    const problem = `Missing closing ')' after expression in '${keyword}' statement.`;
    this.missing('MissingEndParenthesisAfterStatement', problem, this.atEnd ? open : this.here());
  }

  #block(id: string, problem: string): Statement[] {
    const before = this.position;
    this.skipLines();
    const open = this.here();
    if (!this.take('{')) this.missing(id, problem, [before, before + 1]);
    const body = this.nested(() => this.statementsUntil('}'));
    this.closeBrace(open);
    return body;
  }

  #loopBody(keyword: string): Statement[] {
    return this.#block(
      keyword === 'foreach' ? 'MissingForeachStatement' : 'MissingLoopStatement',
      keyword === 'foreach' ? 'Missing statement body in foreach loop.' : `Missing statement body in ${keyword} loop.`,
    );
  }

  #foreach(label?: string): Statement {
    const start = this.position;
    const keywordAt = this.here(7);
    this.position += 7;
    this.skipLines();
    if (isDash(this.peek())) {
      this.note(`'foreach ${this.word()}'`, this.from(start), 'The rounds run one after the other: leave it out.');
      while (!this.atEnd && this.peek() !== '(') this.position++;
    }
    this.#open('foreach', keywordAt);
    this.skipLines();
    const variable = this.peek() === '$' ? this.variable(false) : undefined;
    if (!variable) this.missing('MissingVariableNameAfterForeach', 'Missing variable name after foreach.', this.here());
    this.refuseAutomatic(variable);
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
    return { kind: 'foreach', label, variable, over, body: this.#loopBody('foreach'), at: this.from(start) };
  }

  #while(label?: string): Statement {
    const start = this.position;
    const condition = this.#condition('while', 'WhileStatement');
    const body = this.#loopBody('while');
    return { kind: 'while', label, condition, body, bodyFirst: false, until: false, at: this.from(start) };
  }

  #do(label?: string): Statement {
    const start = this.position;
    this.position += 2;
    const body = this.#loopBody('do');
    this.skipLines();
    const keyword = /^(while|until)\b/i.exec(this.word())?.[1]?.toLowerCase();
    if (!keyword)
      this.missing('MissingWhileOrUntilInDoWhile', 'Missing while or until keyword in do loop.', this.here());
    const condition = this.#condition(keyword, 'DoStatement');
    return { kind: 'while', label, condition, body, bodyFirst: true, until: keyword === 'until', at: this.from(start) };
  }

  #for(label?: string): Statement {
    const start = this.position;
    const keywordAt = this.here(3);
    this.position += 3;
    this.skipLines();
    const open = this.here();
    this.#open('for', keywordAt);
    const part = () => {
      this.skipLines();
      const statement = this.peek() === ';' || this.peek() === ')' ? undefined : this.statement();
      this.skipBlank();
      return statement;
    };
    const next = () => {
      if (!this.take(';')) this.skipLines();
    };
    const first = part();
    next();
    const condition = part();
    next();
    const step = part();
    this.skipLines();
    this.#close('for', open);
    return { kind: 'for', label, first, condition, next: step, body: this.#loopBody('for'), at: this.from(start) };
  }

  #switch(label?: string): Statement {
    const start = this.position;
    const keywordAt = this.here(6);
    this.position += 6;
    let how: 'exact' | 'wildcard' | 'regex' = 'exact';
    let caseSensitive = false;
    let file: Expression | undefined;
    for (;;) {
      this.skipLines();
      const flag = this.dashWord();
      if (flag === '') break;
      const at = this.here(flag.length);
      const meant = ['-regex', '-wildcard', '-exact', '-casesensitive', '-file', '-parallel'].find((one) =>
        one.startsWith(flag),
      );
      this.position += flag.length;
      if (meant === '-regex') how = 'regex';
      else if (meant === '-wildcard') how = 'wildcard';
      else if (meant === '-exact') how = 'exact';
      else if (meant === '-casesensitive') caseSensitive = true;
      else if (meant === '-file') {
        this.skipBlank();
        file = this.single();
      } else this.fail('InvalidSwitchFlag', `'${flag}' is not a flag of switch.`, at);
    }
    const over = file ? this.#linesOf(file) : this.#parenthesized(keywordAt);
    this.skipLines();
    const open = this.here();
    if (!this.take('{'))
      this.missing('MissingCurlyBraceInSwitchStatement', "Missing opening '{' in switch statement.", this.here());
    const { clauses, otherwise } = this.nested(() => this.#clauses());
    this.closeBrace(open);
    return { kind: 'switch', label, how, caseSensitive, over, clauses, otherwise, at: this.from(start) };
  }

  /** `switch -File path` is about the file's lines. */
  #linesOf(file: Expression): Statement {
    const { at } = file;
    const elements = [{ kind: 'argument' as const, value: file, at }];
    return { kind: 'pipeline', commands: [{ kind: 'command', name: 'Get-Content', nameAt: at, elements, at }], at };
  }

  #parenthesized(keywordAt: Span): Statement {
    const open = this.here();
    this.#open('switch', keywordAt);
    this.skipLines();
    const over = this.peek() === ')' ? undefined : this.statement();
    if (!over) this.missing('MissingExpressionInSwitchStatement', "Missing expression after 'switch ('.", keywordAt);
    this.skipLines();
    this.#close('switch', open);
    return over;
  }

  #clauses(): { clauses: [Expression, Statement[]][]; otherwise?: Statement[] } {
    const clauses: [Expression, Statement[]][] = [];
    let otherwise: Statement[] | undefined;
    for (;;) {
      this.skipLines();
      while (this.take(';')) this.skipLines();
      if (this.atEnd || this.peek() === '}') return { clauses, otherwise };
      const before = this.position;
      const condition = this.single();
      if (this.position === before) this.unexpected();
      const body = this.#block('MissingSwitchStatementClause', 'Missing statement block in switch statement clause.');
      const isDefault =
        condition.kind === 'literal' && condition.text !== undefined && /^default$/i.test(condition.text);
      if (isDefault && otherwise)
        this.fail('MultipleSwitchDefaultClauses', 'A switch statement can have only one default clause.', condition.at);
      if (isDefault) otherwise = body;
      else clauses.push([condition, body]);
      this.chain(clauses.length);
    }
  }

  #try(): Statement {
    const start = this.position;
    this.position += 3;
    const body = this.#block('MissingTryStatementBlock', 'The Try statement is missing its statement block.');
    const catches: [string[], Statement[]][] = [];
    let lastly: Statement[] | undefined;
    let end = this.position;
    for (;;) {
      this.skipLines();
      const word = /^(catch|finally)(?![\w-])/i.exec(this.word())?.[1]?.toLowerCase();
      if (!word || lastly) break;
      this.position += word.length;
      if (word === 'catch') {
        const types = this.#types();
        catches.push([
          types,
          this.#block('MissingCatchHandlerBlock', 'The Catch block is missing its statement block.'),
        ]);
      } else lastly = this.#block('MissingFinallyStatementBlock', 'The Finally block is missing its statement block.');
      end = this.position;
    }
    if (!catches.length && !lastly) {
      this.position = end;
      this.missing('MissingCatchOrFinally', 'The Try statement is missing its Catch or Finally block.', [
        start,
        start + 3,
      ]);
    }
    this.position = end;
    return { kind: 'try', body, catches, lastly, at: this.from(start) };
  }

  #types(): string[] {
    const types: string[] = [];
    for (;;) {
      this.skipLines();
      if (this.peek() !== '[') return types;
      types.push(this.typeName().written);
      this.skipLines();
      this.take(',');
    }
  }

  #trap(): Statement {
    const start = this.position;
    this.position += 4;
    const [type] = this.#types();
    const body = this.#block('MissingTrapStatement', 'The Trap statement is missing its statement block.');
    return { kind: 'trap', type, body, at: this.from(start) };
  }

  #leave(kind: 'break' | 'continue'): Statement {
    const start = this.position;
    this.position += kind.length;
    this.skipBlank();
    const label = isNameStart(this.peek()) || this.peek() === '$' ? this.single() : undefined;
    return { kind, label, at: this.from(start) };
  }

  #exit(kind: 'exit' | 'return' | 'throw'): Statement {
    const start = this.position;
    this.position += kind.length;
    this.skipBlank();
    const c = this.peek();
    const value = c === '' || isNewline(c) || ';)}'.includes(c) ? undefined : this.statement();
    return { kind, value, at: this.from(start) };
  }
}

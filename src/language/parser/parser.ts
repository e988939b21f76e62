/** Reads statements and assignments; what PowerShell has and this language has not is refused by name. */
import type { Assignment, Body, Expression, Pipeline, Statement, Variable } from './ast.ts';
import { isDigit, isDoubleQuote, isNewline, isSingleQuote } from './characters.ts';
import type { KnownNames } from './command-parser.ts';
import { isAssignable } from './expression-parser.ts';
import { FunctionParser } from './function-parser.ts';
import { type Span, SyntaxProblem } from './syntax-error.ts';

/** Keywords of PowerShell that begin a statement, and what to write instead. */
const REFUSED_KEYWORDS = new Map<string, string>([
  ['workflow', 'Write function.'],
  ['configuration', 'Write function.'],
  ['class', 'Write [pscustomobject]@{ … } and functions.'],
  ['enum', "Write [ValidateSet('a', 'b')] for a parameter, or a table @{ a = 1 }."],
  ['interface', 'Write functions.'],
  ['parallel', 'Leave it out; the statements run one after the other.'],
  ['sequence', 'Leave it out.'],
  ['inlinescript', 'Leave it out.'],
  ['data', 'Write @{ … }.'],
]);
/** What scripts set for their own sake, and what means nothing here: of the console, of TLS, of the thread, of pipes to programs. */
const WITHOUT_EFFECT =
  /^(?:\[(?:System\.)?(?:Net\.ServicePointManager|Console|Threading\.Thread)\]::|\$OutputEncoding\b)/i;
const nothing = (at: Span): Variable => ({ kind: 'variable', name: 'null', written: '$null', at });

const OF_FUNCTIONS = new Set(['cmdletbinding', 'outputtype', 'suppressmessage']);
/** Statements that need nothing between them and the next. */
const CLOSED = new Set(['if', 'foreach', 'while', 'for', 'switch', 'try', 'trap', 'function']);

class Parser extends FunctionParser {
  script(): Body {
    if (this.text.charCodeAt(0) === 0xfeff) this.position = 1;
    return this.bodyUntil('');
  }

  protected statementsUntil(close: ')' | '}' | ''): Statement[] {
    const closed = () => close !== '' && this.peek() === close;
    const statements: Statement[] = [];
    for (;;) {
      this.skipLines();
      while (this.take(';')) this.skipLines();
      if (this.atEnd || closed()) return statements;
      if (this.#passedOver()) continue;
      const statement = this.statement();
      if (!statement) this.unexpected();
      statements.push(statement);
      this.skipBlank();
      const c = this.peek();
      if (this.atEnd || closed() || c === ';' || isNewline(c)) continue;
      if (CLOSED.has(statements.at(-1)!.kind)) continue;
      this.unexpected();
    }
  }

  protected statement(): Statement | undefined {
    return this.nested(() => this.withCommas('list', () => this.#statement()));
  }

  #statement(): Statement | undefined {
    this.skipBlank();
    this.#attributesOfVariable();
    const start = this.position;
    const label = this.#label();
    const keyword = /^[a-z]+(?![\w*?/\\:.-])/i.exec(this.word())?.[0].toLowerCase() ?? '';
    if (keyword === 'function' || keyword === 'filter') return this.functionDefinition(keyword);
    const steering = keyword && this.control(keyword, label);
    if (steering) return steering;
    if (label !== undefined) this.unexpected();
    if (['elseif', 'else', 'catch', 'finally', 'until'].includes(keyword)) this.unexpected();
    if (keyword === 'param')
      this.fail(
        'UnexpectedToken',
        "'param' must be the first statement of a script, a function or a block.",
        this.here(5),
      );
    return this.#chain(this.#pipelineOrAssignment(start));
  }

  /** `[ValidateRange(1, 5)] $x = 3`. Those that say what a function is say nothing of a variable; scripts have them where `param` was forgotten. */
  #attributesOfVariable(): void {
    while (this.attributeFollows()) {
      const { name, at } = this.attribute();
      this.skipLines();
      if (this.peek() !== '$' && this.peek() !== '[')
        this.fail(
          'UnexpectedAttribute',
          `Unexpected attribute '${this.text
            .slice(at[0] + 1, at[1])
            .split('(', 1)[0]!
            .trim()}'.`,
          at,
        );
      if (!OF_FUNCTIONS.has(name))
        this.note('A variable that checks its value', at, 'Check it with if, or declare it in param ( … ).');
    }
  }

  /** `:outer` before a loop. */
  #label(): string | undefined {
    const m = /:([a-z]\w*)(?![\w\\:])/iy;
    m.lastIndex = this.position;
    const found = m.exec(this.text);
    if (!found) return undefined;
    this.position += found[0].length;
    this.skipLines();
    return found[1]!.toLowerCase();
  }

  /** What needs not be done here (`using namespace`), and what cannot be: a block that is named and stepped over. */
  #passedOver(): boolean {
    const word = /^[a-z]+(?![\w*?/\\:.-])/i.exec(this.word())?.[0].toLowerCase() ?? '';
    const at = this.here(word.length);
    if (word === 'using') {
      const line = /using\s+(\w+)[^\r\n;]*/iy;
      line.lastIndex = this.position;
      const found = line.exec(this.text);
      if (found?.[1]?.toLowerCase() !== 'namespace')
        this.note(`'using ${found?.[1] ?? ''}'`, at, 'Run the file with a dot before it: . ./file.ps1');
      this.position += found?.[0].length ?? word.length;
      return true;
    }
    const instead = REFUSED_KEYWORDS.get(word);
    if (instead === undefined) return false;
    this.note(`'${word}'`, at, instead);
    this.position += word.length;
    while (!this.atEnd && this.peek() !== '{' && this.peek() !== '}' && this.peek() !== ';') this.position++;
    if (this.peek() === '{') this.#skipBraces();
    return true;
  }

  /** To behind the brace that closes the one here. */
  #skipBraces(): void {
    const open = this.here();
    for (let depth = 0; ; ) {
      this.skipLines();
      const c = this.peek();
      if (c === '')
        this.missing('MissingEndCurlyBrace', "Missing closing '}' in statement block or type definition.", open);
      if (isSingleQuote(c)) this.literalString();
      else if (isDoubleQuote(c)) this.expandableString();
      else {
        this.position++;
        if (c === '{') depth++;
        else if (c === '}' && --depth === 0) return;
      }
    }
  }

  #chain(first: Statement | undefined): Statement | undefined {
    let statement = first;
    for (let length = 0; statement; this.chain(++length)) {
      const before = this.position;
      this.skipBlank();
      const operator = this.startsWith('&&') ? '&&' : this.startsWith('||') ? '||' : undefined;
      if (!operator) {
        this.position = before;
        return statement;
      }
      const at = this.here(2);
      this.position += 2;
      this.skipLines();
      const start = this.position;
      const then = this.#pipelineOrAssignment(start);
      if (!then) this.missing('EmptyPipelineChainElement', `Missing a pipeline after '${operator}'.`, at);
      statement = { kind: 'chain', first: statement, operator, then, at: [statement.at[0], then.at[1]] };
    }
    return undefined;
  }

  #pipelineOrAssignment(start: number): Statement | undefined {
    if (!this.#startsExpression()) return this.pipeline(start);
    const noted = this.refused.length;
    const target = this.expression();
    const assignment = this.#assignment(target, start, noted);
    if (assignment) return assignment;
    return this.pipeline(start, target);
  }

  /** @param noted how much was refused before the target */
  #assignment(target: Expression, start: number, noted: number): Assignment | undefined {
    this.skipBlank();
    const m = /(?:[-+*/%–—―]|\?\?)?=/y;
    m.lastIndex = this.position;
    const operator = m.exec(this.text)?.[0].replace(/^[–—―]/, '-') as Assignment['operator'] | undefined;
    if (!operator || this.startsWith('==')) return undefined;
    const operatorAt = this.here(operator.length);
    const isWithoutEffect = WITHOUT_EFFECT.test(this.text.slice(target.at[0], this.position));
    // a member of a type that is not there is told already
    const isTold = target.kind === 'static' && this.refused.length > noted;
    const place = isWithoutEffect || isTold ? nothing(target.at) : target;
    if (!isAssignable(place) || (place.kind === 'list' && operator !== '=')) {
      this.fail(
        'InvalidLeftHandSide',
        'The assignment expression is not valid. The input to an assignment operator must be an object that is able to accept assignments, such as a variable or a property.',
        target.at,
      );
    }
    this.refuseAutomatic(place);
    this.position += operator.length;
    this.skipLines();
    const value = this.statement();
    if (!value)
      this.missing(
        'ExpectedValueExpression',
        `You must provide a value expression following the '${operator}' operator.`,
        operatorAt,
      );
    if (!isWithoutEffect) return { kind: 'assignment', target: place, operator, value, at: this.from(start) };
    this.refused.splice(noted);
    const none: Pipeline = { kind: 'pipeline', source: nothing(target.at), commands: [], at: target.at };
    return { kind: 'assignment', target: place, operator: '=', value: none, at: this.from(start) };
  }

  protected refuseAutomatic(target: Expression): void {
    const within = target.kind === 'index' ? target.target : target;
    if (within.kind === 'variable' && within.name === 'psdefaultparametervalues')
      this.note(
        '$PSDefaultParameterValues',
        within.at,
        'Give the parameter to each cmdlet, or a table of them: @parameters.',
      );
    const variable = target.kind === 'cast' ? target.operand : target;
    if (variable.kind !== 'variable') return;
    if (['true', 'false', '?', 'error'].includes(variable.name)) {
      this.fail(
        'VariableNotWritable',
        `Cannot overwrite variable ${variable.written} because it is read-only or constant.`,
        variable.at,
      );
    }
    if (variable.name.startsWith('env:'))
      this.note('Setting an environment variable', variable.at, 'Write a variable of the script: $path = …');
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
}

/** A text that was read: its statements, and what in it is not of this language. */
export interface Parsed {
  readonly body: Body;
  readonly refused: readonly SyntaxProblem[];
  readonly names: KnownNames;
}

/** Reads a text to its end. @throws SyntaxProblem where it cannot be read further, with what was refused before */
export function parseAll(text: string): Parsed {
  const parser = new Parser(text);
  try {
    const body = parser.script();
    return { body, refused: parser.refused, names: parser.names };
  } catch (error) {
    if (!(error instanceof SyntaxProblem) || error.completeness === 'incomplete') throw error;
    throw SyntaxProblem.together([...parser.refused, error])!;
  }
}

/** The body of a text of this language. @throws SyntaxProblem, one for all that is refused */
export function parse(text: string): Body {
  const { body, refused } = parseAll(text);
  const problem = SyntaxProblem.together(refused);
  if (problem) throw problem;
  return body;
}

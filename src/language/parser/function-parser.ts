/** Reads functions, `param( … )` with its attributes, and `begin`, `process` and `end` blocks. */
import type {
  Attribute,
  Body,
  Expression,
  FunctionDefinition,
  ParameterDeclaration,
  Statement,
  VariableScope,
} from './ast.ts';
import { endsWord, isNamePart, isNameStart } from './characters.ts';
import { ControlParser } from './control-parser.ts';

const BLOCKS = new Set(['begin', 'process', 'end']);

export abstract class FunctionParser extends ControlParser {
  protected functionDefinition(keyword: 'function' | 'filter'): FunctionDefinition {
    const start = this.position;
    this.position += keyword.length;
    this.skipBlank();
    const nameAt = this.position;
    while (!this.atEnd && !endsWord(this.peek())) this.position++;
    const written = this.text.slice(nameAt, this.position);
    if (written === '')
      this.missing('MissingNameAfterKeyword', `Missing name after ${keyword} keyword.`, [start, this.position]);
    const [, scope, name] = /^(?:(global|script|local|private):)?(.*)$/is.exec(written)!;
    this.names.functions.add(name!.toLowerCase());
    this.skipLines();
    const parameters = this.peek() === '(' ? this.#parameters() : undefined;
    this.skipLines();
    const open = this.here();
    if (!this.take('{'))
      this.missing('MissingFunctionBody', `Missing function body in ${keyword} declaration.`, this.here());
    const body = this.bodyUntilBrace(open);
    return {
      kind: 'function',
      name: name!,
      scope: scope?.toLowerCase() as VariableScope | undefined,
      isFilter: keyword === 'filter',
      body: parameters ? { ...body, parameters } : body,
      at: this.from(start),
    };
  }

  protected bodyUntil(close: '}' | ''): Body {
    const start = this.position;
    const head = this.#head();
    const blocks: { begin?: Statement[]; process?: Statement[]; end?: Statement[] } = {};
    let isNamed = false;
    for (;;) {
      const name = this.#blockName();
      if (name === undefined) break;
      isNamed = true;
      const keyword = this.here(name.length);
      this.position += name.length;
      this.skipLines();
      const open = this.here();
      this.position++; // the brace, as #blockName saw it
      const statements = this.nested(() => this.statementsUntil('}'));
      this.closeBrace(open);
      if (name === 'begin' || name === 'process' || name === 'end') {
        if (blocks[name])
          this.fail(
            'DuplicateScriptCommandClause',
            `Script command clause '${name}' has already been defined.`,
            keyword,
          );
        blocks[name] = statements;
      } else this.note(`'${name}'`, keyword, "Write it in 'begin' or 'end'.");
    }
    if (isNamed) {
      this.skipLines();
      if (!this.atEnd && this.peek() !== close) this.unexpected();
    }
    const end = isNamed ? (blocks.end ?? []) : this.statementsUntil(close);
    const text = this.text.slice(start, this.position);
    return { ...head, begin: blocks.begin, process: blocks.process, end, text };
  }

  /** The block whose name stands here before a brace. */
  #blockName(): string | undefined {
    const before = this.position;
    this.skipLines();
    while (this.take(';')) this.skipLines();
    const name = /^(begin|process|end|clean|dynamicparam)(?![\w-])/i.exec(this.word())?.[1]?.toLowerCase();
    if (name) {
      const at = this.position;
      this.position += name.length;
      this.skipLines();
      const isBlock = this.peek() === '{';
      this.position = at;
      if (isBlock) return name;
      if (BLOCKS.has(name)) this.position = at;
    }
    this.position = before;
    return undefined;
  }

  /** `[CmdletBinding()] param( … )`, when a body begins so. */
  #head(): { parameters?: ParameterDeclaration[]; attributes: Attribute[] } {
    const before = this.position;
    this.skipLines();
    const attributes: Attribute[] = [];
    while (this.attributeFollows()) {
      attributes.push(this.attribute());
      this.skipLines();
    }
    if (/^param(?![\w-])/i.test(this.word())) {
      this.position += 5;
      this.skipLines();
      if (this.peek() === '(') return { parameters: this.#parameters(), attributes };
    }
    this.position = before;
    return { attributes: [] };
  }

  protected attributeFollows(): boolean {
    const m = /\[\s*[\w.]+\s*\(/y;
    m.lastIndex = this.position;
    return m.test(this.text);
  }

  #parameters(): ParameterDeclaration[] {
    const open = this.here();
    this.position++;
    const parameters: ParameterDeclaration[] = [];
    this.nested(() => {
      for (;;) {
        this.skipLines();
        if (this.atEnd || this.peek() === ')') return;
        parameters.push(this.#declaration());
        this.chain(parameters.length);
        this.skipLines();
        if (!this.take(',')) return;
      }
    });
    if (!this.take(')'))
      this.missingClose(
        'MissingEndParenthesisInFunctionParameterList',
        "Missing ')' in function parameter list.",
        open,
      );
    return parameters;
  }

  #declaration(): ParameterDeclaration {
    const start = this.position;
    const attributes: Attribute[] = [];
    let type: string | undefined;
    for (;;) {
      this.skipLines();
      if (this.peek() !== '[') break;
      if (this.attributeFollows()) attributes.push(this.attribute());
      else type = this.typeName().written;
    }
    const variable = this.peek() === '$' ? this.variable(false) : undefined;
    if (!variable) return this.missing('MissingParameterName', 'Missing parameter name.', this.here());
    this.skipLines();
    let otherwise: Expression | undefined;
    if (this.take('=')) {
      this.skipLines();
      if (!this.startsOperand())
        this.missing('MissingExpressionAfterToken', "Missing expression after '='.", this.here());
      otherwise = this.withCommas('end', () => this.expression());
    }
    return { variable, type, attributes, otherwise, at: this.from(start) };
  }

  protected attribute(): Attribute {
    const start = this.position++;
    this.skipBlank();
    const nameAt = this.position;
    while (isNamePart(this.peek()) || this.peek() === '.') this.position++;
    const name = this.text.slice(nameAt, this.position);
    this.skipBlank();
    const open = this.here();
    this.position++; // the parenthesis
    const positional: Expression[] = [];
    const named = new Map<string, Expression | undefined>();
    this.nested(() => {
      for (;;) {
        this.skipLines();
        if (this.atEnd || this.peek() === ')') return;
        this.#attributeArgument(positional, named);
        this.skipLines();
        if (!this.take(',')) return;
      }
    });
    if (!this.take(')'))
      this.missingClose('MissingEndParenthesisInExpression', "Missing closing ')' in expression.", open);
    this.skipLines();
    if (!this.take(']'))
      this.missing(
        'EndSquareBracketExpectedAtEndOfAttribute',
        'Missing ] at end of attribute or type literal.',
        this.here(),
      );
    const short = name
      .split('.')
      .at(-1)!
      .toLowerCase()
      .replace(/attribute$/, '');
    return { name: short, positional, named, at: this.from(start) };
  }

  #attributeArgument(positional: Expression[], named: Map<string, Expression | undefined>): void {
    const start = this.position;
    if (isNameStart(this.peek())) {
      const name = this.name().toLowerCase();
      this.skipBlank();
      if (this.peek() === ',' || this.peek() === ')') {
        named.set(name, undefined);
        return;
      }
      if (this.take('=')) {
        this.skipLines();
        named.set(
          name,
          this.withCommas('end', () => this.expression()),
        );
        return;
      }
      this.position = start;
    }
    if (!this.startsOperand()) this.unexpected();
    positional.push(this.withCommas('end', () => this.expression()));
  }
}

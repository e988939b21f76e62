/** Reads pipelines and commands: names, parameters and arguments as PowerShell's argument mode has them, and redirection. */
import { Integer } from '../../pipeline/number.ts';
import type { Command, Element, Expression, Pipeline, Redirect, Variable } from './ast.ts';
import {
  endsWord,
  isDash,
  isDigit,
  isDoubleQuote,
  isNameStart,
  isNewline,
  isSingleQuote,
  isSpace,
} from './characters.ts';
import { ExpressionParser } from './expression-parser.ts';
import type { Span } from './syntax-error.ts';

/** What a text itself adds to the commands that there are. */
export interface KnownNames {
  /** Its functions, in lower case. */
  readonly functions: Set<string>;
  /** Aliases that it sets by words (`Set-Alias grc Get-ReceiveConnector`), by their names in lower case. */
  readonly aliases: Map<string, string>;
  /** It runs other texts in its own scope, which may define more. */
  definesMore: boolean;
}

export abstract class CommandParser extends ExpressionParser {
  readonly names: KnownNames = { functions: new Set(), aliases: new Map(), definesMore: false };

  /** Commands with `|` between; the first may be an expression, already read. */
  protected pipeline(start: number, source?: Expression): Pipeline | undefined {
    const commands: Command[] = [];
    let into: Pipeline['into'];
    const redirects: Redirect[] = [];
    if (!source) {
      const first = this.#command();
      if (!first) {
        if (this.peek() === '|') this.fail('EmptyPipeElement', 'An empty pipe element is not allowed.', this.here());
        return undefined;
      }
      commands.push(first.command);
      into = first.into;
    } else {
      for (;;) {
        this.skipBlank();
        const before = this.position;
        const redirected = this.#redirection(redirects);
        if (!redirected && this.position === before) break;
        into = redirected ?? into;
      }
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
    const end = Math.max(commands.at(-1)?.at[1] ?? source!.at[1], into?.at[1] ?? 0, redirects.at(-1)?.at[1] ?? 0);
    const streams = redirects.length ? { redirects } : {};
    return { kind: 'pipeline', source, ...streams, commands, into, at: [start, end] };
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
    const called = this.#called();
    if (c === '>' || c === '<') return this.unexpected();
    if (!called && endsWord(c)) return undefined;
    const nameExpression = called?.what ?? this.bareWord();
    const nameAt = this.from(start);
    if (nameExpression.kind !== 'literal' && !called) {
      const unseen = /^[\u200b-\u200f\u2060\ufeff]+/.exec(this.text.slice(...nameAt));
      if (unseen)
        this.note(
          'An invisible character',
          nameAt,
          'It came along when the text was copied: remove what stands before $.',
        );
      else this.note('A computed command name', nameAt, "Write '&' before it.");
    }
    const name = nameExpression.kind === 'literal' ? String(nameExpression.value) : '';
    if (/^(?:iex|Invoke-Expression)$/i.test(name)) this.names.definesMore = true;
    return this.nested(() => {
      const elements: Element[] = [];
      const redirects: Redirect[] = [];
      let into: Pipeline['into'];
      let end = this.position;
      let parametersOver = false;
      for (;;) {
        this.skipBlank();
        if (this.#endsCommand()) break;
        const place = this.#placeToFill();
        if (place) {
          elements.push(place);
          continue;
        }
        const before = this.position;
        const redirected = this.#redirection(redirects);
        if (redirected || this.position > before) into = redirected ?? into;
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
      if (/^(?:Set-Alias|sal|New-Alias|nal)$/i.test(name)) this.#noteAlias(elements);
      // a module by its name brings nothing that is not there; a file might
      if (/^(?:Import-Module|ipmo)$/i.test(name) && !elements.every(isOfModuleByName)) this.names.definesMore = true;
      return { command: { kind: 'command', name, nameAt, called, elements, redirects, at: [start, end] }, into };
    });
  }

  /** A name that a text gives a command is one of its commands, wherever it stands; one that is computed may be any. */
  #noteAlias(elements: readonly Element[]): void {
    const given: Record<'name' | 'value', Expression | undefined> = { name: undefined, value: undefined };
    const positional: Expression[] = [];
    for (let i = 0; i < elements.length; i++) {
      const one = elements[i]!;
      if (one.kind === 'argument') positional.push(one.value);
      if (one.kind !== 'parameter' || /^(?:f|p)/i.test(one.name)) continue;
      const next = elements[i + 1];
      const follows = one.value === undefined && next?.kind === 'argument';
      if (follows) i++;
      const value = follows ? next.value : one.value;
      if (/^n/i.test(one.name)) given.name = value;
      else if (/^v/i.test(one.name)) given.value = value;
    }
    const name = given.name ?? positional.shift();
    const value = given.value ?? positional.shift();
    if (name?.kind === 'literal' && value?.kind === 'literal')
      this.names.aliases.set(String(name.value).toLowerCase(), String(value.value));
    else this.names.definesMore = true;
  }

  /** `& what …` calls a block, or the command of that name; `. what …` does so in this scope. */
  #called(): Command['called'] {
    const c = this.peek();
    const inThisScope = c === '.';
    if (c !== '&' && !inThisScope) return undefined;
    const next = this.peek(1);
    if (
      inThisScope &&
      !(isSpace(next) || isSingleQuote(next) || isDoubleQuote(next) || (next !== '' && '${('.includes(next)))
    )
      return undefined;
    if (this.startsWith('&&')) return undefined;
    const at = this.here();
    this.position++;
    this.skipBlank();
    if (this.#endsCommand() || this.atEnd)
      this.missing('MissingExpression', `Missing expression after '${c}' in pipeline element.`, at);
    const what = this.single();
    // the scripts that load Exchange's shell bring nothing that is not there
    const isShell = /(?:RemoteExchange|Connect-ExchangeServer|ConnectFunctions)\.ps1['"]?$/i.test(
      this.text.slice(...what.at),
    );
    if (inThisScope && what.kind !== 'block' && !isShell) this.names.definesMore = true;
    return { what, inThisScope };
  }

  #endsCommand(): boolean {
    const c = this.peek();
    if (c === '' || isNewline(c) || c === ';' || c === ')' || c === '}') return true;
    if (c === '&' && this.peek(1) !== '&') {
      this.note("'&' (run in the background)", this.here(), 'Leave it out; the command runs at once.');
      this.position++;
      this.skipBlank();
      return this.#endsCommand();
    }
    return c === '|' || c === '&';
  }

  #isDashDash(): boolean {
    return isDash(this.peek()) && isDash(this.peek(1)) && endsWord(this.peek(2));
  }

  /** `<Thumbprint from above>`, as guides mark what is to be filled in: told, and taken for a value. */
  #placeToFill(): Element | undefined {
    const place = /<[^<>\n]*[^<>\s][^<>\n]*>/y;
    place.lastIndex = this.position;
    const found = place.exec(this.text)?.[0];
    if (found === undefined) return undefined;
    const at = this.here(found.length);
    this.note(`'${found}'`, at, 'It marks a place: write the value that belongs there.');
    this.position += found.length;
    return { kind: 'argument', value: { kind: 'literal', value: found, at }, at };
  }

  /** `> file`, `>> file`, `> $null`; those of other streams go to `redirects`. */
  #redirection(redirects: Redirect[]): Pipeline['into'] {
    const m = /([1-6*])?>(>|&[12])?|</y;
    m.lastIndex = this.position;
    const found = m.exec(this.text);
    if (!found) return undefined;
    const [operator, stream, more] = found;
    const at = this.here(operator.length);
    if (operator === '<') this.fail('RedirectionNotSupported', "The '<' operator is reserved for future use.", at);
    const isOutput = stream === undefined || stream === '1';
    if (more === '&2' || (more === '&1' && isOutput))
      this.fail('RedirectionNotSupported', `The '${operator}' operator is reserved for future use.`, at);
    this.position += operator.length;
    let file: Expression | undefined;
    if (more !== '&1') {
      this.skipBlank();
      if (this.atEnd || (endsWord(this.peek()) && this.peek() !== '('))
        this.missing('MissingFileSpecification', 'Missing file specification after redirection operator.', at);
      file = this.single();
    }
    const where = [at[0], this.position] as const;
    if (isOutput) return { file: file!, append: more === '>', at: where };
    redirects.push({
      stream: stream === '*' ? stream : (Number(stream) as 2),
      file,
      append: more === '>',
      at: where,
    });
    return undefined;
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
      return { kind: 'splat', of: variable, at: this.from(start) };
    }
    const items = [this.single()];
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
      items.push(this.single());
    }
    const at = this.from(start);
    return { kind: 'argument', value: items.length === 1 ? items[0]! : { kind: 'list', items, at }, at };
  }

  /** One value of an argument, up to a blank or comma. */
  protected single(): Expression {
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
    // `-5s` is a word
    if (!number || number.value instanceof Integer) {
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
}

/** `ActiveDirectory`, `-Force`; not `./Mine.psm1`, nor what is computed. */
function isOfModuleByName(element: Element): boolean {
  if (element.kind === 'splat') return false;
  if (!element.value) return true;
  return element.value.kind === 'literal' && !/[/\\]|\.ps[md]?1$/i.test(String(element.value.value));
}

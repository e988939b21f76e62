/**
 * Piped input as objects: NDJSON, JSON objects over several lines (as jq prints them), a JSON array, or plain names, a line
 * each (in quotes or not). Each is given on as soon as it is complete.
 */

import { CmdletError } from '../pipeline/error.ts';
import type { Value } from '../pipeline/value.ts';
import { fromJson } from '../print/from-json.ts';
import { jsonProblem } from '../print/json-problem.ts';
import { keysTwice } from '../store/json-text.ts';
import { show } from '../text/printable.ts';

/** The formats of --output besides JSON, by how they begin. */
const PRINTED: readonly (readonly [form: string, begins: RegExp])[] = [
  ['YAML', /^- [A-Z]\w*:\s/],
  ['CSV', /^"\w+"(?:,"\w+")+\r?\n/],
  ['a list', /^[A-Z]\w* *: /],
  ['a table', /^(?:[┌╭]|[^\n]+\n-+(?: +-+)* *(?:\r?\n|$))/],
];

/**
 * @param isNamed lines are names of objects, and no text that is read on
 * @throws CmdletError naming the line that is not what it begins to be
 */
export async function* objectsIn(chunks: Iterable<string>, { isNamed = false } = {}): AsyncGenerator<Value> {
  const input = new Input(isNamed);
  for (const chunk of decoded(chunks)) {
    input.add(chunk);
    yield* input.complete(false);
  }
  yield* input.complete(true);
}

function* decoded(chunks: Iterable<string>): Generator<string> {
  try {
    yield* chunks;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ERR_ENCODING_INVALID_ENCODED_DATA')
      throw invalid('Standard input is not UTF-8 text.');
    throw error;
  }
}

class Input {
  #text = '';
  #line = 1;
  #begun = false;
  /** What comes first is looked at, whether it is what is printed for people, or in another format. */
  #mayBePrinted: boolean;
  /** How far an unfinished JSON value was read. */
  #scan: { at: number; depth: number; inText: boolean } | undefined;

  constructor(isNamed: boolean) {
    this.#mayBePrinted = isNamed;
  }

  add(chunk: string): void {
    this.#text += this.#begun ? chunk : chunk.replace(/^\ufeff/, '');
    this.#begun = true;
  }

  /** The values that are complete; at the end of the input, all that is left. */
  *complete(atEnd: boolean): Generator<Value> {
    for (;;) {
      if (!this.#scan) {
        this.#take(/^\s*/.exec(this.#text)![0].length);
        if (this.#text === '') return;
        const end = this.#text.indexOf('\n');
        if (end < 0 && !atEnd) return;
        const line = end < 0 ? this.#text : this.#text.slice(0, end);
        if (!/^[{[]/.test(line)) {
          this.#refusePrinted();
          yield nameOf(line.trim(), this.#line);
          this.#take(line.length);
          continue;
        }
        const whole = parsed(line);
        if (whole !== undefined) {
          yield* items(this.#unambiguous(line, whole));
          this.#take(line.length);
          continue;
        }
      }
      const length = this.#endOfJson();
      if (length === undefined && !atEnd) return;
      const text = this.#text.slice(0, length);
      yield* items(this.#unambiguous(text, this.#parse(text)));
      this.#take(text.length);
      this.#scan = undefined;
    }
  }

  #refusePrinted(): void {
    const form = this.#mayBePrinted && PRINTED.find(([, begins]) => begins.test(this.#text))?.[0];
    this.#mayBePrinted = false;
    if (form)
      throw invalid(
        `Standard input is ${form}, which cannot be piped on. Pipe objects (rc get prints JSON into a pipe; leave --output out, or say --output json), or names, a line each.`,
      );
  }

  #take(length: number): void {
    for (let at = this.#text.indexOf('\n'); at >= 0 && at < length; at = this.#text.indexOf('\n', at + 1)) this.#line++;
    this.#text = this.#text.slice(length);
  }

  /** The length of the JSON value that the text begins with; `undefined` while its end is not there. */
  #endOfJson(): number | undefined {
    this.#scan ??= { at: 0, depth: 0, inText: false };
    const { scan } = { scan: this.#scan };
    for (; scan.at < this.#text.length; scan.at++) {
      const c = this.#text[scan.at];
      if (scan.inText) {
        if (c === '\\') {
          if (scan.at + 1 >= this.#text.length) return undefined;
          scan.at++;
        } else if (c === '"') scan.inText = false;
        else if (c === '\n') return scan.at; // no JSON text goes over a line: it is broken here
      } else if (c === '"') scan.inText = true;
      else if (c === '{' || c === '[') scan.depth++;
      else if ((c === '}' || c === ']') && --scan.depth === 0) return scan.at + 1;
    }
    return undefined;
  }

  /** JSON.parse takes the last of two and says nothing. */
  #unambiguous(text: string, value: unknown): unknown {
    const [first] = keysTwice(text, value);
    if (!first) return value;
    throw invalid(
      `Line ${this.#line} of standard input has ${show(first.key)} twice in the same object; only one can be meant: ${show(text)}.`,
    );
  }

  #parse(text: string): unknown {
    try {
      return JSON.parse(text);
    } catch (error) {
      throw invalid(
        `Line ${this.#line} of standard input begins like a JSON ${text.startsWith('[') ? 'array' : 'object'} but is not JSON (${jsonProblem(error)}): ${show(text)}. Pipe the output of rc get, JSON objects or an array of them, or names, a line each.`,
      );
    }
  }
}

function parsed(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}

function* items(value: unknown): Generator<Value> {
  if (Array.isArray(value)) for (const item of value) yield fromJson(item);
  else yield fromJson(value);
}

function nameOf(line: string, number: number): Value {
  if (/[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]/.test(line))
    throw invalid(`Line ${number} of standard input is neither a JSON object nor a name: ${show(line)}.`);
  const quoted = /^".*"$/.test(line) ? parsed(line) : undefined;
  return typeof quoted === 'string' ? quoted : line;
}

function invalid(message: string): CmdletError {
  return new CmdletError(message, { kind: 'usage', id: 'InvalidInput' });
}

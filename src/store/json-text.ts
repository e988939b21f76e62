/**
 * Where things stand in a JSON text: the place of a syntax error, of a value, of a key that stands twice. JSON.parse says
 * none of this reliably, and a person who mends a file needs line and column. Read only when something is wrong.
 */

/** Counted from 1; columns in UTF-16 code units, as editors count them. */
export interface Place {
  readonly line: number;
  readonly column: number;
}

/** What a value is made of, with offsets into the text. */
interface Node {
  readonly start: number;
  readonly members?: readonly { readonly key: string; readonly keyStart: number; readonly value: Node }[];
  readonly items?: readonly Node[];
}

export class JsonSyntaxError extends Error {
  constructor(
    message: string,
    readonly offset: number,
  ) {
    super(message);
  }
}

/** JSON deeper than this is no document of ours; the bound keeps the stack safe. */
const DEEPEST = 200;

/** The structure of a JSON text. @throws JsonSyntaxError at the first thing that is wrong */
export function outline(text: string): Node {
  const reader = new Reader(text);
  reader.space();
  const root = reader.value(0);
  reader.space();
  if (reader.at < text.length) reader.fail('there is more after the end');
  return root;
}

export function placeAt(text: string, offset: number): Place {
  const before = text.slice(0, offset);
  const lines = before.split('\n');
  const column = lines.at(-1)!.length + 1;
  // A byte order mark is in the text, but no editor shows it.
  return { line: lines.length, column: lines.length === 1 && text.startsWith('\ufeff') ? column - 1 : column };
}

/** The node a path leads to, or the nearest one above it. */
export function nodeAt(root: Node, path: readonly (string | number)[]): Node {
  let node = root;
  for (const step of path) {
    const next =
      typeof step === 'number' ? node.items?.[step] : node.members?.findLast((member) => member.key === step)?.value;
    if (!next) break;
    node = next;
  }
  return node;
}

/** Keys that stand more than once in one object: JSON.parse takes the last and says nothing. */
export function duplicateKeys(root: Node): { readonly key: string; readonly offset: number }[] {
  const found: { key: string; offset: number }[] = [];
  const pending = [root];
  for (let node = pending.pop(); node; node = pending.pop()) {
    const seen = new Set<string>();
    for (const { key, keyStart, value } of node.members ?? []) {
      if (seen.has(key)) found.push({ key, offset: keyStart });
      seen.add(key);
      pending.push(value);
    }
    pending.push(...(node.items ?? []));
  }
  return found.sort((a, b) => a.offset - b.offset);
}

/**
 * Keys that stand twice, of a text and what it was parsed to. Counting tells at once that there are none: every key is written
 * as `"…":`, so as many of these as there are keys means that none was lost. No value begins with a colon, but a text can: `"::1"`.
 */
export function keysTwice(text: string, parsed: unknown): { readonly key: string; readonly offset: number }[] {
  if ((text.match(/"\s*:(?!:)/g)?.length ?? 0) <= keysIn(parsed)) return [];
  return duplicateKeys(outline(text));
}

function keysIn(parsed: unknown): number {
  let count = 0;
  const pending: unknown[] = [parsed];
  while (pending.length) {
    const value = pending.pop();
    if (typeof value !== 'object' || value === null) continue;
    const inside = Object.values(value);
    if (!Array.isArray(value)) count += inside.length;
    for (const item of inside) if (typeof item === 'object') pending.push(item);
  }
  return count;
}

/** The first number that no number in JSON's readers can hold: `9…9` of 400 digits, `1e999`. They would take it for infinity. */
export function numberTooLarge(text: string): { readonly number: string; readonly offset: number } | undefined {
  if (!/\d{300}|[\s:,[]-?\d+(?:\.\d+)?[eE]\+?\d{3}/.test(text)) return undefined;
  const pending = [outline(text)];
  for (let node = pending.pop(); node; node = pending.pop()) {
    const inside = node.items ?? node.members?.map(({ value }) => value);
    if (inside) pending.push(...[...inside].reverse());
    else {
      WORD.lastIndex = node.start;
      const number = WORD.exec(text)?.[0];
      if (number !== undefined && Math.abs(Number(number)) === Number.POSITIVE_INFINITY)
        return { number, offset: node.start };
    }
  }
  return undefined;
}

/** Depth of objects and lists that are read from outside; deeper ones are no document of ours. */
const DEEPEST_VALUE = 100;

/**
 * Why a parsed value from outside cannot be worked on: nested too deeply, or held by itself (a YAML anchor). What is passed
 * here can be walked and printed without end of stack or time.
 */
export function unboundedValue(value: unknown): string | undefined {
  let nodes = 0;
  const inside: unknown[] = [];
  const visit = (item: unknown): string | undefined => {
    if (typeof item !== 'object' || item === null) return undefined;
    if (inside.includes(item)) return 'it holds itself (an anchor and its alias)';
    if (inside.length >= DEEPEST_VALUE) return `it is nested more than ${DEEPEST_VALUE} levels deep`;
    if (++nodes > MOST_NODES) return `it has more than ${MOST_NODES.toLocaleString('en-US')} objects and lists`;
    inside.push(item);
    for (const child of Object.values(item)) {
      const problem = visit(child);
      if (problem) return problem;
    }
    inside.pop();
    return undefined;
  };
  return visit(value);
}

const MOST_NODES = 1_000_000;

/** A value that is no text, list or object. */
const WORD = /(?:true|false|null|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?)(?![\w.+-])/y;

class Reader {
  at = 0;
  constructor(readonly text: string) {
    if (text.startsWith('\ufeff')) this.at = 1;
  }

  fail(why: string, offset = this.at): never {
    throw new JsonSyntaxError(why, offset);
  }

  space(): void {
    while (' \t\r\n'.includes(this.text[this.at] ?? '_')) this.at++;
  }

  value(depth: number): Node {
    if (depth > DEEPEST) this.fail('this is nested too deeply');
    const start = this.at;
    const c = this.text[this.at];
    if (c === undefined) this.fail('the text ends here, in the middle');
    if (c === '{') return this.object(start, depth);
    if (c === '[') return this.array(start, depth);
    if (c === '"') this.string();
    else {
      WORD.lastIndex = this.at;
      const word = WORD.exec(this.text);
      if (!word) this.fail(`a value is expected here, not ${this.shown()}`);
      this.at += word[0].length;
    }
    return { start };
  }

  private object(start: number, depth: number): Node {
    const members: { key: string; keyStart: number; value: Node }[] = [];
    this.at++;
    this.space();
    if (this.text[this.at] === '}') {
      this.at++;
      return { start, members };
    }
    for (;;) {
      const keyStart = this.at;
      if (this.text[this.at] === '}') this.fail('there is a comma before this } that must go');
      if (this.text[this.at] !== '"') this.fail(`a "key" is expected here, not ${this.shown()}`);
      const key = this.string();
      this.space();
      if (this.text[this.at] !== ':') this.fail(`a : is expected here, not ${this.shown()}`);
      this.at++;
      this.space();
      members.push({ key, keyStart, value: this.value(depth + 1) });
      if (this.ends('}')) return { start, members };
    }
  }

  private array(start: number, depth: number): Node {
    const items: Node[] = [];
    this.at++;
    this.space();
    if (this.text[this.at] === ']') {
      this.at++;
      return { start, items };
    }
    for (;;) {
      if (this.text[this.at] === ']') this.fail('there is a comma before this ] that must go');
      items.push(this.value(depth + 1));
      if (this.ends(']')) return { start, items };
    }
  }

  /** After an element: a comma (more to come) or the end. */
  private ends(close: '}' | ']'): boolean {
    this.space();
    const c = this.text[this.at];
    if (c === undefined) this.fail(`the text ends here; a ${close} is missing`);
    if (c !== ',' && c !== close) this.fail(`a comma or ${close} is expected here, not ${this.shown()}`);
    this.at++;
    if (c === close) return true;
    this.space();
    return false;
  }

  private string(): string {
    const start = this.at++;
    for (;;) {
      const c = this.text[this.at];
      if (c === undefined || c === '\n') this.fail('this text has no closing quote', start);
      if (c < ' ') this.fail('a control character must be escaped in a text');
      this.at++;
      if (c === '"') break;
      if (c !== '\\') continue;
      if (!/^(?:["\\/bfnrt]|u[0-9a-fA-F]{4})/.test(this.text.slice(this.at, this.at + 5)))
        this.fail('this \\ escapes nothing known', this.at - 1);
      this.at++;
    }
    return JSON.parse(this.text.slice(start, this.at)) as string;
  }

  private shown(): string {
    const c = this.text[this.at];
    if (c === undefined) return 'the end of the text';
    if (c === '/' || c === '#') return 'a comment (JSON has none)';
    if (c === "'") return "' (texts stand in double quotes)";
    return JSON.stringify(c);
  }
}

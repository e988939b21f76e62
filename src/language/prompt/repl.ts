/**
 * `rc shell`: the prompt. node:readline edits the line and keeps the history; what is typed goes through the same parser
 * and runner as `rc -c`. Ctrl-C gives up the line or ends the running statement, Ctrl-D leaves.
 */
import { createInterface, emitKeypressEvents, type Interface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';
import type { Host } from '../../pipeline/context.ts';
import { propertyNames } from '../../pipeline/property-expression.ts';
import { isScriptBlock, PsObject, type Value } from '../../pipeline/value.ts';
import { formatOutput, type OutputFormat } from '../../print/output.ts';
import { sayingBehind, WaitingRows } from '../../print/waiting-rows.ts';
import { compileWhole } from '../compiler/compile.ts';
import { parse } from '../parser/parser.ts';
import { SyntaxProblem } from '../parser/syntax-error.ts';
import { methodNames } from '../runtime/methods.ts';
import { runText, type ScriptWorld } from '../runtime/script.ts';
import { Session } from '../runtime/session.ts';
import { type Completion, type CompletionWorld, complete } from './complete.ts';
import { Pager, PagerQuit } from './pager.ts';
import { LineHistory } from './prompt-history.ts';

declare module 'node:readline' {
  /** What node's line editor has besides what it documents (lib/internal/readline/interface.js). */
  interface Interface {
    history?: string[];
    _writeToOutput(text: string): void;
  }
}

const PROMPT = '[PS] rc> ';
const CONTINUED = '>> ';

export interface ShellOptions {
  readonly input: Readable;
  readonly output: Writable;
  /** Are input and output a terminal? Then there is a prompt, editing, paging and questions. */
  readonly terminal: boolean;
  readonly world: ScriptWorld;
  readonly format: OutputFormat;
  readonly colour: boolean;
  /** The folder of the history. */
  readonly home: string;
  completion(session: Session): CompletionWorld;
  size(): { readonly rows: number; readonly columns: number };
}

/** Runs the prompt until it is left. The exit code: that of `exit`, else of the last line that was run. */
export async function runShell(options: ShellOptions): Promise<number> {
  return new Shell(options).run();
}

class Shell {
  readonly #options: ShellOptions;
  readonly #session: Session;
  readonly #world: ScriptWorld;
  readonly #history: LineHistory;
  readonly #readline: Interface;
  readonly #lines: string[] = [];
  #wake: (() => void) | undefined;
  #closed = false;
  #running = false;
  /** Aborted by Ctrl-C while a statement runs. */
  #stop = new AbortController();
  /** Lines of a statement that goes on. */
  #lineIsOpen = false;
  #pending = '';
  /** A question waits for the next line. */
  #answer: ((line: string | undefined) => void) | undefined;
  #key: ((key: string | undefined) => void) | undefined;
  #muted = false;
  #lent = false;
  /** Rows of a table that wait while something else is said. */
  readonly #waiting = new WaitingRows();

  constructor(options: ShellOptions) {
    this.#options = options;
    const { world, terminal } = options;
    const said = sayingBehind(world.host, () => void options.output.write(this.#waiting.take()));
    const host: Host = Object.defineProperties(Object.create(said) as Host, {
      ask: { value: (prompt: string, how?: { secret?: boolean }) => this.#ask(prompt, how?.secret ?? false) },
      interrupted: { value: () => this.#stop.signal },
      columns: { get: () => (terminal ? options.size().columns : undefined) },
      writeHost: {
        value: (text: string, end?: string) => {
          said.writeHost(text, end);
          this.#lineIsOpen = terminal && end === '';
        },
      },
    });
    this.#world = { ...world, host, print: (values) => this.#print(values) };
    this.#session = new Session({ host, store: world.store, compile: compileWhole, takesWords: true });
    this.#history = new LineHistory(options.home, (text) => world.host.writeWarning(text));
    this.#readline = this.#open();
  }

  #open(): Interface {
    const { input, output, terminal } = this.#options;
    const rl = createInterface({
      input,
      output,
      terminal,
      historySize: terminal ? 1000 : 0,
      removeHistoryDuplicates: true,
      prompt: PROMPT,
      completer: terminal ? (line: string) => this.#complete(line) : undefined,
    });
    if (terminal) {
      rl.history = this.#history.load();
      emitKeypressEvents(input, rl);
      input.on('keypress', (text: string | undefined, key: { name?: string; ctrl?: boolean } | undefined) => {
        const name = key?.ctrl && key.name === 'c' ? 'ctrl-c' : (key?.name ?? text);
        const waiting = this.#key;
        this.#key = undefined;
        waiting?.(name);
      });
      this.#hideSecrets(rl);
    }
    rl.on('line', (line) => this.#gotLine(line));
    rl.on('SIGINT', () => this.#interrupt());
    rl.on('close', () => {
      this.#closed = true;
      this.#answer?.(undefined);
      this.#key?.(undefined);
      this.#wake?.();
    });
    return rl;
  }

  /** While a secret is asked for, or a screen waits for a key, what is typed does not show. */
  #hideSecrets(rl: Interface): void {
    const write = rl._writeToOutput.bind(rl);
    rl._writeToOutput = (text) => {
      if (!this.#muted) write(text);
    };
  }

  async run(): Promise<number> {
    let code = 0;
    const { terminal, output } = this.#options;
    this.#prompt();
    for (;;) {
      const line = await this.#nextLine();
      if (line === undefined) break;
      const text = this.#pending + line;
      const goesOn = this.#goesOn(text, line);
      if (goesOn) {
        this.#pending = `${text}\n`;
        this.#prompt();
        continue;
      }
      this.#pending = '';
      if (text.trim() !== '') {
        const result = await this.#runText(text);
        code = result.code;
        if (result.leave) break;
      }
      this.#prompt();
    }
    if (terminal && this.#closed) output.write('\n');
    this.#readline.close();
    return code;
  }

  #prompt(): void {
    // readline clears the line that it writes the prompt on: what Write-Host -NoNewline left there must not go with it
    if (this.#lineIsOpen) this.#options.world.host.writeHost('');
    this.#lineIsOpen = false;
    if (!this.#options.terminal || this.#closed) return;
    this.#readline.setPrompt(this.#pending === '' ? PROMPT : CONTINUED);
    this.#readline.prompt();
  }

  #gotLine(line: string): void {
    const answer = this.#answer;
    if (answer) {
      this.#answer = undefined;
      const typed = this.#readline.history;
      if (typed?.[0] === line) typed.shift(); // an answer is no command to repeat
      answer(line);
      return;
    }
    if (this.#options.terminal) this.#history.add(line);
    this.#lines.push(line);
    this.#wake?.();
  }

  async #nextLine(): Promise<string | undefined> {
    while (!this.#lines.length) {
      if (this.#closed) return undefined;
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
      this.#wake = undefined;
    }
    return this.#lines.shift();
  }

  /** Does the statement go on in the next line? An empty line ends it in any case. */
  #goesOn(text: string, line: string): boolean {
    if (this.#pending !== '' && line.trim() === '' && !/@["'][\s\S]*$/.test(text)) return false;
    if (/(^|[^`])(``)*`$/.test(line)) return true;
    try {
      parse(text);
      return false;
    } catch (error) {
      return error instanceof SyntaxProblem && error.completeness === 'incomplete' && !this.#closed;
    }
  }

  async #runText(text: string): Promise<{ code: number; leave: boolean }> {
    this.#running = true;
    this.#stop = new AbortController();
    this.#session.left = undefined;
    try {
      const code = await runText(text, this.#session, this.#world);
      return { code, leave: this.#session.left !== undefined };
    } finally {
      this.#running = false;
    }
  }

  #interrupt(): void {
    if (this.#lent) return;
    const answer = this.#answer;
    if (answer) {
      this.#session.budget.cancelled = true;
      this.#answer = undefined;
      this.#options.output.write('^C\n');
      answer(undefined);
      return;
    }
    if (this.#running) {
      this.#session.budget.cancelled = true;
      this.#stop.abort();
      return;
    }
    this.#pending = '';
    this.#options.output.write('^C\n');
    // the line given up is forgotten, as the prompt of a shell does it
    this.#forgetLine();
    this.#prompt();
  }

  async #ask(prompt: string, secret: boolean): Promise<string | undefined> {
    if (!this.#options.terminal || this.#closed) return undefined;
    const lines = prompt.split('\n');
    const last = lines.pop()!;
    if (lines.length) this.#options.output.write(`${lines.join('\n')}\n`);
    this.#readline.setPrompt(last);
    this.#readline.prompt();
    this.#muted = secret;
    const answer = await new Promise<string | undefined>((resolve) => {
      this.#answer = resolve;
    });
    this.#muted = false;
    if (secret) this.#options.output.write('\n');
    if (answer === undefined) await this.#session.budget.step(); // Ctrl-C ends the statement
    return answer;
  }

  /** What a line gives, a screen at a time on a terminal. */
  async #print(values: AsyncIterable<Value>): Promise<void> {
    const { terminal, world, format, colour } = this.#options;
    if (!terminal) return world.print(values);
    const { rows, columns } = this.#options.size();
    const pager = new Pager({
      rows,
      columns,
      write: (text) => void this.#options.output.write(text),
      key: () => this.#nextKey(),
      pager: world.host.env.PAGER || undefined,
      lend: (run) => this.#lend(run),
    });
    try {
      // a pager of one's own gets all of it
      const waiting = world.host.env.PAGER ? undefined : this.#waiting;
      for await (const text of formatOutput(values, format, { width: columns, height: rows, colour, waiting }))
        await pager.write(text);
    } catch (error) {
      if (!(error instanceof PagerQuit)) throw error;
    } finally {
      await pager.end();
    }
  }

  async #nextKey(): Promise<string | undefined> {
    if (this.#closed) return undefined;
    this.#muted = true;
    const key = await new Promise<string | undefined>((resolve) => {
      this.#key = resolve;
    });
    // readline has seen the key too: Enter gave an empty line, others are in its buffer
    await new Promise((resolve) => setImmediate(resolve));
    if (key === 'return' || key === 'enter') this.#lines.pop();
    this.#forgetLine();
    this.#muted = false;
    return key;
  }

  #forgetLine(): void {
    Object.assign(this.#readline, { line: '', cursor: 0 });
  }

  /** Leaves the terminal to a program. */
  async #lend(run: () => Promise<void>): Promise<void> {
    const input = this.#options.input as Readable & { setRawMode?(raw: boolean): void };
    this.#lent = true;
    this.#readline.pause();
    input.setRawMode?.(false);
    try {
      await run();
    } finally {
      this.#lent = false;
      input.setRawMode?.(true);
      this.#readline.resume();
    }
  }

  #complete(line: string): [string[], string] {
    const world = this.#options.completion(this.#session);
    let found: Completion;
    try {
      found = complete(this.#pending + line, this.#pending.length + line.length, world);
    } catch {
      return [[], line]; // a store that cannot be read is told by the command, not by the Tab key
    }
    const start = found.start - this.#pending.length;
    const typed = line.slice(Math.max(0, start));
    const texts = found.candidates.map((candidate) => candidate.text);
    // readline compares with what was typed, case included; the only candidate replaces it whatever its case
    // behind a folder, a variable or a member the word may go on: logs/x, $connector.Name
    const goesOn = texts[0]?.endsWith('/') || /[$.]$/.test(line.slice(0, Math.max(0, start)));
    if (texts.length === 1) return [[goesOn ? texts[0]! : `${texts[0]} `], typed];
    const common = commonPrefix(texts);
    if (common.length > typed.length && common.toLowerCase().startsWith(typed.toLowerCase())) return [[common], typed];
    return [texts, typed];
  }
}

function commonPrefix(texts: readonly string[]): string {
  let [common = ''] = texts;
  for (const text of texts) {
    let length = 0;
    while (
      length < Math.min(common.length, text.length) &&
      common[length]!.toLowerCase() === text[length]!.toLowerCase()
    )
      length++;
    common = common.slice(0, length);
  }
  return common;
}

/** Names behind `$variable.`: properties and methods of what it holds. */
export function membersOf(value: Value | undefined): string[] {
  if (value === undefined || value === null || isScriptBlock(value)) return [];
  const one = Array.isArray(value) ? (value[0] as Value | undefined) : value;
  const names = one === undefined || one === null ? [] : propertyNames(one);
  return [
    ...(Array.isArray(value) ? ['Count', ...names] : names),
    ...(one instanceof PsObject ? [] : methodNames(value)),
  ];
}

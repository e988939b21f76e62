/** Runs a script: statement by statement, each one transaction; what they give goes to one printer; the exit code says how it went. */

import { printable } from '../../domain/value-error.ts';
import type { Host } from '../../pipeline/context.ts';
import { CmdletError } from '../../pipeline/error.ts';
import { StopStatement } from '../../pipeline/run.ts';
import type { Statement } from '../../pipeline/statement.ts';
import type { ScriptBlock, Value } from '../../pipeline/value.ts';
import { Formatted } from '../../print/record.ts';
import type { Author, Store } from '../../store/store.ts';
import { StoreError } from '../../store/store-error.ts';
import { type Code, type CompiledStatement, compileBody, compileScript, valuesOf } from '../compiler/compile.ts';
import { parse } from '../parser/parser.ts';
import { SyntaxProblem } from '../parser/syntax-error.ts';
import { scriptBlock, withUnderscore } from './block.ts';
import { ErrorRecord, ExitScript, LeaveLoop } from './failure.ts';
import { Session } from './session.ts';

export const EXIT = { done: 0, failed: 1, usage: 2 } as const;

export interface ScriptWorld {
  readonly host: Host;
  readonly store: Store;
  /** Who changes the store with this statement, for the history. */
  author(statement: string): Author;
  /** Prints what the statements give, until there is no more. */
  print(values: AsyncIterable<Value>): Promise<void>;
  /** Writes what is wrong with the text; already printable. */
  complain(text: string): void;
  /** A statement changed the store: its generation. @throws CmdletError, which makes the statement fail, not undone */
  changed?(generation: number): Promise<void>;
}

export interface ScriptOptions extends ScriptWorld {
  /** The file's name, for messages. */
  readonly name?: string;
  /** $args */
  readonly args?: readonly string[];
  /** $input */
  readonly input?: () => AsyncIterable<Value>;
}

/**
 * Compiles the whole text, then runs it. 0: all statements did what they say; 1: one failed; 2: the text is not of this
 * language (then nothing was run), or all that failed was typed wrong; `exit n` gives n.
 */
export async function runScript(text: string, options: ScriptOptions): Promise<number> {
  const { host, store, args, input } = options;
  const session = new Session({ host, store, args, input });
  return runText(text, session, options, options.name);
}

/** Runs a text in a session that goes on afterwards (the prompt). */
export async function runText(text: string, session: Session, world: ScriptWorld, name?: string): Promise<number> {
  const statements = compiled(text, world, name);
  if (!statements) return EXIT.usage;
  const before = { ...session.failures };
  session.resetSteps();
  let code: number | undefined;
  const run = new ScriptRun(session, world);
  try {
    await world.print(run.values(statements));
  } finally {
    code = run.exitCode;
  }
  if (code !== undefined) return code;
  if (session.failures.failed > before.failed) return EXIT.failed;
  return session.failures.usage > before.usage ? EXIT.usage : run.statementCode;
}

function compiled(text: string, world: ScriptWorld, name?: string): CompiledStatement[] | undefined {
  try {
    return compileScript(parse(text), text);
  } catch (error) {
    if (error instanceof SyntaxProblem) world.complain(error.render(name && printable(name)));
    else if (error instanceof RangeError) world.complain('Processing was stopped because the script is too complex.');
    else throw error;
    return undefined;
  }
}

/** One run of some statements. */
class ScriptRun {
  /** Set by `exit`. */
  exitCode: number | undefined;
  /** What a cmdlet wants the exit code to be though nothing failed: Compare-… found differences. */
  statementCode: number = EXIT.done;

  constructor(
    readonly session: Session,
    readonly world: ScriptWorld,
  ) {}

  async *values(statements: readonly CompiledStatement[]): AsyncGenerator<Value> {
    for (const statement of statements) {
      try {
        yield* this.#statement(statement);
      } catch (error) {
        if (error instanceof ExitScript) {
          this.exitCode = error.code;
          this.session.left = error.code;
          return;
        }
        if (!(error instanceof StopStatement)) throw error;
        return; // it has been told; what was to follow relied on it
      }
    }
  }

  /** One transaction. What a changing statement gives is held back until it is written. */
  async *#statement(code: CompiledStatement): AsyncGenerator<Value> {
    const { session, world } = this;
    const { statement, end } = session.begin();
    const held: Value[] = [];
    let stopped: unknown;
    try {
      if (code.changes) for await (const value of code.values(session)) held.push(value);
      else yield* code.values(session);
    } catch (error) {
      if (error instanceof StopStatement) this.#tellStop(error, statement.errors);
      else if (!(error instanceof ExitScript) && !(error instanceof LeaveLoop)) throw error;
      stopped = error;
    }
    try {
      const gaveUp = stopped instanceof StopStatement && statement.drop();
      const { dropped, written } = end(world.author(code.text));
      if (dropped || gaveUp) world.host.writeWarning(nothingChanged(statement.errors.length));
      else yield* held;
      if (statement.exitCode) this.statementCode = statement.exitCode;
      if (written && statement.generation !== undefined) await world.changed?.(statement.generation);
    } catch (error) {
      if (!(error instanceof StoreError) && !(error instanceof CmdletError)) throw error;
      session.begin(); // the error belongs to no transaction any more
      session.report(error instanceof CmdletError ? error : new CmdletError(error.message, { id: 'StoreError' }));
      session.succeeded = false;
    }
    if (stopped instanceof LeaveLoop) return;
    if (stopped) throw stopped;
  }

  /** An error that stopped the statement is told once: by the cmdlet that met it, or here. */
  #tellStop(stop: StopStatement, told: readonly CmdletError[]): void {
    this.session.succeeded = false;
    if (told.includes(stop.error)) return;
    this.session.failures.failed++;
    this.world.host.writeError(stop.error, 'rc');
  }
}

function nothingChanged(errors: number): string {
  return `Nothing was changed by this statement, because of the ${errors <= 1 ? 'error' : `${errors} errors`} above. To change the other objects all the same, add -ErrorAction Continue.`;
}

/** What a terminal shows: an error as its message, not as an object with properties. */
export async function* asShown(values: AsyncIterable<Value>): AsyncGenerator<Value> {
  for await (const value of values)
    yield value instanceof ErrorRecord ? new Formatted({ kind: 'text', text: `${value.shown()}\n` }) : value;
}

/**
 * Reads `{ … }` given as text on a command line (`rc where '{ $_.MaxHopCount -gt 30 }'`): the text between the braces, or
 * with them. Its errors and changes are those of the statement it stands in. @throws CmdletError (usage) with the place when it is not of this language
 */
export function compileBlock(text: string, host: Host, store: Store, statement?: Statement): ScriptBlock {
  const inner = /^\s*\{([\s\S]*)\}\s*$/.exec(text)?.[1] ?? text;
  let code: Code;
  try {
    code = compileBody(parse(inner), inner);
  } catch (error) {
    if (error instanceof SyntaxProblem) throw new CmdletError(error.render(), { kind: 'usage', id: error.id });
    throw error;
  }
  const session = new Session({ host, store });
  session.begin(statement);
  return scriptBlock(inner, (value) =>
    withUnderscore(session, value, async () => {
      const values: Value[] = [];
      for await (const one of valuesOf(code, session)) values.push(one);
      return values;
    }),
  );
}

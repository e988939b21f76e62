/** Runs a script: statement by statement, each one transaction; what they give goes to one printer; the exit code says how it went. */

import type { Host } from '../../pipeline/context.ts';
import { CmdletError } from '../../pipeline/error.ts';
import { StopStatement } from '../../pipeline/run.ts';
import type { Statement } from '../../pipeline/statement.ts';
import type { ScriptBlock, Value } from '../../pipeline/value.ts';
import type { Author, Store } from '../../store/store.ts';
import { StoreError } from '../../store/store-error.ts';
import { withoutSecrets } from '../../text/without-secrets.ts';
import { type CompiledScript, type CompiledStatement, compileScript, compileWhole } from '../compiler/compile.ts';
import { SyntaxProblem } from '../parser/syntax-error.ts';
import { aliasesAt } from './aliases.ts';
import { bindScript, givenOnCommandLine } from './bind-script.ts';
import { calledBlock } from './block.ts';
import type { Limits } from './budget.ts';
import { call } from './call.ts';
import { type Callee, mayChange } from './callee.ts';
import { ExitScript, Leaving, storeFailure } from './failure.ts';
import { refusedText } from './refused-text.ts';
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
  /** A statement changed the store. @throws CmdletError, which makes the statement fail, not undone */
  changed?(statement: Statement, generation: number): Promise<void>;
  /** A statement was told that the store cannot be read. */
  storeUnread?(): Promise<void>;
}

export interface ScriptOptions extends ScriptWorld {
  /** The file's name, for messages. */
  readonly name?: string;
  /** Its full name: $PSCommandPath. */
  readonly file?: string;
  /** $args */
  readonly args?: readonly string[];
  /** $input */
  readonly input?: () => AsyncIterable<Value>;
  /** What it may do, where that is not the usual. */
  readonly limits?: Partial<Limits>;
}

/**
 * Compiles the whole text, then runs it. 0: all statements did what they say; 1: one failed; 2: the text is not of this
 * language (then nothing was run), or all that failed was typed wrong; `exit n` gives n.
 */
export async function runScript(text: string, options: ScriptOptions): Promise<number> {
  const { host, store, args, input, limits } = options;
  const session = new Session({ host, store, compile: compileWhole, args, input, limits });
  try {
    return await runText(text, session, options, { name: options.name, file: options.file, args: args ?? [] });
  } finally {
    while (session.transcripts.length) await session.stopTranscript();
  }
}

/** How a text is called: as a file, with arguments for its `param( … )`. */
export interface Called {
  readonly name?: string;
  readonly file?: string;
  readonly args?: readonly string[];
}

/** Runs a text in a session that goes on afterwards (the prompt). */
export async function runText(
  text: string,
  session: Session,
  world: ScriptWorld,
  { name, file, args = [] }: Called = {},
): Promise<number> {
  const script = compiled(text, session, world, name, file);
  if (!script) return EXIT.usage;
  const before = { ...session.failures };
  for (const transcript of session.transcripts) transcript.said(`PS>${withoutSecrets(text)}\n`);
  session.budget.reset();
  const run = new ScriptRun(session, world);
  const callee: Callee = { name: name ?? '', body: script.body, kind: 'script', file };
  try {
    const given = givenOnCommandLine(args, script.body);
    const values = script.statements
      ? bound(run.values(script.statements), () => bindWithin(callee, given, session, world.author(text)))
      : run.values([whole(text, callee, given, script)]);
    await world.print(values);
  } catch (error) {
    if (!(error instanceof NotBound)) throw error;
    world.host.writeError(error.cause, name?.replace(/^.*[/\\]/, '') ?? 'rc');
    return EXIT.usage;
  }
  if (run.exitCode !== undefined) return run.exitCode;
  if (session.failures.failed > before.failed) return EXIT.failed;
  return session.failures.usage > before.usage ? EXIT.usage : run.statementCode;
}

/** A default value may have cmdlets in it: a statement of its own. */
async function bindWithin(
  callee: Callee,
  given: ReturnType<typeof givenOnCommandLine>,
  session: Session,
  author: Author,
): Promise<void> {
  const { end } = session.begin();
  await bindScript(callee, given, session);
  await end(author);
}

/** What a script was given does not fit its parameters: nothing of it was run. */
class NotBound extends Error {
  declare readonly cause: CmdletError;
  constructor(cause: CmdletError) {
    super(cause.message, { cause });
  }
}

async function* bound(values: AsyncGenerator<Value>, bind: () => Promise<void>): AsyncGenerator<Value> {
  try {
    await bind();
  } catch (error) {
    if (error instanceof StopStatement) throw new NotBound(error.error);
    throw error instanceof CmdletError ? new NotBound(error) : error;
  }
  yield* values;
}

/** A script with `begin`, `process` and `end` runs as one statement. */
function whole(
  text: string,
  callee: Callee,
  given: ReturnType<typeof givenOnCommandLine>,
  { body }: CompiledScript,
): CompiledStatement {
  return {
    text: text.trim(),
    changes: body.changes,
    calls: body.calls,
    async *values(session) {
      const { input } = session.frame;
      session.frame.input = undefined;
      yield* await call(callee, given, session, { inThisScope: true, input: input?.() });
      return undefined;
    },
  };
}

function compiled(
  text: string,
  session: Session,
  world: ScriptWorld,
  name?: string,
  file?: string,
): CompiledScript | undefined {
  try {
    return compileScript(text, session.known(), { takesWords: session.takesWords, file });
  } catch (error) {
    if (error instanceof SyntaxProblem) world.complain(refusedText(error, text, file ?? name));
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
        if (yield* this.#statement(statement)) return; // `return`, or `break` with no loop around it
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

  /** One transaction. What a changing statement gives is held back until it is written. @returns whether the script is left */
  async *#statement(code: CompiledStatement): AsyncGenerator<Value, boolean> {
    const { session, world } = this;
    const { statement, end } = session.begin();
    const held: Value[] = [];
    const holds = mayChange(code, session.frame.allFunctions(), aliasesAt(session.frame));
    let stopped: unknown;
    let isLeft = false;
    try {
      const run = code.values(session);
      for (;;) {
        const next = await run.next();
        if (next.done) {
          isLeft = next.value !== undefined;
          break;
        }
        if (holds) held.push(next.value);
        else {
          yield this.#shown(next.value);
          if (session.transcripts.some((transcript) => transcript.isFull)) await session.flushTranscripts();
        }
      }
    } catch (error) {
      if (error instanceof StopStatement) session.tell(error);
      else if (error instanceof Leaving) isLeft = true;
      else if (!(error instanceof ExitScript)) throw error;
      if (!(error instanceof Leaving)) stopped = error;
    }
    try {
      const gaveUp = stopped instanceof StopStatement && statement.drop();
      const { dropped, written } = await end(world.author(code.text));
      if (dropped || gaveUp) session.host.writeWarning(nothingChanged(statement.errors.length));
      // what was given before the error is given; of changes that were not made nothing is said
      if (!(dropped || gaveUp)) for (const value of held) yield this.#shown(value);
      if (statement.exitCode) this.statementCode = statement.exitCode;
      if (written && statement.generation !== undefined) await world.changed?.(statement, statement.generation);
    } catch (error) {
      if (!(error instanceof StoreError) && !(error instanceof CmdletError)) throw error;
      session.begin(); // the error belongs to no transaction any more
      session.report(error instanceof CmdletError ? error : storeFailure(error));
      session.succeeded = false;
    }
    if (statement.errors.some(cannotRead) || (stopped instanceof StopStatement && cannotRead(stopped.error)))
      await world.storeUnread?.();
    await session.flushTranscripts();
    if (stopped) throw stopped;
    return isLeft;
  }

  /** What is given is shown, and kept by transcripts. */
  #shown(value: Value): Value {
    for (const transcript of this.session.transcripts) transcript.value(value);
    return value;
  }
}

/** Is it of a store that cannot be read? */
function cannotRead({ id, target }: CmdletError): boolean {
  return id === 'StoreError' && target !== '';
}

function nothingChanged(errors: number): string {
  return `Nothing was changed by this statement, because of the ${errors <= 1 ? 'error' : `${errors} errors`} above. To change the other objects all the same, add -ErrorAction Continue.`;
}

/**
 * Reads `{ … }` given as text on a command line (`rc where '{ $_.MaxHopCount -gt 30 }'`): the text between the braces, or
 * with them. Its errors and changes are those of the statement it stands in. @throws CmdletError (usage) with the place when it is not of this language
 */
export function compileBlock(text: string, host: Host, store: Store, statement?: Statement): ScriptBlock {
  const inner = /^\s*\{([\s\S]*)\}\s*$/.exec(text)?.[1] ?? text;
  const session = new Session({ host, store, compile: compileWhole });
  let body: Callee['body'];
  try {
    body = session.compile(inner);
  } catch (error) {
    if (error instanceof SyntaxProblem) throw new CmdletError(error.render(), { kind: 'usage', id: error.id });
    throw error;
  }
  session.begin(statement);
  return calledBlock({ name: '', body, kind: 'block' }, session);
}

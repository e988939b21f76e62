/** What one script or prompt keeps between statements: variables, preferences, $Error, and the statement that is running. */

import type { Call, Invocation } from '../../pipeline/cmdlet.ts';
import type { Host, Preferences } from '../../pipeline/context.ts';
import { type CmdletError, usage } from '../../pipeline/error.ts';
import { StopStatement, type Surroundings } from '../../pipeline/run.ts';
import { Statement } from '../../pipeline/statement.ts';
import type { Value } from '../../pipeline/value.ts';
import type { Author, Store } from '../../store/store.ts';
import type { VariableScope } from '../parser/ast.ts';
import { aliasesAt } from './aliases.ts';
import { automaticVariable, isReadOnly, locationOf, readOnly } from './automatic-variables.ts';
import { inputNotBound } from './binding-error.ts';
import { Budget, ERROR_COST, type Limits } from './budget.ts';
import { cast } from './cast.ts';
import { type ErrorRecord, fromCommand, headOf, originOf, recordOf } from './failure.ts';
import { Frame, readSlot } from './frame.ts';
import { callMethod } from './methods.ts';
import { arose } from './place.ts';
import { checkPreference, PREFERENCES, preferencesIn } from './preferences.ts';
import { InformationRecord, redirectable, type Sink, StreamRecord } from './redirect.ts';
import type { Alias, CalleeIn, CompiledBodyIn, Place, Result } from './runnable.ts';
import { recordedBy, type Transcript } from './transcript.ts';
import { WINDOWS_VARIABLES } from './windows-variables.ts';

/** As many errors as PowerShell keeps ($MaximumHistoryCount of 7). */
const KEPT_ERRORS = 256;

/** Functions and aliases, by names in lower case. */
interface Known {
  readonly functions: ReadonlyMap<string, CalleeIn<Session>>;
  readonly aliases: ReadonlyMap<string, Alias>;
}

interface SessionOptions {
  readonly host: Host;
  readonly store: Store;
  /** Makes a text that a script runs (`Invoke-Expression`, another script) into what can be called. @throws SyntaxProblem */
  compile(
    text: string,
    known: Known,
    taken: { readonly takesWords: boolean; readonly file?: string | undefined },
  ): CompiledBodyIn<Session>;
  /** See Session. */
  readonly takesWords?: boolean;
  /** $args of a script. */
  readonly args?: readonly string[];
  /** $input: what is piped into the script. */
  readonly input?: () => AsyncIterable<Value>;
  /** What it may do, where that is not the usual. */
  readonly limits?: Partial<Limits> | undefined;
}

export class Session {
  readonly host: Host;
  readonly #printer: Host;
  readonly store: Store;
  readonly #compile: SessionOptions['compile'];
  /** The level that runs now. */
  frame = new Frame<Session>();
  /** $Error, the newest first. */
  readonly errors: ErrorRecord[] = [];
  /** Files that keep what is shown, the innermost last. */
  readonly transcripts: Transcript[] = [];
  /** $? */
  succeeded = true;
  /** Of the pipeline that is being started: an error of one of its cmdlets makes it fail, also one that is ignored. `atEnd`: what is done behind it. */
  outcome: { failed: boolean; readonly atEnd: (() => void)[] } = { failed: false, atEnd: [] };
  /** Statements that failed, and whether all were typed wrong: the exit code. */
  readonly failures = { failed: 0, usage: 0 };
  readonly #automatic = new Map<string, Value>();
  #statement: Statement | undefined;
  #answers: Surroundings['answers'] = {};
  /** The code of `exit`, once it was said. */
  left: number | undefined;
  /** Takes the streams that the running command redirects. */
  sink: Sink | undefined;
  readonly budget: Budget;
  /** Texts and blocks that run in the scope of their callers, one within another: `. { … }`, Invoke-Expression. */
  nested = 0;
  /** Are the short words of the command line commands, as at the prompt? */
  readonly takesWords: boolean;

  constructor(options: SessionOptions) {
    const setVariable = (name: string, value: Value) => this.set(name, value);
    const { host } = options;
    const recorded = recordedBy(host, this.transcripts);
    this.host = Object.create(recorded, {
      setVariable: { value: setVariable },
      callMethod: { value: callMethod },
      wrote: { value: (bytes: number) => this.budget.wrote(bytes) },
      ...redirectable(recorded, () => this.sink),
    });
    this.#printer = options.host;
    this.store = options.store;
    this.#compile = options.compile;
    this.budget = new Budget(options.limits);
    this.takesWords = options.takesWords ?? false;
    this.frame.input = options.input;
    const constants: (readonly [string, Value])[] = [
      ...PREFERENCES,
      ['args', options.args ?? []],
      ['HOME', options.host.env.HOME ?? ''],
      ['PWD', locationOf(options.host.cwd)],
    ];
    for (const [name, value] of constants)
      this.frame.variables.set(name.toLowerCase(), { name, value, untouched: true });
  }

  /** The value of a variable, by its name in lower case; `undefined` when it was never set. */
  get(name: string): Result {
    switch (name) {
      case '_':
        return this.frame.underscore;
      case 'true':
        return true;
      case 'false':
        return false;
      case 'null':
        return null;
      case '?':
        return this.succeeded;
      case 'error':
        return this.errors;
    }
    if (name.startsWith('env:')) return this.#environment(name.slice(4));
    return this.frame.find(name)?.value ?? automaticVariable(name, this.#automatic);
  }

  /** The value of a variable in an expression; `undefined` when a pipeline that gave nothing was put into it. */
  read(name: string, scope?: VariableScope): Result {
    if (scope) return readSlot(this.#level(scope).variables.get(name));
    return this.get(name) ?? readSlot(this.frame.find(name));
  }

  #environment(name: string): Result {
    return this.host.env[name] ?? WINDOWS_VARIABLES[name.toUpperCase()]?.(this) ?? null;
  }

  /** Sets a variable of the level that runs, or of the one that is named: `$script:count = 1`. */
  set(written: string, value: Result, scope?: VariableScope | Frame<Session>): void {
    const name = written.toLowerCase();
    if (name === '_') {
      this.frame.underscore = value;
      return;
    }
    if (name === 'null') return; // $null = … throws a value away
    if (isReadOnly(name)) throw readOnly(written);
    const { variables } = this.#level(scope);
    const known = variables.get(name);
    const kept = known?.type ? cast(known.type, value ?? null) : (value ?? null);
    checkPreference(name, kept);
    if (known) {
      known.value = kept;
      known.isNothing = value === undefined;
      known.untouched = false;
    } else variables.set(name, { name: written, value: kept, isNothing: value === undefined });
    // Views are laid out where they are printed, outside of the session.
    if (name === 'formatenumerationlimit') this.#printer.enumerationLimit = Number(kept);
  }

  #level(scope: VariableScope | Frame<Session> | undefined): Frame<Session> {
    if (scope instanceof Frame) return scope;
    if (scope === 'script') return this.frame.script;
    return scope === 'global' ? this.frame.global : this.frame;
  }

  /** `[int]$x = …`: what is assigned later is converted too. */
  constrain(name: string, type: string, scope?: VariableScope): void {
    const slot = this.#level(scope).variables.get(name);
    if (slot) slot.type = type;
  }

  /** @param level there alone; else the innermost */
  remove(name: string, level?: Frame<Session>): boolean {
    if (level) return level.variables.delete(name);
    for (let frame: Frame<Session> | undefined = this.frame; frame; frame = frame.caller)
      if (frame.variables.delete(name)) return true;
    return false;
  }

  /** Writes what transcripts keep of the statement that ran. */
  async flushTranscripts(): Promise<void> {
    for (const transcript of [...this.transcripts]) {
      try {
        await transcript.flush(this.#shownAs());
      } catch (error) {
        // What was done is done: the script goes on without it.
        this.transcripts.splice(this.transcripts.indexOf(transcript), 1);
        this.host.writeWarning(`The transcript cannot be written any more (${(error as Error).message}).`);
      }
    }
  }

  /** Ends the innermost transcript. */
  async stopTranscript(): Promise<void> {
    await this.transcripts.pop()?.end(this.#shownAs(), this.host.clock());
  }

  #shownAs() {
    return { width: this.host.columns, limit: this.#printer.enumerationLimit };
  }

  get statement(): Statement {
    if (!this.#statement) throw new Error('no statement is running');
    return this.#statement;
  }

  /** Begins a statement: one transaction; or goes on within one that was begun elsewhere. @returns how it is ended */
  begin(statement = new Statement(this.store)): {
    readonly statement: Statement;
    end(author: Author): ReturnType<Statement['end']>;
  } {
    SESSIONS.set(statement, this);
    this.#statement = statement;
    this.#answers = {};
    return {
      statement,
      end: (author) => {
        this.#statement = undefined;
        return statement.end(author);
      },
    };
  }

  /** What was answered to all questions of the statement. */
  get answers(): Surroundings['answers'] {
    return this.#answers;
  }

  /** What a cmdlet of the running statement is surrounded by. */
  surroundings(place: Place): Surroundings {
    const { outcome } = this;
    const preferences = this.preferences();
    const { errorAction } = preferences;
    if (errorAction !== undefined && errorAction !== 'Stop') this.statement.keepGoing = true;
    return {
      host: this.host,
      store: this.store,
      statement: this.statement,
      preferences,
      answers: this.#answers,
      onFailure() {
        outcome.failed = true;
      },
      ended: (error, invocation) => this.#ended(error, invocation),
      onError: (error, invocation) => {
        const stops = (invocation.arguments.ErrorAction ?? errorAction) === 'Stop';
        arose(error, place, this.frame, invocation.cmdlet.name === 'Write-Error', stops);
        this.#heardError(error, invocation);
      },
      onWarning: (message) => this.sink?.hear(3, new StreamRecord('WarningRecord', message)),
      onInformation: ({ message, tags, end }, isRecorded) => {
        if (!this.sink) return false;
        const record = new InformationRecord(message, tags, end);
        this.sink.hear(6, record);
        return isRecorded && this.sink.take(6, () => record);
      },
      notBound: inputNotBound,
    };
  }

  preferences(): Preferences {
    return preferencesIn((name) => this.get(name), !this.frame.find('erroractionpreference')?.untouched);
  }

  #heardError(error: CmdletError, { cmdlet, arguments: args }: Invocation): void {
    const record = recordOf(error, originOf(fromCommand(error, cmdlet.name)));
    const action = args.ErrorAction ?? this.preferences().errorAction;
    // an error that stops counts as a failure where nobody catches it
    this.#remember(record, action === 'SilentlyContinue' || action === 'Stop');
  }

  /** What a cmdlet throws in PowerShell, too, ends the statement whatever -ErrorAction says; other errors are told, and what is behind in the statement goes on. */
  #ended(error: CmdletError, { cmdlet }: Invocation): CmdletError | undefined {
    if (originOf(error)) return error; // of a cmdlet before it in the pipeline
    if (!error.ends && error.kind !== 'usage' && !/^(?:Import|ConvertFrom)-/.test(cmdlet.name)) return undefined;
    this.sink?.hear(2, recordOf(error, cmdlet.name));
    return fromCommand(error, cmdlet.name);
  }

  #remember(record: ErrorRecord, silent: boolean): void {
    this.sink?.hear(2, record);
    this.errors.unshift(record);
    if (this.errors.length > KEPT_ERRORS) this.errors.pop();
    this.budget.spend(ERROR_COST);
    if (silent) return;
    this.count(record.error);
  }

  /** Counts an error that somebody was told of, for the exit code. */
  count(error: CmdletError): void {
    this.failures[error.kind === 'usage' ? 'usage' : 'failed']++;
  }

  /** An error that ended a statement, or could not be ascribed to a cmdlet. @throws StopStatement when errors stop the script */
  report(error: CmdletError, command = originOf(error)): void {
    const action = this.preferences().errorAction;
    if (this.frame.catching) throw this.stop(error, command, action !== 'Stop');
    if (action === 'Stop') throw this.stop(error, command);
    if (action !== 'Ignore') {
      this.#remember(recordOf(error, command), action === 'SilentlyContinue');
      this.#statement?.errors.push(error);
      if (action === 'SilentlyContinue') this.#statement?.silenced.add(error);
    }
    if (action !== 'Ignore' && action !== 'SilentlyContinue') this.host.writeError(error, command || headOf(error));
  }

  /** An error on its way to whoever catches it, remembered in $Error. It is told where nobody does. */
  stop(error: CmdletError, command = originOf(error), endsStatement = false): StopStatement {
    if (this.frame.unheard !== this.frame.catching) this.#remember(recordOf(error, command), true);
    return new StopStatement(error, command || headOf(error), endsStatement);
  }

  /** Of an error that no `catch` of a `try` took: where there is no other around it, it is told, and the script goes on behind. @returns whether it was */
  leftTry(stop: StopStatement): boolean {
    if (!stop.endsStatement || this.frame.catching) return false;
    const action = this.preferences().errorAction;
    if (action !== 'SilentlyContinue' && action !== 'Ignore') this.tell(stop);
    else {
      this.succeeded = false;
      this.#statement?.errors.push(stop.error);
      this.#statement?.silenced.add(stop.error);
    }
    return true;
  }

  /** Shows an error that nobody caught. */
  tell(stop: StopStatement): void {
    this.succeeded = false;
    this.count(stop.error);
    this.#statement?.errors.push(stop.error);
    this.host.writeError(stop.error, stop.from || 'rc');
  }

  define(callee: CalleeIn<Session>, scope?: VariableScope): void {
    this.#level(scope).functions.set(callee.name.toLowerCase(), callee);
  }

  /** What a text that is compiled now may call. */
  known(): Known {
    return { functions: this.frame.allFunctions(), aliases: aliasesAt(this.frame) };
  }

  /** A text that is run within the script. @throws SyntaxProblem when it is not of this language */
  compile(text: string, file?: string): CompiledBodyIn<Session> {
    return this.#compile(text, this.known(), { takesWords: this.takesWords, file });
  }

  /** Runs `work` in a level of its own, or in the one that is given; the caller's is put back behind it. */
  async *within<T, R>(frame: Frame<Session>, work: AsyncGenerator<T, R>): AsyncGenerator<T, R> {
    let isDone = false;
    const inside = async (go: () => Promise<IteratorResult<T, R>>) => {
      const outer = this.frame;
      this.frame = frame;
      try {
        return await go();
      } finally {
        this.frame = outer;
      }
    };
    try {
      for (;;) {
        // the request for the next value goes down through all levels at once: now and then the stack is left
        if ((frame.depth & 31) === 31) await undefined;
        const next = await inside(() => work.next());
        if (next.done) {
          isDone = true;
          return next.value;
        }
        yield next.value;
      }
    } catch (error) {
      isDone = true;
      throw error;
    } finally {
      if (!isDone) await inside(() => work.return(undefined as R));
    }
  }
}

const SESSIONS = new WeakMap<Statement, Session>();

/** The session whose statement this is; `undefined` when a cmdlet runs outside of the language. */
export function sessionOf(statement: Statement): Session | undefined {
  return SESSIONS.get(statement);
}

/** The session of a cmdlet that is nothing without one. @throws CmdletError (usage) outside of the language */
export function sessionNeeded({ cmdlet, context }: Pick<Call, 'cmdlet' | 'context'>): Session {
  const found = sessionOf(context.statement);
  if (!found) throw usage(`${cmdlet.name} works within the command language only: rc -c '…'`);
  return found;
}

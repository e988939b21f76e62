/**
 * Statements compiled to code that gives values one by one. Everything that can be known is checked before anything runs:
 * cmdlets, parameters and types that do not exist are refused here, all in one message, each with its place.
 */
import { CmdletError } from '../../pipeline/error.ts';
import type { Value } from '../../pipeline/value.ts';
import { StoreError } from '../../store/store-error.ts';
import { WildcardError } from '../../text/wildcard.ts';
import type {
  Assignment,
  Body,
  Command,
  Exit,
  Expression,
  FunctionDefinition,
  If,
  LeaveLoop,
  Pipeline,
  Statement,
  Switch,
  Try,
} from '../parser/ast.ts';
import { type Parsed, parseAll } from '../parser/parser.ts';
import { MOST_PROBLEMS } from '../parser/scanner.ts';
import { SyntaxProblem } from '../parser/syntax-error.ts';
import { calledBlock } from '../runtime/block.ts';
import type { Callee, CompiledBody } from '../runtime/callee.ts';
import { toBool, toNumber } from '../runtime/convert.ts';
import { ExitScript, Leaving } from '../runtime/failure.ts';
import { without } from '../runtime/members.ts';
import { binaryFunction } from '../runtime/operators.ts';
import { STREAMS, type Stream } from '../runtime/redirect.ts';
import type { Leave, Result } from '../runtime/runnable.ts';
import type { Session } from '../runtime/session.ts';
import { thrown } from '../runtime/throw.ts';
import { atOnceCode, type Code, expressionCode, gathered, sequence, silent } from './code.ts';
import { compileCommand } from './command.ts';
import { compileAssignment, compileExpression, type StatementCompiler } from './compile-expression.ts';
import { later, lift, now, type Plan } from './evaluation.ts';
import { compileHead } from './function-head.ts';
import { foreachLoop, forLoop, switchCode, whileLoop } from './loops.ts';
import { redirectedStage, type Target } from './redirected.ts';
import type { Stage } from './stage.ts';
import { runStages } from './stages.ts';
import { matcher } from './switch-condition.ts';
import { trappedCode, tryCode } from './try.ts';
import type { Unit } from './unit.ts';

export interface CompiledStatement extends Code {
  /** Its own text. */
  readonly text: string;
  /** It holds a cmdlet that changes the store. */
  readonly changes: boolean;
  /** Functions it calls, in lower case; `*` when that is not known. */
  readonly calls: ReadonlySet<string>;
}

/** A script as it runs: statement after statement, or as a whole when it has blocks with names. */
export interface CompiledScript {
  /** `undefined` when it runs as a whole. */
  readonly statements: readonly CompiledStatement[] | undefined;
  readonly body: CompiledBody;
}

/** Functions that are there before the text runs. */
export type Known = ReadonlyMap<string, Callee>;

/** Reads and compiles a whole text, statement by statement. @throws SyntaxProblem, one for all that is wrong with it */
export function compileScript(text: string, known: Known): CompiledScript {
  const parsed = parseAll(text);
  const { body } = parsed;
  const unit = unitOf(parsed, text, known);
  const isWhole = body.begin !== undefined || body.process !== undefined;
  const whole = compileBody(isWhole ? body : { ...body, end: [] }, unit);
  const statements = isWhole ? undefined : topLevel(body.end, unit);
  checked(unit);
  return { statements, body: whole };
}

/** The same as one body, for a text that is run within another. @throws SyntaxProblem */
export function compileWhole(text: string, known: Known): CompiledBody {
  const parsed = parseAll(text);
  const unit = unitOf(parsed, text, known);
  const body = compileBody(parsed.body, unit);
  checked(unit);
  return body;
}

function unitOf({ refused, names }: Parsed, text: string, known: Known): Unit {
  const isFunction = (name: string) => names.definesMore || names.functions.has(name) || known.has(name);
  return { text, isFunction, problems: [...refused] };
}

function checked({ problems }: Unit): void {
  const problem = SyntaxProblem.together(problems.slice(0, MOST_PROBLEMS));
  if (problem) throw problem;
}

function topLevel(statements: readonly Statement[], unit: Unit): CompiledStatement[] {
  if (statements.some((statement) => statement.kind === 'trap')) {
    const compiler = new Compiler(unit);
    const code = compiler.body(statements);
    return [{ ...code, text: unit.text.trim(), changes: compiler.changes, calls: compiler.calls }];
  }
  return statements.map((statement) => {
    const compiler = new Compiler(unit);
    const code = compiler.statement(statement);
    return { ...code, text: unit.text.slice(...statement.at), changes: compiler.changes, calls: compiler.calls };
  });
}

/** A function, block or script. Its own changes and calls are kept with it. */
function compileBody(body: Body, unit: Unit): CompiledBody {
  const compiler = new Compiler(unit);
  const part = (statements: readonly Statement[] | undefined) => statements && compiler.body(statements);
  const end = body.end.length || !(body.begin || body.process) ? compiler.body(body.end) : undefined;
  return {
    ...compileHead(body, (e) => compiler.expression(e)),
    begin: part(body.begin),
    process: part(body.process),
    end,
    text: body.text,
    changes: compiler.changes,
    calls: compiler.calls,
  };
}

class Compiler implements StatementCompiler {
  changes = false;
  readonly calls = new Set<string>();

  constructor(readonly unit: Unit) {}

  /** A statement whose errors are told and end it alone. */
  statement(statement: Statement): Code {
    return guarded(this.#bare(statement));
  }

  body(statements: readonly Statement[]): Code {
    const traps = statements.filter((statement) => statement.kind === 'trap');
    if (traps.length) {
      const others = statements.filter((statement) => statement.kind !== 'trap');
      return trappedCode(
        others.map((statement) => this.statement(statement)),
        traps.map(({ type, body }) => ({ types: type ? [type] : [], body: this.body(body) })),
      );
    }
    return sequence(statements.map((statement) => this.statement(statement)));
  }

  #bare(statement: Statement): Code {
    switch (statement.kind) {
      case 'pipeline':
        return this.#pipeline(statement);
      case 'chain':
        return this.#chain(statement.operator, statement.first, statement.then);
      case 'assignment':
        return silent(this.#assignment(statement));
      case 'if':
        return this.#if(statement);
      case 'foreach':
        return foreachLoop(
          statement.label,
          this.value(statement.over),
          this.body(statement.body),
          statement.variable.written,
        );
      case 'while': {
        const { label, condition, body, bodyFirst, until } = statement;
        return whileLoop(label, this.value(condition), this.body(body), bodyFirst, until);
      }
      case 'for': {
        const { label, first, condition, next, body } = statement;
        const part = (one: Statement | undefined) => one && this.value(one);
        return forLoop(label, part(first), part(condition), part(next), this.body(body));
      }
      case 'switch':
        return this.#switch(statement);
      case 'try':
        return this.#try(statement);
      case 'trap':
        return atOnceCode(() => undefined);
      case 'function':
        return this.#function(statement);
      case 'break':
      case 'continue':
        return this.#leave(statement);
      default:
        return this.#exit(statement);
    }
  }

  expression(expression: Expression): Plan {
    return compileExpression(expression, this);
  }

  value(statement: Statement): Plan {
    if (statement.kind === 'assignment') return this.#assignment(statement);
    // an expression keeps its value as it is: ($list) is the list, (,1) a list of one
    if (statement.kind === 'pipeline' && statement.source && !statement.commands.length && !statement.into)
      return this.expression(statement.source);
    return gathered(this.#bare(statement), false, leaves);
  }

  values(body: readonly Statement[], asList: boolean): Plan {
    const [only] = body;
    if (
      asList &&
      body.length === 1 &&
      only?.kind === 'pipeline' &&
      only.source?.kind === 'list' &&
      !only.commands.length
    )
      return this.expression(only.source);
    return gathered(this.body(body), asList, leaves);
  }

  block(body: Body): Plan {
    const compiled = this.#compiledBody(body);
    const callee: Callee = { name: '', body: compiled, kind: 'block' };
    return now((session) => calledBlock(callee, session));
  }

  /** What a block or function changes and calls is what the statement around it may change and call. */
  #compiledBody(body: Body): CompiledBody {
    const compiled = compileBody(body, this.unit);
    if (compiled.changes) this.changes = true;
    for (const name of compiled.calls) this.calls.add(name);
    return compiled;
  }

  #function({ name, scope, isFilter, body }: FunctionDefinition): Code {
    const inner = isFilter && !body.process ? { ...body, process: body.end, end: [] } : body;
    const compiled = compileBody(inner, this.unit);
    const callee: Callee = { name, body: compiled, kind: isFilter ? 'filter' : 'function' };
    return silent(now((session) => void session.define(callee, scope)));
  }

  #pipeline({ source, commands, into }: Pipeline): Code {
    const plan = source && this.expression(source);
    if (plan && !commands.length && !into) {
      // `$i++` and `($x = 5)`: a step alone gives nothing
      if (source.kind === 'step') return silent(plan);
      return expressionCode(plan);
    }
    const stages = commands.flatMap((command) => this.#stage(command));
    if (into) stages.push(...this.#outFile(into));
    const changes = stages.some((stage) => stage.changes);
    return { values: (session) => runStages(stages, plan, session, changes) };
  }

  #stage(command: Command): Stage[] {
    try {
      const stage = compileCommand(command, this.unit, (e) => this.expression(e));
      if (stage.changes) this.changes = true;
      for (const name of stage.calls) this.calls.add(name);
      return this.#redirected(stage, command);
    } catch (error) {
      if (!(error instanceof SyntaxProblem)) throw error;
      this.unit.problems.push(error); // the rest is looked at all the same, so that one message names everything
      return [];
    }
  }

  /** Where the other streams of a command go; all of them to a file or nowhere is with the output. */
  #redirected(stage: Stage, { redirects = [] }: Command): Stage[] {
    if (!redirects.length) return [stage];
    const targets = new Map<Stream, Target>();
    const behind: Stage[] = [];
    for (const { stream, file, append, at } of redirects) {
      const isNull = file?.kind === 'variable' && file.name === 'null';
      let target: Target = isNull ? 'nowhere' : 'output';
      if (stream === '*' && file) behind.push(...this.#outFile({ file, append, at }));
      else if (file && !isNull) target = this.#outFile({ file, append, at })[0] ?? 'nowhere';
      if (stream === '*') for (const one of STREAMS) targets.set(one, target);
      else targets.set(stream === 5 ? 4 : stream, target);
    }
    return [redirectedStage(stage, targets), ...behind];
  }

  /** `> file` is `| Out-File file`, `> $null` is `| Out-Null` (about_Redirection). */
  #outFile(into: NonNullable<Pipeline['into']>): Stage[] {
    const isNull = into.file.kind === 'variable' && into.file.name === 'null';
    return this.#stage({
      kind: 'command',
      name: isNull ? 'Out-Null' : 'Out-File',
      nameAt: into.at,
      at: into.at,
      elements: isNull
        ? []
        : [
            { kind: 'argument', value: into.file, at: into.at },
            ...(into.append ? [{ kind: 'parameter' as const, name: 'Append', at: into.at }] : []),
          ],
    });
  }

  #chain(operator: '&&' | '||', first: Statement, then: Statement): Code {
    const [before, after] = [this.statement(first), this.statement(then)];
    return {
      async *values(session) {
        const leave = yield* before.values(session);
        if (leave || session.succeeded !== (operator === '&&')) return leave;
        return yield* after.values(session);
      },
    };
  }

  #assignment({ target, operator, value }: Assignment): Plan {
    const compile = (e: Expression) => this.expression(e);
    const setter = compileAssignment(target, compile);
    const given = this.value(value);
    const old = () => compile(target.kind === 'cast' ? target.operand : (target as Expression));
    if (operator === '??=') return this.#ifNothing(old(), given, setter);
    const computed = operator === '=' ? given : this.#combined(old(), operator, given);
    if (setter.now && computed.now) {
      return now((session) => {
        const result = computed.run(session);
        setter.run(session, result);
        return result ?? null;
      });
    }
    return later(async (session) => {
      const result = await computed.run(session);
      await setter.run(session, result);
      return result ?? null;
    });
  }

  #ifNothing(old: Plan, given: Plan, setter: ReturnType<typeof compileAssignment>): Plan {
    return later(async (session) => {
      const before = await old.run(session);
      if (before !== null && before !== undefined) return before;
      const value = await given.run(session);
      await setter.run(session, value);
      return value ?? null;
    });
  }

  /** `a op= b`: the old value is read before the right side runs. */
  #combined(before: Plan, operator: string, given: Plan): Plan {
    const f = operator === '-=' ? lessOf : binaryFunction(operator.slice(0, -1), false);
    if (before.now && given.now) return now((session) => f(before.run(session), given.run(session), session));
    return later(async (session) => {
      const right = await given.run(session);
      return f(await before.run(session), right, session);
    });
  }

  #if({ clauses, otherwise }: If): Code {
    const tests = clauses.map(([condition, body]) => [this.value(condition), this.body(body)] as const);
    const last = otherwise && this.body(otherwise);
    if (tests.every(([condition, body]) => condition.now && body.atOnce) && (!last || last.atOnce)) {
      return atOnceCode((session, out) => {
        for (const [condition, body] of tests) {
          if (condition.now && toBool(condition.run(session))) return body.atOnce!(session, out);
        }
        return last?.atOnce?.(session, out);
      });
    }
    return {
      async *values(session) {
        for (const [condition, body] of tests) {
          if (toBool(await condition.run(session))) return yield* body.values(session);
        }
        return last ? yield* last.values(session) : undefined;
      },
    };
  }

  #switch({ label, how, caseSensitive, over, clauses, otherwise }: Switch): Code {
    return switchCode(
      label,
      this.value(over),
      clauses.map(([condition, body]) => ({
        matches:
          condition.kind === 'block'
            ? blockTest(this.values(condition.body.end, false))
            : matcher(this.expression(condition), how, caseSensitive),
        body: this.body(body),
      })),
      otherwise && this.body(otherwise),
    );
  }

  #try({ body, catches, lastly }: Try): Code {
    return tryCode(
      this.body(body),
      catches.map(([types, handler]) => ({ types, body: this.body(handler) })),
      lastly && this.body(lastly),
    );
  }

  #leave({ kind, label }: LeaveLoop): Code {
    if (!label) {
      const leave: Leave = { how: kind };
      return atOnceCode(() => leave);
    }
    if (label.kind === 'literal') {
      const leave: Leave = { how: kind, label: String(label.text ?? label.value).toLowerCase() };
      return atOnceCode(() => leave);
    }
    const plan = this.expression(label);
    return {
      // biome-ignore lint/correctness/useYield: it gives nothing
      async *values(session) {
        return { how: kind, label: String(await plan.run(session)).toLowerCase() };
      },
    };
  }

  #exit({ kind, value }: Exit): Code {
    if (kind === 'exit') {
      const code = value ? this.value(value) : now(() => 0);
      return silent(
        lift(code, (given) => {
          throw new ExitScript(toNumber(given) & 255);
        }),
      );
    }
    if (kind === 'throw') {
      const what = value ? this.value(value) : now(() => undefined);
      return silent(
        lift(what, (given, session) => {
          throw thrown(given, session, value !== undefined);
        }),
      );
    }
    const leave: Leave = { how: 'return' };
    if (!value) return atOnceCode(() => leave);
    const given = this.#bare(value);
    if (given.atOnce) {
      const { atOnce } = given;
      return atOnceCode((session, out) => atOnce(session, out) ?? leave);
    }
    return {
      async *values(session) {
        return (yield* given.values(session)) ?? leave;
      },
    };
  }
}

const minus = binaryFunction('-', false);

/** `$rc.RemoteIPRanges -= '10.1.2.3'`: a connector's list loses elements; anything else is arithmetic. */
function lessOf(before: Result, given: Result, session: Session): Result {
  return without(before, given) ?? minus(before, given, session);
}

/** `break`, `continue` and `return` in parentheses go out to the loop or function that is around them. */
function leaves(leave: Leave): never {
  throw new Leaving(leave);
}

function blockTest(plan: Plan) {
  if (plan.now) return { now: true as const, test: (session: Session) => toBool(plan.run(session)) };
  return { now: false as const, test: async (session: Session) => toBool(await plan.run(session)) };
}

/** Errors of an expression or of binding end the statement and are told; $? says how it went. */
function guarded(code: Code): Code {
  const { atOnce } = code;
  if (atOnce)
    return atOnceCode((session, out) => {
      const before = session.errorCount;
      let leave: Leave | undefined;
      try {
        leave = atOnce(session, out);
      } catch (error) {
        session.report(reportable(error));
      }
      session.succeeded = session.errorCount === before;
      return leave;
    });
  return {
    async *values(session): AsyncGenerator<Value, Leave | undefined> {
      const before = session.errorCount;
      let leave: Leave | undefined;
      try {
        leave = yield* code.values(session);
      } catch (error) {
        session.report(reportable(error));
      }
      session.succeeded = session.errorCount === before;
      return leave;
    },
  };
}

/** What can be told as an error of the statement. @throws what ends more than the statement */
function reportable(error: unknown): CmdletError {
  if (error instanceof CmdletError) return error;
  if (error instanceof StoreError)
    return new CmdletError(error.message, { id: 'StoreError', category: 'ResourceUnavailable' });
  if (error instanceof WildcardError)
    return new CmdletError(error.message, { kind: 'usage', id: 'WildcardPattern_Invalid' });
  if (error instanceof SyntaxProblem) return new CmdletError(error.render(), { kind: 'usage', id: error.id });
  if (error instanceof RangeError && /call stack/i.test(error.message))
    return new CmdletError('Processing was stopped because the script is too complex.', { id: 'ScriptTooComplicated' });
  throw error;
}

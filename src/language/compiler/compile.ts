/**
 * Statements compiled to code that gives values one by one. Everything that can be known is checked before anything runs:
 * cmdlets, parameters and types that do not exist are refused here, with their place.
 */
import { CmdletError } from '../../pipeline/error.ts';
import { invoke } from '../../pipeline/run.ts';
import type { Value } from '../../pipeline/value.ts';
import { StoreError } from '../../store/store-error.ts';
import { WildcardError } from '../../text/wildcard.ts';
import type { Assignment, Expression, Foreach, If, Pipeline, Statement } from '../parser/ast.ts';
import { SyntaxProblem } from '../parser/syntax-error.ts';
import { checkList } from '../runtime/arithmetic.ts';
import { scriptBlock, withUnderscore } from '../runtime/block.ts';
import { collected, elements, toBool, toNumber } from '../runtime/convert.ts';
import { ExitScript, LeaveLoop } from '../runtime/failure.ts';
import { binaryFunction } from '../runtime/operators.ts';
import type { Result, Session } from '../runtime/session.ts';
import { type CompiledCommand, compileCommand } from './command.ts';
import { compileAssignment, compileExpression, type StatementCompiler } from './compile-expression.ts';
import { later, lift, now, type Plan } from './evaluation.ts';

/** A statement that can run. */
export interface Code {
  /** Its values at once, when nothing in it has to be waited for. */
  readonly atOnce?: (session: Session) => readonly Value[];
  values(session: Session): AsyncIterable<Value>;
}

export interface CompiledStatement extends Code {
  /** Its own text. */
  readonly text: string;
  /** It holds a cmdlet that changes the store. */
  readonly changes: boolean;
}

/** @throws SyntaxProblem */
export function compileScript(statements: readonly Statement[], text: string): CompiledStatement[] {
  return statements.map((statement) => {
    const compiler = new Compiler(text);
    const code = compiler.statement(statement);
    return { ...code, text: text.slice(...statement.at), changes: compiler.changes };
  });
}

/** The body of a script block, as one. */
export function compileBody(statements: readonly Statement[], text: string): Code {
  return new Compiler(text).body(statements);
}

const NOTHING: readonly Value[] = [];

class Compiler implements StatementCompiler {
  changes = false;
  readonly #text: string;

  constructor(text: string) {
    this.#text = text;
  }

  /** A statement whose errors are told and end it alone. */
  statement(statement: Statement): Code {
    return guarded(this.#bare(statement));
  }

  body(statements: readonly Statement[]): Code {
    const all = statements.map((statement) => this.statement(statement));
    if (all.length === 1) return all[0]!;
    const values = async function* (session: Session) {
      for (const code of all) yield* valuesOf(code, session);
    };
    if (!all.every((code) => code.atOnce)) return { values };
    return { values, atOnce: (session) => all.flatMap((code) => code.atOnce!(session)) };
  }

  #bare(statement: Statement): Code {
    switch (statement.kind) {
      case 'pipeline':
        return this.#pipeline(statement);
      case 'assignment':
        return silent(this.#assignment(statement));
      case 'if':
        return this.#if(statement);
      case 'foreach':
        return this.#foreach(statement);
      case 'exit': {
        const code = statement.code ? this.value(statement.code) : now(() => 0);
        return silent(
          lift(code, (value) => {
            throw new ExitScript(toNumber(value) & 255);
          }),
        );
      }
      default: {
        const { kind } = statement;
        return silent(
          now(() => {
            throw new LeaveLoop(kind);
          }),
        );
      }
    }
  }

  expression(expression: Expression): Plan {
    return compileExpression(expression, this);
  }

  value(statement: Statement): Plan {
    if (statement.kind === 'assignment') return this.#assignment(statement);
    const code = this.#bare(statement);
    // an expression keeps its value as it is: ($list) is the list, (,1) a list of one
    if (statement.kind === 'pipeline' && statement.source && !statement.commands.length && !statement.into)
      return this.expression(statement.source);
    return gathered(code, false);
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
    return gathered(this.body(body), asList);
  }

  block(body: readonly Statement[], text: string): Plan {
    const code = this.body(body);
    const { atOnce } = code;
    return now((session) =>
      scriptBlock(text, async (underscore) => {
        const wait = session.step();
        if (wait) await wait;
        return withUnderscore(session, underscore, async () => {
          if (atOnce) return atOnce(session) as Value[];
          const values: Value[] = [];
          for await (const value of code.values(session)) values.push(value);
          return values;
        });
      }),
    );
  }

  #pipeline({ source, commands, into }: Pipeline): Code {
    const plan = source && this.expression(source);
    if (plan && !commands.length && !into) {
      if (source.kind === 'step') return silent(plan);
      return expressionCode(plan);
    }
    const stages = commands.map((command) => {
      const compiled = compileCommand(command, this.#text, (e) => this.expression(e));
      if (compiled.cmdlet.changes) this.changes = true;
      return compiled;
    });
    if (into) stages.push(this.#outFile(into));
    return { values: (session) => runStages(stages, plan, session) };
  }

  /** `> file` is `| Out-File file`, `> $null` is `| Out-Null` (about_Redirection). */
  #outFile(into: NonNullable<Pipeline['into']>): CompiledCommand {
    const isNull = into.file.kind === 'variable' && into.file.name === 'null';
    return compileCommand(
      {
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
      },
      this.#text,
      (e) => this.expression(e),
    );
  }

  #assignment({ target, operator, value }: Assignment): Plan {
    const compile = (e: Expression) => this.expression(e);
    const setter = compileAssignment(target, compile);
    const given = this.value(value);
    const computed =
      operator === '='
        ? given
        : this.#combined(compile(target.kind === 'cast' ? target.operand : (target as Expression)), operator, given);
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

  /** `a op= b`: the old value is read before the right side runs. */
  #combined(before: Plan, operator: string, given: Plan): Plan {
    const f = binaryFunction(operator.slice(0, -1), false);
    if (before.now && given.now) return now((session) => f(before.run(session), given.run(session), session));
    return later(async (session) => {
      const right = await given.run(session);
      return f(await before.run(session), right, session);
    });
  }

  #if({ clauses, otherwise }: If): Code {
    const tests = clauses.map(([condition, body]) => [this.value(condition), this.body(body)] as const);
    const last = otherwise && this.body(otherwise);
    const values = async function* (session: Session) {
      for (const [condition, body] of tests) {
        if (!toBool(await condition.run(session))) continue;
        yield* valuesOf(body, session);
        return;
      }
      if (last) yield* valuesOf(last, session);
    };
    if (!tests.every(([condition, body]) => condition.now && body.atOnce) || (last && !last.atOnce)) return { values };
    const atOnce = (session: Session) => {
      for (const [condition, body] of tests) if (toBool(condition.run(session) as Result)) return body.atOnce!(session);
      return last ? last.atOnce!(session) : NOTHING;
    };
    return { values, atOnce };
  }

  #foreach({ variable, over, body }: Foreach): Code {
    const list = this.value(over);
    const code = this.body(body);
    const name = variable.written;
    return {
      values: async function* (session) {
        const all = await list.run(session);
        for (const item of all === null ? NOTHING : elements(all)) {
          const wait = session.step();
          if (wait) await wait;
          session.set(name, item);
          try {
            if (code.atOnce) for (const value of code.atOnce(session)) yield value;
            else yield* code.values(session);
          } catch (error) {
            if (!(error instanceof LeaveLoop)) throw error;
            if (error.how === 'break') break;
          }
        }
      },
    };
  }
}

/** What some code gives, one by one. */
export async function* valuesOf(code: Code, session: Session): AsyncGenerator<Value> {
  if (code.atOnce) yield* code.atOnce(session);
  else yield* code.values(session);
}

function expressionCode(plan: Plan): Code {
  if (plan.now) {
    const atOnce = (session: Session) => elements(plan.run(session));
    return {
      atOnce,
      values: async function* (session) {
        yield* atOnce(session);
      },
    };
  }
  return {
    values: async function* (session) {
      yield* elements(await plan.run(session));
    },
  };
}

/** Runs, and gives nothing. */
function silent(plan: Plan): Code {
  // biome-ignore lint/correctness/useYield: it gives nothing
  const values = async function* (session: Session): AsyncGenerator<Value> {
    await plan.run(session);
  };
  if (!plan.now) return { values };
  return {
    values,
    atOnce: (session) => {
      plan.run(session);
      return NOTHING;
    },
  };
}

/** All the values of some code as one value. */
function gathered(code: Code, asList: boolean): Plan {
  const { atOnce } = code;
  if (atOnce) return now((session) => (asList ? [...atOnce(session)] : collected(atOnce(session))));
  return later(async (session) => {
    const values: Value[] = [];
    for await (const value of code.values(session)) {
      values.push(value);
      checkList(values.length);
    }
    return asList ? values : collected(values);
  });
}

/** Errors of an expression or of binding end the statement and are told; $? says how it went. */
function guarded(code: Code): Code {
  const { atOnce } = code;
  const values = async function* (session: Session): AsyncGenerator<Value> {
    const before = session.errorCount;
    try {
      yield* code.values(session);
    } catch (error) {
      session.report(reportable(error));
    }
    session.succeeded = session.errorCount === before;
  };
  if (!atOnce) return { values };
  return {
    values,
    atOnce: (session) => {
      const before = session.errorCount;
      let result = NOTHING;
      try {
        result = atOnce(session);
      } catch (error) {
        session.report(reportable(error));
      }
      session.succeeded = session.errorCount === before;
      return result;
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

async function* runStages(
  stages: readonly CompiledCommand[],
  source: Plan | undefined,
  session: Session,
): AsyncGenerator<Value> {
  let input: AsyncIterable<Value> | undefined;
  if (source) input = inOrder(elements(await source.run(session)), session);
  const around = session.surroundings();
  for (const { bind } of stages) {
    const invocation = await bind(session);
    const { ErrorVariable, WarningVariable, OutVariable: outVariable } = invocation.arguments;
    for (const name of [ErrorVariable, WarningVariable, outVariable]) session.startCollecting(name);
    const output = invoke(invocation, input, around);
    input = outVariable ? collecting(output, outVariable, session) : output;
  }
  yield* input!;
}

async function* inOrder(values: readonly Value[], session: Session): AsyncGenerator<Value> {
  for (const value of values) {
    const wait = session.step();
    if (wait) await wait;
    yield value;
  }
}

async function* collecting(values: AsyncIterable<Value>, variable: string, session: Session): AsyncGenerator<Value> {
  for await (const value of values) {
    session.collect(variable, value);
    yield value;
  }
}

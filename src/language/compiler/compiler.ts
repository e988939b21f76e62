import type {
  Assignment,
  Body,
  Command,
  Expression,
  FunctionDefinition,
  Pipeline,
  Redirect,
  Statement,
  Switch,
  Try,
} from '../parser/ast.ts';
import { SyntaxProblem } from '../parser/syntax-error.ts';
import { calledBlock } from '../runtime/block.ts';
import type { Callee, CompiledBody } from '../runtime/callee.ts';
import { toBool } from '../runtime/convert.ts';
import { STREAMS, type Stream } from '../runtime/redirect.ts';
import type { Session } from '../runtime/session.ts';
import { assignment } from './assignment.ts';
import { atOnceCode, type Code, expressionCode, gathered, sequence, silent } from './code.ts';
import { compileCommand } from './command.ts';
import { compileExpression, type StatementCompiler } from './compile-expression.ts';
import { now, type Plan } from './evaluation.ts';
import { compileHead } from './function-head.ts';
import { guarded } from './guarded.ts';
import { ifCode } from './if.ts';
import { exitCode, leaveCode, leaves } from './leaving.ts';
import { foreachLoop, forLoop, switchCode, whileLoop } from './loops.ts';
import { redirectedStage, type Target } from './redirected.ts';
import type { Stage } from './stage.ts';
import { runStages, sourceStage } from './stages.ts';
import { matcher } from './switch-condition.ts';
import { trappedCode, tryCode } from './try.ts';
import type { Unit } from './unit.ts';

/** A function, block or script. Its own changes and calls are kept with it. */
export function compileBody(body: Body, unit: Unit): CompiledBody {
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

export class Compiler implements StatementCompiler {
  changes = false;
  readonly calls = new Set<string>();

  constructor(readonly unit: Unit) {}

  /** A statement whose errors are told and end it alone. */
  statement(statement: Statement): Code {
    return guarded(this.bare(statement), isExpression(statement), {
      text: this.unit.text,
      file: this.unit.file,
      at: statement.at,
    });
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

  bare(statement: Statement): Code {
    switch (statement.kind) {
      case 'pipeline':
        return this.#pipeline(statement);
      case 'chain':
        return this.#chain(statement.operator, statement.first, statement.then);
      case 'assignment':
        return silent(this.#assignment(statement));
      case 'if':
        return ifCode(
          statement.clauses.map(([condition, body]) => [this.value(condition), this.body(body)] as const),
          statement.otherwise && this.body(statement.otherwise),
        );
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
        return this.#try(statement, false);
      case 'trap':
        return atOnceCode(() => undefined);
      case 'function':
        return this.#function(statement);
      case 'break':
      case 'continue':
        return leaveCode(statement, (e) => this.expression(e));
      default:
        return exitCode(statement, this);
    }
  }

  #assignment(statement: Assignment): Plan {
    return assignment(statement, this.value(statement.value), (e) => this.expression(e));
  }

  expression(expression: Expression): Plan {
    return compileExpression(expression, this);
  }

  value(statement: Statement): Plan {
    if (statement.kind === 'assignment') return this.#assignment(statement);
    // an expression keeps its value as it is: ($list) is the list, (,1) a list of one
    if (
      statement.kind === 'pipeline' &&
      statement.source &&
      !statement.commands.length &&
      !statement.into &&
      !statement.redirects
    )
      return this.expression(statement.source);
    return gathered(statement.kind === 'try' ? this.#try(statement, true) : this.bare(statement), false, leaves);
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
    // the error of the only expression in @( ) ends the statement around it
    if (asList && body.length === 1 && only?.kind === 'pipeline' && only.source && !only.commands.length)
      return gathered(this.bare(only), true, leaves);
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

  #pipeline({ source, redirects, commands, into }: Pipeline): Code {
    let plan = source && this.expression(source);
    if (plan && !commands.length && !into && !redirects?.length) {
      // `$i++` and `($x = 5)`: a step alone gives nothing
      if (source!.kind === 'step') return silent(plan);
      return expressionCode(plan);
    }
    const stages = commands.flatMap((command) => this.#stage(command));
    if (plan && redirects?.length) {
      stages.unshift(...this.#redirected(sourceStage(plan), redirects));
      plan = undefined;
    }
    if (into) stages.push(...this.#outFile(into));
    const changes = stages.some((stage) => stage.changes);
    return { values: (session) => runStages(stages, plan, session, changes) };
  }

  #stage(command: Command): Stage[] {
    if (command.name === '' && !command.called) return []; // a computed name: it has been told
    try {
      const stage = compileCommand(command, this.unit, (e) => this.expression(e));
      if (stage.changes) this.changes = true;
      for (const name of stage.calls) this.calls.add(name);
      return this.#redirected(stage, command.redirects);
    } catch (error) {
      if (!(error instanceof SyntaxProblem)) throw error;
      this.unit.problems.push(error); // the rest is looked at all the same, so that one message names everything
      return [];
    }
  }

  /** Where the other streams of a command go; all of them to a file or nowhere is with the output. */
  #redirected(stage: Stage, redirects: readonly Redirect[] = []): Stage[] {
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

  #try({ body, catches, lastly }: Try, isValue: boolean): Code {
    return tryCode(
      this.body(body),
      catches.map(([types, handler]) => ({ types, body: this.body(handler) })),
      lastly && this.body(lastly),
      isValue,
    );
  }
}

/** Does it say itself that it did well? Not what stands in brackets: there $? is that of what stands within (ShouldSetExecutionStatusToSuccess in Compiler.cs). */
function isExpression(statement: Statement): boolean {
  if (statement.kind === 'function') return true;
  if (statement.kind === 'assignment') return isExpression(statement.value);
  if (statement.kind !== 'pipeline' || statement.commands.length || statement.into || !statement.source) return false;
  if (statement.redirects) return true;
  const { source } = statement;
  if (source.kind === 'parenthesis') return isExpression(source.body);
  return source.kind !== 'subexpression' && source.kind !== 'array';
}

function blockTest(plan: Plan) {
  if (plan.now) return { now: true as const, test: (session: Session) => toBool(plan.run(session)) };
  return { now: false as const, test: async (session: Session) => toBool(await plan.run(session)) };
}

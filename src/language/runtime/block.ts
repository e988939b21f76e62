/** Script blocks as values, and the methods of lists that take one: .Where({ … }), .ForEach({ … }). */
import { CmdletError } from '../../pipeline/error.ts';
import { StopStatement } from '../../pipeline/run.ts';
import type { ScriptBlock, Value } from '../../pipeline/value.ts';
import { isScriptBlock, printed } from '../../pipeline/value.ts';
import type { Code } from '../compiler/code.ts';
import { later, liftAll, type Plan } from '../compiler/evaluation.ts';
import { call } from './call.ts';
import type { Callee } from './callee.ts';
import { cast } from './cast.ts';
import { collected, elements, toBool } from './convert.ts';
import { exceptionOf, ThrownError } from './exceptions.ts';
import { failure, Leaving, originOf, StopForGood } from './failure.ts';
import { Frame } from './frame.ts';
import { memberOf } from './members.ts';
import { callMethod, hasMethod } from './methods.ts';
import type { Leave, Result } from './runnable.ts';
import type { Session } from './session.ts';
import { typeNamed } from './types.ts';

export function blockMethod(method: 'foreach' | 'where', target: Plan, args: readonly Plan[]): Plan {
  const all = liftAll([target, ...args], (values) => values.map((value) => value ?? null));
  return later(async (session) => {
    const [self, ...given] = (await all.run(session)) as Value[];
    return method === 'where' ? where(self, given) : forEach(self, given);
  });
}

async function where(self: Result, [condition, mode, count]: Value[]): Promise<Result> {
  if (!isScriptBlock(condition))
    throw failure('MethodNotFound', 'The Where method needs a script block: .Where({ $_.Enabled }).');
  const kept: Value[] = [];
  const how = printed(mode).toLowerCase();
  if (how !== '' && !['default', 'first', 'last'].includes(how))
    throw failure(
      'MethodNotFound',
      `The Where method's mode '${printed(mode)}' is not part of this language; possible: First, Last.`,
    );
  const most = how === 'first' ? (typeof count === 'number' ? count : 1) : Number.POSITIVE_INFINITY;
  for (const item of elements(self)) {
    if (kept.length >= most) break;
    if (toBool(collected(await condition.call(item)))) kept.push(item);
  }
  return how === 'last' ? kept.slice(-(typeof count === 'number' ? count : 1)) : kept;
}

async function forEach(self: Result, [what, ...rest]: Value[]): Promise<Result> {
  const results: Value[] = [];
  for (const item of elements(self)) {
    if (isScriptBlock(what)) results.push(...(await what.call(item)));
    else results.push((memberOrMethod(item, what, rest) ?? null) as Value);
  }
  return results;
}

function memberOrMethod(item: Value, what: Value | undefined, args: readonly Value[]): Result {
  const name = printed(what);
  const type = typeNamed(name.replace(/^\[|\]$/g, ''));
  if (type && name.startsWith('[')) return cast(type, item);
  const member = args.length ? undefined : memberOf(item, name);
  return member ?? (hasMethod(item, name) ? callMethod(item, name, args) : null);
}

/** Blocks as they were compiled, for `&`, `.` and .Invoke(). */
const CALLEES = new WeakMap<ScriptBlock, Callee>();

export function calleeOf(block: ScriptBlock): Callee | undefined {
  return CALLEES.get(block);
}

/** A block as a value: a cmdlet that runs it does so at the level that runs then, with $_ set. */
export function calledBlock(callee: Callee, session: Session): ScriptBlock {
  const { body } = callee;
  const isPlain = !body.begin && !body.process && !body.parameters && !callee.closedOver;
  const code = isPlain ? body.end : undefined;
  const stream = (underscore: Value) => values(callee, code, session, underscore);
  const block: ScriptBlock = {
    kind: 'scriptblock',
    text: body.text,
    stream,
    async call(underscore) {
      const given: Value[] = [];
      for await (const value of stream(underscore)) given.push(value);
      return given;
    },
    evaluate: (underscore, fails) => evaluated(callee, block.call, session, underscore, fails),
  };
  if (code?.atOnce) block.call = (underscore) => atOnce(code.atOnce!, session, underscore);
  CALLEES.set(block, callee);
  return block;
}

/** `{ … }.GetNewClosure()`: the block with the variables of the level that runs, as they are now. */
export function closure(callee: Callee, session: Session): ScriptBlock {
  return calledBlock({ ...callee, closedOver: session.frame.copied() }, session);
}

async function evaluated(
  { body }: Callee,
  run: (underscore: Value) => Promise<Value[]>,
  session: Session,
  underscore: Value,
  fails: 'tells' | 'throws',
): Promise<Value[]> {
  if ([body.begin, body.process, body.end].filter(Boolean).length > 1)
    throw failure(
      'InvalidOperation',
      'The script block cannot be invoked because it contains more than one clause. The Invoke() method can only be used on script blocks that contain a single clause.',
    );
  const frame = new Frame(session.frame);
  frame.catching = fails === 'throws' ? 1 : 0;
  frame.unheard = fails === 'throws' ? 1 : undefined;
  frame.variables.set('args', { name: 'args', value: [] });
  const outer = session.frame;
  session.frame = frame;
  try {
    return await run(underscore);
  } catch (error) {
    if (!(error instanceof StopStatement) || error instanceof StopForGood) throw error;
    throw leftBlock(error);
  } finally {
    session.frame = outer;
  }
}

/** The error with which a block was left, as the exception that whoever ran it sees. */
function leftBlock({ error }: StopStatement): CmdletError {
  if (error instanceof ThrownError) return error;
  const { message, id, category, target, targetType } = error;
  if (!originOf(error))
    return new CmdletError(message, { id, category, target, targetType, type: exceptionOf(error).type });
  return new CmdletError(
    `The running command stopped because the preference variable "ErrorActionPreference" or common parameter is set to Stop: ${message}`,
    { id, category, target, targetType, type: 'System.Management.Automation.ActionPreferenceStopException' },
  );
}

/** `$_` is the block's while the block runs, and whoever takes its values has his own in between. */
async function* values(
  callee: Callee,
  code: Code | undefined,
  session: Session,
  underscore: Value,
): AsyncGenerator<Value, undefined> {
  const wait = session.budget.step();
  if (wait) await wait;
  let own = underscore;
  let running: AsyncGenerator<Value, Leave | undefined> | undefined;
  try {
    for (;;) {
      const { frame } = session;
      const before = frame.underscore;
      frame.underscore = own;
      let next: IteratorResult<Value, Leave | undefined>;
      try {
        running ??= code ? code.values(session) : await call(callee, [], session, { inThisScope: !callee.closedOver });
        next = await running.next();
      } finally {
        own = frame.underscore;
        frame.underscore = before;
      }
      if (next.done) return left(next.value);
      yield next.value;
    }
  } catch (error) {
    return returned(error);
  } finally {
    await running?.return(undefined);
  }
}

async function atOnce(run: NonNullable<Code['atOnce']>, session: Session, underscore: Value): Promise<Value[]> {
  const wait = session.budget.step();
  if (wait) await wait;
  const { frame } = session;
  const before = frame.underscore;
  const given: Value[] = [];
  frame.underscore = underscore;
  try {
    left(run(session, given));
  } catch (error) {
    returned(error);
  } finally {
    frame.underscore = before;
  }
  return given;
}

/** `return` ends the block alone, `break` and `continue` the loop around it. */
function left(leave: Leave | undefined): undefined {
  if (leave && leave.how !== 'return') throw new Leaving(leave);
}

function returned(error: unknown): undefined {
  if (!(error instanceof Leaving) || error.leave.how !== 'return') throw error;
}

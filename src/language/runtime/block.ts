/** Script blocks as values, and the methods of lists that take one: .Where({ … }), .ForEach({ … }). */
import type { ScriptBlock, Value } from '../../pipeline/value.ts';
import { isScriptBlock, printed } from '../../pipeline/value.ts';
import type { Code } from '../compiler/code.ts';
import { later, liftAll, type Plan } from '../compiler/evaluation.ts';
import { call } from './call.ts';
import type { Callee } from './callee.ts';
import { cast } from './cast.ts';
import { collected, elements, toBool } from './convert.ts';
import { failure, Leaving } from './failure.ts';
import { memberOf } from './members.ts';
import { callMethod, hasMethod } from './methods.ts';
import type { Leave, Result } from './runnable.ts';
import type { Session } from './session.ts';
import { typeNamed } from './types.ts';

/** Runs with `$_` set, and puts back what was in it. */
async function withUnderscore<T>(session: Session, value: Value, run: () => Promise<T>): Promise<T> {
  const { frame } = session;
  const before = frame.underscore;
  frame.underscore = value;
  try {
    return await run();
  } finally {
    frame.underscore = before;
  }
}

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
  const code = body.end;
  const isPlain = code && !body.begin && !body.process && !body.parameters;
  const block = scriptBlock(body.text, async (underscore) => {
    const wait = session.budget.step();
    if (wait) await wait;
    return withUnderscore(session, underscore, async () => {
      const values: Value[] = [];
      if (!isPlain) {
        const output = await call(callee, [], session, { inThisScope: true });
        for await (const value of output) values.push(value);
        return values;
      }
      try {
        const leave = code.atOnce ? code.atOnce(session, values) : await collect(code, session, values);
        if (leave && leave.how !== 'return') throw new Leaving(leave);
      } catch (error) {
        if (!(error instanceof Leaving) || error.leave.how !== 'return') throw error;
      }
      return values;
    });
  });
  CALLEES.set(block, callee);
  return block;
}

async function collect(code: Code, session: Session, values: Value[]): Promise<Leave | undefined> {
  const run = code.values(session);
  for (;;) {
    const next = await run.next();
    if (next.done) return next.value;
    values.push(next.value);
  }
}

function scriptBlock(text: string, call: ScriptBlock['call']): ScriptBlock {
  return { kind: 'scriptblock', text, call };
}

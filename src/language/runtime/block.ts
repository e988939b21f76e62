/** Script blocks as values, and the methods of lists that take one: .Where({ … }), .ForEach({ … }). */
import type { ScriptBlock, Value } from '../../pipeline/value.ts';
import { isScriptBlock, printed } from '../../pipeline/value.ts';
import { later, liftAll, type Plan } from '../compiler/evaluation.ts';
import { cast, collected, elements, toBool } from './convert.ts';
import { failure } from './failure.ts';
import { memberOf } from './members.ts';
import { callMethod } from './methods.ts';
import type { Result, Session } from './session.ts';
import { typeNamed } from './types.ts';

/** Runs with `$_` set, and puts back what was in it. */
export async function withUnderscore<T>(session: Session, value: Value, run: () => Promise<T>): Promise<T> {
  const before = session.underscore;
  session.underscore = value;
  try {
    return await run();
  } finally {
    session.underscore = before;
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
  return args.length ? callMethod(item, name, args) : memberOf(item, name);
}

export function scriptBlock(text: string, call: ScriptBlock['call']): ScriptBlock {
  return { kind: 'scriptblock', text, call };
}

/** `$x = …`, `+=` and its like, `??=`. */
import type { Assignment, Expression } from '../parser/ast.ts';
import { without } from '../runtime/members.ts';
import { binaryFunction } from '../runtime/operators.ts';
import type { Result } from '../runtime/runnable.ts';
import type { Session } from '../runtime/session.ts';
import { compileAssignment } from './compile-expression.ts';
import { later, now, type Plan } from './evaluation.ts';

/** @param given what the right side is compiled to */
export function assignment({ target, operator }: Assignment, given: Plan, compile: (e: Expression) => Plan): Plan {
  const setter = compileAssignment(target, compile);
  const before = target.kind === 'cast' ? target.operand : (target as Expression);
  const old = () => (before.kind === 'variable' && !before.scope ? ownValue(before.name) : compile(before));
  if (operator === '??=') return ifNothing(old(), given, setter);
  const computed = operator === '=' ? given : combined(old(), operator, given);
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

/** What an operator of assignment reads is the variable of the level that runs: in a function, not the caller's. */
function ownValue(name: string): Plan {
  return now((session) => (name === '_' ? session.get(name) : (session.frame.variables.get(name)?.value ?? null)));
}

function ifNothing(old: Plan, given: Plan, setter: ReturnType<typeof compileAssignment>): Plan {
  return later(async (session) => {
    const before = await old.run(session);
    if (before !== null && before !== undefined) return before;
    const value = await given.run(session);
    await setter.run(session, value);
    return value ?? null;
  });
}

/** `a op= b`: the old value is read before the right side runs. */
function combined(before: Plan, operator: string, given: Plan): Plan {
  const f = operator === '-=' ? lessOf : binaryFunction(operator.slice(0, -1), false);
  if (before.now && given.now) return now((session) => f(before.run(session), given.run(session), session));
  return later(async (session) => {
    const right = await given.run(session);
    return f(await before.run(session), right, session);
  });
}

const minus = binaryFunction('-', false);

/** `$rc.RemoteIPRanges -= '10.1.2.3'`: a connector's list loses elements; anything else is arithmetic. */
function lessOf(before: Result, given: Result, session: Session): Result {
  return without(before, given) ?? minus(before, given, session);
}

/** Statements that end more than themselves: `break`, `continue`, `return`, `throw`, `exit`. */
import type { CmdletError } from '../../pipeline/error.ts';
import type { StopStatement } from '../../pipeline/run.ts';
import type { Value } from '../../pipeline/value.ts';
import type { Exit, Expression, LeaveLoop, Statement } from '../parser/ast.ts';
import { toNumber } from '../runtime/convert.ts';
import { ExitScript, Leaving } from '../runtime/failure.ts';
import type { Leave } from '../runtime/runnable.ts';
import type { Session } from '../runtime/session.ts';
import { thrown } from '../runtime/throw.ts';
import { atOnceCode, type Code, silent } from './code.ts';
import { lift, now, type Plan } from './evaluation.ts';

/** `break`, `continue`, with a label that may be computed. */
export function leaveCode({ kind, label }: LeaveLoop, compile: (e: Expression) => Plan): Code {
  if (!label) {
    const leave: Leave = { how: kind };
    return atOnceCode(() => leave);
  }
  if (label.kind === 'literal') {
    const leave: Leave = { how: kind, label: String(label.text ?? label.value).toLowerCase() };
    return atOnceCode(() => leave);
  }
  const plan = compile(label);
  return {
    // biome-ignore lint/correctness/useYield: it gives nothing
    async *values(session) {
      return { how: kind, label: String(await plan.run(session)).toLowerCase() };
    },
  };
}

/** Where errors are silent and nobody catches, `throw` ends its statement alone, as any error does. */
function unheard(stop: StopStatement, session: Session): StopStatement | CmdletError {
  const { errorAction } = session.preferences();
  const isSilent = errorAction === 'SilentlyContinue' || errorAction === 'Ignore';
  return isSilent && !session.frame.catching ? stop.error : stop;
}

/** What a statement's parts are compiled by. */
interface Parts {
  /** As one value. */
  value(statement: Statement): Plan;
  /** What it gives, one by one, its errors not told. */
  bare(statement: Statement): Code;
}

/** `exit`, `throw` and `return`. */
export function exitCode({ kind, value }: Exit, parts: Parts): Code {
  if (kind === 'exit') {
    const code = value ? parts.value(value) : now(() => 0);
    return silent(
      lift(code, (given) => {
        throw new ExitScript(toNumber(given) & 255);
      }),
    );
  }
  if (kind === 'throw') {
    const what = value ? parts.value(value) : now(() => undefined);
    return silent(
      lift(what, (given, session) => {
        throw unheard(thrown(given, session, value !== undefined), session);
      }),
    );
  }
  const leave: Leave = { how: 'return' };
  if (!value) return atOnceCode(() => leave);
  const given = parts.bare(value);
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

/** `break`, `continue` and `return` in parentheses go out to the loop or function that is around them. @param given what was given before them */
export function leaves(leave: Leave, given: Value[]): never {
  throw new Leaving(leave, given);
}

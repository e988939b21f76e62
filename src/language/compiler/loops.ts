/** `foreach`, `while`, `do`, `for` and `switch`. A round whose body needs no waiting runs without a promise. */
import type { Value } from '../../pipeline/value.ts';
import { elements, toBool } from '../runtime/convert.ts';
import { Leaving } from '../runtime/failure.ts';
import type { Leave, Result } from '../runtime/runnable.ts';
import type { Session } from '../runtime/session.ts';
import { atOnceCode, type Code } from './code.ts';
import type { Plan } from './evaluation.ts';

/** What happens before each round: whether there is one. */
type Rounds = (session: Session) => boolean | Promise<boolean>;

/** What a loop makes of how its body was left. */
function outward(leave: Leave, label: string | undefined): Leave | 'break' | 'continue' {
  if (leave.how === 'return') return leave;
  return leave.label === undefined || leave.label === label ? leave.how : leave;
}

/** `break` and `continue` that come out of a called block or function. */
function leaveOf(error: unknown): Leave {
  if (error instanceof Leaving && error.leave.how !== 'return') return error.leave;
  throw error;
}

async function* looped(
  session: Session,
  label: string | undefined,
  body: Code,
  next: Rounds,
): AsyncGenerator<Value, Leave | undefined> {
  const { atOnce } = body;
  const out: Value[] = [];
  for (;;) {
    const wait = session.budget.step();
    if (wait) await wait;
    const more = next(session);
    if (!(typeof more === 'boolean' ? more : await more)) return undefined;
    let leave: Leave | undefined;
    if (atOnce) {
      try {
        leave = atOnce(session, out);
      } catch (error) {
        yield* out;
        leave = leaveOf(error);
        out.length = 0;
      }
      if (out.length) {
        for (const value of out) yield value;
        out.length = 0;
      }
    } else {
      try {
        leave = yield* body.values(session);
      } catch (error) {
        leave = leaveOf(error);
      }
    }
    const left = leave && outward(leave, label);
    if (left === 'break') return undefined;
    if (left && left !== 'continue') return left;
  }
}

export function foreachLoop(label: string | undefined, over: Plan, body: Code, name: string): Code {
  return {
    async *values(session) {
      const all = await over.run(session);
      const items = all === null ? [] : elements(all);
      let at = 0;
      return yield* looped(session, label, body, (current) => {
        if (at >= items.length) return false;
        current.set(name, items[at++]!);
        return true;
      });
    },
  };
}

/** @param until the condition ends the loop instead of keeping it going */
export function whileLoop(
  label: string | undefined,
  condition: Plan,
  body: Code,
  bodyFirst: boolean,
  until: boolean,
): Code {
  const goesOn = (value: Result) => toBool(value) !== until;
  return {
    values(session) {
      let isFirst = bodyFirst;
      return looped(session, label, body, (current) => {
        if (isFirst) {
          isFirst = false;
          return true;
        }
        return condition.now ? goesOn(condition.run(current)) : condition.run(current).then(goesOn);
      });
    },
  };
}

export function forLoop(
  label: string | undefined,
  first: Plan | undefined,
  condition: Plan | undefined,
  next: Plan | undefined,
  body: Code,
): Code {
  return {
    async *values(session) {
      if (first) await first.run(session);
      let isFirst = true;
      const step = (current: Session): boolean | Promise<boolean> => {
        if (next && !next.now && !isFirst) return next.run(current).then(() => asked(current));
        if (next?.now && !isFirst) next.run(current);
        isFirst = false;
        return asked(current);
      };
      const asked = (current: Session): boolean | Promise<boolean> => {
        if (!condition) return true;
        return condition.now ? toBool(condition.run(current)) : condition.run(current).then((value) => toBool(value));
      };
      return yield* looped(session, label, body, step);
    },
  };
}

/** A clause of `switch`: whether it is for this value (which is $_), and what it then runs. */
export interface Clause {
  readonly matches:
    | { readonly now: true; test(session: Session, item: Value): boolean }
    | { readonly now: false; test(session: Session, item: Value): Promise<boolean> };
  readonly body: Code;
}

export function switchCode(
  label: string | undefined,
  over: Plan,
  clauses: readonly Clause[],
  otherwise: Code | undefined,
): Code {
  const isSync =
    over.now && clauses.every((one) => one.matches.now && one.body.atOnce) && (!otherwise || otherwise.atOnce);
  if (isSync) {
    return atOnceCode((session, out) => {
      const { frame } = session;
      const before = frame.underscore;
      try {
        for (const item of elements(over.run(session) as Result)) {
          frame.underscore = item;
          let matched = false;
          let leave: Leave | undefined;
          for (const clause of clauses) {
            if (!clause.matches.test(session, item)) continue;
            matched = true;
            leave = clause.body.atOnce!(session, out);
            if (leave) break;
          }
          if (!matched) leave = otherwise?.atOnce?.(session, out);
          const left = leave && outward(leave, label);
          if (left === 'break') return undefined;
          if (left && left !== 'continue') return left;
        }
        return undefined;
      } finally {
        frame.underscore = before;
      }
    });
  }
  return {
    async *values(session) {
      const { frame } = session;
      const before = frame.underscore;
      try {
        for (const item of elements(await over.run(session))) {
          let matched = false;
          let leave: Leave | undefined;
          for (const clause of clauses) {
            frame.underscore = item;
            if (!(await clause.matches.test(session, item))) continue;
            matched = true;
            leave = yield* within(clause.body, session);
            if (leave) break;
          }
          frame.underscore = item;
          if (!matched && otherwise) leave = yield* within(otherwise, session);
          const left = leave && outward(leave, label);
          if (left === 'break') return undefined;
          if (left && left !== 'continue') return left;
        }
        return undefined;
      } finally {
        frame.underscore = before;
      }
    },
  };
}

async function* within(body: Code, session: Session): AsyncGenerator<Value, Leave | undefined> {
  try {
    return yield* body.values(session);
  } catch (error) {
    return leaveOf(error);
  }
}

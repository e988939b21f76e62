/** Plans of expressions, made of their operands' plans: at once where all of them are. */
import type { LaterIn, NowIn, PlanIn, Result } from '../runtime/runnable.ts';
import type { Session } from '../runtime/session.ts';

export type Plan = PlanIn<Session>;
type Now = NowIn<Session>;
type Later = LaterIn<Session>;

export function constant(value: Result): Now {
  return { now: true, run: () => value };
}

export function now(run: (session: Session) => Result): Now {
  return { now: true, run };
}

export function later(run: (session: Session) => Promise<Result>): Later {
  return { now: false, run };
}

/** A function of one operand. */
export function lift(a: Plan, f: (a: Result, session: Session) => Result): Plan {
  if (a.now) return now((session) => f(a.run(session), session));
  return later(async (session) => f(await a.run(session), session));
}

/** A function of two operands, the left evaluated first. */
export function lift2(a: Plan, b: Plan, f: (a: Result, b: Result, session: Session) => Result): Plan {
  if (a.now && b.now) return now((session) => f(a.run(session), b.run(session), session));
  return later(async (session) => {
    const left = await a.run(session);
    return f(left, await b.run(session), session);
  });
}

/** A function of any number of operands, evaluated in order. */
export function liftAll(plans: readonly Plan[], f: (values: Result[], session: Session) => Result): Plan {
  if (plans.every((plan) => plan.now)) {
    const all = plans as readonly Now[];
    return now((session) =>
      f(
        all.map((plan) => plan.run(session)),
        session,
      ),
    );
  }
  return later(async (session) => {
    const values: Result[] = [];
    for (const plan of plans) values.push(await plan.run(session));
    return f(values, session);
  });
}

/** `b` only when `a` does not decide. */
export function shortCircuit(a: Plan, b: Plan, decides: (a: Result) => Result, f: (b: Result) => Result): Plan {
  if (a.now && b.now) return now((session) => decides(a.run(session)) ?? f(b.run(session)));
  return later(async (session) => decides(await a.run(session)) ?? f(await b.run(session)));
}

/** What a statement is compiled to: code that gives values one by one, and says how it was left. */
import type { Value } from '../../pipeline/value.ts';
import { collected, elements } from '../runtime/convert.ts';
import { Leaving } from '../runtime/failure.ts';
import { checkList } from '../runtime/limits.ts';
import type { CodeIn, Leave } from '../runtime/runnable.ts';
import type { Session } from '../runtime/session.ts';
import { later, now, type Plan } from './evaluation.ts';

export type Code = CodeIn<Session>;

/** Code that runs at once, and its other shape derived from it. */
export function atOnceCode(atOnce: NonNullable<Code['atOnce']>): Code {
  return { atOnce, values: (session) => given(atOnce, session) };
}

async function* given(atOnce: NonNullable<Code['atOnce']>, session: Session): AsyncGenerator<Value, Leave | undefined> {
  const out: Value[] = [];
  let leave: Leave | undefined;
  try {
    leave = atOnce(session, out);
  } catch (error) {
    yield* out;
    throw error;
  }
  yield* out;
  return leave;
}

/** One after the other; neighbours that need no waiting run together. */
export function sequence(all: readonly Code[]): Code {
  if (all.length === 1) return all[0]!;
  const steps: Code[] = [];
  let together: NonNullable<Code['atOnce']>[] = [];
  const flush = () => {
    if (together.length) steps.push(atOnceCode(inTurn(together)));
    together = [];
  };
  for (const code of all) {
    if (code.atOnce) together.push(code.atOnce);
    else {
      flush();
      steps.push(code);
    }
  }
  flush();
  if (steps.length === 1) return steps[0]!;
  if (steps.length === 0) return atOnceCode(() => undefined);
  return {
    async *values(session) {
      for (const code of steps) {
        const leave = yield* code.values(session);
        if (leave) return leave;
      }
      return undefined;
    },
  };
}

function inTurn(all: readonly NonNullable<Code['atOnce']>[]): NonNullable<Code['atOnce']> {
  if (all.length === 1) return all[0]!;
  return (session, out) => {
    for (const one of all) {
      const leave = one(session, out);
      if (leave) return leave;
    }
    return undefined;
  };
}

/** An expression as a statement: it gives the elements of its value. */
export function expressionCode(plan: Plan): Code {
  if (plan.now)
    return atOnceCode((session, out) => {
      const value = plan.run(session);
      if (Array.isArray(value)) {
        session.budget.count(value.length);
        for (const one of value as Value[]) out.push(one);
      } else if (value !== undefined) out.push(value as Value);
      return undefined;
    });
  return {
    async *values(session) {
      yield* elements(await plan.run(session));
      return undefined;
    },
  };
}

/** Runs, and gives nothing. */
export function silent(plan: Plan): Code {
  if (plan.now)
    return atOnceCode((session) => {
      plan.run(session);
      return undefined;
    });
  return {
    // biome-ignore lint/correctness/useYield: it gives nothing
    async *values(session) {
      await plan.run(session);
      return undefined;
    },
  };
}

/** All the values of some code as one value. What it gave before it was left goes on with how it was left; of @( ) it is lost. */
export function gathered(code: Code, asList: boolean, left: (leave: Leave, given: Value[]) => void): Plan {
  const { atOnce } = code;
  const leaveWith = (leave: Leave, values: Value[]) => left(leave, asList ? [] : values);
  const passOn = (error: unknown, values: Value[]) => {
    if (error instanceof Leaving && !asList) error.given.unshift(...values);
    return error;
  };
  if (atOnce) {
    return now((session) => {
      const values: Value[] = [];
      let leave: Leave | undefined;
      try {
        leave = atOnce(session, values);
      } catch (error) {
        throw passOn(error, values);
      }
      if (leave) leaveWith(leave, values);
      checkList(values.length);
      return asList ? values : collected(values);
    });
  }
  return later(async (session) => {
    const values: Value[] = [];
    const run = code.values(session);
    for (;;) {
      const next = await run.next().catch((error) => {
        throw passOn(error, values);
      });
      if (next.done) {
        if (next.value) leaveWith(next.value, values);
        return asList ? values : collected(values);
      }
      values.push(next.value);
      checkList(values.length);
    }
  });
}

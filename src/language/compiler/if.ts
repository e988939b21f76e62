/** `if`, `elseif`, `else`. */
import { toBool } from '../runtime/convert.ts';
import { atOnceCode, type Code } from './code.ts';
import type { Plan } from './evaluation.ts';

/** @param last the `else` */
export function ifCode(tests: readonly (readonly [condition: Plan, body: Code])[], last: Code | undefined): Code {
  if (tests.every(([condition, body]) => condition.now && body.atOnce) && (!last || last.atOnce)) {
    return atOnceCode((session, out) => {
      for (const [condition, body] of tests) {
        if (condition.now && toBool(condition.run(session))) return body.atOnce!(session, out);
      }
      return last?.atOnce?.(session, out);
    });
  }
  return {
    async *values(session) {
      for (const [condition, body] of tests) {
        if (toBool(await condition.run(session))) return yield* body.values(session);
      }
      return last ? yield* last.values(session) : undefined;
    },
  };
}

/** Does a value meet the condition of a `switch` clause? */
import { compareValues } from '../../pipeline/compare.ts';
import type { Value } from '../../pipeline/value.ts';
import { toBool } from '../runtime/convert.ts';
import { binaryFunction } from '../runtime/operators.ts';
import type { Result } from '../runtime/runnable.ts';
import type { Session } from '../runtime/session.ts';
import type { Plan } from './evaluation.ts';
import type { Clause } from './loops.ts';

const OPERATORS = { exact: '-eq', wildcard: '-like', regex: '-match' } as const;

export function matcher(condition: Plan, how: keyof typeof OPERATORS, caseSensitive: boolean): Clause['matches'] {
  const compare = binaryFunction(OPERATORS[how], caseSensitive);
  const holds = (session: Session, item: Value, wanted: Result): boolean => {
    // wildcards and regular expressions are about texts; what is none is compared as it is
    if (how !== 'exact' && typeof wanted !== 'string')
      return toBool(compareValues('eq', item, wanted ?? null, caseSensitive));
    if (how === 'exact' && (item === null || wanted === null)) return item === (wanted ?? null);
    if (how === 'exact') return toBool(compareValues('eq', wanted as Value, item, caseSensitive)); // the clause decides
    return toBool(compare(item, wanted, session));
  };
  if (condition.now) return { now: true, test: (session, item) => holds(session, item, condition.run(session)) };
  return { now: false, test: async (session, item) => holds(session, item, await condition.run(session)) };
}

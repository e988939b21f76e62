/** Does a value meet the condition of a `switch` clause? */

import { Char } from '../../pipeline/char.ts';
import { compareValues } from '../../pipeline/compare.ts';
import { isFigure } from '../../pipeline/number.ts';
import { printed, type Value } from '../../pipeline/value.ts';
import { toBool } from '../runtime/convert.ts';
import { binaryFunction } from '../runtime/operators.ts';
import type { Result } from '../runtime/runnable.ts';
import type { Session } from '../runtime/session.ts';
import { namingPattern } from '../runtime/text-operators.ts';
import type { Plan } from './evaluation.ts';
import type { Clause } from './loops.ts';

const OPERATORS = { exact: '-eq', wildcard: '-like', regex: '-match' } as const;

function isPlain(value: Result): boolean {
  return (
    value === null || typeof value !== 'object' || isFigure(value) || value instanceof Char || value instanceof Date
  );
}

export function matcher(condition: Plan, how: keyof typeof OPERATORS, caseSensitive: boolean): Clause['matches'] {
  const compare = binaryFunction(OPERATORS[how], caseSensitive);
  const holds = (session: Session, item: Value, wanted: Result): boolean => {
    const is = (one: Value, other: Value) => toBool(compareValues('eq', one, other, caseSensitive));
    // wildcards and regular expressions are about texts; what settings hold is compared as what it is
    if (how !== 'exact') {
      if (wanted === null || !isPlain(wanted)) return is(item, wanted ?? null);
      const pattern = printed(wanted);
      const meets = () => toBool(compare(item, pattern, session));
      return how === 'regex' ? namingPattern(pattern, meets) : meets();
    }
    if (wanted === null || wanted === undefined) return item === null;
    // PowerShell compares what the two are as texts: 1 is not $true; what settings hold is compared as what it is
    return isPlain(item) && isPlain(wanted) ? is(printed(wanted), printed(item)) : is(wanted, item); // the clause decides
  };
  if (condition.now) return { now: true, test: (session, item) => holds(session, item, condition.run(session)) };
  return { now: false, test: async (session, item) => holds(session, item, await condition.run(session)) };
}

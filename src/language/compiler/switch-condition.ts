/** Does a value meet the condition of a `switch` clause? */

import { Char } from '../../pipeline/char.ts';
import { compareValues } from '../../pipeline/compare.ts';
import { Double } from '../../pipeline/number.ts';
import { printed, type Value } from '../../pipeline/value.ts';
import { toBool } from '../runtime/convert.ts';
import { binaryFunction } from '../runtime/operators.ts';
import type { Result } from '../runtime/runnable.ts';
import type { Session } from '../runtime/session.ts';
import type { Plan } from './evaluation.ts';
import type { Clause } from './loops.ts';

const OPERATORS = { exact: '-eq', wildcard: '-like', regex: '-match' } as const;

function isPlain(value: Value): boolean {
  return (
    value === null ||
    typeof value !== 'object' ||
    value instanceof Double ||
    value instanceof Char ||
    value instanceof Date
  );
}

export function matcher(condition: Plan, how: keyof typeof OPERATORS, caseSensitive: boolean): Clause['matches'] {
  const compare = binaryFunction(OPERATORS[how], caseSensitive);
  const holds = (session: Session, item: Value, wanted: Result): boolean => {
    // wildcards and regular expressions are about texts; what settings hold is compared as what it is
    if (how !== 'exact' && wanted !== null && isPlain(wanted as Value))
      return toBool(compare(item, printed(wanted as Value), session));
    if (how !== 'exact') return toBool(compareValues('eq', item, wanted ?? null, caseSensitive));
    if (how === 'exact' && (wanted === null || wanted === undefined)) return item === null;
    // PowerShell compares what the two are as texts: 1 is not $true; what settings hold is compared as what it is
    if (how === 'exact' && isPlain(item) && isPlain(wanted as Value))
      return toBool(compareValues('eq', printed(wanted as Value), printed(item), caseSensitive));
    return toBool(compareValues('eq', wanted as Value, item, caseSensitive)); // the clause decides
  };
  if (condition.now) return { now: true, test: (session, item) => holds(session, item, condition.run(session)) };
  return { now: false, test: async (session, item) => holds(session, item, await condition.run(session)) };
}

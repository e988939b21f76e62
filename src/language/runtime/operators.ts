/** The binary operators, each a function of two values. */
import { COMPARISONS, type Comparison, compareValues } from '../../pipeline/compare.ts';
import { SafeRegex } from '../../pipeline/safe-regex.ts';
import { Hashtable, printed, type Value } from '../../pipeline/value.ts';
import { add, divide, multiply, rangeOf, remainder, subtract } from './arithmetic.ts';
import { elements, toBool } from './convert.ts';
import { failure } from './failure.ts';
import type { Result } from './runnable.ts';
import type { Session } from './session.ts';
import { formatText, joinedOperator, namedGroups, numbered, replaced, split } from './text-operators.ts';

type BinaryFunction = (left: Result, right: Result, session: Session) => Result;

const ARITHMETIC: Readonly<Record<string, (left: Value, right: Value) => Value>> = {
  '+': add,
  '-': subtract,
  '*': multiply,
  '/': divide,
  '%': remainder,
  '..': rangeOf,
};

/** What an element of a list costs, roughly in nanoseconds: copied, compared, made a text. */
const COPIED = 1;
const COMPARED = 4;
export const PRINTED = 20;

/** The function of an operator; -and, -or, -is and -as are not here, they do not look at both values. */
export function binaryFunction(operator: string, caseSensitive: boolean): BinaryFunction {
  const operation = operationOf(operator, caseSensitive);
  const weight = operator in ARITHMETIC ? COPIED : operator === '-join' ? PRINTED : COMPARED;
  return (left, right, session) => {
    if (Array.isArray(left)) session.budget.spend(left.length * weight);
    return accounted(operation(left, right, session), session);
  };
}

/** A text that was made cost its length. */
export function accounted(result: Result, session: Session): Result {
  if (typeof result === 'string' && result.length > 1024) session.budget.spend(result.length >> 4);
  return result;
}

function operationOf(operator: string, caseSensitive: boolean): BinaryFunction {
  const arithmetic = ARITHMETIC[operator];
  if (arithmetic)
    return (left, right) =>
      right === undefined && operator === '+' && Array.isArray(left) ? left : arithmetic(left ?? null, right ?? null);
  const word = operator.slice(1);
  if (word === 'match' || word === 'notmatch') return ofElements(matching(word, caseSensitive));
  if ((COMPARISONS as readonly string[]).includes(word)) {
    const op = word as Comparison;
    // what gave nothing holds nothing, not $null
    const none = LISTED[op];
    if (none === 'left')
      return (left, right) => compareValues(op, left === undefined ? [] : left, right ?? null, caseSensitive);
    if (none === 'right')
      return (left, right) => compareValues(op, left ?? null, right === undefined ? [] : right, caseSensitive);
    const compared: BinaryFunction = (left, right) => compareValues(op, left ?? null, right ?? null, caseSensitive);
    return op === 'like' || op === 'notlike' ? ofElements(compared) : compared;
  }
  switch (word) {
    case 'xor':
      return (left, right) => toBool(left) !== toBool(right);
    case 'f':
      return (left, right) => formatText(left ?? null, elements(right ?? null));
    case 'join':
      return (left, right) => joinedOperator(left, printed(right));
    case 'split':
      return (left, right) => split(elements(left), separators(right), caseSensitive);
    case 'replace':
      return ofElements((left, right) => replaced(left, elements(right ?? null), caseSensitive));
    default:
      throw new Error(`no operator ${operator}`);
  }
}

/** On which side an operator takes a list of values. */
const LISTED: Readonly<Partial<Record<Comparison, 'left' | 'right'>>> = {
  contains: 'left',
  notcontains: 'left',
  in: 'right',
  notin: 'right',
};

/** What gave nothing has no texts to look at; `$null` is an empty one. */
function ofElements(operation: BinaryFunction): BinaryFunction {
  return (left, right, session) => (left === undefined ? [] : operation(left, right, session));
}

/** What -split splits at, and how often. @throws CmdletError of an empty list */
function separators(right: Result): readonly Value[] {
  const options = right === undefined ? [] : elements(right);
  if (options.length) return options;
  const list = right !== undefined;
  throw failure(
    'BadOperatorArgument',
    `The argument to operator '-split' is not valid: ${list ? 'System.Object[]' : ''}.`,
    'InvalidOperation',
    {
      target: list ? 'System.Object[]' : '',
      targetType: list ? 'Object[]' : 'PSObject',
    },
  );
}

/** -match on one value also sets $Matches (about_Comparison_Operators). */
function matching(word: 'match' | 'notmatch', caseSensitive: boolean): BinaryFunction {
  return (left, right, session) => {
    if (Array.isArray(left)) return compareValues(word, left as Value, right ?? null, caseSensitive);
    const found = SafeRegex.of(printed(right), caseSensitive).exec(printed(left));
    if (found) {
      const matches = new Hashtable();
      const isNamed = namedGroups(printed(right));
      numbered(found, isNamed).forEach((text, group) => {
        if (text !== undefined && group <= found.length - 1 - isNamed.filter(Boolean).length)
          matches.set(String(group), text);
      });
      for (const [name, text] of Object.entries(found.groups ?? {})) if (text !== undefined) matches.set(name, text);
      session.set('Matches', matches);
    }
    return (found !== null) === (word === 'match');
  };
}

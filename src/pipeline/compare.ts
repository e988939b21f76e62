/**
 * Comparison as PowerShell does it (about_Comparison_Operators, LanguagePrimitives.Compare): the left side decides how
 * the right is read; on a list the operators filter. Settings compare as what they are: sizes, spans and limits as
 * quantities, ranges and flags whatever their writing, `Unlimited` above every number.
 *
 * Where it differs from PowerShell, so that a comparison never means the opposite of what it says: `Enabled -eq 'false'`
 * is about false (there, any text but the empty one is true), and a plain number against a time span is in seconds.
 */
import { Binding, ByteSize, Flags, IpRange, TimeSpan } from '../domain/value.ts';
import { show } from '../text/printable.ts';
import { sameText, Wildcard, WildcardError } from '../text/wildcard.ts';
import { Char } from './char.ts';
import { asBinding, asQuantities, asRange, flagsEqual, isList, isTyped, rangeOrder, textOrder } from './comparands.ts';
import { CmdletError } from './error.ts';
import { INTEGERS, integerTypeOf, isFigure, whyNoInteger } from './number.ts';
import { readDateValue } from './read-date-value.ts';
import { readSpan } from './read-span.ts';
import { SafeRegex } from './safe-regex.ts';
import { ComparableObject, Hashtable, isScriptBlock, PsObject, printed, type Value, WithMembers } from './value.ts';

export const COMPARISONS = [
  'eq',
  'ne',
  'gt',
  'ge',
  'lt',
  'le',
  'like',
  'notlike',
  'match',
  'notmatch',
  'contains',
  'notcontains',
  'in',
  'notin',
] as const;

export type Comparison = (typeof COMPARISONS)[number];

/**
 * `left -op right`. `op` without its dash and without the `c` or `i` that says the case.
 * On a list on the left -eq, -ne, -gt…, -like and -match give the elements for which they hold; else true or false.
 * @throws CmdletError when the two cannot be put in order (`5 -gt 'abc'`), or a pattern is wrong
 */
export function compareValues(op: Comparison, left: Value, right: Value, caseSensitive = false): Value {
  switch (op) {
    case 'contains':
      return contains(left, right, caseSensitive);
    case 'notcontains':
      return !contains(left, right, caseSensitive);
    case 'in':
      return contains(right, left, caseSensitive);
    case 'notin':
      return !contains(right, left, caseSensitive);
  }
  const holds = condition(op, right, caseSensitive);
  if (!isList(left)) return holds(left);
  const kept = left.filter(holds);
  // -like gives the texts that it looked at
  return op === 'like' || op === 'notlike' ? kept.map((one) => printed(one)) : kept;
}

/** Does `left -op right` count as true? Lists count when anything is left of them. */
export function comparisonHolds(op: Comparison, left: Value, right: Value, caseSensitive = false): boolean {
  return isTrue(compareValues(op, left, right, caseSensitive));
}

/** What counts as true (about_Booleans). */
export function isTrue(value: Value | undefined): boolean {
  if (value === null || value === undefined) return false;
  if (typeof value === 'boolean') return value;
  if (typeof value === 'number') return value !== 0;
  if (typeof value === 'string') return value !== '';
  if (isList(value)) return value.length === 1 ? isTrue(value[0]) : value.length > 0;
  if (isFigure(value)) return Number(value) !== 0;
  if (value instanceof WithMembers) return isTrue(value.value);
  if (value instanceof Char) return value.code !== 0;
  return true;
}

function condition(op: Exclude<Comparison, 'contains' | 'notcontains' | 'in' | 'notin'>, right: Value, cs: boolean) {
  switch (op) {
    case 'eq':
      return (left: Value) => elementEqual(left, right, cs);
    case 'ne':
      return (left: Value) => !elementEqual(left, right, cs);
    case 'gt':
      return (left: Value) => elementOrder(left, right, cs) > 0;
    case 'ge':
      return (left: Value) => elementOrder(left, right, cs) >= 0;
    case 'lt':
      return (left: Value) => elementOrder(left, right, cs) < 0;
    case 'le':
      return (left: Value) => elementOrder(left, right, cs) <= 0;
    case 'like':
    case 'notlike': {
      const pattern = wildcard(printed(right), cs);
      return (left: Value) => pattern.matches(printed(left)) === (op === 'like');
    }
    case 'match':
    case 'notmatch': {
      const regex = SafeRegex.of(printed(right), cs);
      return (left: Value) => regex.test(printed(left)) === (op === 'match');
    }
  }
}

function wildcard(pattern: string, cs: boolean): Wildcard {
  try {
    return new Wildcard(pattern, cs);
  } catch (error) {
    if (!(error instanceof WildcardError)) throw error;
    throw new CmdletError(error.message, {
      kind: 'usage',
      id: 'RuntimeException',
      category: 'NotSpecified',
      type: 'System.Management.Automation.WildcardPatternException',
    });
  }
}

/** -contains: is one of the elements equal? Flags are taken as the set they are. */
function contains(list: Value, item: Value, cs: boolean): boolean {
  if (isList(list)) return list.some((element) => elementEqual(element, item, cs));
  if (list instanceof Flags && typeof item === 'string' && !item.includes(',') && !sameText(item, 'None'))
    return list.names.some((name) => (cs ? name === item : sameText(name, item)));
  return compareEqual(list, item, cs);
}

/** As an operator compares an element: a list within a list is equal to itself alone, and in no order with anything. */
function elementEqual(left: Value, right: Value, cs: boolean): boolean {
  return isList(left) ? left === right : compareEqual(left, right, cs);
}

function elementOrder(left: Value, right: Value, cs: boolean): number {
  if (isList(left)) throw notComparable(left);
  return order(left, right, cs);
}

function notComparable(value: Value): CmdletError {
  return new CmdletError(
    `Cannot compare "${isList(value) ? 'System.Object[]' : value}" because it is not IComparable.`,
    { id: 'NotIcomparable' },
  );
}

/** `left -eq right` for single values; never fails. */
export function compareEqual(written: Value, other: Value, caseSensitive = false): boolean {
  if (written instanceof Char && typeof other === 'number') return written.code === other;
  const [left, right] = [plain(written), plain(other)];
  if (left === right) return true;
  if (left === null || right === null) return false;
  if (typeof left === 'string') return textEqual(left, right, caseSensitive);
  if (typeof left === 'boolean') return left === asBoolean(right);
  if (left instanceof Flags) return flagsEqual(left, right, caseSensitive);
  if (left instanceof IpRange) {
    const other = asRange(right);
    return other !== undefined && left.same(other);
  }
  if (left instanceof Binding) {
    const other = asBinding(right);
    return other !== undefined && left.address === other.address && left.port === other.port;
  }
  if (left instanceof ComparableObject) return left.against(right) === 0;
  if (left instanceof PsObject || left instanceof Hashtable || isScriptBlock(left)) return false;
  if (isList(left)) return isList(right) && sameText(printed(left), printed(right));
  const quantities = asQuantities(left, right);
  return quantities !== undefined && quantities[0] === quantities[1];
}

/** A number of a type is its value, a character its text. */
function plain(value: Value): Value {
  if (value instanceof WithMembers) return plain(value.value);
  return isFigure(value) ? Number(value) : value instanceof Char ? value.toString() : value;
}

function textEqual(left: string, right: Value, cs: boolean): boolean {
  // A text against a typed value means that value: '10.0.0.0/8' -eq a range written otherwise, '30MB' -eq a size.
  if (typeof right === 'object' && right !== null && !isList(right) && isTyped(right))
    return compareEqual(right, left, cs);
  const text = printed(right);
  return cs ? left === text : sameText(left, text);
}

/**
 * Less than zero when left comes first, as -lt, -gt and Sort-Object order them.
 * @throws CmdletError when the right side cannot be read as what the left is
 */
export function order(written: Value, other: Value, caseSensitive = false): number {
  if (written instanceof Char && other !== null) return written.code - characterFor(written, other);
  const [left, right] = [plain(written), plain(other)];
  if (left === right) return 0;
  if (left === null) return typeof right === 'number' && right < 0 ? 1 : -1;
  if (right === null) return typeof left === 'number' && left < 0 ? -1 : 1;
  if (typeof left === 'string') {
    if (typeof right === 'string') return textOrder(left, right, caseSensitive);
    if (isTyped(right)) {
      const read = asQuantities(right, left);
      if (read) return read[1] - read[0];
      if (right instanceof IpRange || right instanceof Binding) {
        const other = right instanceof IpRange ? asRange(left) : asBinding(left);
        if (other) return -order(right, other);
      }
    }
    return textOrder(left, printed(right), caseSensitive);
  }
  if (typeof left === 'boolean') return Number(left) - Number(asBoolean(right));
  if (left instanceof IpRange) {
    const other = asRange(right);
    if (other) return rangeOrder(left, other);
  } else if (left instanceof Binding) {
    const other = asBinding(right);
    if (other) return textOrder(left.address, other.address, true) || left.port - other.port;
  } else if (isList(left) || left instanceof Hashtable) {
    throw notComparable(left);
  } else if (left instanceof ComparableObject) {
    const found = left.against(right);
    if (typeof found === 'number') return found;
    throw new CmdletError(`Could not compare "${left}" to "${printed(right)}". Error: "${found}"`, {
      id: 'ComparisonFailure',
    });
  } else if (left instanceof PsObject && /^(?:PSCustomObject$|Selected\.)/.test(left.type)) {
    throw new CmdletError(
      `Cannot compare "${left}" to "${printed(right)}" because the objects are not the same type or the object "${left}" does not implement "IComparable".`,
      { id: 'PSObjectCompareTo', category: 'NotSpecified' },
    );
  } else if (left instanceof Flags || left instanceof PsObject) {
    return textOrder(printed(left), printed(right), caseSensitive);
  } else {
    const quantities = asQuantities(left, right);
    if (quantities) {
      const [a, b] = quantities;
      if (Number.isNaN(a) || Number.isNaN(b)) return Number.NaN; // neither before nor behind
      return a === b ? 0 : a < b ? -1 : 1;
    }
  }
  const typed = typeof left === 'number' ? inComparison(written, left, right) : undefined;
  if (typed) throw typed;
  if (left instanceof TimeSpan && typeof right === 'string') {
    const why = readSpan(right);
    if (typeof why === 'string')
      throw new CmdletError(
        `Could not compare "${printed(left)}" to "${right}". Error: "Cannot convert value "${right}" to type "System.TimeSpan". Error: "${why}""`,
        { id: 'ComparisonFailure' },
      );
  }
  const noDate = left instanceof Date ? whyNoDate(right) : undefined;
  if (noDate)
    throw new CmdletError(
      `Could not compare "${printed(left)}" to "${printed(right)}". Error: "Cannot convert value "${printed(right)}" to type "System.DateTime". Error: "${noDate}""`,
      { id: 'ComparisonFailure' },
    );
  throw new CmdletError(`Could not compare ${show(printed(left))} to ${show(printed(right))}: ${expected(left)}.`, {
    id: 'ComparisonFailure',
  });
}

/** What a character is compared with. @throws CmdletError when it is none */
function characterFor(left: Char, right: Value): number {
  if (right instanceof WithMembers) return characterFor(left, right.value);
  if (right instanceof Char) return right.code;
  if (typeof right === 'string' && right.length === 1) return right.charCodeAt(0);
  if (typeof right === 'number' && Number.isInteger(right) && right >= 0 && right <= 0xffff) return right;
  const from = typeof right === 'boolean' ? 'Boolean' : 'Double';
  const why =
    typeof right === 'string'
      ? 'String must be exactly one character long.'
      : typeof right === 'number' && Number.isInteger(right)
        ? 'Value was either too large or too small for a character.'
        : typeof right === 'boolean' || isFigure(right)
          ? `Invalid cast from '${from}' to 'Char'.`
          : undefined;
  const [shown, type] = isList(right) ? ['System.Object[]', 'System.Object[]'] : [printed(right), 'System.Object'];
  throw new CmdletError(
    `Could not compare "${left}" to "${printed(right)}". Error: "${
      why
        ? `Cannot convert value "${printed(right)}" to type "System.Char". Error: "${why}"`
        : `Cannot convert the "${shown}" value of type "${type}" to type "System.Char".`
    }"`,
    { id: 'ComparisonFailure' },
  );
}

/** A number against what is none, in PowerShell's words. */
function inComparison(written: Value, left: number, right: Value): CmdletError | undefined {
  const whole = isFigure(written) && integerTypeOf(written);
  const type = `System.${whole ? INTEGERS[whole].name : 'Double'}`;
  if (typeof right === 'string')
    return new CmdletError(
      `Cannot convert value "${right.trim()}" to type "${type}". Error: "${whole ? whyNoInteger(right.trim()) : `The input string '${right.trim()}' was not in a correct format.`}"`,
      {
        id: type === 'System.Double' ? 'InvalidCastFromStringToDoubleOrSingle' : 'InvalidCastFromStringToInteger',
        category: 'InvalidArgument',
      },
    );
  const name = isList(right)
    ? 'System.Object[]'
    : right instanceof Hashtable
      ? 'System.Collections.Hashtable'
      : undefined;
  if (!name) return undefined;
  return new CmdletError(
    `Could not compare "${printed(left)}" to "${printed(right)}". Error: "Cannot convert the "${name}" value of type "${name}" to type "${type}"."`,
    { id: 'ComparisonFailure' },
  );
}

/** In .NET's words. */
function whyNoDate(value: Value): string | undefined {
  if (typeof value === 'boolean') return "Invalid cast from 'Boolean' to 'DateTime'.";
  const why = readDateValue(value);
  return typeof why === 'string' ? why : undefined;
}

function expected(left: Value): string {
  if (left instanceof ByteSize) return 'a size is needed on the right, such as 30MB or a number of bytes';
  if (left instanceof TimeSpan) return 'a time span is needed on the right, such as 00:05:00, or a number of seconds';
  if (left instanceof Date) return 'a date is needed on the right, such as 2024-05-01';
  if (left instanceof IpRange) return 'an IP range is needed on the right';
  if (left instanceof Binding) return 'an address and port is needed on the right';
  return 'a number is needed on the right';
}

const FALSE_TEXTS = new Set(['false', '$false', 'no']);

function asBoolean(value: Value): boolean {
  return typeof value === 'string' ? value !== '' && !FALSE_TEXTS.has(value.toLowerCase()) : isTrue(value);
}

/** The order in which objects are sorted, and when two are the same to Group-Object and Sort-Object -Unique. */
import { Binding, ByteSize, Flags, IpRange, TimeSpan } from '../domain/value.ts';
import { wallOf } from '../text/date.ts';
import { foldText } from '../text/wildcard.ts';
import { asBinding, asQuantities, asRange, flagsEqual, isList, textOrder } from './comparands.ts';
import { order } from './compare.ts';
import { CmdletError } from './error.ts';
import { isFigure } from './number.ts';
import { PsObject, printed, type Value, WithMembers } from './value.ts';

/** As `order`, but it never fails: what cannot be compared is compared as text (Sort-Object, ObjectCommandComparer). */
export function sortOrder(left: Value, right: Value, caseSensitive = false): number {
  if (left === null && right === null) return 0;
  if (isNameless(left) && isNameless(right)) return 0;
  try {
    return order(left, right, caseSensitive);
  } catch (error) {
    if (error instanceof CmdletError) return textOrder(printed(left), printed(right), caseSensitive);
    throw error;
  }
}

/** Objects of no type that could be compared: their .ToString() says the same of all of them. */
function isNameless(value: Value): boolean {
  return value instanceof PsObject && /^(?:PSCustomObject$|Selected\.)/.test(value.type);
}

/** A text read as what the example is (a range, a binding, a size, a span), when it can be; any other value as it is. */
export function likened(value: Value, example: Value): Value {
  if (isList(value)) {
    const [one = null] = isList(example) ? example : [example];
    return value.map((item) => likened(item, one));
  }
  if (typeof value !== 'string') return value;
  if (example instanceof IpRange) return asRange(value) ?? value;
  if (example instanceof Binding) return asBinding(value) ?? value;
  if (example instanceof Flags) return flagsEqual(example, value, false) ? example : value;
  if (!(example instanceof ByteSize) && !(example instanceof TimeSpan)) return value;
  const amount = asQuantities(example, value)?.[1];
  if (amount === undefined || !Number.isFinite(amount)) return value;
  return example instanceof ByteSize ? new ByteSize(amount) : new TimeSpan(amount);
}

/** A text that is the same for values that are equal: for -Unique and Group-Object, without comparing each with each. */
export function comparisonKey(value: Value, caseSensitive: boolean): string {
  if (value instanceof WithMembers) return comparisonKey(value.value, caseSensitive);
  if (value === null) return 'null';
  if (typeof value === 'string') return `s${caseSensitive ? value : foldText(value)}`;
  if (value instanceof IpRange) return `r${value.family}/${value.low}/${value.high}`;
  if (value instanceof Date) return `d${wallOf(value)}`;
  if (isFigure(value)) return `s${printed(value)}`;
  if (isList(value)) return JSON.stringify(value.map((item) => comparisonKey(item, caseSensitive)));
  if (value instanceof PsObject) {
    const pairs = Object.keys(value.properties).map((name) => [
      foldText(name),
      comparisonKey(value.properties[name] ?? null, caseSensitive),
    ]);
    return `o${JSON.stringify(pairs)}`;
  }
  if (typeof value === 'boolean') return `s${printed(value)}`;
  return `s${caseSensitive ? printed(value) : foldText(printed(value))}`;
}

/**
 * + - * / % and ranges, with PowerShell's rules: the left operand decides. Sizes, time spans and dates calculate as quantities.
 * Two Int32 whose result is none give a Double, as does every Double (ArithmeticOps in NumericOps.cs).
 */

import { Binding, ByteSize, Flags, IpRange, TimeSpan, Unlimited } from '../../domain/value.ts';
import { Char } from '../../pipeline/char.ts';
import { CmdletError } from '../../pipeline/error.ts';
import {
  Double,
  double,
  type Figure,
  INTEGERS,
  type IntegerType,
  integer,
  integerTypeOf,
  isFigure,
  isInt,
  negative,
  roundHalfEven,
} from '../../pipeline/number.ts';
import { Hashtable, printed, type Value } from '../../pipeline/value.ts';
import { fromWall, wallOf } from '../../text/date.ts';
import {
  cannotConvert,
  elements,
  numberIn,
  numeric,
  shortTypeName,
  toDate,
  toNumber,
  toSpan,
  typeName,
} from './convert.ts';
import { failure } from './failure.ts';
import { checkList, checkText, LONGEST_STRING } from './limits.ts';
import { AMBIGUOUS, argumentProblem, noOverload } from './net-exception.ts';

function noMethod(value: Value, method: string): Error {
  return new CmdletError(
    `Method invocation failed because [${typeName(value)}] does not contain a method named '${method}'.`,
    { id: 'MethodNotFound', category: 'InvalidOperation', target: method },
  );
}

const amountOf = (figure: Figure): number => (typeof figure === 'number' ? figure : figure.value);

/** What an operation of two numbers gives: of the greater of their types, or a Double when that has no room for it. */
function calculated(left: Figure, right: Figure, result: number): Figure {
  const type = commonType(left, right);
  return type && result >= INTEGERS[type].low && result <= INTEGERS[type].high ? integer(result, type) : double(result);
}

/** The type that two whole numbers are calculated in; `undefined`: as Doubles. */
function commonType(left: Figure, right: Figure): IntegerType | undefined {
  const types = [integerTypeOf(left), integerTypeOf(right)];
  if (types.includes(undefined)) return undefined;
  const isNegative = amountOf(left) < 0 || amountOf(right) < 0;
  // an unsigned type has no room for a negative number; PowerShell takes a Decimal where there is no greater one
  if (types.includes('uint64')) return isNegative ? undefined : 'uint64';
  if (types.includes('long')) return 'long';
  if (types.includes('uint32')) return isNegative ? 'long' : 'uint32';
  return 'int';
}

/** Both operands as numbers; what the left or the right is that has no number is said as the method it lacks. */
function figures(left: Value, right: Value, method: string): readonly [Figure, Figure] {
  if (!isNumeric(left)) throw noMethod(left, method);
  if (!isNumeric(right)) throw noMethod(right, method);
  return [operand(left, right), operand(right, left)];
}

/** A text is read as what the other operand is. */
function operand(value: Value, other: Value): Figure {
  if (typeof value !== 'string') return numeric(value);
  const type = typeName(other);
  return numeric(value.trim(), /Int\d|Byte|Double/.test(type) ? type : 'System.Int32');
}

function isNumeric(value: Value): boolean {
  return (
    value === null ||
    isFigure(value) ||
    typeof value === 'boolean' ||
    typeof value === 'string' ||
    value instanceof Char ||
    value instanceof ByteSize
  );
}

export function add(left: Value, right: Value): Value {
  if (typeof left === 'number' && typeof right === 'number') {
    const sum = left + right;
    return isInt(left) && isInt(right) && isInt(sum) ? sum : calculated(left, right, sum);
  }
  if (typeof left === 'string') return checkText(left + printed(right));
  if (left instanceof Char) return printed(left) + printed(right);
  if (Array.isArray(left)) {
    const added = elements(right);
    checkList(left.length + added.length);
    return (left as Value[]).concat(added);
  }
  if (left instanceof Hashtable) return merged(left, right);
  if (left === null && !isFigure(right)) return right;
  // in the Exchange Management Shell settings arrive as texts, and scripts put texts behind them
  if (typeof right === 'string' && isSettingText(left) && numberIn(right) === undefined)
    return checkText(printed(left) + right);
  if (left instanceof ByteSize) return new ByteSize(left.bytes + toNumber(right));
  if (left instanceof TimeSpan) return new TimeSpan(left.seconds + spanArgument(right, 1, 'op_Addition').seconds);
  if (left instanceof Date) return moved(left, spanArgument(right, 1, 'op_Addition').seconds, 'op_Addition');
  if (right instanceof TimeSpan) return new TimeSpan(spanArgument(left, 0, 'op_Addition').seconds + right.seconds);
  if (right instanceof Date) {
    argumentOf(left, 0, 'op_Addition', 'System.DateTime', toDate);
    return spanArgument(right, 1, 'op_Addition'); // which it never is
  }
  const [a, b] = figures(left, right, 'op_Addition');
  return calculated(a, b, amountOf(a) + amountOf(b));
}

function isSettingText(value: Value): boolean {
  return [ByteSize, Unlimited, Flags, IpRange, Binding].some((type) => value instanceof type);
}

/** An operand of an operator that time spans or dates have, read as what the operator takes there. @throws CmdletError */
function argumentOf<T>(value: Value, at: 0 | 1, operator: string, type: string, read: (value: Value) => T): T {
  try {
    return read(value);
  } catch (error) {
    if (!(error instanceof CmdletError)) throw error;
    throw argumentProblem(String(at), value, operator, type, error);
  }
}

function spanArgument(value: Value, at: 0 | 1, operator: string): TimeSpan {
  return argumentOf(value, at, operator, 'System.TimeSpan', toSpan);
}

function moved(date: Date, seconds: number, operator: string): Date {
  const at = fromWall(wallOf(date) + Math.round(seconds * 1000), date);
  if (!at)
    throw failure(
      'DotNetMethodException',
      `Exception calling "${operator}" with "2" argument(s): "The added or subtracted value results in an un-representable DateTime. (Parameter 't')"`,
      'NotSpecified',
    );
  return at;
}

function merged(left: Hashtable, right: Value): Value {
  if (!(right instanceof Hashtable))
    throw failure('AddHashTableToNonHashTable', 'A hash table can only be added to another hash table.');
  const sum = new Hashtable();
  for (const [key, value] of left.entries) sum.set(key, value);
  for (const [key, value] of right.entries) {
    if (sum.get(key) !== undefined)
      throw failure(
        'System.ArgumentException',
        `Item has already been added. Key in dictionary: '${key}'  Key being added: '${key}'`,
        'OperationStopped',
      );
    sum.set(key, value);
  }
  return sum;
}

export function subtract(left: Value, right: Value): Value {
  if (left instanceof ByteSize) return new ByteSize(left.bytes - toNumber(right));
  if (left instanceof TimeSpan) return new TimeSpan(left.seconds - spanArgument(right, 1, 'op_Subtraction').seconds);
  if (left instanceof Date) {
    if (right instanceof Date) return new TimeSpan((wallOf(left) - wallOf(right)) / 1000);
    if (right instanceof TimeSpan) return moved(left, -right.seconds, 'op_Subtraction');
    throw noOverload('op_Subtraction', 2, right === null ? undefined : AMBIGUOUS);
  }
  if (right instanceof TimeSpan || right instanceof Date) {
    const amount = typeof left === 'string' ? numeric(left) : (left ?? 0); // a text is a number, or nothing that is subtracted from
    if (right instanceof TimeSpan)
      return new TimeSpan(spanArgument(amount, 0, 'op_Subtraction').seconds - right.seconds);
    const date = argumentOf(amount, 0, 'op_Subtraction', 'System.DateTime', toDate);
    return new TimeSpan((wallOf(date) - wallOf(right)) / 1000);
  }
  const [a, b] = figures(left, right, 'op_Subtraction');
  return calculated(a, b, amountOf(a) - amountOf(b));
}

/** `-value` */
export function negated(value: Value): Value {
  if (typeof value === 'number' || value instanceof Double) return negative(value);
  return value instanceof TimeSpan ? new TimeSpan(-value.seconds) : subtract(0, value);
}

export function multiply(left: Value, right: Value): Value {
  if (typeof left === 'string') {
    const times = wholeTimes(right);
    const text = left;
    if (text.length * times > LONGEST_STRING) checkText({ length: text.length * times } as string);
    return text.repeat(times);
  }
  if (Array.isArray(left)) {
    const times = wholeTimes(right, 'list');
    checkList(left.length * times);
    if (left.length === 0) return [];
    return Array.from({ length: times }, () => left as Value[]).flat() as Value[];
  }
  if (left === null) return null;
  if (isFigure(left) && right instanceof TimeSpan) return new TimeSpan(amountOf(left) * right.seconds);
  if (left instanceof ByteSize) return new ByteSize(Math.round(left.bytes * toNumber(right)));
  if (left instanceof TimeSpan) {
    if (right instanceof TimeSpan) throw noOverload('op_Multiply', 2);
    return new TimeSpan(left.seconds * toNumber(right));
  }
  if (typeof left === 'boolean' || left instanceof Char) {
    if (typeof right === 'string' || !isNumeric(right)) throw noMethod(right, 'op_Multiply');
    const other = right === null ? '$null' : typeName(right);
    throw failure(
      'NotADefinedOperationForType',
      `The operation '[${typeName(left)}] * [${other}]' is not defined.`,
      'InvalidOperation',
      { target: printed(left), targetType: shortTypeName(left) },
    );
  }
  const [a, b] = figures(left, right, 'op_Multiply');
  return calculated(a, b, amountOf(a) * amountOf(b));
}

function wholeTimes(right: Value, of: 'text' | 'list' = 'text'): number {
  const times = roundHalfEven(toNumber(typeof right === 'string' ? right.trim() : right, 'System.Int32'));
  if (times < 0 && of === 'list')
    throw cannotConvert(times, 'System.UInt32', 'Value was either too large or too small for a UInt32.');
  if (times < 0)
    throw failure(
      'System.ArgumentOutOfRangeException',
      `times ('${times}') must be a non-negative value. (Parameter 'times')\nActual value was ${times}.`,
      'OperationStopped',
    );
  return times;
}

export function divide(left: Value, right: Value): Value {
  if (left instanceof ByteSize && !(right instanceof ByteSize))
    throw failure(
      'MethodNotFound',
      `A size is not divided by a number here; take its number first: .ToBytes(), .ToKB(), .ToMB() or .ToGB().`,
    );
  if (left instanceof TimeSpan) {
    if (right instanceof TimeSpan) return double(left.seconds / right.seconds);
    return new TimeSpan(left.seconds / toNumber(right));
  }
  const [a, b] = figures(left, right, 'op_Division');
  const [over, under] = [amountOf(a), amountOf(b)];
  const isWhole = areWhole(a, b);
  if (isWhole && under === 0) throw byZero();
  // a quotient too large for a fraction looks whole, whatever remains
  return isWhole && over % under === 0 ? calculated(a, b, over / under) : double(over / under);
}

export function remainder(left: Value, right: Value): Value {
  const [a, b] = figures(left, right, 'op_Modulus');
  if (areWhole(a, b) && amountOf(b) === 0) throw byZero();
  return calculated(a, b, amountOf(a) % amountOf(b));
}

function areWhole(a: Figure, b: Figure): boolean {
  return integerTypeOf(a) !== undefined && integerTypeOf(b) !== undefined;
}

function byZero(): Error {
  return failure('RuntimeException', 'Attempted to divide by zero.', 'NotSpecified');
}

/** `1..5`, `5..1`, `'a'..'e'` */
export function rangeOf(left: Value, right: Value): Value {
  if (isLetter(left) && isLetter(right))
    return steps(printed(left).charCodeAt(0), printed(right).charCodeAt(0)).map((code) => new Char(code));
  return steps(roundHalfEven(toNumber(left, 'System.Int32')), roundHalfEven(toNumber(right, 'System.Int32')));
}

function steps(from: number, to: number): number[] {
  checkList(Math.abs(to - from) + 1);
  const step = to >= from ? 1 : -1;
  return Array.from({ length: Math.abs(to - from) + 1 }, (_, i) => from + i * step);
}

function isLetter(value: Value): boolean {
  return value instanceof Char || (typeof value === 'string' && value.length === 1 && !/\d/.test(value));
}

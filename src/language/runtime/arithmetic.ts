/** + - * / % and ranges, with PowerShell's rules: the left operand decides. Sizes, time spans and dates calculate as quantities. */

import { ByteSize, TimeSpan } from '../../domain/value.ts';
import { Hashtable, printed, type Value } from '../../pipeline/value.ts';
import { elements, toNumber, toSpan, typeName } from './convert.ts';
import { failure } from './failure.ts';

/** Longest text and list that operators make. */
export const LONGEST_STRING = 16 * 1024 * 1024;
export const LONGEST_LIST = 1_000_000;

export function checkText(text: string): string {
  if (text.length > LONGEST_STRING) throw tooLarge(`The text would be longer than ${LONGEST_STRING} characters.`);
  return text;
}
export function checkList(length: number): void {
  if (length > LONGEST_LIST) throw tooLarge(`The list would have more than ${LONGEST_LIST} elements.`);
}
function tooLarge(message: string): Error {
  return failure('ScriptTooComplicated', message, 'LimitsExceeded');
}

function undefinedFor(left: Value, operator: string, right: Value): Error {
  return failure(
    'MethodNotFound',
    `The operation '[${typeName(left)}] ${operator} [${typeName(right)}]' is not defined.`,
  );
}

export function add(left: Value, right: Value): Value {
  if (typeof left === 'string') return checkText(left + printed(right));
  if (Array.isArray(left)) {
    const added = elements(right);
    checkList(left.length + added.length);
    return (left as Value[]).concat(added);
  }
  if (left instanceof Hashtable) return merged(left, right);
  if (left === null && typeof right !== 'number') return right;
  if (left instanceof ByteSize) return new ByteSize(left.bytes + toNumber(right));
  if (left instanceof TimeSpan) return new TimeSpan(left.seconds + toSpan(right).seconds);
  if (left instanceof Date) return new Date(left.getTime() + toSpan(right).seconds * 1000);
  if (!isNumeric(left)) throw undefinedFor(left, '+', right);
  return checked(toNumber(left) + toNumber(right));
}

function merged(left: Hashtable, right: Value): Value {
  if (!(right instanceof Hashtable))
    throw failure('AddHashTableToNonHashTable', 'A hash table can only be added to another hash table.');
  const sum = new Hashtable();
  for (const [key, value] of left.entries) sum.set(key, value);
  for (const [key, value] of right.entries) {
    if (sum.get(key) !== undefined)
      throw failure(
        'ArgumentException',
        `Item has already been added. Key in dictionary: '${key}'  Key being added: '${key}'`,
      );
    sum.set(key, value);
  }
  return sum;
}

function isNumeric(value: Value): boolean {
  return value === null || typeof value === 'number' || typeof value === 'boolean' || typeof value === 'string';
}

export function subtract(left: Value, right: Value): Value {
  if (left instanceof ByteSize) return new ByteSize(left.bytes - toNumber(right));
  if (left instanceof TimeSpan) return new TimeSpan(left.seconds - toSpan(right).seconds);
  if (left instanceof Date)
    return right instanceof Date
      ? new TimeSpan(Math.round((left.getTime() - right.getTime()) / 1000))
      : new Date(left.getTime() - toSpan(right).seconds * 1000);
  if (!isNumeric(left)) throw undefinedFor(left, '-', right);
  return checked(toNumber(left) - toNumber(right));
}

export function multiply(left: Value, right: Value): Value {
  if (typeof left === 'string') {
    const times = wholeTimes(right);
    if (left.length * times > LONGEST_STRING) checkText({ length: left.length * times } as string);
    return left.repeat(times);
  }
  if (Array.isArray(left)) {
    const times = wholeTimes(right);
    checkList(left.length * times);
    return Array.from({ length: times }, () => left as Value[]).flat() as Value[];
  }
  if (left instanceof ByteSize) return new ByteSize(Math.round(left.bytes * toNumber(right)));
  if (left instanceof TimeSpan) return new TimeSpan(left.seconds * toNumber(right));
  if (!isNumeric(left)) throw undefinedFor(left, '*', right);
  return checked(toNumber(left) * toNumber(right));
}

function wholeTimes(right: Value): number {
  const times = Math.round(toNumber(right));
  if (times < 0) throw failure('ArgumentOutOfRangeException', `Cannot repeat ${times} times.`);
  return times;
}

export function divide(left: Value, right: Value): Value {
  const divisor = divisorOf(left, right, '/');
  if (left instanceof TimeSpan)
    return right instanceof TimeSpan ? left.seconds / right.seconds : new TimeSpan(left.seconds / divisor);
  return checked(toNumber(left) / divisor);
}

export function remainder(left: Value, right: Value): Value {
  const divisor = divisorOf(left, right, '%');
  return checked(toNumber(left) % divisor);
}

function divisorOf(left: Value, right: Value, operator: string): number {
  if (left instanceof ByteSize && !(right instanceof ByteSize))
    throw failure(
      'MethodNotFound',
      `A size is not divided by a number here; take its number first: .ToBytes(), .ToKB(), .ToMB() or .ToGB().`,
    );
  if (!isNumeric(left) && !(left instanceof TimeSpan) && !(left instanceof ByteSize))
    throw undefinedFor(left, operator, right);
  const divisor = right instanceof TimeSpan ? right.seconds : toNumber(right);
  if (divisor === 0) throw failure('RuntimeException', 'Attempted to divide by zero.', 'NotSpecified');
  return divisor;
}

function checked(n: number): number {
  if (!Number.isFinite(n)) throw failure('OverflowException', 'The number is too large.', 'LimitsExceeded');
  return n;
}

/** `1..5`, `5..1` */
export function rangeOf(left: Value, right: Value): Value {
  const from = Math.round(toNumber(left, 'System.Int32'));
  const to = Math.round(toNumber(right, 'System.Int32'));
  checkList(Math.abs(to - from) + 1);
  const step = to >= from ? 1 : -1;
  return Array.from({ length: Math.abs(to - from) + 1 }, (_, i) => from + i * step);
}

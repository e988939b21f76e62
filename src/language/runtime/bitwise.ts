/** -band, -bor, -bxor, -bnot, -shl and -shr on the bits of whole numbers (about_Arithmetic_Operators). */
import {
  type Figure,
  INTEGERS,
  type IntegerType,
  integer,
  integerTypeOf,
  isFigure,
  isInt,
} from '../../pipeline/number.ts';
import type { Value } from '../../pipeline/value.ts';
import { cast } from './cast.ts';
import { numeric, typeName } from './convert.ts';
import { failure } from './failure.ts';

const METHODS: Readonly<Record<string, string>> = {
  '-band': 'op_BitwiseAnd',
  '-bor': 'op_BitwiseOr',
  '-bxor': 'op_ExclusiveOr',
};

export function bitwise(operator: string, left: Value, right: Value): Value {
  const a = operand(left, right, operator);
  const isOfOne = !(operator in METHODS);
  const b = isOfOne ? distance(right) : operand(right, left, operator);
  const type = isOfOne ? typeOfOne(a, operator) : typeOfBoth(a, b);
  const { low, bits } = INTEGERS[type];
  const result = calculated(operator, BigInt(whole(a)), BigInt(whole(b)), Math.max(bits, 32));
  const number = Number(low < 0 ? BigInt.asIntN(bits, result) : BigInt.asUintN(bits, result));
  if (!Number.isSafeInteger(number)) throw failure('OverflowException', 'The number is too large.', 'LimitsExceeded');
  return integer(number, type);
}

/** A text is read as what the other operand is. @throws CmdletError of what has no bits */
function operand(value: Value, other: Value, operator: string): Figure {
  const isText = typeof value === 'string';
  try {
    return numeric(isText ? value.trim() : value, isText && isFigure(other) ? typeName(other) : undefined);
  } catch (error) {
    const method = METHODS[operator];
    if (isText || !method) throw error;
    throw failure(
      'MethodNotFound',
      `Method invocation failed because [${typeName(value)}] does not contain a method named '${method}'.`,
      'InvalidOperation',
      { target: method },
    );
  }
}

function distance(value: Value): Figure {
  return cast('int', value) as Figure;
}

const whole = (figure: Figure): number => Number(cast('long', figure));

/** What is no whole number becomes the first of these that has room for it. */
function typeOfOne(a: Figure, operator: string): IntegerType {
  const type =
    integerTypeOf(a) ??
    (isInt(whole(a)) ? 'int' : whole(a) >= 0 && whole(a) <= INTEGERS.uint32.high ? 'uint32' : 'long');
  return operator === '-bnot' && INTEGERS[type].bits < 32 ? 'int' : type;
}

function typeOfBoth(a: Figure, b: Figure): IntegerType {
  const types = [integerTypeOf(a), integerTypeOf(b)];
  if (types.includes(undefined)) return Number(a) < 0 || Number(b) < 0 ? 'long' : 'uint64';
  return (['uint64', 'long', 'uint32'] as const).find((type) => types.includes(type)) ?? 'int';
}

function calculated(operator: string, a: bigint, b: bigint, bits: number): bigint {
  // as C# has it, only the lowest bits of the distance count
  const by = b & BigInt(bits - 1);
  switch (operator) {
    case '-band':
      return a & b;
    case '-bor':
      return a | b;
    case '-bxor':
      return a ^ b;
    case '-bnot':
      return ~a;
    case '-shl':
      return a << by;
    default:
      return a >> by;
  }
}

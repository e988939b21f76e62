/** -band, -bor, -bxor, -bnot, -shl and -shr on whole numbers of 32 or 64 bits (about_Arithmetic_Operators). */
import { isInt } from '../../pipeline/number.ts';
import type { Value } from '../../pipeline/value.ts';
import { cast } from './cast.ts';
import { failure } from './failure.ts';

export function bitwise(operator: string, left: Value, right: Value): Value {
  const a = whole(left);
  const b = whole(right);
  const isLong = !isInt(a) || (operator !== '-shl' && operator !== '-shr' && !isInt(b));
  const bits = isLong ? 64 : 32;
  const result = BigInt.asIntN(bits, calculated(operator, BigInt(a), BigInt(b), bits));
  const number = Number(result);
  if (!Number.isSafeInteger(number)) throw failure('OverflowException', 'The number is too large.', 'LimitsExceeded');
  return number;
}

function whole(value: Value): number {
  return cast('long', typeof value === 'boolean' ? Number(value) : value) as number;
}

function calculated(operator: string, a: bigint, b: bigint, bits: number): bigint {
  // as C# has it, only the lowest bits of the distance count
  const distance = b & BigInt(bits - 1);
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
      return a << distance;
    default:
      return a >> distance;
  }
}

/**
 * Numbers as .NET has them: a plain number that is whole is an Int32, or an Int64 where it is too large for one; any other
 * number is a Double. What looks like another type than it is (`2.0`, `[byte]5`) is an object of its own, so that it stays what it is.
 */

/** It calculates and compares as its value. */
abstract class TypedNumber {
  constructor(readonly value: number) {}
  valueOf(): number {
    return this.value;
  }
  toJSON(): number {
    return this.value;
  }
}

/** A Double whose value is whole: `[double]5`. */
export class Double extends TypedNumber {
  override toString(): string {
    return doubleText(this.value);
  }
}

/** A whole number that is no Int32, or an Int64 small enough for one: `[byte]5`, `[long]5`. */
export class Integer extends TypedNumber {
  constructor(
    value: number,
    readonly type: IntegerType,
  ) {
    super(value);
  }
  override toString(): string {
    return String(this.value);
  }
}

export type Figure = number | Double | Integer;

const integerType = (bits: number, isSigned: boolean, said: string) => ({
  name: `${isSigned ? '' : 'U'}Int${bits}`,
  xml: `${isSigned ? 'I' : 'U'}${bits}`,
  bits,
  low: isSigned ? Math.max(-(2 ** (bits - 1)), Number.MIN_SAFE_INTEGER) : 0,
  high: Math.min(2 ** (bits - (isSigned ? 1 : 0)) - 1, Number.MAX_SAFE_INTEGER),
  said,
});
/** The types of whole numbers, the lesser before the greater; `said` as .NET's errors call them, `xml` as CLIXML does. */
export const INTEGERS = {
  sbyte: { ...integerType(8, true, 'a signed byte'), name: 'SByte', xml: 'SB' },
  byte: { ...integerType(8, false, 'an unsigned byte'), name: 'Byte', xml: 'By' },
  int16: integerType(16, true, 'an Int16'),
  uint16: integerType(16, false, 'a UInt16'),
  int: integerType(32, true, 'an Int32'),
  uint32: integerType(32, false, 'a UInt32'),
  long: integerType(64, true, 'an Int64'),
  uint64: integerType(64, false, 'a UInt64'),
} as const;
export type IntegerType = keyof typeof INTEGERS;
export const INTEGER_TYPES = Object.keys(INTEGERS) as readonly IntegerType[];

export function isIntegerType(type: string): type is IntegerType {
  return Object.hasOwn(INTEGERS, type);
}

/** A whole number of the type, which has room for it. */
export function integer(n: number, type: IntegerType): number | Integer {
  return isInt(n) ? (type === 'int' ? n + 0 : new Integer(n, type)) : type === 'long' ? n : new Integer(n, type);
}

/** The type of a whole number; `undefined` of a Double. */
export function integerTypeOf(figure: Figure): IntegerType | undefined {
  if (figure instanceof Integer) return figure.type;
  if (figure instanceof Double || !Number.isInteger(figure)) return undefined;
  return isInt(figure) ? 'int' : 'long';
}

/** A number as a Double, whatever it looks like. */
export function double(n: number): number | Double {
  return Number.isInteger(n) ? new Double(n) : n;
}

const LEAST_INT = -2147483648;
export const MOST_INT = 2147483647;

export function isInt(n: number): boolean {
  return Number.isInteger(n) && n >= LEAST_INT && n <= MOST_INT;
}

/** A number as PowerShell prints it: whole ones as they are, a Double to 15 digits (LanguagePrimitives, "G15"). */
export function numberText(n: number): string {
  return Number.isInteger(n) ? String(n) : doubleText(n);
}

/** .NET's general format with 15 digits: `0.3`, `1E+20`, `1.5E-07`, `Infinity`. */
export function doubleText(n: number, digits = 15): string {
  if (!Number.isFinite(n)) return String(n);
  if (n === 0) return Object.is(n, -0) ? '-0' : '0';
  const [mantissa, power] = n.toExponential(digits - 1).split('e') as [string, string];
  const exponent = Number(power);
  if (exponent > -5 && exponent < digits)
    return trimZeros(n.toFixed(Math.min(100, Math.max(0, digits - 1 - exponent))));
  return `${trimZeros(mantissa)}E${exponent < 0 ? '-' : '+'}${String(Math.abs(exponent)).padStart(2, '0')}`;
}

/** As a view shows it in our culture: `∞`. */
export function shownFigure(figure: Figure): string {
  const n = Number(figure);
  if (n === Number.POSITIVE_INFINITY) return '∞';
  return n === Number.NEGATIVE_INFINITY ? '-∞' : typeof figure === 'number' ? numberText(n) : figure.toString();
}

function trimZeros(text: string): string {
  return text.includes('.') ? text.replace(/\.?0+$/, '') : text;
}

export function isFigure(value: unknown): value is Figure {
  return typeof value === 'number' || value instanceof TypedNumber;
}

/** `-5` as a constant: of the type that 5 has. */
export function negative(figure: Figure): Figure {
  if (figure instanceof Double) return new Double(-figure.value);
  return figure instanceof Integer ? new Integer(-figure.value, figure.type) : 0 - figure;
}

/** What hexadecimal digits say: as many as a type with a sign has are its bits, and `FFFFFFFF` is -1. @param type Int32 or Int64 when it is not said */
export function hexadecimal(digits: string, type?: IntegerType): number {
  const { low, bits } = INTEGERS[type ?? (digits.length > 8 ? 'long' : 'int')];
  const number = Number.parseInt(digits, 16);
  return low < 0 && digits.length * 4 === bits ? Number(BigInt.asIntN(bits, BigInt(`0x${digits}`))) : number;
}

/** Why a text is no whole number, in .NET's words. */
export function whyNoInteger(text: string): string {
  const digits = /^0x([0-9a-f]*)/i.exec(text)?.[1];
  if (digits === undefined) return `The input string '${text}' was not in a correct format.`;
  return digits === ''
    ? 'Could not find any recognizable digits.'
    : 'Additional non-parsable characters are at the end of the string.';
}

export function roundHalfEven(n: number): number {
  const floor = Math.floor(n);
  const rest = n - floor;
  if (rest !== 0.5) return Math.round(n);
  return floor % 2 === 0 ? floor : floor + 1;
}

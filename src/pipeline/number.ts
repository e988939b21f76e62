/**
 * Numbers as .NET has them: a plain number that is whole is an Int32, or an Int64 where it is too large for one; any other
 * number is a Double, and a Double that looks whole (`2.0`, `7/2*2`) is an object of its own, so that it stays what it is.
 */

/** A Double whose value is whole: `[double]5`. It calculates and compares as its value. */
export class Double {
  constructor(readonly value: number) {}
  valueOf(): number {
    return this.value;
  }
  toString(): string {
    return doubleText(this.value);
  }
  toJSON(): number {
    return this.value;
  }
}

/** A number as a Double, whatever it looks like. */
export function double(n: number): number | Double {
  return Number.isInteger(n) ? new Double(n) : n;
}

export const LEAST_INT = -2147483648;
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
export function shownFigure(figure: number | Double): string {
  const n = Number(figure);
  if (n === Number.POSITIVE_INFINITY) return '∞';
  return n === Number.NEGATIVE_INFINITY ? '-∞' : figure instanceof Double ? figure.toString() : numberText(n);
}

function trimZeros(text: string): string {
  return text.includes('.') ? text.replace(/\.?0+$/, '') : text;
}

export function isFigure(value: unknown): value is number | Double {
  return typeof value === 'number' || value instanceof Double;
}

export function negative(figure: number | Double): number | Double {
  return figure instanceof Double ? new Double(-figure.value) : 0 - figure;
}

/** What is said of a value that cannot be: the value, what is wrong with it, what is allowed. */

import { printable } from '../text/invisible.ts';

export { printable };

/** A value that cannot be what its setting needs: says which value and what is allowed. */
export class ValueError extends Error {
  constructor(
    readonly value: unknown,
    readonly problem: string,
    readonly allowed: string,
  ) {
    super(`${show(value)} ${problem}; allowed: ${allowed}.`);
  }
}

/** A value from outside, safe to show: quoted, control characters escaped, cut at 80 characters. */
export function show(value: unknown): string {
  const clean = printable(textOf(value));
  if (clean.length <= 80) return `"${clean}"`;
  return `"${clean.slice(0, 79).replace(/[\ud800-\udbff]$/, '')}…"`; // never through the middle of a character
}

function textOf(value: unknown): string {
  if (value === null || value === undefined) return '';
  const plain =
    Array.isArray(value) || (typeof value === 'object' && Object.getPrototypeOf(value) === Object.prototype);
  return plain ? JSON.stringify(value) : String(value);
}

/** The same for a text of several lines, which stay lines. */
export function printableLines(text: string): string {
  return text.split('\n').map(printable).join('\n');
}

/** What is said of a value that cannot be: the value, what is wrong with it, what is allowed. */

import { show } from '../text/printable.ts';

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

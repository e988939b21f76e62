/** One UTF-16 unit, as `[char]65` or `'abc'[0]` gives it: a text to all that reads texts, a number to arithmetic. */
export class Char {
  constructor(readonly code: number) {}
  toString(): string {
    return String.fromCharCode(this.code);
  }
  toJSON(): string {
    return this.toString();
  }
}

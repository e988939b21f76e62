/** A message as lines, however long: the start of a line comes in one piece, so that a boundary is seen. Pure. */

export type LineEnd = '' | '\n' | '\r\n';

/** A piece of a line. `end` is empty where more of the line follows. */
type OnPiece = (bytes: Buffer, start: boolean, end: LineEnd) => void;

const CR = 13;
/** More than any line that is a boundary (RFC 2046 section 5.1.1: 70 characters, hyphens, blanks behind). */
const HEAD = 256;

export class MimeLines {
  readonly #on: OnPiece;
  /** What is not handed on yet: the start of a line, or a CR whose LF may follow. */
  #held: Buffer = Buffer.alloc(0);
  #start = true;

  constructor(on: OnPiece) {
    this.#on = on;
  }

  take(chunk: Buffer): void {
    const bytes = this.#held.length > 0 ? Buffer.concat([this.#held, chunk]) : chunk;
    let at = 0;
    for (let lf = bytes.indexOf(10); lf >= 0; lf = bytes.indexOf(10, at)) {
      const crlf = lf > at && bytes[lf - 1] === CR;
      this.#on(bytes.subarray(at, crlf ? lf - 1 : lf), this.#start, crlf ? '\r\n' : '\n');
      this.#start = true;
      at = lf + 1;
    }
    const rest = bytes.subarray(at);
    if (this.#start && rest.length < HEAD) {
      this.#held = Buffer.from(rest);
      return;
    }
    const cr = rest.at(-1) === CR;
    this.#on(cr ? rest.subarray(0, -1) : rest, this.#start, '');
    this.#start = false;
    this.#held = cr ? Buffer.from('\r') : Buffer.alloc(0);
  }

  end(): void {
    if (this.#held.length > 0) this.#on(this.#held, this.#start, '');
    this.#held = Buffer.alloc(0);
  }
}

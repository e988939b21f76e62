/** Line ends as files have them: LF where CRLF came over the wire. Bare CRs stay: they are no line ends here. Pure. */

const CR = 13;
const LF = 10;

export class UnixLineEnds {
  /** A CR at the end of the last chunk: what follows says what it is. */
  #cr = false;

  /** The next bytes, with LF for each CRLF in them. */
  take(chunk: Buffer): Buffer {
    if (!this.#cr && !chunk.includes(CR)) return chunk;
    const out = Buffer.allocUnsafe(chunk.length + 1);
    let n = 0;
    let cr = this.#cr;
    for (let i = 0; i < chunk.length; i++) {
      const byte = chunk[i]!;
      if (cr && byte !== LF) out[n++] = CR;
      cr = byte === CR;
      if (!cr) out[n++] = byte;
    }
    this.#cr = cr;
    return out.subarray(0, n);
  }

  /** What is left when no more comes. */
  end(): Buffer {
    const rest = this.#cr ? Buffer.from('\r') : Buffer.alloc(0);
    this.#cr = false;
    return rest;
  }
}

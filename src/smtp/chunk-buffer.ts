/**
 * Bytes kept as they come. A client that sends byte by byte costs what it sends, not an object of a hundred bytes for
 * each: small pieces are put together, large ones are kept as they are.
 */

/** Pieces kept as they are before any are put together: most headers and messages come in fewer. */
const FEW = 8;
/** A piece shorter than this is small. */
const SMALL = 512;
const BLOCK = 4096;

export class Gathered {
  /** Bytes so far. */
  size = 0;
  #pieces: Buffer[] = [];
  /** Small pieces on their way to become one; its first `#filled` bytes count. */
  #block: Buffer | undefined;
  #filled = 0;

  add(piece: Buffer): void {
    if (piece.length === 0) return;
    this.size += piece.length;
    if (piece.length >= SMALL || (this.#filled === 0 && this.#pieces.length < FEW)) {
      this.#empty();
      this.#pieces.push(piece);
      return;
    }
    if (this.#filled + piece.length > BLOCK) this.#empty();
    this.#block ??= Buffer.allocUnsafeSlow(BLOCK);
    this.#filled += piece.copy(this.#block, this.#filled);
  }

  #empty(): void {
    if (this.#filled === 0) return;
    this.#pieces.push(Buffer.from(this.#block!.subarray(0, this.#filled)));
    this.#filled = 0;
  }

  /** All of them in order. */
  get pieces(): readonly Buffer[] {
    this.#empty();
    return this.#pieces;
  }

  /** All of them as one. */
  whole(): Buffer {
    const { pieces } = this;
    return pieces.length === 1 ? pieces[0]! : Buffer.concat(pieces);
  }
}

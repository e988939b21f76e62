/**
 * Bytes kept as they come. A client that sends byte by byte costs what it sends, not an object of a hundred bytes for
 * each: small pieces are put together. A piece that is a view of a larger read is copied, for kept as it is it would keep
 * all of that read: 512 bytes would hold 64 KB.
 */

/** Pieces kept by themselves before small ones are put together: most headers and messages come in fewer. */
const FEW = 8;
/** A piece shorter than this is small. */
const SMALL = 512;
const BLOCK = 4096;
/** What a Buffer costs besides its bytes: its object, its ArrayBuffer and V8's record of that (measured on Node 20). */
const OBJECT = 256;

export class Gathered {
  /** Bytes so far. */
  size = 0;
  /** Memory that they take, in bytes. */
  memory = 0;
  #pieces: Buffer[] = [];
  /** Small pieces on their way to become one; its first `#filled` bytes count. */
  #block: Buffer | undefined;
  #filled = 0;

  /** How much `memory` grows by adding this piece, at most. */
  cost(piece: Buffer): number {
    if (piece.length === 0) return 0;
    if (!this.#isForBlock(piece)) return OBJECT + (isWhole(piece) ? piece.buffer.byteLength : piece.length);
    return this.#block && this.#filled + piece.length <= BLOCK ? 0 : OBJECT + BLOCK;
  }

  #isForBlock(piece: Buffer): boolean {
    return piece.length < SMALL && (this.#filled > 0 || this.#pieces.length >= FEW);
  }

  add(piece: Buffer): void {
    if (piece.length === 0) return;
    this.size += piece.length;
    if (!this.#isForBlock(piece)) {
      this.#empty();
      this.#keep(isWhole(piece) ? piece : copyOf(piece));
      return;
    }
    if (this.#filled + piece.length > BLOCK) this.#empty();
    if (!this.#block) {
      this.#block = Buffer.allocUnsafeSlow(BLOCK);
      this.memory += BLOCK + OBJECT;
    }
    this.#filled += piece.copy(this.#block, this.#filled);
  }

  #keep(piece: Buffer): void {
    this.#pieces.push(piece);
    this.memory += OBJECT + piece.buffer.byteLength;
  }

  #empty(): void {
    const block = this.#block;
    if (!block) return;
    this.#block = undefined;
    this.memory -= BLOCK + OBJECT;
    this.#keep(this.#filled === BLOCK ? block : copyOf(block.subarray(0, this.#filled)));
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

/** Is it most of the memory that it keeps from being freed? */
function isWhole(piece: Buffer): boolean {
  return piece.length * 8 >= piece.buffer.byteLength * 7;
}

/** The same bytes in memory of their own, not in the pool that small Buffers share. */
export function copyOf(piece: Buffer): Buffer {
  const copy = Buffer.allocUnsafeSlow(piece.length);
  piece.copy(copy);
  return copy;
}

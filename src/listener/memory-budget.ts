/**
 * Memory that clients may make the listener hold, all of them together: headers that are not whole yet, bodies that are
 * small, what was read and not worked off, replies that nobody reads. What is counted is what is held
 * (docs/decisions/0150-one-budget-of-memory.md).
 */
import { Gathered } from '../smtp/chunk-buffer.ts';

export class MemoryBudget {
  /** What one listener may be made to hold. */
  static readonly BYTES = 64 * 1024 * 1024;
  readonly #bytes: number;
  #left: number;

  constructor(bytes = MemoryBudget.BYTES) {
    this.#bytes = bytes;
    this.#left = bytes;
  }

  /** Bytes that are held; may be more than the budget by what `owe` took. */
  get held(): number {
    return this.#bytes - this.#left;
  }

  /** More is held than should be. */
  get isShort(): boolean {
    return this.#left < 0;
  }

  /** Takes them when there are so many. */
  take(bytes: number): boolean {
    if (bytes > this.#left) return false;
    this.#left -= bytes;
    return true;
  }

  /** The same for who can do without: a quarter stays for those who cannot. */
  takeSpare(bytes: number): boolean {
    return bytes <= this.#left - this.#bytes / 4 && this.take(bytes);
  }

  /** Takes them, whether they are there or not: for what is bounded by itself. */
  owe(bytes: number): void {
    this.#left -= bytes;
  }

  give(bytes: number): void {
    this.#left += bytes;
  }
}

/** Bytes kept under a budget, as long as it has room. */
export class HeldBytes {
  readonly #budget: MemoryBudget;
  readonly #free: number;
  #bytes = new Gathered();
  #taken = 0;

  /** `free`: so many bytes are kept whatever the budget says, and counted. Without it they are spare: there is another place for them. */
  constructor(budget: MemoryBudget, free?: number) {
    this.#budget = budget;
    this.#free = free ?? -1;
  }

  get size(): number {
    return this.#bytes.size;
  }

  /** Keeps a piece. @returns false: there is no room, and nothing of it was kept */
  add(piece: Buffer): boolean {
    const bytes = this.#bytes;
    const cost = bytes.cost(piece);
    if (this.#free < 0) {
      if (!this.#budget.takeSpare(cost)) return false;
    } else if (bytes.memory + cost <= this.#free) this.#budget.owe(cost);
    else if (!this.#budget.take(cost)) return false;
    bytes.add(piece);
    this.#taken += cost;
    this.#budget.give(this.#taken - bytes.memory);
    this.#taken = bytes.memory;
    return true;
  }

  /** What is kept, in order. */
  get pieces(): readonly Buffer[] {
    return this.#bytes.pieces;
  }

  /** Lets go of everything and gives it back. @returns what was kept */
  release(): Gathered {
    const bytes = this.#bytes;
    this.#bytes = new Gathered();
    this.#budget.give(this.#taken);
    this.#taken = 0;
    return bytes;
  }
}

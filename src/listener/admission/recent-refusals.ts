/**
 * How often each source was refused in the last minute and the last hour. A refusal costs a few additions in a table that was
 * allocated before, whoever is refused and however fast; the table has a bound, and a source that needs a row when none is
 * left takes the one whose last refusal is longest ago.
 */

const BUCKETS = 60;
const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const NONE = -1;
const FIRST_ROWS = 64;
const MOST_ROWS = 8192;

export interface RefusedSource {
  readonly source: string;
  /** Refusals in the last 60 seconds, the one that runs included; likewise in the last 60 minutes. */
  readonly minute: number;
  readonly hour: number;
  /** How long ago the last one was, in milliseconds. */
  readonly ago: number;
}

interface RecentRefusalsOptions {
  /** Milliseconds of a clock that never goes back. */
  readonly clock?: () => number;
  /** Sources remembered, of all owners together. */
  readonly most?: number;
}

export class RecentRefusals<Owner> {
  readonly #clock: () => number;
  readonly #most: number;
  readonly #rows = new Map<Owner, Map<string, number>>();
  /** Row by row: refusals by second and by minute, each row a ring; when the last one was. */
  #seconds = new Uint32Array(FIRST_ROWS * BUCKETS);
  #minutes = new Uint32Array(FIRST_ROWS * BUCKETS);
  #last = new Float64Array(FIRST_ROWS);
  /** A list from the row refused last to the one whose last refusal is longest ago. */
  #older = new Int32Array(FIRST_ROWS);
  #newer = new Int32Array(FIRST_ROWS);
  #newest = NONE;
  #oldest = NONE;
  readonly #owners: Owner[] = [];
  readonly #sources: string[] = [];
  readonly #free: number[] = [];

  constructor(options: RecentRefusalsOptions = {}) {
    this.#clock = options.clock ?? (() => performance.now());
    this.#most = options.most ?? MOST_ROWS;
  }

  /** Rows in use. */
  get size(): number {
    return this.#sources.length - this.#free.length;
  }

  /** One more refusal of this source by this owner, or some more. */
  count(owner: Owner, source: string, by = 1): void {
    const now = this.#clock();
    let row = this.#rows.get(owner)?.get(source);
    if (row === undefined) row = this.#take(owner, source, now);
    else if (row !== this.#newest) {
      this.#unlink(row);
      this.#link(row);
    }
    const before = this.#last[row]!;
    const at = row * BUCKETS;
    advance(this.#seconds, at, Math.floor(before / SECOND), Math.floor(now / SECOND));
    advance(this.#minutes, at, Math.floor(before / MINUTE), Math.floor(now / MINUTE));
    this.#seconds[at + (Math.floor(now / SECOND) % BUCKETS)]! += by;
    this.#minutes[at + (Math.floor(now / MINUTE) % BUCKETS)]! += by;
    this.#last[row] = now;
  }

  /** The sources that this owner refused within the hour. */
  *of(owner: Owner): Generator<RefusedSource> {
    const now = this.#clock();
    this.#forgetOld(now);
    for (const [source, row] of this.#rows.get(owner) ?? []) yield this.#look(source, row, now);
  }

  #look(source: string, row: number, now: number): RefusedSource {
    const last = this.#last[row]!;
    return {
      source,
      minute: sum(this.#seconds, row * BUCKETS, Math.floor(last / SECOND), Math.floor(now / SECOND)),
      hour: sum(this.#minutes, row * BUCKETS, Math.floor(last / MINUTE), Math.floor(now / MINUTE)),
      ago: now - last,
    };
  }

  #forgetOld(now: number): void {
    while (this.#oldest !== NONE && now - this.#last[this.#oldest]! >= HOUR) this.#forget(this.#oldest);
  }

  #forget(row: number): void {
    this.#unlink(row);
    const owner = this.#owners[row]!;
    const mine = this.#rows.get(owner)!;
    mine.delete(this.#sources[row]!);
    if (mine.size === 0) this.#rows.delete(owner);
    this.#free.push(row);
  }

  /** An empty row. */
  #take(owner: Owner, source: string, now: number): number {
    if (this.#free.length === 0 && this.#sources.length >= this.#most) this.#forget(this.#oldest);
    const row = this.#free.pop() ?? this.#sources.length;
    if (row >= this.#last.length) this.#grow();
    this.#owners[row] = owner;
    this.#sources[row] = source;
    this.#seconds.fill(0, row * BUCKETS, (row + 1) * BUCKETS);
    this.#minutes.fill(0, row * BUCKETS, (row + 1) * BUCKETS);
    this.#last[row] = now;
    let mine = this.#rows.get(owner);
    if (!mine) {
      mine = new Map();
      this.#rows.set(owner, mine);
    }
    mine.set(source, row);
    this.#link(row);
    return row;
  }

  #grow(): void {
    const rows = Math.min(this.#most, this.#last.length * 2);
    const larger = <T extends ArrayLike<number> & { set(from: ArrayLike<number>): void }>(next: T, old: T): T => {
      next.set(old);
      return next;
    };
    this.#seconds = larger(new Uint32Array(rows * BUCKETS), this.#seconds);
    this.#minutes = larger(new Uint32Array(rows * BUCKETS), this.#minutes);
    this.#last = larger(new Float64Array(rows), this.#last);
    this.#older = larger(new Int32Array(rows), this.#older);
    this.#newer = larger(new Int32Array(rows), this.#newer);
  }

  #link(row: number): void {
    this.#older[row] = this.#newest;
    this.#newer[row] = NONE;
    if (this.#newest === NONE) this.#oldest = row;
    else this.#newer[this.#newest] = row;
    this.#newest = row;
  }

  #unlink(row: number): void {
    const older = this.#older[row]!;
    const newer = this.#newer[row]!;
    if (older === NONE) this.#oldest = newer;
    else this.#newer[older] = newer;
    if (newer === NONE) this.#newest = older;
    else this.#older[newer] = older;
  }
}

/** Empties the buckets of a ring that came between, so that they count for now. */
function advance(ring: Uint32Array, at: number, from: number, to: number): void {
  const steps = Math.min(to - from, BUCKETS);
  for (let step = 0; step < steps; step++) ring[at + ((to - step) % BUCKETS)] = 0;
}

/** Sum of the buckets of a ring, last written at `last`, that are not older than the ring is long. */
function sum(ring: Uint32Array, at: number, last: number, now: number): number {
  if (now - last >= BUCKETS) return 0;
  let total = 0;
  for (let bucket = at; bucket < at + BUCKETS; bucket++) total += ring[bucket]!;
  for (let bucket = last + 1; bucket <= now; bucket++) total -= ring[at + (bucket % BUCKETS)]!;
  return total;
}

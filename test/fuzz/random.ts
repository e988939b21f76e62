/** Numbers that come from a seed: the same seed, the same numbers. */

/** mulberry32: a small generator with a 32-bit seed. */
export class Random {
  #state: number;
  constructor(seed: number) {
    this.#state = seed >>> 0;
  }
  next(): number {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0;
    let t = this.#state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  }
  below(n: number): number {
    return Math.floor(this.next() * n);
  }
  pick<T>(items: readonly T[]): T {
    return items[this.below(items.length)]!;
  }
}

/** A text with a few bytes changed, taken out, doubled or put in. */
export function mutated(random: Random, bytes: Buffer, tokens: readonly string[], most = 6): Buffer {
  let now = bytes;
  for (let n = 1 + random.below(most); n > 0; n--) {
    const at = random.below(now.length + 1);
    const head = now.subarray(0, at);
    switch (random.below(5)) {
      case 0:
        now = Buffer.concat([head, Buffer.from([random.below(256)]), now.subarray(at + 1)]);
        break;
      case 1:
        now = Buffer.concat([head, now.subarray(at + random.below(40))]);
        break;
      case 2:
        now = Buffer.concat([head, Buffer.from(random.pick(tokens)), now.subarray(at)]);
        break;
      case 3:
        now = Buffer.concat([head, now.subarray(Math.max(0, at - random.below(200)))]);
        break;
      default:
        if (random.below(4) === 0) now = head;
    }
  }
  return now;
}

/** What is tried again and again, each time with a seed of its own. @throws when something is wrong */
export type Case = (random: Random) => Promise<void> | void;

/** @returns how many cases were tried. @throws Error with the seed of the one that went wrong */
export async function tryCases(
  one: Case,
  { seed, cases = Number.POSITIVE_INFINITY, seconds }: { seed: number; cases?: number; seconds?: number },
): Promise<number> {
  const until = seconds === undefined ? Number.POSITIVE_INFINITY : performance.now() + seconds * 1000;
  let done = 0;
  for (; done < cases && (done === 0 || performance.now() < until); done++) {
    const own = (seed + done) >>> 0;
    try {
      await one(new Random(own));
    } catch (error) {
      throw new Error(`seed ${own}: ${(error as Error).stack ?? error}`);
    }
  }
  return done;
}

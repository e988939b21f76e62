/**
 * What changed between two texts of the store, so that a change of one connector among 10,000 does not send them all to
 * every worker. The generation stands in front of the connectors: what is in front is sent whole, and of the rest only what
 * lies between the first and the last byte that differ.
 */

export interface Patch {
  /** Bytes in front. */
  readonly head: Buffer;
  /** Bytes of the old text that follow: from, to. */
  readonly front: readonly [number, number];
  readonly middle: Buffer;
  /** Bytes of the old text at the end: from, to. */
  readonly back: readonly [number, number];
}

const CONNECTORS = Buffer.from('\n  "connectors": [');

export function makePatch(before: Buffer, after: Buffer): Patch {
  const from = Math.max(0, before.indexOf(CONNECTORS));
  const start = Math.max(0, after.indexOf(CONNECTORS));
  const old = before.subarray(from);
  const now = after.subarray(start);
  const shortest = Math.min(old.length, now.length);
  const front = same(shortest, (at, n) => old.compare(now, at, at + n, at, at + n) === 0);
  const back = same(shortest - front, (at, n) => {
    const [o, w] = [old.length - at, now.length - at];
    return old.compare(now, w - n, w, o - n, o) === 0;
  });
  return {
    head: after.subarray(0, start),
    front: [from, from + front],
    middle: now.subarray(front, now.length - back),
    back: [before.length - back, before.length],
  };
}

export function applyPatch(before: Buffer, { head, front, middle, back }: Patch): Buffer {
  return Buffer.concat([head, before.subarray(...front), middle, before.subarray(...back)]);
}

/** How many bytes are the same, asked in steps that get smaller. */
function same(most: number, isSame: (at: number, length: number) => boolean): number {
  let at = 0;
  for (let step = 1 << 16; step >= 1; step >>= 4) while (at + step <= most && isSame(at, step)) at += step;
  return at;
}

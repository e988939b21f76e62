/**
 * Numbers for messages (InternalId) that no two workers give twice: worker `place` of `of` has those that leave `place` when
 * divided by `of`. They are microseconds since 1970, so they grow over restarts and, to a millisecond, across workers.
 */

/** @param clock milliseconds since 1970 */
export function internalIds(place: number, of: number, clock: () => number = Date.now): () => number {
  let last = 0;
  return () => {
    const now = Math.floor((clock() * 1000) / of) * of + place;
    last = Math.max(now, last + of);
    return last;
  };
}

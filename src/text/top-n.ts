/** The first few in an order, out of many, without sorting all of them. */

/** The first `most` of `items` in the order of `compare`; equal ones stay as they came. */
export function firstOf<T>(items: Iterable<T>, most: number, compare: (a: T, b: T) => number): T[] {
  const kept: T[] = [];
  let last: T | undefined;
  for (const item of items) {
    if (last !== undefined && compare(item, last) >= 0) continue;
    kept.push(item);
    if (kept.length < 2 * most) continue;
    kept.sort(compare).length = most;
    last = kept[most - 1];
  }
  kept.sort(compare);
  return kept.length > most ? kept.slice(0, most) : kept;
}

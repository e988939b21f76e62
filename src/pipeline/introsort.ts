/**
 * .NET's sort (ArraySortHelper.IntroSort), with the place in the input where two are equal, so that it is stable. What is in no
 * order at all, as numbers, texts and truth values together, comes out as it comes out there.
 */

/** Runs shorter than this are sorted by insertion. */
const SHORT = 16;

type Compare<T> = (a: T, b: T) => number;

/** Sorts in place. @param isStable what is equal stays in its order */
export function sorted<T>(list: T[], by: Compare<T>, isStable = true): T[] {
  const items = list.map((item, place) => ({ item, place }));
  const compare: Compare<{ item: T; place: number }> = (a, b) =>
    by(a.item, b.item) || (isStable ? a.place - b.place : 0);
  sortRange(items, 0, items.length, 2 * (Math.floor(Math.log2(items.length || 1)) + 1), compare);
  for (const [k, { item }] of items.entries()) list[k] = item;
  return list;
}

function sortRange<T>(list: T[], from: number, until: number, depth: number, compare: Compare<T>): void {
  let left = depth;
  let end = until;
  while (end - from > 1) {
    const size = end - from;
    if (size <= SHORT) {
      sortShort(list, from, end, compare);
      return;
    }
    if (left === 0) {
      const rest = list.slice(from, end).sort(compare);
      for (const [k, item] of rest.entries()) list[from + k] = item;
      return;
    }
    left--;
    const pivot = partition(list, from, end, compare);
    sortRange(list, pivot + 1, end, left, compare);
    end = pivot;
  }
}

function sortShort<T>(list: T[], from: number, end: number, compare: Compare<T>): void {
  const size = end - from;
  if (size === 2) swapIfGreater(list, from, from + 1, compare);
  else if (size === 3) {
    swapIfGreater(list, from, from + 1, compare);
    swapIfGreater(list, from, from + 2, compare);
    swapIfGreater(list, from + 1, from + 2, compare);
  } else {
    for (let i = from; i < end - 1; i++) {
      const item = list[i + 1]!;
      let j = i;
      while (j >= from && compare(item, list[j]!) < 0) {
        list[j + 1] = list[j]!;
        j--;
      }
      list[j + 1] = item;
    }
  }
}

function partition<T>(list: T[], from: number, end: number, compare: Compare<T>): number {
  const last = end - 1;
  const middle = from + ((last - from) >> 1);
  swapIfGreater(list, from, middle, compare);
  swapIfGreater(list, from, last, compare);
  swapIfGreater(list, middle, last, compare);
  const pivot = list[middle]!;
  swap(list, middle, last - 1);
  let [low, high] = [from, last - 1];
  while (low < high) {
    while (low < last - 1 && compare(list[++low]!, pivot) < 0);
    while (high > from && compare(pivot, list[--high]!) < 0);
    if (low >= high) break;
    swap(list, low, high);
  }
  if (low !== last - 1) swap(list, low, last - 1);
  return low;
}

function swapIfGreater<T>(list: T[], a: number, b: number, compare: Compare<T>): void {
  if (a !== b && compare(list[a]!, list[b]!) > 0) swap(list, a, b);
}

function swap<T>(list: T[], a: number, b: number): void {
  const item = list[a]!;
  list[a] = list[b]!;
  list[b] = item;
}

/**
 * Leaves the first, or the last, so many in order: a heap of that size, which the rest is compared with
 * (SortObjectCommand.Heapify in Sort-Object.cs).
 */
export function foremost<T>(list: T[], by: Compare<T>, count: number, isFirst: boolean): void {
  const items = list.map((item, place) => ({ item, place }));
  const compare = (a: number, b: number) =>
    Math.sign(by(items[a]!.item, items[b]!.item) || items[a]!.place - items[b]!.place);
  const side = isFirst ? -1 : 1;
  let size = 0;
  for (let at = 0; at < items.length; at++) {
    if (size === count && compare(0, at) === side) continue;
    let child = at;
    while (child > 0) {
      const parent = ((child > count - 1 ? count : child) - 1) >> 1;
      if (compare(child, parent) === side) break;
      swap(items, child, parent);
      child = parent;
    }
    size++;
    if (size <= count) continue;
    items[0] = items[at]!;
    size = count;
    let parent = 0;
    while (parent < count >> 1) {
      const left = (parent << 1) + 1;
      const right = left + 1;
      child = right === count || compare(left, right) !== side ? left : right;
      if (compare(child, parent) === side) break;
      swap(items, child, parent);
      parent = child;
    }
  }
  const heap = items.slice(0, size);
  sortRange(
    heap,
    0,
    size,
    2 * (Math.floor(Math.log2(size || 1)) + 1),
    (a, b) => by(a.item, b.item) || a.place - b.place,
  );
  list.length = size;
  for (const [k, { item }] of heap.entries()) list[k] = item;
}

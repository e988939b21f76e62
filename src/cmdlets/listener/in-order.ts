/** What several servers tell, as one: this server's comes row by row, the others' is there, and all is shown in order. */

/** @param ours in order, as `theirs` */
export async function* inOrder<T>(
  ours: AsyncIterable<T> | Iterable<T>,
  theirs: readonly T[],
  compare: (a: T, b: T) => number,
): AsyncGenerator<T> {
  let next = 0;
  for await (const row of ours) {
    while (next < theirs.length && compare(theirs[next]!, row) < 0) yield theirs[next++]!;
    yield row;
  }
  yield* theirs.slice(next);
}

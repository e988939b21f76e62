/** Objects that come one after the other. */
export type Stream<T> = AsyncIterable<T> | Iterable<T>;

/** Values that are all there, as what comes one after the other. */
export async function* each<T>(values: Iterable<T>): AsyncGenerator<T> {
  yield* values;
}

/** A stream that can be looked ahead by one, and waited for only so long. */
export class Hold<T> {
  readonly #source: AsyncIterator<T> | Iterator<T>;
  #coming: Promise<IteratorResult<T>> | undefined;
  constructor(source: Stream<T>) {
    this.#source = Symbol.asyncIterator in source ? source[Symbol.asyncIterator]() : source[Symbol.iterator]();
  }

  /** The next element without taking it; `undefined` at the end, or when none came before `until` (milliseconds, Date.now). */
  async peek(until?: number): Promise<T | undefined> {
    this.#coming ??= Promise.resolve(this.#source.next());
    const result = until === undefined ? await this.#coming : await this.#before(until);
    return result === undefined || result.done ? undefined : result.value;
  }

  /** Forgets the element that `peek` gave. */
  take(): void {
    this.#coming = undefined;
  }

  /** The next element; `undefined` at the end. */
  async next(): Promise<T | undefined> {
    const result = await this.peek();
    if (result !== undefined) this.take();
    return result;
  }

  /** Tells the source that nothing more is wanted. */
  async close(): Promise<void> {
    await this.#source.return?.();
  }

  /** Elements that are there at once never run into the time limit, however slow the machine is. */
  #before(until: number): Promise<IteratorResult<T> | undefined> {
    if (this.#late?.until !== until) {
      const wait = Math.max(0, until - Date.now());
      const over = new Promise<undefined>((resolve) => {
        setTimeout(() => resolve(undefined), wait).unref(); // whatever is waited for keeps the process, not the clock
      });
      this.#late = { until, over };
    }
    return Promise.race([this.#coming!, this.#late.over]);
  }
  #late: { readonly until: number; readonly over: Promise<undefined> } | undefined;
}

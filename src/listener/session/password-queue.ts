/**
 * Whose password is checked next. Sources take turns, so a flood of guesses from one address waits for itself; a client that
 * left is skipped; a source whose guesses were wrong has to wait before its next one is looked at, on whichever connection it
 * comes, so that hanging up and coming again gains nothing.
 */

export interface QueuedCheck {
  /** `undefined`: the client left before it came to it. */
  readonly done: Promise<boolean | undefined>;
  /** The client left. */
  cancel(): void;
}

interface Waiting {
  readonly check: () => Promise<boolean>;
  /** Milliseconds that a wrong password costs its source. */
  readonly penalty: () => number;
  readonly settle: (right: boolean | undefined) => void;
  readonly fail: (error: unknown) => void;
}

/** Wrong passwords of a source that cost it nothing yet: people mistype. */
const FREE = 3;
/** A source waits no longer than this for its next check. */
const LONGEST_MS = 60_000;
/** Sources remembered for their wrong passwords. */
const MOST_SOURCES = 10_000;

export class PasswordQueue {
  readonly #atOnce: number;
  readonly #clock: () => number;
  /** In the order in which it is their turn. */
  readonly #queues = new Map<string, Set<Waiting>>();
  /** When a source would have made up for its wrong passwords. */
  readonly #paid = new Map<string, { until: number; penalty: number }>();
  #running = 0;
  #timer: NodeJS.Timeout | undefined;

  /** @param clock milliseconds, monotonic */
  constructor(atOnce: number, clock: () => number = () => performance.now()) {
    this.#atOnce = atOnce;
    this.#clock = clock;
  }

  /** Checks that wait. */
  get waiting(): number {
    let sum = 0;
    for (const queue of this.#queues.values()) sum += queue.size;
    return sum;
  }

  add(source: string, penalty: () => number, check: () => Promise<boolean>): QueuedCheck {
    let cancel = () => {};
    const done = new Promise<boolean | undefined>((settle, fail) => {
      const one: Waiting = { check, penalty, settle, fail };
      const queue = this.#queues.get(source) ?? new Set();
      queue.add(one);
      this.#queues.set(source, queue);
      cancel = () => {
        if (!queue.delete(one)) return;
        if (queue.size === 0 && this.#queues.get(source) === queue) this.#queues.delete(source);
        settle(undefined);
      };
    });
    this.#serve();
    return { done, cancel };
  }

  /** A wrong password of a source, wherever it was found wrong. */
  failed(source: string, penalty: number): void {
    if (penalty <= 0) return;
    const now = this.#clock();
    const until = Math.min(Math.max(this.#paid.get(source)?.until ?? 0, now) + penalty, now + LONGEST_MS);
    this.#paid.delete(source); // put back at the end: the order is that of the last failure
    this.#paid.set(source, { until, penalty });
    for (const [oldest, paid] of this.#paid) {
      if (paid.until > now && this.#paid.size <= MOST_SOURCES) break;
      this.#paid.delete(oldest);
    }
  }

  /** Milliseconds until a password of this source is looked at. */
  wait(source: string): number {
    const paid = this.#paid.get(source);
    return paid ? Math.max(0, paid.until - FREE * paid.penalty - this.#clock()) : 0;
  }

  #serve(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    let soonest = Number.POSITIVE_INFINITY;
    for (const [source, queue] of [...this.#queues]) {
      if (this.#running >= this.#atOnce) return;
      const wait = this.wait(source);
      if (wait > 0) {
        soonest = Math.min(soonest, wait);
        continue;
      }
      const [next] = queue;
      queue.delete(next!);
      this.#queues.delete(source); // to the end: others first
      if (queue.size > 0) this.#queues.set(source, queue);
      void this.#run(source, next!);
    }
    if (this.#running < this.#atOnce && this.#queues.size > 0 && soonest === Number.POSITIVE_INFINITY) {
      this.#serve();
      return;
    }
    if (soonest < Number.POSITIVE_INFINITY) this.#timer = setTimeout(() => this.#serve(), Math.ceil(soonest)).unref();
  }

  async #run(source: string, one: Waiting): Promise<void> {
    this.#running++;
    try {
      const right = await one.check();
      if (!right) this.failed(source, one.penalty());
      one.settle(right);
    } catch (error) {
      one.fail(error);
    } finally {
      this.#running--;
      this.#serve();
    }
  }

  close(): void {
    clearTimeout(this.#timer);
    for (const queue of this.#queues.values()) for (const one of queue) one.settle(undefined);
    this.#queues.clear();
  }
}

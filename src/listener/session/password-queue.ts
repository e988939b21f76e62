/**
 * Whose password is checked next. Sources take turns, so a flood of guesses from one address waits for itself; every other
 * turn is for those that logged on lately, the rest for those that nothing is known of, then those that guessed wrong; a client that left is skipped; a source whose guesses were wrong has to wait before its next one is looked at, on whichever connection it
 * comes, so that hanging up and coming again gains nothing.
 */

interface QueuedCheck {
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
/** How long a source that logged on goes before those that nothing is known of. */
const TRUSTED_MS = 60 * 60_000;
/** Sources remembered for their wrong passwords, and as many for their right ones. */
const MOST_SOURCES = 10_000;

export class PasswordQueue {
  readonly #atOnce: number;
  readonly #clock: () => number;
  /** In the order in which it is their turn. */
  readonly #queues = new Map<string, Set<Waiting>>();
  /** When a source would have made up for its wrong passwords. */
  readonly #paid = new Map<string, { until: number; penalty: number }>();
  /** When a source last logged on. */
  readonly #right = new Map<string, number>();
  /** The last turn was one of theirs. */
  #wasTrusted = false;
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

  #succeeded(source: string): void {
    this.#right.delete(source);
    if (this.#right.size >= MOST_SOURCES) this.#right.delete(this.#right.keys().next().value!);
    this.#right.set(source, this.#clock());
  }

  /** Milliseconds until a password of this source is looked at. */
  wait(source: string): number {
    const paid = this.#paid.get(source);
    return paid ? Math.max(0, paid.until - FREE * paid.penalty - this.#clock()) : 0;
  }

  /** 0: logged on lately, and it is the turn of such; 1: nothing is known of it; 2: guessed wrong, and has not made up for it yet. */
  #rank(source: string): number {
    const now = this.#clock();
    if ((this.#paid.get(source)?.until ?? 0) > now) return 2;
    const trusted = (this.#right.get(source) ?? Number.NEGATIVE_INFINITY) > now - TRUSTED_MS;
    return trusted && !this.#wasTrusted ? 0 : 1;
  }

  /** Whose turn it is, or in how many milliseconds it will be somebody's. */
  #next(): { source?: string; soonest: number } {
    let source: string | undefined;
    let best = Number.POSITIVE_INFINITY;
    let soonest = Number.POSITIVE_INFINITY;
    for (const candidate of this.#queues.keys()) {
      const wait = this.wait(candidate);
      const rank = this.#rank(candidate);
      if (wait > 0) soonest = Math.min(soonest, wait);
      else if (rank < best) [source, best] = [candidate, rank];
      if (best === 0) break;
    }
    return { ...(source === undefined ? {} : { source }), soonest };
  }

  #serve(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    while (this.#running < this.#atOnce && this.#queues.size > 0) {
      const { source, soonest } = this.#next();
      if (source === undefined) {
        this.#timer = setTimeout(() => this.#serve(), Math.ceil(soonest)).unref();
        return;
      }
      this.#wasTrusted = this.#rank(source) === 0;
      const queue = this.#queues.get(source)!;
      const [one] = queue;
      queue.delete(one!);
      this.#queues.delete(source); // to the end: others first
      if (queue.size > 0) this.#queues.set(source, queue);
      void this.#run(source, one!);
    }
  }

  async #run(source: string, one: Waiting): Promise<void> {
    this.#running++;
    try {
      const right = await one.check();
      if (right) this.#succeeded(source);
      else this.failed(source, one.penalty());
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

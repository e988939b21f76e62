/** How much a script may do, and whether it was told to stop. */
import { CmdletError } from '../../pipeline/error.ts';
import { StopForGood } from './failure.ts';

/** What an error costs of it: some 25,000 in a text, so that a loop of nothing but errors ends in time. */
export const ERROR_COST = 20_000;
/** What a cmdlet counts as: it takes as long as some rounds. */
export const CMDLET_ROUNDS = 10;
/** Milliseconds that a loop runs before it looks whether anything else happened. */
const LONGEST_BREATH = 30;

/** What a text may do. */
export interface Limits {
  /** Rounds of loops, calls of script blocks, elements that lists give. */
  readonly rounds: number;
  /** What operators do with lists and long texts, all in all. */
  readonly work: number;
  /** Bytes that it writes to files. */
  readonly bytes: number;
  /** How often calls may be nested too deep. */
  readonly overflows: number;
}

const LIMITS: Limits = {
  rounds: 5_000_000,
  // as much as growing a list by += to some thirty thousand elements
  work: 500_000_000,
  bytes: 1024 ** 3,
  // a function that calls itself twice would do so 2^1000 times
  overflows: 20,
};

export class Budget {
  readonly #limits: Limits;

  constructor(limits: Partial<Limits> = {}) {
    this.#limits = { ...LIMITS, ...limits };
  }

  /** Set to end the running statement (Ctrl-C). */
  cancelled = false;
  #steps = 0;
  #lastBreath = 0;

  /**
   * Before each round of a loop: ends it when Ctrl-C was pressed or it goes on for too long, and now and then lets signals
   * come through. @returns what to wait for, when there is something
   */
  step(): Promise<void> | undefined {
    this.count(1);
    this.checkCancelled();
    if ((this.#steps & 63) !== 0 || performance.now() - this.#lastBreath < LONGEST_BREATH) return undefined;
    checkMemory();
    return new Promise((resolve) => setImmediate(resolve)).then(() => {
      this.#lastBreath = performance.now();
      return this.step();
    });
  }

  /** So many more rounds, or what counts as much: elements that a list gives one by one, a cmdlet. @throws StopStatement when it is too much */
  count(rounds: number): void {
    this.#steps += rounds;
    if (this.#steps > this.#limits.rounds)
      throw new StopForGood(
        new CmdletError(`Processing was stopped: more than ${this.#limits.rounds} rounds of loops.`, {
          id: 'ScriptTooComplicated',
        }),
      );
  }

  #bytes = 0;

  /** Bytes go to a file. @throws StopStatement when all files of the text together are too large */
  wrote(bytes: number): void {
    this.#bytes += bytes;
    if (this.#bytes > this.#limits.bytes)
      throw new StopForGood(
        new CmdletError(`Processing was stopped: more than ${this.#limits.bytes} bytes were to be written to files.`, {
          id: 'ScriptTooComplicated',
        }),
      );
  }

  #work = 0;

  /** Accounts for work on long lists and texts, which rounds alone do not show. @throws StopStatement when it is too much */
  spend(work: number): void {
    this.#work += work;
    if (work > LARGE) checkMemory();
    if (this.#work > this.#limits.work)
      throw new StopForGood(
        new CmdletError('Processing was stopped: lists or texts grow too large for what is done with them.', {
          id: 'ScriptTooComplicated',
        }),
      );
  }

  #overflows = 0;

  /** Calls were nested too deep: an error that ends one statement of each level, until there were too many of them. @throws StopStatement */
  overflowed(): void {
    this.#overflows++;
    this.checkOverflows();
  }

  /** From then on nothing is called any more, not in a `finally` either. @throws StopStatement */
  checkOverflows(): void {
    if (this.#overflows > this.#limits.overflows)
      throw new StopForGood(
        new CmdletError(`Processing was stopped: calls were nested too deep ${this.#limits.overflows} times.`, {
          id: 'ScriptTooComplicated',
        }),
      );
  }

  /** @throws StopStatement when Ctrl-C was pressed */
  checkCancelled(): void {
    if (this.cancelled) throw new StopForGood(new CmdletError('Stopped.', { id: 'PipelineStopped' }));
  }

  /** Begins to count anew: each statement typed at the prompt has its own. */
  reset(): void {
    this.#steps = 0;
    this.#work = 0;
    this.#overflows = 0;
    this.#bytes = 0;
    this.cancelled = false;
  }
}

/** Work that may make the heap much larger: a text of a million characters. */
const LARGE = 65_536;
/** Share of the heap's limit from which on nothing more is begun: at the limit the process would die, and say nothing. */
const FULL = 0.9;
/** Bytes that one operator may want at once: texts of the greatest length, some of them. */
const HEADROOM = 160 * 1024 ** 2;

/** @throws StopStatement when what the script keeps fills the memory */
function checkMemory(): void {
  const { used_heap_size: used, heap_size_limit: limit } = process.getBuiltinModule('node:v8').getHeapStatistics();
  if (used > Math.min(limit * FULL, limit - HEADROOM))
    throw new StopForGood(
      new CmdletError(
        `Processing was stopped: the script keeps more than ${Math.round(used / 1024 ** 2)} MB in memory.`,
        {
          id: 'ScriptTooComplicated',
        },
      ),
    );
}

/** How much a script may do, and whether it was told to stop. */
import { CmdletError } from '../../pipeline/error.ts';
import { StopForGood } from './failure.ts';

/** Rounds of loops and calls of script blocks that a script may take. */
const MOST_STEPS = 5_000_000;
/** What operators may do with lists and long texts, all in all: as much as growing a list by += to some thirty thousand elements. */
const MOST_WORK = 500_000_000;
/** What an error costs of it: some 25,000 in a text, so that a loop of nothing but errors ends in time. */
export const ERROR_COST = 20_000;
/** Milliseconds that a loop runs before it looks whether anything else happened. */
const LONGEST_BREATH = 30;

export class Budget {
  /** Set to end the running statement (Ctrl-C). */
  cancelled = false;
  #steps = 0;
  #lastBreath = 0;

  /**
   * Before each round of a loop: ends it when Ctrl-C was pressed or it goes on for too long, and now and then lets signals
   * come through. @returns what to wait for, when there is something
   */
  step(): Promise<void> | undefined {
    if (++this.#steps > MOST_STEPS)
      throw new StopForGood(
        new CmdletError(`Processing was stopped: more than ${MOST_STEPS} rounds of loops.`, {
          id: 'ScriptTooComplicated',
        }),
      );
    this.checkCancelled();
    if ((this.#steps & 63) !== 0 || performance.now() - this.#lastBreath < LONGEST_BREATH) return undefined;
    return new Promise((resolve) => setImmediate(resolve)).then(() => {
      this.#lastBreath = performance.now();
      return this.step();
    });
  }

  #work = 0;

  /** Accounts for work on long lists and texts, which rounds alone do not show. @throws StopStatement when it is too much */
  spend(work: number): void {
    this.#work += work;
    if (this.#work > MOST_WORK)
      throw new StopForGood(
        new CmdletError('Processing was stopped: lists or texts grow too large for what is done with them.', {
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
    this.cancelled = false;
  }
}

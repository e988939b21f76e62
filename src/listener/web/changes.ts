/** What a signed-in page may do, one thing at a time, each as `rc` itself: first what would happen, then for real. */
import { BadRequest } from '../http/request-body.ts';
import { asRecord } from './as-record.ts';
import { answerOf, type ChangeAnswer, changedMeanwhile, readChange, setArguments } from './change.ts';
import { commandOf, Given, type PageCommand } from './commands.ts';
import type { Readings } from './readings.ts';
import type { RunCommand, WatchedListener } from './surroundings.ts';

export interface ChangeOutcome extends ChangeAnswer {
  /** Settings that somebody else changed since the person saw them, with their values now; nothing was done. */
  readonly changed?: Readonly<Record<string, string>>;
  /** Generation that the listener goes by now. */
  readonly generation: number;
  /** Others changed the store while this change was made. */
  readonly others: boolean;
}

/** Changes that wait for one that is being made. */
const MOST_WAITING = 8;

export class Changes {
  readonly #listener: WatchedListener;
  readonly #readings: Readings;
  readonly #run: RunCommand;
  #last: Promise<unknown> = Promise.resolve();
  #waiting = 0;

  constructor(listener: WatchedListener, readings: Readings, run: RunCommand) {
    this.#listener = listener;
    this.#readings = readings;
    this.#run = run;
  }

  /** Changes settings of a connector, or says what would happen. */
  change(body: unknown, via: string): Promise<ChangeOutcome> {
    const request = readChange(body);
    return this.#inTurn(async () => {
      const now = this.#readings.find(request.guid);
      const argv = setArguments(now, request);
      const changed = changedMeanwhile(request, now);
      if (Object.keys(changed).length) {
        const nothing = answerOf(argv, { code: 0, stdout: '', stderr: '' });
        const { applied } = this.#listener.state;
        return { ...nothing, done: false, changed, generation: applied, others: true };
      }
      return this.#do({ argv }, request.confirmed, via);
    });
  }

  /** Takes a change back, or says what would go back. */
  undo(body: unknown, via: string): Promise<ChangeOutcome> {
    const { generation, force, confirmed } = asRecord(body, 'the body');
    if (!Number.isSafeInteger(generation) || (generation as number) < 1)
      throw new BadRequest('"generation" is not the number of a generation.');
    const argv = ['undo', String(generation), ...(force === true ? ['--force'] : [])];
    return this.#inTurn(() => this.#do({ argv }, confirmed === true, via));
  }

  /** Any of the page's other commands, or what it would do. */
  command(body: unknown, via: string): Promise<ChangeOutcome> {
    const given = new Given(asRecord(body, 'the body'), (guid) => this.#readings.find(guid));
    commandOf(given); // what is wrong is said before it waits
    return this.#inTurn(() => this.#do(commandOf(given), given.body.confirmed === true, via));
  }

  async #do({ argv, input }: PageCommand, confirmed: boolean, via: string): Promise<ChangeOutcome> {
    const before = this.#listener.state.applied;
    // The page has asked already
    const how = confirmed ? [...(asks(argv) ? ['--confirm=false'] : []), '--wait'] : ['--what-if'];
    const ran = await this.#run([...argv, ...how], via, input);
    const { applied } = this.#listener.state;
    const answer = answerOf(argv, ran); // who types it is asked himself
    const others = applied > before + (confirmed && answer.done ? 1 : 0);
    return { ...answer, generation: applied, others };
  }

  async #inTurn<T>(work: () => Promise<T>): Promise<T> {
    if (this.#waiting >= MOST_WAITING) throw new BadRequest('Too many changes at once; try again in a moment.', 503);
    this.#waiting++;
    const mine = this.#last.then(async () => {
      // The store may have been changed this moment; what the listener goes by then is what is compared with.
      this.#listener.hint();
      await this.#listener.settled();
      return work();
    });
    this.#last = mine.catch(() => {});
    try {
      return await mine;
    } finally {
      this.#waiting--;
    }
  }
}

/** Commands that ask before they act. */
function asks([command = '']: readonly string[]): boolean {
  return command.startsWith('remove');
}

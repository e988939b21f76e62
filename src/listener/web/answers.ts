/** What a signed-in page may ask and do, one thing at a time for changes. */
import type { Connector } from '../../domain/connector.ts';
import { printable } from '../../text/printable.ts';
import { BadRequest } from '../http/request-body.ts';
import { answerOf, asRecord, type ChangeAnswer, changedMeanwhile, readChange, setArguments } from './change.ts';
import { type Topic, topicsOf } from './fields.ts';
import type { RunCommand, WatchedListener } from './surroundings.ts';

export interface ConnectorAnswer {
  readonly guid: string;
  readonly name: string;
  /** Generation of the store that these values are of. */
  readonly generation: number;
  readonly topics: readonly Topic[];
}

export interface ChangeOutcome extends ChangeAnswer {
  /** Settings that somebody else changed since the person saw them, with their values now; nothing was done. */
  readonly changed?: Readonly<Record<string, string>>;
  /** Generation that the listener goes by now. */
  readonly generation: number;
  /** Others changed the store while this change was made. */
  readonly others: boolean;
}

/** Entries of the history that the page shows. */
const SHOWN = 200;
const EVENTS_SHOWN = 500;
const EVENTS_FRESH_MS = 3000;
/** Changes that wait for one that is being made. */
const MOST_WAITING = 8;

export class Answers {
  readonly #listener: WatchedListener;
  readonly #run: RunCommand;
  #events: { at: number; answer: Promise<unknown> } | undefined;
  #history: { generation: number; answer: Promise<unknown> } | undefined;
  #last: Promise<unknown> = Promise.resolve();
  #waiting = 0;

  constructor(listener: WatchedListener, run: RunCommand) {
    this.#listener = listener;
    this.#run = run;
  }

  /** A connector with its settings. @throws BadRequest when there is none */
  connector(guid: string): ConnectorAnswer {
    const now = this.#find(guid);
    const { server, state } = this.#listener;
    return {
      guid: now.Guid,
      name: now.Name,
      generation: state.applied,
      topics: topicsOf(now, { server: server.name, fqdn: server.fqdn }),
    };
  }

  /** The newest entries of `rc history`; asked once a generation. */
  history(): Promise<unknown> {
    const generation = this.#listener.state.applied;
    if (this.#history?.generation !== generation) {
      const answer = this.#list(['history', '--last', String(SHOWN)], 'entries');
      this.#history = { generation, answer };
      answer.catch(() => {
        this.#history = undefined;
      });
    }
    return this.#history!.answer;
  }

  /** The newest events of `rc get-event`, oldest first; asked at most every few seconds. */
  events(): Promise<unknown> {
    const now = performance.now();
    if (!this.#events || now - this.#events.at > EVENTS_FRESH_MS) {
      const answer = this.#list(['get-event', '--newest', String(EVENTS_SHOWN)], 'events');
      this.#events = { at: now, answer };
      answer.catch(() => {
        this.#events = undefined;
      });
    }
    return this.#events.answer;
  }

  /** The objects that a command gives. */
  async #list(argv: readonly string[], name: string): Promise<unknown> {
    const { code, stdout, stderr } = await this.#run([...argv, '--output', 'json'], 'the page');
    if (code !== 0) throw new BadRequest(printable(stderr.trim()) || `rc ${argv[0]} failed.`, 500);
    return { [name]: JSON.parse(stdout || '[]') };
  }

  /** Changes settings of a connector, or says what would happen. */
  change(body: unknown, via: string): Promise<ChangeOutcome> {
    const request = readChange(body);
    return this.#inTurn(async () => {
      await this.#lookAgain();
      const now = this.#find(request.guid);
      const argv = setArguments(now, request);
      const changed = changedMeanwhile(request, now);
      if (Object.keys(changed).length) {
        const nothing = answerOf(argv, { code: 0, stdout: '', stderr: '' });
        const { applied } = this.#listener.state;
        return { ...nothing, done: false, changed, generation: applied, others: true };
      }
      return this.#do(argv, request.confirmed, via);
    });
  }

  /** Takes a change back, or says what would go back. */
  undo(body: unknown, via: string): Promise<ChangeOutcome> {
    const { generation, force, confirmed } = asRecord(body, 'the body');
    if (!Number.isSafeInteger(generation) || (generation as number) < 1)
      throw new BadRequest('"generation" is not the number of a generation.');
    const argv = ['undo', String(generation), ...(force === true ? ['--force'] : [])];
    return this.#inTurn(async () => {
      await this.#lookAgain();
      return this.#do(argv, confirmed === true, via);
    });
  }

  async #do(argv: string[], confirmed: boolean, via: string): Promise<ChangeOutcome> {
    const before = this.#listener.state.applied;
    const ran = await this.#run([...argv, confirmed ? '--wait' : '--what-if'], via);
    const { applied } = this.#listener.state;
    const answer = answerOf(argv, ran);
    const others = applied > before + (confirmed && answer.done ? 1 : 0);
    return { ...answer, generation: applied, others };
  }

  /** The store may have been changed this moment; what the listener goes by then is what is compared with. */
  async #lookAgain(): Promise<void> {
    this.#listener.hint();
    await this.#listener.settled();
  }

  #find(guid: string): Connector {
    for (const { now } of this.#listener.live) if (now.Guid === guid.toLowerCase()) return now;
    throw new BadRequest('There is no such connector any more.', 404);
  }

  async #inTurn<T>(work: () => Promise<T>): Promise<T> {
    if (this.#waiting >= MOST_WAITING) throw new BadRequest('Too many changes at once; try again in a moment.', 503);
    this.#waiting++;
    const mine = this.#last.then(work);
    this.#last = mine.catch(() => {});
    try {
      return await mine;
    } finally {
      this.#waiting--;
    }
  }
}

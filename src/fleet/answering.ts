/** A listener answers what other servers of its fleet ask it (questions.ts). */
import { foldText } from '../text/wildcard.ts';
import type { Engine } from './engine.ts';
import type { FleetKeys } from './keys.ts';
import { answerText, parseQuestion, type Topic } from './questions.ts';

/** What a server can tell of itself, by topic. */
export type Answers = Readonly<
  Partial<Record<Topic, (about: Readonly<Record<string, unknown>>) => Promise<readonly object[]>>>
>;

interface Place {
  readonly engine: Engine;
  readonly keys: FleetKeys;
  readonly server: string;
  readonly version: string;
}

/** Answers that are made at once; who asks more often hears nothing. */
const MOST_AT_ONCE = 8;

export class Answering {
  readonly #answers: Answers;
  #underWay = 0;

  constructor(answers: Answers) {
    this.#answers = answers;
  }

  hear(message: string, { engine, keys, server, version }: Place): void {
    const question = parseQuestion(message);
    if (!question?.servers.includes(foldText(server)) || this.#underWay >= MOST_AT_ONCE) return;
    const { asker, number, topic, about } = question;
    this.#underWay++;
    Promise.resolve()
      .then(() => this.#answers[topic]?.(about) ?? Promise.reject(new Error('it cannot tell this')))
      .then(
        (rows) => ({ rows, problem: '' }),
        (error: Error) => ({ rows: [], problem: error.message }),
      )
      .then((said) => answerText({ number, server, version, ...said }))
      .then((text) => engine.command(['PUBLISH', keys.answers(asker), text]))
      .catch(() => {}) // the engine went away: who asks is told so
      .finally(() => this.#underWay--);
  }
}

/** A listener answers what other servers of its fleet ask it (questions.ts). */
import { foldText } from '../text/wildcard.ts';
import type { Engine } from './engine.ts';
import type { FleetKeys } from './keys.ts';
import { answerText, parseQuestion, type Topic } from './questions.ts';

/** Rows, the first of which are told where not all have room; `left`: so many more were not even looked at. */
type Rows = readonly object[] | { readonly rows: readonly object[]; readonly left: number };

/** What a server can tell of itself, by topic. `isPrivate`: nobody on the way reads along, or the network is trusted. */
export type Answers = Readonly<
  Partial<Record<Topic, (about: Readonly<Record<string, unknown>>, isPrivate: boolean) => Promise<Rows>>>
>;

interface Place {
  readonly engine: Engine;
  readonly keys: FleetKeys;
  readonly server: string;
  readonly isPrivate: boolean;
}

/** Answers that are made at once; who asks more often hears nothing. */
const MOST_AT_ONCE = 8;

export class Answering {
  readonly #answers: Answers;
  #underWay = 0;

  constructor(answers: Answers) {
    this.#answers = answers;
  }

  hear(message: string, { engine, keys, server, isPrivate }: Place): void {
    const question = parseQuestion(message);
    if (!question?.servers.includes(foldText(server)) || this.#underWay >= MOST_AT_ONCE) return;
    const { asker, number, topic, about } = question;
    this.#underWay++;
    Promise.resolve()
      .then(() => {
        const tell = Object.hasOwn(this.#answers, topic) ? this.#answers[topic as Topic] : undefined;
        if (!tell) throw new Error('its rc is of an older version, which cannot tell this');
        return tell(about, isPrivate);
      })
      .then(
        (told) => ({ ...('left' in told ? told : { rows: told, left: 0 }), problem: '' }),
        (error: Error) => ({ rows: [], left: 0, problem: error.message }),
      )
      .then((said) => answerText({ number, server, ...said }))
      .then((text) => engine.command(['PUBLISH', keys.answers(asker), text]))
      .catch(() => {}) // the engine went away: who asks is told so
      .finally(() => this.#underWay--);
  }
}

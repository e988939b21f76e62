/** Events of servers that were shown or told already: who asks again is told them again. */
import type { EventRecord } from '../../control/listener-client.ts';

type Told = Pick<EventRecord, 'time' | 'id' | 'message'>;

/** Remembered at most; of more, the older half is forgotten. */
const MOST = 20_000;

export class KnownEvents {
  readonly #texts = new Set<string>();

  has(server: string, event: Told): boolean {
    return this.#texts.has(textOf(server, event));
  }

  /** Is it told for the first time? From now on it is known. */
  isNew(server: string, event: Told): boolean {
    const text = textOf(server, event);
    if (this.#texts.has(text)) return false;
    this.#texts.add(text);
    if (this.#texts.size > MOST) for (const old of [...this.#texts].slice(0, MOST / 2)) this.#texts.delete(old);
    return true;
  }
}

function textOf(server: string, { time, id, message }: Told): string {
  return `${server} ${time} ${id} ${message}`;
}

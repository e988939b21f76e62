/** Message rates in a worker: the first process counts for all workers, so a limit holds for all of them together. */
import type { MessageRates } from '../contracts/message-rates.ts';
import type { Channel } from './channel.ts';
import type { OrdersMessage } from './messages.ts';

export class RemoteRates implements MessageRates {
  readonly #channel: Channel;
  readonly #asked = new Map<number, (within: boolean) => void>();
  #number = 0;

  constructor(channel: Channel) {
    this.#channel = channel;
  }

  take(guid: string, sources: readonly string[], limit: number, windowMs?: number): boolean | Promise<boolean> {
    if (limit === Number.POSITIVE_INFINITY) return true;
    const number = ++this.#number;
    this.#channel.add('rates', { number, guid, sources, limit, windowMs });
    return new Promise((resolve) => this.#asked.set(number, resolve));
  }

  answered(answers: NonNullable<OrdersMessage['rates']>): void {
    for (const [number, within] of answers) {
      this.#asked.get(number)?.(within);
      this.#asked.delete(number);
    }
  }
}

/**
 * Faults on purpose in a worker: rules that count (`first 1`, `every 3`), draw lots or end after a while are asked of the first
 * process, so that they hold for all workers together, also when one is replaced. All others act here.
 */
import type { FaultOccasion } from '../../domain/fault-rule.ts';
import type { SessionConnector } from '../contracts/session-connector.ts';
import { type Acting, actingBy, dependsOnThePast, faultsAt } from '../session/faults-on-purpose.ts';
import type { Channel } from './channel.ts';
import type { OrdersMessage } from './messages.ts';

export class RemoteFaults {
  readonly #channel: Pick<Channel, 'add'>;
  readonly #asked = new Map<number, (acting: readonly Acting[]) => void>();
  #number = 0;

  constructor(channel: Pick<Channel, 'add'>) {
    this.#channel = channel;
  }

  at(connector: SessionConnector, occasion: FaultOccasion): readonly Acting[] | Promise<readonly Acting[]> {
    if (!dependsOnThePast(connector, occasion)) return faultsAt(connector, occasion);
    const number = ++this.#number;
    this.#channel.add('faults', { number, guid: connector.guid, occasion });
    return new Promise((resolve) => this.#asked.set(number, resolve));
  }

  answered(answers: NonNullable<OrdersMessage['faults']>): void {
    for (const [number, rules] of answers) {
      this.#asked.get(number)?.(rules.flatMap(actingBy));
      this.#asked.delete(number);
    }
  }
}

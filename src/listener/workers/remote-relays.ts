/** Connections to next hosts in a worker: the first process counts those of all workers. */
import type { RelayPlaces } from '../contracts/relay-places.ts';
import type { Channel } from './channel.ts';

export class RemoteRelays implements RelayPlaces {
  isWantedElsewhere = false;
  readonly #channel: Pick<Channel, 'add' | 'relayLeft'>;
  /** In the order they asked; one that did not wait for its answer is undefined. */
  readonly #asked: { granted: (() => void) | undefined }[] = [];
  #wanted = () => {};

  constructor(channel: Pick<Channel, 'add' | 'relayLeft'>) {
    this.#channel = channel;
  }

  ask(limit: number, granted: () => void): { cancel(): void } {
    const mine: { granted: (() => void) | undefined } = { granted };
    this.#asked.push(mine);
    this.#channel.add('relayAsks', Number.isFinite(limit) ? limit : null);
    return {
      cancel: () => {
        mine.granted = undefined;
      },
    };
  }

  /** So many more may be opened: by those who wait first, else they are not needed. */
  granted(places: number): void {
    for (let i = 0; i < places; i++) {
      let next = this.#asked.shift();
      if (next && !next.granted) {
        // Whoever asked has gone; the next one that waits has its place, and its own question is answered for nobody.
        const waits = this.#asked.find(({ granted }) => granted);
        if (waits) {
          next = { granted: waits.granted };
          waits.granted = undefined;
        }
      }
      if (next?.granted) next.granted();
      else this.give();
    }
  }

  give(): void {
    this.#channel.relayLeft();
  }

  onWanted(wanted: () => void): void {
    this.#wanted = wanted;
  }

  /** Somebody waits, or nobody does any more. */
  wanted(isWanted: boolean): void {
    this.isWantedElsewhere = isWanted;
    if (isWanted) this.#wanted();
  }
}

/** The first process counts the connections to next hosts of all workers (MaxRelayConnections). */
import type { RelayPlaces } from '../contracts/relay-places.ts';
import type { WorkerProcess } from './worker-process.ts';

export class RelayLender {
  readonly #places: RelayPlaces;
  readonly #workers: () => readonly WorkerProcess[];
  #waiting = 0;

  constructor(places: RelayPlaces, workers: () => readonly WorkerProcess[]) {
    this.#places = places;
    this.#workers = workers;
    places.onWanted(() => this.#tell(true));
  }

  /** A worker wants one more. `null`: without a limit. */
  ask(worker: WorkerProcess, limit: number | null): void {
    this.#waiting++;
    this.#places.ask(limit ?? Number.POSITIVE_INFINITY, () => {
      if (--this.#waiting === 0) this.#tell(false);
      if (worker.isOver) this.#places.give();
      else {
        worker.mayRelay();
        if (this.#waiting > 0) worker.order({ relayWanted: true }); // also to one that came after it was told
      }
    });
  }

  left(worker: WorkerProcess, places: number): void {
    for (let i = 0; i < places && worker.relays > 0; i++) {
      worker.relays--;
      this.#places.give();
    }
  }

  gone(worker: WorkerProcess): void {
    this.left(worker, worker.relays);
  }

  /** To those who have some: to keep none, or as they like again. */
  #tell(relayWanted: boolean): void {
    for (const worker of this.#workers()) worker.order({ relayWanted });
  }
}

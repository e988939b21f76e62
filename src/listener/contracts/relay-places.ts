/** Connections to next hosts: all processes of a listener together have MaxRelayConnections. */

export interface RelayPlaces {
  /**
   * Asks for one more connection. `granted` runs once, at once or later, and then it counts until `give`; not after
   * `cancel`. @param limit MaxRelayConnections now
   */
  ask(limit: number, granted: () => void): { cancel(): void };
  /** A connection that counted is over. */
  give(): void;
  /** Runs when somebody waits: a connection that is open for nobody should be closed. */
  onWanted(wanted: () => void): void;
  /** Somebody in another process waits: no connection should be kept for later. */
  readonly isWantedElsewhere: boolean;
}

interface Waiting {
  readonly limit: number;
  readonly granted: () => void;
}

/** Counted in this process. Who waited longest is first. */
export class LocalRelayPlaces implements RelayPlaces {
  readonly isWantedElsewhere = false;
  readonly #waiting: Waiting[] = [];
  #taken = 0;
  #wanted = () => {};

  /** Connections that count. */
  get taken(): number {
    return this.#taken;
  }

  get waiting(): number {
    return this.#waiting.length;
  }

  ask(limit: number, granted: () => void): { cancel(): void } {
    const mine = { limit, granted };
    this.#waiting.push(mine);
    this.#serve();
    if (this.#waiting.includes(mine)) this.#wanted();
    return {
      cancel: () => {
        const at = this.#waiting.indexOf(mine);
        if (at >= 0) this.#waiting.splice(at, 1);
        this.#serve();
      },
    };
  }

  give(): void {
    this.#taken--;
    this.#serve();
  }

  #serve(): void {
    for (let first = this.#waiting[0]; first && this.#taken < first.limit; first = this.#waiting[0]) {
      this.#waiting.shift();
      this.#taken++;
      first.granted();
    }
  }

  onWanted(wanted: () => void): void {
    this.#wanted = wanted;
  }
}

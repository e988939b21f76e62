/** From one look at the listener to the next: rates, their course over the last minutes, the last events. */
import type { EventRecord, Snapshot } from '../control/listener-client.ts';
import { refusedInAll } from '../control/source-usage.ts';

export interface Rates {
  /** Connections a second; `undefined` until there were two looks. */
  readonly accepted: number | undefined;
  readonly refused: number | undefined;
}
const UNKNOWN: Rates = { accepted: undefined, refused: undefined };

export interface NumberedEvent extends EventRecord {
  /** Counts up from the first event seen: tells two equal ones apart. */
  readonly number: number;
}

/** All that is known at one moment. */
export interface Look {
  readonly snapshot: Snapshot;
  readonly rates: Rates;
  readonly ratesOf: ReadonlyMap<string, Rates>;
  /** Connections refused since the listener's start, those that no connector takes among them. */
  readonly refused: number;
  /** Refusals a second, a sample for each look, the newest last; `undefined` while no listener answered. */
  readonly course: readonly (number | undefined)[];
  /** Oldest first. */
  readonly events: readonly NumberedEvent[];
}

/** Ten minutes at a look a second. */
const MOST_SAMPLES = 600;
const MOST_EVENTS = 500;

export class Trend {
  #last: Snapshot | undefined;
  #course: (number | undefined)[] = [];
  #events: NumberedEvent[] = [];
  #number = 0;

  /**
   * Takes a look in. `first`: the first of a connection to the listener, which tells events again that may be known.
   * A listener that was started anew counts from zero: its first look gives no rates.
   */
  observe(snapshot: Snapshot, first: boolean): Look {
    const before = this.#last && sameListener(this.#last, snapshot) ? this.#last : undefined;
    const seconds = before ? (Date.parse(snapshot.at) - Date.parse(before.at)) / 1000 : 0;
    const { status } = snapshot;
    const refused = status.unmatched + status.connectors.reduce((sum, c) => sum + refusedInAll(c), 0);
    const ratesOf = new Map<string, Rates>();
    let rates = UNKNOWN;
    if (before && seconds > 0) {
      const known = new Map(before.status.connectors.map((c) => [c.guid, c]));
      let [accepted, kept] = [0, Math.max(0, status.unmatched - before.status.unmatched)];
      for (const connector of status.connectors) {
        const was = known.get(connector.guid);
        const came = Math.max(0, connector.accepted - (was?.accepted ?? 0));
        const out = Math.max(0, refusedInAll(connector) - (was ? refusedInAll(was) : 0));
        ratesOf.set(connector.guid, { accepted: came / seconds, refused: out / seconds });
        accepted += came;
        kept += out;
      }
      rates = { accepted: accepted / seconds, refused: kept / seconds };
      this.#sample(rates.refused);
    }
    this.#take(snapshot.events, first);
    this.#last = snapshot;
    return { snapshot, rates, ratesOf, refused, course: this.#course, events: this.#events };
  }

  /** A moment without a listener. */
  miss(): void {
    if (this.#course.length) this.#sample(undefined);
  }

  #sample(value: number | undefined): void {
    this.#course = [...this.#course.slice(1 - MOST_SAMPLES), value];
  }

  #take(events: readonly EventRecord[], again: boolean): void {
    if (!events.length) return;
    const known = again ? new Set(this.#events.map(textOf)) : undefined;
    const news = events.filter((event) => !known?.has(textOf(event)));
    const numbered = news.map((event) => ({ ...event, number: ++this.#number }));
    this.#events = [...this.#events, ...numbered].slice(-MOST_EVENTS);
  }
}

function textOf({ time, id, message }: EventRecord): string {
  return `${time} ${id} ${message}`;
}

function sameListener(a: Snapshot, b: Snapshot): boolean {
  return (
    a.status.pid === b.status.pid && a.status.startedAt === b.status.startedAt && a.several?.run === b.several?.run
  );
}

/**
 * A worker's authority: it borrows places from the first process, one a connection, which counts those of all workers. A
 * place whose connection is over is kept for a moment, where the limits are far away, for the next one of the same source,
 * which then asks nobody; near a limit it goes back at once. The first process can call back what is kept at any time, so a
 * limit is never passed, and never met before it is reached (docs/decisions/0230-workers-borrow-places.md).
 */
import {
  ACCEPTED,
  type AdmissionAuthority,
  type AdmissionCounts,
  type CameLately,
  type Ruling,
} from '../admission/authority.ts';
import type { LiveConnector } from '../admission/live-connector.ts';
import { LocalAuthority } from '../admission/local-authority.ts';
import { RememberedRefusals } from '../admission/remembered-refusals.ts';
import type { MessageRates } from '../contracts/message-rates.ts';
import type { RelayPlaces } from '../contracts/relay-places.ts';
import type { Ask, Verdict, Whose } from './messages.ts';

/** What the first process hears. */
interface Lenders {
  ask(question: Ask): void;
  /** `soon`: somebody may wait for them. */
  giveBack(guid: string, source: string, places: number, soon: boolean): void;
  /** A place that was kept is used again. */
  reuse(guid: string, source: string): void;
}

/** A place that nobody used for so long goes back; one is looked at twice in that time. */
const KEEP_MS = 250;

/** The places of one source of a connector. */
interface Borrowed {
  readonly connector: LiveConnector;
  readonly source: string;
  places: number;
  /** In use. */
  used: number;
  /** How often what is kept may be used without asking; 0: nothing is kept. */
  reuses: number;
  /** Fewest that were kept since the last look: so many are not needed. */
  idle: number;
}

interface Question {
  readonly connector: LiveConnector;
  readonly source: string;
  readonly answer: (ruling: Ruling) => void;
}

export class BorrowedPlaces implements AdmissionAuthority {
  readonly relays: RelayPlaces;
  readonly #local: LocalAuthority;
  readonly #rates: MessageRates;
  readonly #lenders: Lenders;
  readonly #refused: RememberedRefusals;
  readonly #borrowed = new Map<LiveConnector, Map<string, Borrowed>>();
  /** Those of which some are kept. */
  readonly #kept = new Set<Borrowed>();
  readonly #asked = new Map<number, Question>();
  #number = 0;
  #rate: number | undefined;
  #timer: NodeJS.Timeout | undefined;
  #shut = false;

  constructor(lenders: Lenders, rates: MessageRates, relays: RelayPlaces, clock?: () => number) {
    this.relays = relays;
    this.#lenders = lenders;
    this.#rates = rates;
    this.#local = new LocalAuthority(rates, null); // how often somebody comes the first process counts
    this.#refused = new RememberedRefusals(undefined, clock);
  }

  ask(connector: LiveConnector, source: string, limited: boolean): Ruling | Promise<Ruling> {
    const mine = this.#borrowed.get(connector)?.get(source);
    if (mine && mine.places > mine.used) {
      if (mine.reuses > 0) {
        mine.reuses--;
        this.#use(mine);
        connector.enter(source);
        this.#lenders.reuse(connector.guid, source);
        return ACCEPTED;
      }
      this.#giveBack(mine, mine.places - mine.used, true);
    }
    const remembered = this.#refused.of(connector.guid, source, limited);
    if (remembered) return remembered;
    const ruling = this.#local.ask(connector, source, limited);
    if (ruling.kind !== 'accepted') return ruling;
    const number = ++this.#number;
    this.#lenders.ask([number, connector.guid, source, limited]);
    return new Promise((answer) => this.#asked.set(number, { connector, source, answer }));
  }

  /** The first process has answered. */
  answered([number, kind, more = 0]: Verdict): void {
    const question = this.#asked.get(number);
    if (!question) return;
    this.#asked.delete(number);
    const { connector, source, answer } = question;
    this.#refused.forget(connector.guid, source);
    if (kind === 'accepted') {
      const mine = this.#of(connector, source);
      mine.places++;
      mine.reuses = this.#shut ? 0 : more;
      this.#use(mine);
      answer(ACCEPTED);
      return;
    }
    this.#local.leave(connector, source);
    if (kind === 'moved') {
      answer({ kind: 'connector' }); // whoever asked looks for its connector again
      return;
    }
    const ruling: Ruling = kind === 'connector' || kind === 'source' ? { kind } : { kind, limit: more };
    this.#refused.add(connector.guid, source, ruling);
    answer(ruling);
  }

  #of(connector: LiveConnector, source: string): Borrowed {
    let sources = this.#borrowed.get(connector);
    if (!sources) {
      sources = new Map();
      this.#borrowed.set(connector, sources);
    }
    let mine = sources.get(source);
    if (!mine) {
      mine = { connector, source, places: 0, used: 0, reuses: 0, idle: 0 };
      sources.set(source, mine);
    }
    return mine;
  }

  #use(mine: Borrowed): void {
    mine.used++;
    mine.idle = Math.min(mine.idle, mine.places - mine.used);
    if (mine.places === mine.used) this.#kept.delete(mine);
  }

  leave(connector: LiveConnector, source: string): void {
    this.#local.leave(connector, source);
    const mine = this.#borrowed.get(connector)?.get(source);
    if (!mine) return;
    mine.used--;
    if (mine.reuses === 0) {
      this.#refused.forget(connector.guid, source); // what is given back is ahead of the next question
      this.#giveBack(mine, mine.places - mine.used, true);
      return;
    }
    if (!this.#kept.has(mine)) {
      mine.idle = 0;
      this.#kept.add(mine);
    }
    this.#timer ??= setInterval(() => this.#look(), KEEP_MS / 2);
  }

  #giveBack(mine: Borrowed, places: number, soon: boolean): void {
    const { connector, source } = mine;
    if (places > 0) this.#lenders.giveBack(connector.guid, source, places, soon);
    mine.places -= places;
    mine.idle = mine.places - mine.used;
    if (mine.idle === 0) this.#kept.delete(mine);
    if (mine.places > 0) return;
    const sources = this.#borrowed.get(connector);
    sources?.delete(source);
    if (sources?.size === 0) this.#borrowed.delete(connector);
  }

  /** Gives back what nobody needed since the last look. */
  #look(): void {
    for (const mine of [...this.#kept]) this.#giveBack(mine, mine.idle, false);
    if (this.#kept.size > 0) return;
    clearInterval(this.#timer);
    this.#timer = undefined;
  }

  /** Gives back what is kept of a source (`null`: of a connector), and keeps no more of what it has. */
  recall([guid, source]: Whose): void {
    for (const [connector, sources] of this.#borrowed) {
      if (connector.guid !== guid) continue;
      for (const mine of [...sources.values()]) {
        if (source !== null && mine.source !== source) continue;
        mine.reuses = 0;
        this.#giveBack(mine, mine.places - mine.used, true);
      }
    }
  }

  /** Gives back all that is kept. */
  settle(): void {
    for (const mine of [...this.#kept]) this.#giveBack(mine, mine.places - mine.used, true);
  }

  forget([guid, source]: Whose): void {
    this.#refused.forget(guid, source ?? undefined);
  }

  /** Its places are the first process's to lend. */
  isShared(): boolean {
    return true;
  }

  /** Its limits are others: what was learned of the old ones is worth nothing. */
  changed(connector: LiveConnector): void {
    this.#refused.forget(connector.guid);
    this.recall([connector.guid, null]);
  }

  /** The listener stops: nothing is kept any more. */
  shut(): void {
    this.#shut = true;
    this.#keepNothing();
  }

  #keepNothing(): void {
    for (const sources of this.#borrowed.values()) for (const mine of sources.values()) mine.reuses = 0;
    this.settle();
  }

  /** The first process counts the rate; what it allowed and refused by the old one is worth nothing. */
  pace(connectionsPerMinute: number): void {
    if (connectionsPerMinute === this.#rate) return;
    this.#rate = connectionsPerMinute;
    this.#refused.forget();
    this.#keepNothing();
  }

  pacedFor(): number {
    return Number.POSITIVE_INFINITY;
  }

  came(): void {}

  cameLately(): CameLately {
    return { connector: 0, server: 0 };
  }

  take(guid: string, sources: readonly string[], limit: number, windowMs?: number): boolean | Promise<boolean> {
    return this.#rates.take(guid, sources, limit, windowMs);
  }

  counts(connector: LiveConnector): AdmissionCounts {
    return connector;
  }

  close(): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
  }
}

/**
 * Refusals of an authority that is asked, believed for a moment without asking again: a flood stays where it comes in. Whoever
 * knows better, because a place is free again or a setting changed, lets them be forgotten.
 */
import type { Ruling } from './authority.ts';

const REMEMBER_MS = 200;
/** Whoever comes while one asks anew is told the old answer, for so long at most: an engine is not waited for longer. */
const WHILE_ASKED_MS = 100;
/** Refusals remembered of a connector's sources; the oldest go first. */
const MOST_SOURCES = 10_000;

interface Remembered {
  readonly ruling: Ruling;
  until: number;
}

interface OfConnector {
  /** MaxInboundConnection: whoever comes. */
  all: Remembered | undefined;
  readonly sources: Map<string, Remembered>;
}

export class RememberedRefusals {
  /** By Guid. */
  readonly #connectors = new Map<string, OfConnector>();
  readonly #ms: number;
  readonly #clock: () => number;

  /** @param clock milliseconds, monotonic */
  constructor(ms = REMEMBER_MS, clock: () => number = () => performance.now()) {
    this.#ms = ms;
    this.#clock = clock;
  }

  /**
   * What was last said of such a connection. Once its time is over, the first who comes asks anew: what that one learns is to be
   * added, or the refusal to be forgotten. `limited` false: limits per source do not apply to it.
   */
  of(guid: string, source: string, limited: boolean): Ruling | undefined {
    const known = this.#connectors.get(guid);
    if (!known) return undefined;
    const now = this.#clock();
    if (known.all && known.all.until > now) return known.all.ruling;
    const mine = limited ? known.sources.get(source) : undefined;
    if (mine && mine.until > now) return mine.ruling;
    for (const over of [known.all, mine]) if (over) over.until = now + WHILE_ASKED_MS;
    return undefined;
  }

  add(guid: string, source: string, ruling: Ruling): void {
    let known = this.#connectors.get(guid);
    if (!known) {
      known = { all: undefined, sources: new Map() };
      this.#connectors.set(guid, known);
    }
    const refused = { ruling, until: this.#clock() + this.#ms };
    if (ruling.kind === 'connector') {
      known.all = refused;
      return;
    }
    known.sources.delete(source);
    if (known.sources.size >= MOST_SOURCES) known.sources.delete(known.sources.keys().next().value!);
    known.sources.set(source, refused);
  }

  /** Of a connector, or of one of its sources (the connector's own limit with it), or all. */
  forget(guid?: string, source?: string): void {
    if (guid === undefined) this.#connectors.clear();
    else if (source === undefined) this.#connectors.delete(guid);
    else {
      const known = this.#connectors.get(guid);
      if (!known) return;
      known.all = undefined;
      known.sources.delete(source);
      if (known.sources.size === 0) this.#connectors.delete(guid);
    }
  }
}

/**
 * An authority that is asked: the first process of several, or the engine of a fleet. The local one comes first, and what it
 * refuses asks nobody; a refusal from afar is remembered for a moment, so that a flood stays where it is; who does not answer
 * in time is not waited for.
 */
import type { RelayPlaces } from '../contracts/relay-places.ts';
import type { AdmissionAuthority, AdmissionCounts, Ruling } from './authority.ts';
import type { LiveConnector } from './live-connector.ts';
import type { LocalAuthority } from './local-authority.ts';
import { RememberedRefusals } from './remembered-refusals.ts';

/** Who counts for several. Its promises may be late, or rejected when it is away. */
export interface Distant {
  ask(connector: LiveConnector, source: string, limited: boolean): Promise<Ruling>;
  leave(connector: LiveConnector, source: string): void;
  take(guid: string, sources: readonly string[], limit: number): Promise<boolean>;
  /** What it last said it counts; `undefined`: only the local count is known. */
  counts(connector: LiveConnector): AdmissionCounts | undefined;
}

interface DistantOptions {
  /** Milliseconds until it counts as away. */
  readonly deadlineMs?: number;
  /** Milliseconds for which a refusal of it is believed without asking. */
  readonly rememberMs?: number;
  /** What holds while it is away, of connections that the local authority lets in. */
  readonly whenAway: (connector: LiveConnector, source: string) => Ruling;
  readonly clock?: () => number;
}

const DEADLINE_MS = 100;
const AWAY = Symbol('away');

export class DistantAuthority implements AdmissionAuthority {
  readonly #local: LocalAuthority;
  readonly #distant: Distant;
  readonly #options: DistantOptions;
  readonly #refused: RememberedRefusals;
  /** Connections that the distant one counts, by connector and source: the others it need not hear of when they end. */
  readonly #counted = new Map<LiveConnector, Map<string, number>>();

  constructor(local: LocalAuthority, distant: Distant, options: DistantOptions) {
    this.#local = local;
    this.#distant = distant;
    this.#options = options;
    this.#refused = new RememberedRefusals(options.rememberMs, options.clock);
  }

  ask(connector: LiveConnector, source: string, limited: boolean): Ruling | Promise<Ruling> {
    const remembered = this.#refused.of(connector.guid, source, limited);
    if (remembered) return remembered;
    const ruling = this.#local.ask(connector, source, limited);
    if (ruling.kind !== 'accepted') return ruling;
    return this.#askAfar(connector, source, limited);
  }

  async #askAfar(connector: LiveConnector, source: string, limited: boolean): Promise<Ruling> {
    const asked = this.#distant.ask(connector, source, limited);
    const answer = await inTime(asked, this.#options.deadlineMs ?? DEADLINE_MS);
    const ruling = answer === AWAY ? this.#options.whenAway(connector, source) : answer;
    if (answer === AWAY) {
      // It may count it all the same, later: whoever was let in is its from then on, whoever was not is taken back.
      asked.then(
        (late) => {
          if (late.kind !== 'accepted') return;
          if (ruling.kind === 'accepted' && connector.sources.has(source)) this.#count(connector, source, 1);
          else this.#distant.leave(connector, source);
        },
        () => {},
      );
    } else if (ruling.kind === 'accepted') this.#count(connector, source, 1);
    else this.#refused.add(connector.guid, source, ruling);
    if (ruling.kind !== 'accepted') this.#local.leave(connector, source);
    return ruling;
  }

  pace(connectionsPerMinute: number): void {
    this.#local.pace(connectionsPerMinute);
  }

  pacedFor(source: string): number {
    return this.#local.pacedFor(source);
  }

  came(source: string, connections: number): void {
    this.#local.came(source, connections);
  }

  leave(connector: LiveConnector, source: string): void {
    this.#local.leave(connector, source);
    if (!this.#counted.get(connector)?.get(source)) return;
    this.#count(connector, source, -1);
    this.#distant.leave(connector, source);
  }

  #count(connector: LiveConnector, source: string, by: 1 | -1): void {
    const mine = this.#counted.get(connector) ?? new Map<string, number>();
    const now = (mine.get(source) ?? 0) + by;
    if (now > 0) mine.set(source, now);
    else mine.delete(source);
    if (mine.size > 0) this.#counted.set(connector, mine);
    else this.#counted.delete(connector);
  }

  get relays(): RelayPlaces {
    return this.#local.relays;
  }

  changed(connector: LiveConnector): void {
    this.#refused.forget(connector.guid);
  }

  /** The local count where the distant one does not answer. */
  async take(guid: string, sources: readonly string[], limit: number): Promise<boolean> {
    if (!(await this.#local.take(guid, sources, limit))) return false;
    if (limit === Number.POSITIVE_INFINITY) return true;
    const answer = await inTime(this.#distant.take(guid, sources, limit), this.#options.deadlineMs ?? DEADLINE_MS);
    return answer === AWAY ? true : answer;
  }

  counts(connector: LiveConnector): AdmissionCounts {
    return this.#distant.counts(connector) ?? this.#local.counts(connector);
  }
}

/** The answer, or that none came in time. */
function inTime<T>(answer: Promise<T>, ms: number): Promise<T | typeof AWAY> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => resolve(AWAY), ms);
    answer.then(
      (value) => {
        clearTimeout(timer);
        resolve(value);
      },
      () => {
        clearTimeout(timer);
        resolve(AWAY);
      },
    );
  });
}

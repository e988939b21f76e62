/**
 * The authority of a server in a fleet: connectors whose LimitScope is Fleet are counted over all servers, in the engine. The local
 * authority comes first, and what it refuses asks nobody; a refusal of the engine is believed for a moment, so that a flood stays
 * where it comes in; an engine that does not answer in time is not waited for: FleetFallback says what holds then. Other
 * connectors, and a server in no fleet, are the local authority's alone.
 */

import { settingsFor } from '../../domain/override.ts';
import { percentageLimit } from '../../domain/source-share.ts';
import type { Transport } from '../../domain/transport.ts';
import type { CountedLimits, FleetCounts } from '../../fleet/fleet-counts.ts';
import { inTime } from '../../text/in-time.ts';
import type { RelayPlaces } from '../contracts/relay-places.ts';
import { ACCEPTED, type AdmissionAuthority, type AdmissionCounts, type CameLately, type Ruling } from './authority.ts';
import type { LiveConnector } from './live-connector.ts';
import type { LocalAuthority } from './local-authority.ts';
import { RememberedRefusals } from './remembered-refusals.ts';

/** The fleet, as far as limits go. */
export interface CountingFleet {
  readonly counts: Pick<
    FleetCounts,
    'isAttached' | 'ask' | 'leave' | 'take' | 'doubt' | 'missed' | 'recount' | 'total'
  >;
  /** Is this server in one? */
  readonly isMember: boolean;
  /** Nodes that were alive when it was last known. */
  readonly nodes: number;
  readonly fallback: Transport['FleetFallback'];
  /** Is added to here. */
  readonly tally: FleetTally;
}

/** What became of connections that the fleet counts, since the start. */
export interface FleetTally {
  /** The engine was asked about them. */
  asks: number;
  /** Seconds waited for its answers, or for none. */
  askSeconds: number;
  /** FleetFallback judged them: the engine was away, or did not answer in time. */
  fallbacks: number;
}

const DEADLINE_MS = 100;
const AWAY = Symbol('away');

export class FleetAuthority implements AdmissionAuthority {
  readonly #local: LocalAuthority;
  readonly #fleet: CountingFleet;
  readonly #refused: RememberedRefusals;
  /** Those that were asked about, by Guid. */
  readonly #connectors = new Map<string, LiveConnector>();

  readonly #deadlineMs: number;

  constructor(
    local: LocalAuthority,
    fleet: CountingFleet,
    { clock, deadlineMs = DEADLINE_MS }: { readonly clock?: () => number; readonly deadlineMs?: number } = {},
  ) {
    this.#local = local;
    this.#fleet = fleet;
    this.#refused = new RememberedRefusals(undefined, clock);
    this.#deadlineMs = deadlineMs;
  }

  ask(connector: LiveConnector, source: string, limited: boolean): Ruling | Promise<Ruling> {
    if (!this.isShared(connector)) return this.#local.ask(connector, source, limited);
    const remembered = this.#refused.of(connector.guid, source, limited);
    if (remembered) return remembered;
    const ruling = this.#local.ask(connector, source, limited);
    if (ruling.kind !== 'accepted') return ruling;
    this.#connectors.set(connector.guid, connector);
    if (!this.#fleet.counts.isAttached) {
      this.#refused.forget(connector.guid, source);
      return this.#settled(connector, source, limited, this.#fallback(connector, source, limited));
    }
    return this.#askEngine(connector, source, limited);
  }

  async #askEngine(connector: LiveConnector, source: string, limited: boolean): Promise<Ruling> {
    const { counts, tally } = this.#fleet;
    const limits = limitsOf(connector, source);
    const { name } = limits;
    const began = performance.now();
    const hasRoom = this.#share(connector, source, limited).kind === 'accepted';
    const asked = counts.ask(limits, { source, limited, hasRoom });
    const answer = await orAway(asked, this.#deadlineMs);
    tally.asks++;
    tally.askSeconds += (performance.now() - began) / 1000;
    const isJudged = answer !== AWAY && answer.kind !== 'unknown' && answer.kind !== 'share';
    if (isJudged && answer.kind !== 'accepted') {
      this.#refused.add(connector.guid, source, answer);
      return this.#settled(connector, source, limited, answer);
    }
    this.#refused.forget(connector.guid, source);
    if (isJudged) return ACCEPTED;
    const ruling = this.#fallback(connector, source, limited);
    if (answer === AWAY)
      asked.then(
        (late) => {
          // Later, it has counted who was not let in, or not counted who was.
          if (late.kind === 'accepted' && ruling.kind !== 'accepted') counts.doubt(name, source);
          else if (late.kind !== 'accepted' && ruling.kind === 'accepted') counts.missed();
        },
        () => {},
      );
    else if (ruling.kind === 'accepted') counts.missed();
    return this.#settled(connector, source, limited, ruling);
  }

  #fallback(connector: LiveConnector, source: string, limited: boolean): Ruling {
    this.#fleet.tally.fallbacks++;
    return this.#share(connector, source, limited);
  }

  /** What holds without the engine; the connection is counted here already. */
  #share(connector: LiveConnector, source: string, limited: boolean): Ruling {
    const { fallback, nodes } = this.#fleet;
    if (fallback === 'Open') return ACCEPTED;
    if (fallback === 'Closed') return { kind: 'connector' };
    const share = (limit: number) => Math.max(1, Math.ceil(limit / nodes));
    const { most, perSource } = limitsOf(connector, source);
    if (connector.open > share(most)) return { kind: 'connector' };
    if (!limited) return ACCEPTED;
    const mine = connector.sources.get(source) ?? 0;
    if (mine > share(perSource)) return { kind: 'source' };
    const limit = share(percentageLimit(settingsFor(connector.now, source), connector.open - mine));
    return mine > limit ? { kind: 'percentage', limit } : ACCEPTED;
  }

  #settled(connector: LiveConnector, source: string, limited: boolean, ruling: Ruling): Ruling {
    if (ruling.kind !== 'accepted') this.#local.takeBack(connector, source, limited);
    return ruling;
  }

  isShared({ now }: LiveConnector): boolean {
    return now.LimitScope === 'Fleet' && this.#fleet.isMember;
  }

  leave(connector: LiveConnector, source: string): void {
    this.#local.leave(connector, source);
    if (this.isShared(connector)) this.#fleet.counts.leave(connector.now.Name, source);
  }

  changed(connector: LiveConnector): void {
    this.#refused.forget(connector.guid);
    this.#local.changed();
    this.#fleet.counts.recount();
  }

  take(guid: string, sources: readonly string[], limit: number, windowMs?: number): boolean | Promise<boolean> {
    const connector = this.#connectors.get(guid);
    if (!connector || !this.isShared(connector) || limit === Number.POSITIVE_INFINITY)
      return this.#local.take(guid, sources, limit, windowMs);
    const { counts, fallback, nodes } = this.#fleet;
    if (counts.isAttached) return this.#takeOfAll(connector, sources, limit, windowMs);
    if (fallback === 'Closed') return false;
    const share = fallback === 'Open' ? limit : Math.max(1, Math.ceil(limit / nodes));
    return this.#local.take(guid, sources, share, windowMs);
  }

  async #takeOfAll(
    { guid, now }: LiveConnector,
    sources: readonly string[],
    limit: number,
    windowMs: number | undefined,
  ): Promise<boolean> {
    if (!(await this.#local.take(guid, sources, limit, windowMs))) return false;
    const answer = await orAway(this.#fleet.counts.take(now.Name, sources, limit, windowMs), this.#deadlineMs);
    return answer === AWAY ? this.#fleet.fallback !== 'Closed' : answer;
  }

  used(guid: string, source: string, windowMs?: number): number {
    return this.#local.used(guid, source, windowMs);
  }

  pace(connectionsPerMinute: number): void {
    this.#local.pace(connectionsPerMinute);
  }

  pacedFor(connector: LiveConnector, source: string): number {
    return this.#local.pacedFor(connector, source);
  }

  came(connector: LiveConnector, source: string, connections: number): void {
    this.#local.came(connector, source, connections);
  }

  cameLately(connector: LiveConnector, source: string): CameLately {
    return this.#local.cameLately(connector, source);
  }

  get relays(): RelayPlaces {
    return this.#local.relays;
  }

  /** Of all servers where they are counted so: what is open; sources are those that have a connection here. */
  counts(connector: LiveConnector): AdmissionCounts {
    const here = this.#local.counts(connector);
    const { counts } = this.#fleet;
    const { Name } = connector.now;
    const open = this.isShared(connector) ? counts.total(Name) : undefined;
    if (open === undefined) return here;
    const everywhere = (source: string) => {
      const total = counts.total(Name, source);
      return total === undefined ? undefined : Math.max(total, here.sources.get(source) ?? 0);
    };
    return { open: Math.max(open, here.open), sources: here.sources, everywhere };
  }
}

function limitsOf(connector: LiveConnector, source: string): CountedLimits {
  const now = settingsFor(connector.now, source);
  return {
    name: now.Name,
    most: Number(now.MaxInboundConnection),
    perSource: Number(now.MaxInboundConnectionPerSource),
    percentage: now.MaxInboundConnectionPercentagePerSource,
  };
}

/** The answer, or that none came in time. */
function orAway<T>(answer: Promise<T>, ms: number): Promise<T | typeof AWAY> {
  const away = (): typeof AWAY => AWAY;
  return inTime(answer, ms, away).catch(away);
}

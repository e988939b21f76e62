/** The authority of one process: a connector's limits and the two rates of a source, each read at this moment, so a change acts on the next connection. */
import { settingsFor } from '../../domain/override.ts';
import { percentageLimit } from '../../domain/source-share.ts';
import { NO_CONNECTION_RATE } from '../../domain/transport-settings.ts';
import type { MessageRates } from '../contracts/message-rates.ts';
import { LocalRelayPlaces } from '../contracts/relay-places.ts';
import { SlidingRates } from '../session/rates.ts';
import { ACCEPTED, type AdmissionAuthority, type AdmissionCounts, type CameLately, type Ruling } from './authority.ts';
import type { LiveConnector } from './live-connector.ts';

/** Of all connectors together: where a connector has its Guid. */
export const SERVER = '';

export class LocalAuthority implements AdmissionAuthority {
  readonly relays = new LocalRelayPlaces();
  readonly #rates: MessageRates | undefined;
  /** Connections of each source: by connector, and whatever connector they come to. */
  readonly #comings: SlidingRates | null;
  #rate = Number.POSITIVE_INFINITY;

  /** @param rates left out where nothing sends messages through it @param comings `null`: another process counts how often somebody comes */
  constructor(rates?: MessageRates, comings: SlidingRates | null = new SlidingRates()) {
    this.#rates = rates;
    this.#comings = comings;
  }

  pace(connectionsPerMinute: number): void {
    this.#rate = connectionsPerMinute === NO_CONNECTION_RATE ? Number.POSITIVE_INFINITY : connectionsPerMinute;
  }

  pacedFor(connector: LiveConnector, source: string): number {
    const left = (guid: string, limit: number) => this.#comings?.left(guid, source, limit) ?? Number.POSITIVE_INFINITY;
    return Math.min(left(connector.guid, rateOf(connector, source)), left(SERVER, this.#rate));
  }

  came(connector: LiveConnector, source: string, connections: number): void {
    if (Number.isFinite(rateOf(connector, source))) this.#comings?.count(connector.guid, source, connections);
    if (Number.isFinite(this.#rate)) this.#comings?.count(SERVER, source, connections);
  }

  cameLately(connector: LiveConnector, source: string): CameLately {
    const used = (guid: string) => this.#comings?.used(guid, source) ?? 0;
    return { connector: used(connector.guid), server: used(SERVER) };
  }

  ask(connector: LiveConnector, source: string, limited: boolean): Ruling {
    const now = settingsFor(connector.now, source);
    if (connector.open >= Number(now.MaxInboundConnection)) return { kind: 'connector' };
    if (limited) {
      const mine = connector.sources.get(source) ?? 0;
      if (mine >= Number(now.MaxInboundConnectionPerSource)) return { kind: 'source' };
      const limit = percentageLimit(now, connector.open - mine);
      if (mine >= limit) return { kind: 'percentage', limit };
      // Asked last: who is at a connector's limit is told so, and what was refused takes nothing of a rate.
      const tooFast = this.#tooFast(connector, source, Number(now.MaxInboundConnectionRatePerSource));
      if (tooFast) return tooFast;
    }
    connector.enter(source);
    return ACCEPTED;
  }

  /** Takes one of each rate, or of neither. */
  #tooFast(connector: LiveConnector, source: string, limit: number): Ruling | undefined {
    const comings = this.#comings;
    if (!comings) return undefined;
    if (!comings.take(connector.guid, [source], limit)) return { kind: 'sourceRate', limit };
    if (comings.take(SERVER, [source], this.#rate)) return undefined;
    if (Number.isFinite(limit)) comings.count(connector.guid, source, -1);
    return { kind: 'rate', limit: this.#rate };
  }

  /** Somebody who was let in here was refused elsewhere: as if he had not come. */
  takeBack(connector: LiveConnector, source: string, limited: boolean): void {
    connector.leave(source);
    if (limited) this.came(connector, source, -1);
  }

  leave(connector: LiveConnector, source: string): void {
    connector.leave(source);
  }

  changed(): void {}

  isShared(): boolean {
    return false;
  }

  take(guid: string, sources: readonly string[], limit: number, windowMs?: number): boolean | Promise<boolean> {
    return this.#rates?.take(guid, sources, limit, windowMs) ?? true;
  }

  used(guid: string, source: string, windowMs?: number): number {
    return this.#rates?.used?.(guid, source, windowMs) ?? 0;
  }

  counts(connector: LiveConnector): AdmissionCounts {
    return connector;
  }
}

function rateOf({ now }: LiveConnector, source: string): number {
  return Number(settingsFor(now, source).MaxInboundConnectionRatePerSource);
}

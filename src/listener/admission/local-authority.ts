/** The authority of one process: a connector's three limits and the rate of a source, each read at this moment, so a change acts on the next connection. */
import { percentageLimit } from '../../domain/source-share.ts';
import { NO_CONNECTION_RATE } from '../../domain/transport.ts';
import type { MessageRates } from '../contracts/message-rates.ts';
import { LocalRelayPlaces } from '../contracts/relay-places.ts';
import { SlidingRates } from '../session/rates.ts';
import { ACCEPTED, type AdmissionAuthority, type AdmissionCounts, type Ruling } from './authority.ts';
import type { LiveConnector } from './live-connector.ts';

export class LocalAuthority implements AdmissionAuthority {
  readonly relays = new LocalRelayPlaces();
  readonly #rates: MessageRates | undefined;
  /** Connections of each source, whatever connector they come to. */
  readonly #comings = new SlidingRates();
  #rate = NO_CONNECTION_RATE;

  /** @param rates left out where nothing sends messages through it */
  constructor(rates?: MessageRates) {
    this.#rates = rates;
  }

  pace(connectionsPerMinute: number): void {
    this.#rate = connectionsPerMinute;
  }

  pacedFor(source: string): number {
    return this.#rate === NO_CONNECTION_RATE ? Number.POSITIVE_INFINITY : this.#comings.left('', source, this.#rate);
  }

  came(source: string, connections: number): void {
    if (this.#rate !== NO_CONNECTION_RATE) this.#comings.count('', source, connections);
  }

  ask(connector: LiveConnector, source: string, limited: boolean): Ruling {
    const { now } = connector;
    if (connector.open >= Number(now.MaxInboundConnection)) return { kind: 'connector' };
    if (limited) {
      const mine = connector.sources.get(source) ?? 0;
      if (mine >= Number(now.MaxInboundConnectionPerSource)) return { kind: 'source' };
      const limit = percentageLimit(now, connector.open - mine);
      if (mine >= limit) return { kind: 'percentage', limit };
    }
    // Asked last: who is at a connector's limit is told so, and what was refused takes nothing of the rate.
    if (limited && this.#rate !== NO_CONNECTION_RATE && !this.#comings.take('', [source], this.#rate))
      return { kind: 'rate', limit: this.#rate };
    connector.enter(source);
    return ACCEPTED;
  }

  leave(connector: LiveConnector, source: string): void {
    connector.leave(source);
  }

  changed(): void {}

  take(guid: string, sources: readonly string[], limit: number): boolean | Promise<boolean> {
    return this.#rates?.take(guid, sources, limit) ?? true;
  }

  counts(connector: LiveConnector): AdmissionCounts {
    return connector;
  }
}

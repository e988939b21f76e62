/** The authority of one process: a connector's three limits, each read at this moment, so a change acts on the next connection. */
import { percentageLimit } from '../../domain/source-share.ts';
import type { MessageRates } from '../contracts/message-rates.ts';
import { ACCEPTED, type AdmissionAuthority, type AdmissionCounts, type Ruling } from './authority.ts';
import type { LiveConnector } from './live-connector.ts';

export class LocalAuthority implements AdmissionAuthority {
  readonly #rates: MessageRates | undefined;

  /** @param rates left out where nothing sends messages through it */
  constructor(rates?: MessageRates) {
    this.#rates = rates;
  }

  ask(slot: LiveConnector, source: string, limited: boolean): Ruling {
    const { now } = slot;
    if (slot.open >= Number(now.MaxInboundConnection)) return { kind: 'connector' };
    if (limited) {
      const mine = slot.sources.get(source) ?? 0;
      if (mine >= Number(now.MaxInboundConnectionPerSource)) return { kind: 'source' };
      const limit = percentageLimit(now, slot.open - mine);
      if (mine >= limit) return { kind: 'percentage', limit };
    }
    slot.enter(source);
    return ACCEPTED;
  }

  leave(slot: LiveConnector, source: string): void {
    slot.leave(source);
  }

  take(guid: string, sources: readonly string[], limit: number): boolean | Promise<boolean> {
    return this.#rates?.take(guid, sources, limit) ?? true;
  }

  counts(slot: LiveConnector): AdmissionCounts {
    return slot;
  }
}

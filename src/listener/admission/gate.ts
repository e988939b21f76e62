/**
 * The gate: whether a connection may come in, decided on numbers before a session is made. Which connector (selection),
 * then its three limits, each read at this moment, so a change acts on the next connection.
 */

import { Selection } from '../../domain/selection.ts';
import { isExemptSource, sourceOf } from '../../domain/source.ts';
import { percentageLimit } from '../../domain/source-share.ts';
import { type LiveConnector, type Refused, RefusedBy } from './live-connector.ts';
import { RecentRefusals } from './recent-refusals.ts';

export type Verdict =
  | {
      readonly kind: 'accepted';
      readonly slot: LiveConnector /** What it counts for; `leave` with it. */;
      readonly source: string;
    }
  | { readonly kind: 'none' }
  | { readonly kind: 'connector' | 'source'; readonly slot: LiveConnector; readonly source: string }
  | { readonly kind: 'percentage'; readonly slot: LiveConnector; readonly source: string; readonly limit: number };

export class Gate {
  selection: Selection<LiveConnector> = Selection.of([]);
  /** Connections that no connector took. */
  unmatched = 0;
  /** Who was refused lately, and for what. */
  readonly refusals: Refused = new RecentRefusals();
  /** Whom no connector took. */
  readonly noConnector = new RefusedBy('RemoteIPRanges');

  /** Decides; an accepted connection is counted and must `leave` its slot when it is closed. */
  admit(localAddress: string, localPort: number, address: string): Verdict {
    const slot = this.selection.choose(localAddress, localPort, address);
    if (!slot) {
      this.unmatched++;
      this.noConnector.count++;
      this.refusals.count(this.noConnector, address);
      return { kind: 'none' };
    }
    const { now } = slot;
    const source = sourceOf(address, now.MaxInboundConnectionSourcePrefix);
    if (slot.open >= Number(now.MaxInboundConnection)) {
      slot.refused.connector++;
      slot.countRefusal(source, 'MaxInboundConnection');
      return { kind: 'connector', slot, source };
    }
    if (isExemptSource(address)) return this.#enter(slot, source);
    const mine = slot.sources.get(source) ?? 0;
    if (mine >= Number(now.MaxInboundConnectionPerSource)) {
      slot.refused.source++;
      slot.countRefusal(source, 'MaxInboundConnectionPerSource');
      return { kind: 'source', slot, source };
    }
    const limit = percentageLimit(now, slot.open - mine);
    if (mine >= limit) {
      slot.refused.percentage++;
      slot.countRefusal(source, 'MaxInboundConnectionPercentagePerSource');
      return { kind: 'percentage', slot, source, limit };
    }
    return this.#enter(slot, source);
  }

  #enter(slot: LiveConnector, source: string): Verdict {
    slot.enter(source);
    return { kind: 'accepted', slot, source };
  }
}

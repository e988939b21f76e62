/**
 * The gate: whether a connection may come in, decided on numbers before a session is made. Which connector (selection),
 * then its three limits, each read at this moment, so a change acts on the next connection.
 */

import { isMistakeNamed } from '../../domain/cause.ts';
import type { Connector } from '../../domain/connector.ts';
import { Selection } from '../../domain/selection.ts';
import { isExemptSource, sourceOf } from '../../domain/source.ts';
import { percentageLimit } from '../../domain/source-share.ts';
import { type LiveConnector, NO_COUNTS, type Session, type SessionCount } from '../contract.ts';
import { RecentRefusals } from './recent-refusals.ts';

/** What was refused for one cause: all of it counted, and who it was lately. */
export class RefusedBy {
  count = 0;
  /** @param cause `causeName` */
  constructor(readonly cause: string) {}
}

/** Limits that are counted from nothing, so that a graph of them begins before somebody is refused. */
const LIMITS: readonly string[] = [
  'MaxInboundConnection',
  'MaxInboundConnectionPerSource',
  'MaxInboundConnectionPercentagePerSource',
  'MessageRateLimit',
];

export type Refused = RecentRefusals<RefusedBy>;

/** A connector of the running listener with its counters. */
export class Slot implements LiveConnector {
  readonly sessions = new Set<Session>();
  /** Open connections by source address. */
  readonly sources = new Map<string, number>();
  open = 0;
  accepted = 0;
  readonly refused = { connector: 0, source: 0, percentage: 0 };
  /** What its sessions counted. */
  readonly counts = { ...NO_COUNTS };
  /** By cause. */
  readonly refusedBy = new Map(LIMITS.map((cause) => [cause, new RefusedBy(cause)]));
  readonly #recent: Refused;

  constructor(
    readonly guid: string,
    public now: Connector,
    recent: Refused = new RecentRefusals(),
  ) {
    this.#recent = recent;
  }

  count(what: SessionCount, by = 1): void {
    this.counts[what] += by;
  }

  /** Mistakes of a client's are counted, but nobody is remembered for them. */
  countRefusal(source: string, because: string, by = 1): void {
    let row = this.refusedBy.get(because);
    if (!row) {
      row = new RefusedBy(because);
      this.refusedBy.set(because, row);
    }
    row.count += by;
    if (!isMistakeNamed(because)) this.#recent.count(row, source, by);
  }

  /** Counts a connection that came in; `leave` takes it away again. */
  enter(source: string): void {
    this.open++;
    this.accepted++;
    this.sources.set(source, (this.sources.get(source) ?? 0) + 1);
  }

  leave(source: string): void {
    this.open--;
    const left = (this.sources.get(source) ?? 1) - 1;
    if (left > 0) this.sources.set(source, left);
    else this.sources.delete(source);
  }
}

export type Verdict =
  | {
      readonly kind: 'accepted';
      readonly slot: Slot /** What it counts for; `leave` with it. */;
      readonly source: string;
    }
  | { readonly kind: 'none' }
  | { readonly kind: 'connector' | 'source'; readonly slot: Slot; readonly source: string }
  | { readonly kind: 'percentage'; readonly slot: Slot; readonly source: string; readonly limit: number };

export class Gate {
  selection: Selection<Slot> = Selection.of([]);
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

  #enter(slot: Slot, source: string): Verdict {
    slot.enter(source);
    return { kind: 'accepted', slot, source };
  }
}

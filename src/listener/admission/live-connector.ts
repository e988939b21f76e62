/** A connector of the running listener: its settings now, one assignment to change them; its sessions, and all that is counted. */
import { isMistakeNamed } from '../../domain/cause.ts';
import type { Connector } from '../../domain/connector.ts';
import type { Session } from '../contracts/session-api.ts';
import type { SessionConnector } from '../contracts/session-connector.ts';
import { NO_COUNTS, type SessionCount } from '../contracts/session-counts.ts';
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
  'MaxConnectionRatePerMinute',
  'MaxInboundConnectionRatePerSource',
  'MessageRateLimit',
];

export type Refused = RecentRefusals<RefusedBy>;

/** A connector of the running listener with its counters. */
export class LiveConnector implements SessionConnector {
  readonly sessions = new Set<Session>();
  /** Open connections by source address. */
  readonly sources = new Map<string, number>();
  open = 0;
  accepted = 0;
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

  /** Connections that were refused, by the limit they met. */
  get refused(): Readonly<Record<'connector' | 'source' | 'percentage' | 'rate', number>> {
    const by = (limit: string) => this.refusedBy.get(limit)!.count;
    return {
      connector: by('MaxInboundConnection'),
      source: by('MaxInboundConnectionPerSource'),
      percentage: by('MaxInboundConnectionPercentagePerSource'),
      rate: by('MaxConnectionRatePerMinute') + by('MaxInboundConnectionRatePerSource'),
    };
  }

  count(what: SessionCount, by = 1): void {
    this.counts[what] += by;
  }

  countAccepted(by = 1): void {
    this.accepted += by;
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
    this.sources.set(source, (this.sources.get(source) ?? 0) + 1);
  }

  leave(source: string): void {
    this.open--;
    const left = (this.sources.get(source) ?? 1) - 1;
    if (left > 0) this.sources.set(source, left);
    else this.sources.delete(source);
  }
}

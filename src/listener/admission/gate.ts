/**
 * The gate: whether a connection may come in, decided on numbers before a session is made. Which connector (selection), then
 * what the authority says of its limits.
 */

import { Selection } from '../../domain/selection.ts';
import { isExemptSource, sourceOf } from '../../domain/source.ts';
import type { AdmissionAuthority, Ruling } from './authority.ts';
import { type LiveConnector, type Refused, RefusedBy } from './live-connector.ts';
import { LocalAuthority } from './local-authority.ts';
import { RecentRefusals } from './recent-refusals.ts';

export type Verdict =
  | {
      readonly kind: 'accepted';
      readonly connector: LiveConnector /** What it counts for; `leave` with it. */;
      readonly source: string;
    }
  | { readonly kind: 'none' }
  | { readonly kind: 'connector' | 'source'; readonly connector: LiveConnector; readonly source: string }
  | Over<'percentage'>
  | Over<'rate' | 'sourceRate'>;

/** Over a limit that is not a setting's value alone, or not the connector's. */
interface Over<Kind extends string> {
  readonly kind: Kind;
  readonly connector: LiveConnector;
  readonly source: string;
  readonly limit: number;
}

export class Gate {
  readonly authority: AdmissionAuthority;
  selection: Selection<LiveConnector> = Selection.of([]);
  /** Connections that no connector took. */
  unmatched = 0;
  /** Who was refused lately, and for what. */
  readonly refusals: Refused = new RecentRefusals();
  /** Whom no connector took. */
  readonly noConnector = new RefusedBy('RemoteIPRanges');

  constructor(authority: AdmissionAuthority = new LocalAuthority()) {
    this.authority = authority;
  }

  /** Decides; an accepted connection is counted and must `leave` when it is closed. A promise where somebody else counts too. */
  admit(localAddress: string, localPort: number, address: string): Verdict | Promise<Verdict> {
    const connector = this.selection.choose(localAddress, localPort, address);
    if (!connector) {
      this.countUnmatched(address);
      return { kind: 'none' };
    }
    const source = sourceOf(address, connector.now.MaxInboundConnectionSourcePrefix);
    const ruling = this.authority.ask(connector, source, !isExemptSource(address));
    return ruling instanceof Promise
      ? ruling.then((late) => counted(late, connector, source))
      : counted(ruling, connector, source);
  }

  /** Counts connections that no connector took. */
  countUnmatched(address: string, by = 1): void {
    this.unmatched += by;
    this.noConnector.count += by;
    this.refusals.count(this.noConnector, address, by);
  }

  /** Is this still the connector of such a connection? It may have changed while somebody was asked. */
  isStill(connector: LiveConnector, localAddress: string, localPort: number, address: string): boolean {
    return this.selection.choose(localAddress, localPort, address) === connector;
  }

  /** An accepted connection is over. */
  leave(connector: LiveConnector, source: string): void {
    this.authority.leave(connector, source);
  }
}

/** Setting of each limit. */
const SETTING_OF = {
  connector: 'MaxInboundConnection',
  source: 'MaxInboundConnectionPerSource',
  percentage: 'MaxInboundConnectionPercentagePerSource',
  rate: 'MaxConnectionRatePerMinute',
  sourceRate: 'MaxInboundConnectionRatePerSource',
} as const;

function counted(ruling: Ruling, connector: LiveConnector, source: string): Verdict {
  if (ruling.kind === 'accepted') {
    connector.countAccepted();
    return { kind: 'accepted', connector, source };
  }
  connector.countRefusal(source, SETTING_OF[ruling.kind]);
  // By name: a copy of a ruling of any shape (`...ruling`) was a third of what a refusal costs us here.
  return 'limit' in ruling
    ? { kind: ruling.kind, connector, source, limit: ruling.limit }
    : { kind: ruling.kind, connector, source };
}

/**
 * What the running listener looks like at this moment: its status, its sources, its last events. The control socket, the page
 * and the metrics are made of this; nothing here waits, and nothing here is kept.
 */
import type {
  BoundStatus,
  ConnectorRatesUsed,
  ConnectorStatus,
  FailedStatus,
  ListenerStatus,
  Snapshot,
  SourceDetail,
} from '../../control/listener-client.ts';
import { shareTaken } from '../../control/source-usage.ts';
import { settingsFor } from '../../domain/override.ts';
import type { Pressure } from '../../domain/pressure.ts';
import { sourceOf } from '../../domain/source.ts';
import { percentageLimit } from '../../domain/source-share.ts';
import { finite } from '../../text/json-number.ts';
import { firstOf } from '../../text/top-n.ts';
import type { AdmissionCounts } from '../admission/authority.ts';
import type { Gate } from '../admission/gate.ts';
import type { LiveConnector, RefusedBy } from '../admission/live-connector.ts';
import type { RefusedSource } from '../admission/recent-refusals.ts';
import type { FleetFigures } from '../contracts/fleet-figures.ts';
import type { Workforce } from '../contracts/workforce.ts';
import type { StoreState } from '../follow/store-look.ts';
import type { MemoryBudget } from '../memory-budget.ts';
import type { RecentEvents } from '../records/recent-events.ts';
import { messageSources } from '../session/message-sources.ts';

/** What is looked at; a Listener is this. */
export interface Observed {
  readonly gate: Gate;
  /** Connectors with their counters, those that are gone but still have sessions among them. */
  readonly connectors: readonly LiveConnector[];
  /** Connectors that are in the store. */
  readonly live: Iterable<LiveConnector>;
  readonly state: StoreState;
  /** It was told to end. */
  readonly stopping?: boolean;
  readonly workers?: Workforce | undefined;
  readonly fleet?: FleetFigures | undefined;
  /** Settles when what is counted here is what is, where other processes count too. */
  sync?(): Promise<void>;
  /** What clients make this process hold. */
  readonly memory?: MemoryBudget | undefined;
  readonly pressure?: Pressure | undefined;
  readonly sockets: { readonly bound: readonly BoundStatus[]; readonly failed: readonly FailedStatus[] };
}

interface About {
  /** Folder of the home. */
  readonly home: string;
  readonly version: string;
  readonly startedAt: Date;
  /** What stands beside the listener. */
  beside?(): Pick<ListenerStatus, 'page' | 'api'>;
}

/** Sources named of a connector in the status, and in a snapshot of all. */
const MOST_SOURCES = 100;

export class Observer {
  constructor(
    readonly listener: Observed,
    readonly about: About,
    readonly recent?: RecentEvents,
  ) {}

  status(): ListenerStatus {
    const { listener, about } = this;
    const { state } = listener;
    const live = new Set(listener.live);
    const { connectors } = listener;
    return {
      pid: process.pid,
      version: about.version,
      home: about.home,
      startedAt: about.startedAt.toISOString(),
      bound: listener.sockets.bound,
      failed: listener.sockets.failed,
      generation: { applied: state.applied, seen: state.seen },
      appliedAt: state.appliedAt,
      lastError: state.problem,
      ...(listener.stopping && { stopping: true }),
      ...(listener.pressure && { pressure: listener.pressure }),
      sessions: connectors.reduce((sum, connector) => sum + connector.open, 0),
      unmatched: listener.gate.unmatched,
      connectors: connectors.map((connector) =>
        connectorStatus(connector, listener.gate.authority.counts(connector), !live.has(connector)),
      ),
      ...(listener.workers && { workers: listener.workers.status }),
      ...about.beside?.(),
      ...fleetStatus(listener.fleet),
    };
  }

  /** All sources that have a connection or were refused within the hour, nearest to their limit first. */
  sources(): SourceDetail[] {
    return [...this.#sources()].sort(nearestFirst);
  }

  /** What a client has used of the rates of each connector. */
  rates({ address, ...who }: { address: string; sender: string; user: string }): ConnectorRatesUsed[] {
    const { authority } = this.listener.gate;
    return [...this.listener.live].map((connector) => {
      const { guid, now } = connector;
      const source = sourceOf(address, now.MaxInboundConnectionSourcePrefix);
      const came = authority.cameLately(connector, source);
      const by = messageSources(now, { source, ...who });
      const windowMs = now.MessageRateLimitWindow.seconds * 1000;
      return {
        guid,
        source,
        connections: came.connector,
        connectionsOfAll: came.server,
        messages: by.map((one) => [one, authority.used?.(guid, one, windowMs) ?? 0] as const),
      };
    });
  }

  /** One look. `known`: the events written at the look before, which `written` says; 0 at the first. */
  look(known: number): { readonly snapshot: Snapshot; readonly written: number } {
    const { events, written } = this.recent?.since(known) ?? { events: [], written: 0 };
    const at = new Date().toISOString();
    return { snapshot: { at, status: this.status(), sources: this.#notable(), events }, written };
  }

  /** Half of them the nearest to their limit, half the most refused: neither crowds out the other. */
  #notable(): SourceDetail[] {
    const all = [...this.#sources()];
    const nearest = firstOf(all, MOST_SOURCES, nearestFirst);
    const refused = firstOf(all, MOST_SOURCES / 2, mostRefusedFirst).filter((s) => s.refused.hour > 0);
    const chosen = new Set([...nearest.slice(0, MOST_SOURCES / 2), ...refused]);
    for (const source of nearest) if (chosen.size < MOST_SOURCES) chosen.add(source);
    return [...chosen].sort(nearestFirst);
  }

  *#sources(): Generator<SourceDetail> {
    const { gate, connectors } = this.listener;
    for (const connector of connectors) {
      const refused = refusedSources(gate, connector.refusedBy.values());
      const counts = gate.authority.counts(connector);
      const from = { connector, counts };
      for (const [source, by] of refused) yield sourceDetail(from, source, counts.sources.get(source) ?? 0, by);
      for (const [source, connections] of counts.sources)
        if (!refused.has(source)) yield sourceDetail(from, source, connections, []);
    }
    for (const [source, by] of refusedSources(gate, [gate.noConnector])) yield sourceDetail(undefined, source, 0, by);
  }
}

/** A source, refused for one cause. */
interface RefusedFor extends RefusedSource {
  readonly cause: string;
}

function refusedSources(gate: Gate, causes: Iterable<RefusedBy>): Map<string, RefusedFor[]> {
  const sources = new Map<string, RefusedFor[]>();
  for (const by of causes) {
    for (const refused of gate.refusals.of(by)) {
      const entry = { ...refused, cause: by.cause };
      const known = sources.get(refused.source);
      if (known) known.push(entry);
      else sources.set(refused.source, [entry]);
    }
  }
  return sources;
}

function nearestFirst(a: SourceDetail, b: SourceDetail): number {
  return shareTaken(b) - shareTaken(a) || mostRefusedFirst(a, b) || b.connections - a.connections;
}

function mostRefusedFirst(a: SourceDetail, b: SourceDetail): number {
  return b.refused.minute - a.refused.minute || b.refused.hour - a.refused.hour;
}

/** A connector and what its authority counts. */
interface Counted {
  readonly connector: LiveConnector;
  readonly counts: AdmissionCounts;
}

/** @param from `undefined`: no connector takes this source */
function sourceDetail(
  from: Counted | undefined,
  address: string,
  connections: number,
  refused: readonly RefusedFor[],
): SourceDetail {
  const inForce = from ? limitInForce(from, address, connections) : { limit: null, rule: '' as const };
  return {
    address,
    connections,
    ...inForce,
    connector: from?.connector.now.Name ?? '',
    guid: from?.connector.guid ?? '',
    refused: sumOf(refused.filter(({ cause }) => !LOGON.has(cause))),
    failedLogons: sumOf(refused.filter(({ cause }) => LOGON.has(cause))),
    because: refused
      .map(({ cause, minute, hour }) => ({ cause, minute, hour }))
      .sort((a, b) => b.hour - a.hour || b.minute - a.minute),
    lastRefused: lastOf(refused.filter(({ cause }) => !LOGON.has(cause))),
  };
}

/** Causes of failed logons, which are counted by themselves. */
const LOGON: ReadonlySet<string> = new Set(['Logon', 'MaxLogonFailures']);

function lastOf(refused: readonly RefusedFor[]): string {
  return refused.length ? new Date(Date.now() - Math.min(...refused.map((r) => r.ago))).toISOString() : '';
}

function sumOf(refused: readonly RefusedFor[]): { readonly minute: number; readonly hour: number } {
  const sum = { minute: 0, hour: 0 };
  for (const { minute, hour } of refused) {
    sum.minute += minute;
    sum.hour += hour;
  }
  return sum;
}

/** The limit for a source that has so many connections, and the setting it comes from. */
function limitInForce(
  { connector, counts }: Counted,
  source: string,
  connections: number,
): Pick<SourceDetail, 'limit' | 'rule' | 'everywhere'> {
  const now = settingsFor(connector.now, source);
  const perSource = Number(now.MaxInboundConnectionPerSource);
  const everywhere = counts.everywhere?.(source);
  const percentage = percentageLimit(now, counts.open - (everywhere ?? connections));
  const limit = finite(Math.min(perSource, percentage));
  const counted = everywhere === undefined ? {} : { everywhere };
  if (limit === null) return { ...counted, limit, rule: '' };
  return {
    ...counted,
    limit,
    rule:
      percentage < perSource ? 'MaxInboundConnectionPercentagePerSource' : ('MaxInboundConnectionPerSource' as const),
  };
}

function fleetStatus(figures: FleetFigures | undefined): Pick<ListenerStatus, 'fleet'> {
  if (!figures) return {};
  const { fleet: name, url, counting, fallback, nodes, problem } = figures;
  return { fleet: { name, url, counting, fallback, nodes, problem } };
}

function connectorStatus(connector: LiveConnector, counts: AdmissionCounts, removed: boolean): ConnectorStatus {
  const { now } = connector;
  const top = firstOf(counts.sources, MOST_SOURCES, (a, b) => b[1] - a[1]);
  return {
    name: now.Name,
    guid: connector.guid,
    enabled: now.Enabled,
    removed,
    connections: counts.open,
    limit: finite(Number(now.MaxInboundConnection)),
    accepted: connector.accepted,
    refused: { ...connector.refused },
    sources: top.map(([address, connections]) => {
      const { rule, ...inForce } = limitInForce({ connector, counts }, address, connections);
      return { address, connections, ...inForce };
    }),
    sourceCount: counts.sources.size,
  };
}

/**
 * What the page is told, second by second: a whole look at the start, then only the connectors that changed. Made once for all
 * who watch. With it go two things that counters alone do not tell: refusals of the last minute, and how they went over the
 * last five minutes.
 */

import type {
  BoundStatus,
  ConnectorStatus,
  EventRecord,
  FailedStatus,
  SourceDetail,
} from '../../control/listener-client.ts';
import { refusedInAll } from '../../control/source-usage.ts';
import type { Connector } from '../../domain/connector.ts';
import { NO_PRESSURE, PRESSURE_MEANS, type Pressure } from '../../domain/pressure.ts';
import { finite } from '../../text/json-number.ts';
import type { WatchedListener } from './surroundings.ts';

/** A line of the table of connectors. */
export interface ConnectorRow {
  readonly guid: string;
  readonly name: string;
  readonly enabled: boolean;
  readonly removed: boolean;
  readonly bindings: string;
  readonly open: number;
  /** null is no limit, here and below. */
  readonly limit: number | null;
  readonly perSource: number | null;
  readonly accepted: number;
  /** Refusals since the start, and in the last minute. */
  readonly refused: number;
  readonly minute: number;
  readonly sources: number;
  /** The source nearest to its limit. */
  readonly top: { readonly address: string; readonly open: number; readonly limit: number | null } | null;
}

export interface Look {
  readonly at: string;
  readonly server: {
    readonly name: string;
    readonly version: string;
    readonly pid: number;
    readonly startedAt: string;
    readonly applied: number;
    readonly seen: number;
    /** When what is applied was written; a restart is no change. */
    readonly changedAt: string;
    readonly problem: string;
    readonly open: number;
    readonly unmatched: number;
    /** The fleet whose other servers are not shown here; empty in none. */
    readonly fleet: string;
    readonly bound: readonly BoundStatus[];
    readonly failed: readonly FailedStatus[];
    /** Back pressure: its level, empty when nothing is watched; and what there is to say of it, empty at Low. */
    readonly pressure: { readonly level: string; readonly problem: string };
  };
  /** A look at everything: forget what was told before. */
  readonly whole: boolean;
  readonly connectors: readonly ConnectorRow[];
  /** GUIDs of connectors that are gone. */
  readonly gone: readonly string[];
  readonly sources: readonly SourceDetail[];
  readonly events: readonly EventRecord[];
  /** Refusals of all connectors in each five seconds of the last five minutes, oldest first; and in the last minute. */
  readonly refusals: readonly number[];
  readonly minute: number;
  /** Another text when messages have come or gone. */
  readonly mail: string;
}

export const STEP_MS = 1000;
const STEPS_OF_MINUTE = 60;
/** Steps that are summed up for the course, and how many sums there are. */
const STEPS_SUMMED = 5;
const SUMS_KEPT = 60;
const EVENTS_KEPT = 300;

export class View {
  readonly #watched: WatchedListener;
  /** Refusals so far, by connector and of all, at each step of the last minute, oldest first. */
  #steps: { readonly totals: ReadonlyMap<string, number>; readonly total: number }[] = [];
  /** Refusals in the last times of five seconds, oldest first; and the total when the one that runs began. */
  #course: number[] = [];
  #since = 0;
  #stepped = 0;
  #rows = new Map<string, Kept>();
  #events: EventRecord[] = [];
  #known = 0;
  #last: Look | undefined;

  constructor(watched: WatchedListener) {
    this.#watched = watched;
    this.step();
    this.#since = this.#steps[0]!.total;
  }

  /** Notes the counters as they are; to be called every second, watched or not. */
  step(): void {
    const totals = new Map<string, number>();
    let total = 0;
    for (const live of this.#watched.connectors) {
      const refused = refusedInAll(live);
      if (refused > 0) totals.set(live.guid, refused);
      total += refused;
    }
    this.#steps.push({ totals, total });
    if (this.#steps.length > STEPS_OF_MINUTE) this.#steps.shift();
    if (this.#stepped++ % STEPS_SUMMED !== 0 || this.#stepped === 1) return;
    this.#course.push(Math.max(0, total - this.#since));
    if (this.#course.length >= SUMS_KEPT) this.#course.shift();
    this.#since = total;
  }

  /** What changed since the last call. */
  next(): Look {
    const { snapshot, written } = this.#watched.look(this.#known);
    this.#known = written;
    this.#events = [...this.#events, ...snapshot.events].slice(-EVENTS_KEPT);
    const connectors = new Map(this.#watched.connectors.map((live) => [live.guid, live]));
    const rows = new Map<string, Kept>();
    const changed: ConnectorRow[] = [];
    const before = this.#steps[0]!;
    let total = 0;
    for (const status of snapshot.status.connectors) {
      const now = connectors.get(status.guid)?.now;
      const refused = refusedInAll(status);
      total += refused;
      const minute = Math.max(0, refused - (before.totals.get(status.guid) ?? 0));
      const kept = this.#rows.get(status.guid);
      if (kept && isSame(kept, status, now, refused, minute)) {
        rows.set(status.guid, kept);
      } else {
        const row = rowOf(status, now, refused, minute);
        changed.push(row);
        rows.set(status.guid, { row, now });
      }
    }
    const gone = [...this.#rows.keys()].filter((guid) => !rows.has(guid));
    this.#rows = rows;
    const { status } = snapshot;
    this.#last = {
      at: snapshot.at,
      server: {
        name: this.#watched.server.name,
        version: status.version,
        pid: status.pid,
        startedAt: status.startedAt,
        applied: status.generation.applied,
        seen: status.generation.seen,
        changedAt: this.#watched.changedAt,
        problem: status.lastError,
        open: status.sessions,
        unmatched: status.unmatched,
        fleet: status.fleet?.name ?? '',
        bound: status.bound,
        failed: status.failed,
        pressure: pressureOf(status.pressure),
      },
      whole: false,
      connectors: changed,
      gone,
      sources: snapshot.sources,
      events: snapshot.events,
      refusals: [...this.#course, Math.max(0, total - this.#since)],
      minute: Math.max(0, total - before.total),
      mail: this.#watched.mailChanged,
    };
    return this.#last;
  }

  /** Everything, for somebody who just came; what the last `next` told is in it. */
  whole(): Look {
    const look = this.#last ?? this.next();
    return {
      ...look,
      whole: true,
      connectors: [...this.#rows.values()].map(({ row }) => row),
      gone: [],
      events: this.#events,
    };
  }
}

function pressureOf(pressure: Pressure = NO_PRESSURE): Look['server']['pressure'] {
  const { level, resources } = pressure;
  if (level === 'Low') return { level: resources.length ? level : '', problem: '' };
  const short = resources.filter((one) => one.level !== 'Low').map(({ text }) => text);
  return { level, problem: `Back pressure ${level}: ${short.join('; ')}; ${PRESSURE_MEANS[level]}.` };
}

/** A row as it was told, and the settings it was made of. */
interface Kept {
  readonly row: ConnectorRow;
  readonly now: Connector | undefined;
}

/** Nothing that the row shows has changed. Most have not, so nothing is made to find that out. */
function isSame(
  { row, now: then }: Kept,
  status: ConnectorStatus,
  now: Connector | undefined,
  refused: number,
  minute: number,
): boolean {
  const top = status.sources[0];
  return (
    then === now &&
    row.open === status.connections &&
    row.accepted === status.accepted &&
    row.refused === refused &&
    row.minute === minute &&
    row.sources === status.sourceCount &&
    row.removed === status.removed &&
    row.top?.address === top?.address &&
    row.top?.open === top?.connections &&
    row.top?.limit === top?.limit
  );
}

function rowOf(status: ConnectorStatus, now: Connector | undefined, refused: number, minute: number): ConnectorRow {
  const top = status.sources[0];
  return {
    guid: status.guid,
    name: status.name,
    enabled: status.enabled,
    removed: status.removed,
    bindings: now ? now.Bindings.join(', ') : '',
    open: status.connections,
    limit: status.limit,
    perSource: now ? finite(Number(now.MaxInboundConnectionPerSource)) : null,
    accepted: status.accepted,
    refused,
    minute,
    sources: status.sourceCount,
    top: top ? { address: top.address, open: top.connections, limit: top.limit } : null,
  };
}

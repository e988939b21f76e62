/**
 * The connectors as they run, one live connector each, and how a new document of the store changes them: what is new comes in, what
 * changed is put in its place, what is gone or disabled lets its sessions finish.
 */
import type { Connector } from '../../domain/connector.ts';
import type { SelectionChange } from '../../domain/selection.ts';
import type { Gate } from '../admission/gate.ts';
import { LiveConnector } from '../admission/live-connector.ts';
import type { EventLog } from '../contracts/event-log.ts';
import { EVENTS } from '../records/event-table.ts';
import { followFaultRules } from '../session/faults-on-purpose.ts';
import { sameList } from './live-document.ts';

export class LiveConnectors {
  /** By Guid. */
  readonly #live = new Map<string, LiveConnector>();
  /** Removed connectors whose sessions are still there. */
  readonly #leaving = new Set<LiveConnector>();
  readonly #gate: Gate;
  readonly #events: EventLog;

  readonly #make: (connector: Connector) => LiveConnector;

  /** @param make a connector that is new */
  constructor(
    gate: Gate,
    log: EventLog,
    make = (connector: Connector) => new LiveConnector(connector.Guid, connector, gate.refusals),
  ) {
    this.#gate = gate;
    this.#events = log;
    this.#make = make;
  }

  /** Connectors as they run, with those that are gone but still have sessions. */
  get all(): readonly LiveConnector[] {
    return [...this.#live.values(), ...this.#leaving];
  }

  /** Connectors that are in the store. */
  get live(): Iterable<LiveConnector> {
    return this.#live.values();
  }

  /** The connector of a Guid, also one that is gone but still has sessions. */
  find(guid: string): LiveConnector | undefined {
    const live = this.#live.get(guid);
    if (live) return live;
    for (const live of this.#leaving) if (live.guid === guid) return live;
    return undefined;
  }

  /** The last connection of a live is gone. */
  left(live: LiveConnector): void {
    this.#leaving.delete(live);
  }

  /**
   * Puts the connectors into force; says whether what is listened on changed, which connectors did (their index), and
   * which are gone (their Guid).
   */
  follow(connectors: readonly Connector[]): {
    readonly rebind: boolean;
    readonly changed: readonly number[];
    readonly removed: readonly string[];
  } {
    const changed: number[] = [];
    const removed: string[] = [];
    const changes: SelectionChange<LiveConnector>[] = [];
    let rebind = false;
    for (const [index, connector] of connectors.entries()) {
      const live = this.#live.get(connector.Guid);
      if (live?.now !== connector) changed.push(index);
      if (!live) {
        const fresh = this.#liveFor(connector);
        this.#live.set(connector.Guid, fresh);
        changes.push({ owner: fresh, before: undefined, after: connector });
        rebind ||= connector.Enabled;
      } else if (live.now !== connector) {
        const before = live.now;
        live.now = connector;
        followFaultRules(live);
        this.#gate.authority.changed(live);
        const moved = before.Enabled !== connector.Enabled || !sameList(before.Bindings, connector.Bindings);
        rebind ||= moved || before.Name !== connector.Name;
        if (moved || !sameList(before.RemoteIPRanges, connector.RemoteIPRanges))
          changes.push({ owner: live, before, after: connector });
        if (before.Enabled && !connector.Enabled) this.#retire(live, 'disabled');
        else for (const session of live.sessions) session.settingsChanged();
      }
    }
    if (this.#live.size > connectors.length) {
      const here = new Set(connectors.map((connector) => connector.Guid));
      for (const [guid, live] of this.#live) {
        if (here.has(guid)) continue;
        this.#live.delete(guid);
        removed.push(guid);
        this.#gate.authority.changed(live);
        changes.push({ owner: live, before: live.now, after: undefined });
        rebind ||= live.now.Enabled;
        if (live.open > 0) this.#leaving.add(live);
        this.#retire(live, 'removed');
      }
    }
    if (changes.length) this.#gate.selection = this.#gate.selection.change(changes);
    return { rebind, changed, removed };
  }

  /** A new one; or the one of a connector that comes back (undo) before its last sessions are gone, for they still count. */
  #liveFor(connector: Connector): LiveConnector {
    for (const live of this.#leaving) {
      if (live.guid !== connector.Guid) continue;
      this.#leaving.delete(live);
      live.now = connector;
      followFaultRules(live);
      return live;
    }
    return this.#make(connector);
  }

  #retire(live: LiveConnector, why: 'disabled' | 'removed'): void {
    if (live.open === 0) return;
    this.#events.write(EVENTS.retired(live.now.Name, live.open, why));
    for (const session of [...live.sessions]) session.retire();
  }
}

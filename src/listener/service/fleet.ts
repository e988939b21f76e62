/** The listener's part in a fleet: what it tells the others, what counts over all of them, and the events of it. */
import { readTransport, type Transport } from '../../domain/transport.ts';
import type { Answers } from '../../fleet/answering.ts';
import { FleetCounts } from '../../fleet/fleet-counts.ts';
import { FleetNode } from '../../fleet/fleet-node.ts';
import type { Home } from '../../store/home.ts';
import { Store } from '../../store/store.ts';
import type { CountingFleet, FleetTally } from '../admission/fleet-authority.ts';
import type { EventLog } from '../contracts/event-log.ts';
import type { FleetFigures } from '../contracts/fleet-figures.ts';
import type { Listener } from '../listener.ts';
import { EVENTS } from '../records/event-table.ts';

/** A home that is in no fleet may join one later, so this looks whether it has. */
export class ListenerFleet implements CountingFleet {
  readonly node: FleetNode;
  readonly counts: FleetCounts;
  readonly tally: FleetTally = { asks: 0, askSeconds: 0, fallbacks: 0 };
  readonly #listener: () => Listener;

  constructor(home: Home, listener: () => Listener, events: EventLog, version: string, answers?: Answers) {
    this.#listener = listener;
    this.counts = new FleetCounts(
      () => this.#counted(),
      () => this.node.acted(),
    );
    this.node = new FleetNode({
      store: new Store(home),
      version,
      acting: () => ({ generation: listener().state.applied, problem: listener().state.problem }),
      onCounted: (counting) => this.counts.attach(counting),
      onAway: () => this.counts.detach(),
      ...(answers ? { answers } : {}),
      tell: {
        connected: (...of) => events.write(EVENTS.fleetConnected(...of)),
        away: (...of) => events.write(EVENTS.fleetAway(...of)),
        notFollowed: (...of) => events.write(EVENTS.fleetNotFollowed(...of)),
        followsAgain: (...of) => events.write(EVENTS.fleetFollowed(...of)),
        setAside: (...of) => events.write(EVENTS.fleetEditSetAside(...of)),
        left: (...of) => events.write(EVENTS.fleetLeft(...of)),
      },
    });
  }

  *#counted() {
    for (const { now, sources } of this.#listener().connectors)
      if (now.LimitScope === 'Fleet') yield { name: now.Name, sources };
  }

  start(): void {
    this.#listener().onState(() => this.node.acted());
    this.node.start();
  }

  async close(): Promise<void> {
    this.counts.detach();
    await this.node.close();
  }

  get isMember(): boolean {
    return this.node.isMember;
  }

  get nodes(): number {
    return this.node.nodes;
  }

  /** What status and metrics show; `undefined` in no fleet. */
  get figures(): FleetFigures | undefined {
    const { status } = this.node;
    if (!status) return undefined;
    const { fallback, tally } = this;
    return { ...status, counting: this.counts.isAttached, fallback, tally };
  }

  get fallback(): Transport['FleetFallback'] {
    return readTransport(this.#listener().server.transport).FleetFallback;
  }
}

/** The listener's part in a fleet: what it tells the others, and the events of it. */
import { FleetNode } from '../../fleet/fleet-node.ts';
import type { Home } from '../../store/home.ts';
import { Store } from '../../store/store.ts';
import type { EventLog } from '../contracts/event-log.ts';
import type { Listener } from '../listener.ts';
import { EVENTS } from '../records/event-table.ts';

/** A home that is in no fleet may join one later, so this looks whether it has. */
export function openFleet(home: Home, listener: Listener, events: EventLog, version: string): FleetNode {
  const node = new FleetNode({
    store: new Store(home),
    version,
    acting: () => ({ generation: listener.state.applied, problem: listener.state.problem }),
    tell: {
      connected: (...of) => events.write(EVENTS.fleetConnected(...of)),
      away: (...of) => events.write(EVENTS.fleetAway(...of)),
      notFollowed: (...of) => events.write(EVENTS.fleetNotFollowed(...of)),
      followsAgain: (...of) => events.write(EVENTS.fleetFollowed(...of)),
      setAside: (...of) => events.write(EVENTS.fleetEditSetAside(...of)),
      left: (...of) => events.write(EVENTS.fleetLeft(...of)),
    },
  });
  listener.onState(() => node.acted());
  return node;
}

/** The listener's part in a fleet: what it tells the others, and the events of it. */
import { FleetNode } from '../../fleet/fleet-node.ts';
import type { Home } from '../../store/home.ts';
import { Store } from '../../store/store.ts';
import type { EventLog } from '../contracts/event-log.ts';
import type { Listener } from '../listener.ts';
import { events as told } from '../records/event-table.ts';

/** A home that is in no fleet may join one later, so this looks whether it has. */
export function openFleet(home: Home, listener: Listener, events: EventLog, version: string): FleetNode {
  const node = new FleetNode({
    store: new Store(home),
    version,
    acting: () => ({ generation: listener.state.applied, problem: listener.state.problem }),
    tell: {
      connected: (...of) => events.write(told.fleetConnected(...of)),
      away: (...of) => events.write(told.fleetAway(...of)),
      notFollowed: (...of) => events.write(told.fleetNotFollowed(...of)),
      followsAgain: (...of) => events.write(told.fleetFollowed(...of)),
      setAside: (...of) => events.write(told.fleetEditSetAside(...of)),
      left: (...of) => events.write(told.fleetLeft(...of)),
    },
  });
  listener.onState(() => node.acted());
  return node;
}

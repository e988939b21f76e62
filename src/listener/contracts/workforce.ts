/** The processes that hold the sessions, where there are several, as the listener in the first process sees them. */

import type { WorkerStatus } from '../../control/listener-client.ts';
import type { StoredConnector } from '../../domain/connector.ts';
import type { Pressure } from '../../domain/pressure.ts';
import type { LiveServer } from './live-server.ts';
import type { SessionInfo } from './session-api.ts';

/** A new document, by what is new in it. */
export interface DocumentChange {
  readonly server: LiveServer;
  /** All connectors, for who knows none yet. */
  readonly all: readonly StoredConnector[];
  readonly changed: readonly StoredConnector[];
  /** Guids. */
  readonly removed: readonly string[];
}

/** Workers accept and hold sessions; who may come in is counted in one place: they borrow places from the first process. */
export interface Workforce {
  /** Brings every worker what changed, which has been found good; settles when all that live act by it. */
  follow(change: DocumentChange): Promise<void>;
  /** Settles when what is counted here is what is: no place is kept, and all that workers counted has been heard. */
  sync(): Promise<void>;
  /** The server is under this pressure now. */
  press(pressure: Pressure): void;
  /** Every session as the worker that holds it sees it. */
  infos(): Promise<SessionInfo[]>;
  /** Ends one session. @returns whether a worker has it */
  disconnect(id: string, now: boolean): Promise<boolean>;
  /** Nobody is let in any more, and sessions end when they have finished their message. */
  shut(): void;
  /** Sessions that are left are cut. */
  cut(): void;
  readonly status: readonly WorkerStatus[];
}

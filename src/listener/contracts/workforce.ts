/** The processes that hold the sessions, where there are several. */

import type { WorkerStatus } from '../../control/listener-client.ts';
import type { StoredConnector } from '../../domain/connector.ts';
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

/** The processes that hold the sessions when there are several. Admission stays where it is: one gate, one count. */
export interface Workforce {
  /** Brings every worker what changed, which has been found good; settles when all that live act by it. */
  follow(change: DocumentChange): Promise<void>;
  /** Every session as the worker that holds it sees it. */
  infos(): Promise<SessionInfo[]>;
  readonly status: readonly WorkerStatus[];
}

/** A running session, as the gate, the control socket and the workers see it. */

import type { Socket } from 'node:net';
import type { SessionStatus } from '../../control/listener-client.ts';
import type { Peer } from './peer.ts';
import type { SessionConnector } from './session-connector.ts';
import type { SessionServices } from './session-services.ts';

/** A running session, as the gate, the reconciler and the control socket see it. */
export interface Session {
  readonly id: string;
  readonly peer: Peer;
  readonly connector: SessionConnector;
  readonly startedAt: Date;
  info(): SessionInfo;
  /** The connector changed (its `now` is already the new one): re-arm timers and the like. */
  settingsChanged(): void;
  /** Finish the message being received, if any, then 421 and close: the connector was removed or disabled, or the listener stops. */
  retire(): void;
  /** Close at once, message or not (the bounded wait is over). */
  destroy(): void;
}

/** What the control socket tells of a session. */
export type SessionInfo = SessionStatus;

/** Starts a session on an accepted socket; `onEnd` runs once, when its socket is closed. `id`: made here when left out. */
export type StartSession = (
  socket: Socket,
  connector: SessionConnector,
  peer: Peer,
  services: SessionServices,
  onEnd: () => void,
  id?: string,
) => Session;

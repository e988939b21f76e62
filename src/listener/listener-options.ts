/** What a listener is given: its parts, and times that tests shorten. */
import type { Pressure } from '../domain/pressure.ts';
import type { AdmissionAuthority } from './admission/authority.ts';
import type { SocketOpener } from './admission/socket-opener.ts';
import type { EventLog } from './contracts/event-log.ts';
import type { FleetFigures } from './contracts/fleet-figures.ts';
import type { StartSession } from './contracts/session-api.ts';
import type { SessionServices } from './contracts/session-services.ts';
import type { Workforce } from './contracts/workforce.ts';
import type { HandedFd } from './service/supervision.ts';

export interface ListenerOptions {
  /** Path of store.json. */
  readonly store: string;
  readonly events: EventLog;
  /** Left out, with `services`, when sessions run in workers. */
  readonly startSession?: StartSession;
  /** What sessions need, without what the listener itself gives them. */
  readonly services?: Omit<SessionServices, 'server' | 'events' | 'onRefusal'>;
  /** Who counts connections and messages; this process alone when left out. */
  readonly authority?: AdmissionAuthority;
  /** The processes that sessions run in, when it is not this one. */
  readonly workers?: Workforce;
  readonly fleet?: () => FleetFigures | undefined;
  /** Opens the sockets that are listened on, when it is not this process that accepts. */
  readonly sockets?: SocketOpener;
  readonly pressure?: () => Pressure;
  /** Milliseconds between looks at the store, tries of failed bindings, and summed up refusals. */
  readonly pollMs?: number;
  readonly retryMs?: number;
  readonly tallyMs?: number;
  readonly proxyTimeoutMs?: number;
  /** Listening sockets that the service manager opened. */
  readonly handed?: readonly HandedFd[];
  /** False in tests of lost notifications. */
  readonly notifications?: boolean;
}

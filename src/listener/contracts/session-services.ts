/** What a session needs from the listener around it. */

import type { FaultOccasion } from '../../domain/fault-rule.ts';
import type { Pressure } from '../../domain/pressure.ts';
import type { MemoryBudget } from '../memory-budget.ts';
import type { Refusal } from '../refusal/refusal.ts';
import type { Acting } from '../session/faults-on-purpose.ts';
import type { PasswordChecks } from '../session/logon.ts';
import type { Certificates } from './certificates-api.ts';
import type { Delivery } from './delivery-api.ts';
import type { EventLog } from './event-log.ts';
import type { LiveServer } from './live-server.ts';
import type { MessageRates } from './message-rates.ts';
import type { ProtocolLog } from './protocol-log-api.ts';
import type { SessionConnector } from './session-connector.ts';

/** What a session needs from the listener around it. */
export interface SessionServices {
  /** The server as it is now. */
  server(): LiveServer;
  readonly delivery: Delivery;
  readonly protocolLog: ProtocolLog;
  readonly events: EventLog;
  readonly certificates: Certificates;
  /** Message rates per source, shared by all sessions. */
  readonly rates: MessageRates;
  /** What clients may make us hold, all together. */
  readonly memory: MemoryBudget;
  /** How short the server is of what it needs. */
  readonly pressure?: () => Pressure;
  /** Which faults on purpose act now; left out: they are counted in this process. */
  readonly faults?: (
    connector: SessionConnector,
    occasion: FaultOccasion,
  ) => readonly Acting[] | Promise<readonly Acting[]>;
  /** Checks passwords. */
  readonly logons: PasswordChecks;
  /** Hears of every refusal, besides what the connector counts: writes events, say. @param source whom it counts for */
  onRefusal(connector: SessionConnector, source: string, refusal: Refusal): void;
  /** Makes a client wait; left out: a timer. A rehearsal notes how long it would be and does not wait. */
  readonly delay?: StartDelay;
}

/** A delay before a reply (tarpit). */
export interface Delay {
  readonly over: Promise<void>;
  /** The interval may have changed. */
  rearm(): void;
  /** Ends it now. */
  end(): void;
}

/** @param length milliseconds from its beginning, asked again when settings change */
export type StartDelay = (length: () => number) => Delay;

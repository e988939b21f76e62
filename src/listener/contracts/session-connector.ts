/** The connector of a session: its settings as they are now, and where the session counts. */
import type { Connector } from '../../domain/connector.ts';
import type { SessionCount } from './session-counts.ts';

/** A connector of the running listener: one mutable reference. Read `now` at the moment a setting is needed, never keep it. */
export interface SessionConnector {
  readonly guid: string;
  now: Connector;
  /** Counts something that its sessions did. @param by 1 when left out */
  count(what: SessionCount, by?: number): void;
  /** Counts a refusal. @param because `causeName` of its cause */
  countRefusal(source: string, because: string, by?: number): void;
}

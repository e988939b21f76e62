/** What is written of a session while it runs. */
import type { Peer } from './peer.ts';
import type { SessionConnector } from './session-connector.ts';

/** Protocol log of receive: `+` connect, `-` disconnect, `>` sent, `<` received, `*` information. */
export interface ProtocolLog {
  /** A log for one session; lines are dropped while the connector's ProtocolLoggingLevel is None at that moment. */
  session(
    id: string,
    connector: SessionConnector,
    peer: Peer,
  ): { write(event: '+' | '-' | '>' | '<' | '*', data: string, context?: string): void };
  close(): Promise<void>;
}

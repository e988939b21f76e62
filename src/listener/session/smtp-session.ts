/** A session as its commands see it: its client, its transaction, how a reply is said. The one that is one: session.ts. */
import type { SecureContext } from 'node:tls';
import type { Connector } from '../../domain/connector.ts';
import type { FaultStage } from '../../domain/fault-rule.ts';
import type { Body } from '../../smtp/body.ts';
import type { Peer } from '../contracts/peer.ts';
import type { SessionConnector } from '../contracts/session-connector.ts';
import type { SessionCount } from '../contracts/session-counts.ts';
import type { SessionServices } from '../contracts/session-services.ts';
import type { Refusal } from '../refusal/refusal.ts';
import type { Acceptance } from '../refusal/reply.ts';
import type { ClientIdentity } from './client-identity.ts';
import type { LogonCheck } from './logon.ts';
import type { Transaction } from './transaction.ts';

export type Answer = Promise<void> | undefined;
/** Takes the next line instead of a command (AUTH). */
export type LineHandler = (line: string) => Answer;
export type Command = (session: SmtpSession, argument: string) => Answer;

/** Command lines to 2,000 characters, with LongAddressesEnabled to 8,000 (Exchange documentation, LongAddressesEnabled). */
export const LINE_LIMIT = 2000;
export const LONG_LINE_LIMIT = 8000;

export interface SmtpSession {
  readonly id: string;
  readonly peer: Peer;
  readonly connector: SessionConnector;
  readonly services: SessionServices;
  readonly client: ClientIdentity;
  /** Whom it counts for: limits, rates, wrong passwords. */
  readonly source: string;
  /** The connector's settings now. */
  readonly settings: Connector;
  /** The connector's Fqdn; the server's own name when that is empty. */
  readonly fqdn: string;
  /** Nothing is said any more. */
  readonly isOver: boolean;
  mail: Transaction | undefined;
  /** Messages taken, and logons that failed, in this session. */
  messages: number;
  logonFailures: number;
  /** The next line is not a command. */
  nextLine: LineHandler | undefined;

  /** Does what FaultRules say of the stage, and `go` if they let it. @param argument of the command */
  atStage(stage: FaultStage, go: () => Answer, argument?: string): Answer;
  say(reply: Acceptance): Answer;
  /** Says a refusal, later when the client is to be slowed down. */
  refuse(refusal: Refusal): Answer;
  /** The refusal of a logon, AuthTarpitInterval after it came, so that how long the check took tells nothing. */
  refuseLogon(refusal: Refusal, since: number): Answer;
  /** Waits for a password check; a client that leaves meanwhile is let go, and its check not made. */
  checking(check: LogonCheck): LogonCheck['done'];
  /** Says a refusal at once and ends the session, whatever the reply is. */
  refuseAndEnd(refusal: Refusal): Answer;
  count(count: SessionCount, by?: number): void;
  /** Notes something in the protocol log. */
  note(data: string, context?: string): void;

  /** Reads a message or a part of it; `after` runs at its end. */
  receive(body: Body, after: () => Answer): void;
  /** Waits for work that must not be cut short, such as making a message safe. */
  commit<T>(work: Promise<T>): Promise<T>;
  /** Time that the disk or the next host takes is not the client's. */
  whileBusy(work: Promise<void>): Promise<void>;
  /** Lines that have come and not been worked off, at most so many. */
  linesWaiting(most: number): Iterable<string>;
  /** Forgets the transaction, and the message that came with it. */
  resetTransaction(): void;
  /** Says 220 and starts TLS. */
  startTls(context: SecureContext): Answer;
}

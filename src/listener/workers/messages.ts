/**
 * What the listener's process and its workers say to one another. A channel is in order both ways: a document is ahead of the
 * sessions that it lets in, and the word that a session was taken is ahead of the word that it ended.
 */
import type { Home } from '../../store/home.ts';
import type { ListenerEvent } from '../contracts/event-log.ts';
import type { LiveServer } from '../contracts/live-server.ts';
import type { Peer } from '../contracts/peer.ts';
import type { SessionInfo } from '../contracts/session-api.ts';
import type { SessionCount } from '../contracts/session-counts.ts';

/** The first message to a worker. */
export interface Hello {
  readonly kind: 'hello';
  readonly home: Home;
  /** Its place, from 0, and how many there are. */
  readonly place: number;
  readonly of: number;
}

/** What is new in the store; to a worker that starts, all of it. */
export interface DocumentMessage {
  readonly kind: 'document';
  /** Counts documents; generations can repeat when somebody edits by hand. */
  readonly edition: number;
  readonly server: LiveServer;
  /** Connectors that are new or other than before, as the store has them: a JSON list. */
  readonly changed: string;
  /** Guids. */
  readonly removed: readonly string[];
}

/** A connection that the gate let in. Its socket comes with the message. */
export interface StartMessage {
  readonly kind: 'start';
  readonly id: string;
  readonly guid: string;
  readonly peer: Peer;
  /** Bytes that were read behind a PROXY header. */
  readonly ahead?: Buffer;
}

/** Everything else that a worker is told, gathered over one turn of the event loop. */
export interface OrdersMessage {
  readonly kind: 'orders';
  readonly retire?: readonly string[];
  readonly destroy?: readonly string[];
  /** Answers to questions about rates, by their number. */
  readonly rates?: readonly (readonly [question: number, within: boolean])[];
  /** Tell of all sessions. */
  readonly infos?: number;
  /** Say that you are alive. */
  readonly ping?: boolean;
  /** All sessions are over: close everything and end. */
  readonly end?: boolean;
}

export type ToWorker = Hello | DocumentMessage | StartMessage | OrdersMessage;

/** May a message begin (MessageRates)? */
export interface RateQuestion {
  readonly number: number;
  readonly guid: string;
  readonly sources: readonly string[];
  readonly limit: number;
}

/** Lines of one log, and how many were dropped because they came faster than they were taken. */
export interface LogLines {
  readonly lines: readonly string[];
  readonly dropped: number;
}

/** What a worker tells: everything of one turn of the event loop in one message. */
export interface FromWorker {
  /** Sessions whose socket has arrived. */
  readonly taken?: readonly string[];
  readonly ended?: readonly string[];
  /** It acts by this document. */
  readonly applied?: { readonly edition: number; readonly generation: number };
  readonly rates?: readonly RateQuestion[];
  readonly infos?: { readonly question: number; readonly sessions: readonly SessionInfo[] };
  readonly events?: readonly ListenerEvent[];
  readonly protocol?: LogLines;
  readonly tracking?: LogLines;
  /** What sessions counted since the message before, by their connector's Guid. */
  readonly counts?: Readonly<Record<string, Partial<Record<SessionCount, number>>>>;
  /** What sessions refused since the message before: the connector's Guid, the source, the cause, how often. */
  readonly refused?: readonly (readonly [guid: string, source: string, because: string, by: number])[];
  readonly alive?: boolean;
}

/**
 * What the listener's first process and its workers say to one another, as JSON. A channel is in order both ways: a document
 * is ahead of the verdicts given by it, and places that are given back are ahead of the questions for others.
 */
import type { FaultOccasion } from '../../domain/fault-rule.ts';
import type { Pressure } from '../../domain/pressure.ts';
import type { Home } from '../../store/home.ts';
import type { ListenerEvent } from '../contracts/event-log.ts';
import type { LiveServer } from '../contracts/live-server.ts';
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

/** A socket to listen on, shared by all workers. Its handle comes with the message. */
export interface ListenMessage {
  readonly kind: 'listen';
  /** Its address and port. */
  readonly binding: string;
  readonly noDelay: boolean;
}

/** A source (`null`: all) of the connector with this Guid. */
export type Whose = readonly [guid: string, source: string | null];

/**
 * Whether one more connection may come in: 'moved': its connector is gone or disabled. `more`: how many others may use the
 * place when the connection is over, one after the other, without being asked about; or the limit of a percentage or rate.
 */
export type Verdict = readonly [
  question: number,
  kind: 'accepted' | 'connector' | 'source' | 'percentage' | 'rate' | 'sourceRate' | 'moved',
  more?: number,
];

/** Everything else that a worker is told, gathered over one turn of the event loop. */
export interface OrdersMessage {
  readonly kind: 'orders';
  readonly verdicts?: readonly Verdict[];
  /** Refusals that are not to be believed any more. */
  readonly forget?: readonly Whose[];
  /** Places that are kept are to be given back, and none of these kept from now on; answered by number. */
  readonly recall?: readonly (readonly [number: number, ...of: Whose])[];
  /** Give back what is kept, tell everything; answered by number. */
  readonly sync?: readonly number[];
  /** Answers to questions about rates, by their number. */
  readonly rates?: readonly (readonly [question: number, within: boolean])[];
  /** Faults on purpose that act: the texts of the rules, by the question's number. */
  readonly faults?: readonly (readonly [question: number, rules: readonly string[]])[];
  /** Answers to passwords: whose it is; or nobody's; or that the client left before it was looked at. */
  readonly logons?: readonly (readonly [question: number, answer: 'user' | 'nobody' | 'left', name?: string])[];
  /** So many connections to next hosts that were asked for may be opened. */
  readonly relays?: number;
  /** Somebody waits for a connection to a next host: give up one that is idle, and keep none. Or nobody does any more. */
  readonly relayWanted?: boolean;
  /** Sockets to listen on no more. */
  readonly unlisten?: readonly string[];
  /** Tell of all sessions. */
  readonly infos?: readonly number[];
  /** End a session, when it is yours. */
  readonly disconnect?: readonly (readonly [question: number, id: string, now: boolean])[];
  /** The listener stops: nobody is let in, sessions finish their message. */
  readonly shut?: true;
  /** Sessions that are left are cut. */
  readonly cut?: true;
  /** The server is under this pressure now. */
  readonly pressure?: Pressure;
  /** Say that you are alive. */
  readonly ping?: true;
  /** Close everything and end. */
  readonly end?: true;
}

export type ToWorker = Hello | DocumentMessage | ListenMessage | OrdersMessage;

/** May one more connection come in? */
export type Ask = readonly [question: number, guid: string, source: string, limited: boolean];

/** Places that are given back. */
export type GivenBack = readonly [guid: string, source: string, places: number];

/** May a message begin (MessageRates)? */
interface RateQuestion {
  readonly number: number;
  readonly guid: string;
  readonly sources: readonly string[];
  readonly limit: number;
  readonly windowMs?: number | undefined;
}

/** Which faults on purpose (FaultRules) act now? */
interface FaultQuestion {
  readonly number: number;
  readonly guid: string;
  readonly occasion: FaultOccasion;
}

/** Whose password is this? `penaltyMs`: what a wrong one costs the source. */
export interface LogonQuestion {
  readonly number: number;
  readonly source: string;
  readonly name: string;
  readonly password: string;
  readonly penaltyMs: number;
}

/** Lines of one log, and how many were dropped because they came faster than they were taken. */
export interface LogLines {
  readonly lines: readonly string[];
  readonly dropped: number;
}

export type Counts = Partial<Record<SessionCount | 'accepted', number>>;

/** What a worker tells: everything of one turn of the event loop in one message. Worked off in this order. */
export interface FromWorker {
  readonly left?: readonly GivenBack[];
  /** Connections that came into places that were kept, by the connector's Guid and source. */
  readonly reused?: readonly (readonly [guid: string, source: string, connections: number])[];
  readonly asks?: readonly Ask[];
  readonly rates?: readonly RateQuestion[];
  readonly faults?: readonly FaultQuestion[];
  readonly logons?: readonly LogonQuestion[];
  /** Clients that left while their password waited. */
  readonly logonsLeft?: readonly number[];
  readonly events?: readonly ListenerEvent[];
  /** Refusals to be told, summed up: by kind, with the event and how often. */
  readonly tally?: readonly (readonly [key: string, event: ListenerEvent, by: number])[];
  readonly protocol?: LogLines;
  readonly tracking?: LogLines;
  /** What sessions counted since the message before, by their connector's Guid. */
  readonly counts?: Readonly<Record<string, Counts>>;
  /** What was refused since the message before: the connector's Guid ('' for none), the source, the cause, how often. */
  readonly refused?: readonly (readonly [guid: string, source: string, because: string, by: number])[];
  /** Connections to next hosts: each that it wants, with the limit (`null`: none); how many it is done with. */
  readonly relayAsks?: readonly (number | null)[];
  readonly relayLeft?: number;
  /** Recalls and syncs that are done. */
  readonly done?: readonly number[];
  /** It acts by this document. */
  readonly applied?: { readonly edition: number; readonly generation: number };
  /** It listens on this socket, or cannot: the system's code. */
  readonly listening?: readonly (readonly [binding: string, code: string])[];
  readonly unlistened?: readonly string[];
  /** A socket on which it cannot accept. */
  readonly acceptFailed?: readonly (readonly [binding: string, code: string])[];
  readonly infos?: readonly (readonly [question: number, sessions: readonly SessionInfo[]])[];
  readonly disconnected?: readonly (readonly [question: number, found: boolean])[];
  readonly alive?: true;
}

/**
 * What the parts of the listener know of one another: the gate (accepts or refuses sockets), the session (speaks SMTP),
 * the delivery (keeps messages safe) and the logs. Each part is built against this page only.
 */
import type { Socket } from 'node:net';
import type { SessionStatus, WorkerStatus } from '../control/listener-client.ts';
import type { Connector, StoredConnector } from '../domain/connector.ts';
import type { StoredAcceptedDomain, StoredTransport, StoredUser } from '../store/document.ts';
import type { MemoryBudget } from './memory-budget.ts';
import type { Refusal } from './refusal/refusal.ts';
import type { Acceptance } from './refusal/reply.ts';
import type { Logons } from './session/logon.ts';

/** A connector of the running listener: one mutable reference. Read `now` at the moment a setting is needed, never keep it. */
export interface LiveConnector {
  readonly guid: string;
  now: Connector;
  /** Counts something that its sessions did. @param by 1 when left out */
  count(what: SessionCount, by?: number): void;
  /** Counts a refusal. @param because `causeName` of its cause */
  countRefusal(source: string, because: string, by?: number): void;
}

/** The rest of the store as last applied; replaced as a whole, read at the moment of need. */
export interface LiveServer {
  readonly generation: number;
  readonly name: string;
  readonly fqdn: string;
  readonly acceptedDomains: readonly StoredAcceptedDomain[];
  readonly users: readonly StoredUser[];
  readonly transport: StoredTransport;
}

/** A client that passed the gate. Addresses are canonical text; IPv4-mapped IPv6 is IPv4; PROXY headers are already applied. */
export interface Peer {
  readonly remoteAddress: string;
  readonly remotePort: number;
  readonly localAddress: string;
  readonly localPort: number;
}

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
  /** Checks passwords. */
  readonly logons: Logons;
  /** Hears of every refusal, besides what the connector counts: writes events, say. @param source whom it counts for */
  onRefusal(connector: LiveConnector, source: string, refusal: Refusal): void;
  /** Makes a client wait; left out: a timer. A rehearsal notes how long it would be and does not wait. */
  readonly delay?: StartDelay;
}

/** What is counted of a connector's sessions, from nothing. */
export const NO_COUNTS = {
  /** Messages taken: answered with 250. */
  messages: 0,
  /** Bytes of them, as the client sent them, without the dots of transparency. */
  messageBytes: 0,
  /** Messages refused when they were whole. */
  messagesRefused: 0,
  /** Messages refused because they, or their headers, were or would be too large. */
  messagesTooLarge: 0,
  /** Recipients answered with 250, and those answered with anything else. */
  recipients: 0,
  recipientsRefused: 0,
  /** Everything that went over the wire, of TLS what is inside. */
  bytes: 0,
  bytesSent: 0,
  /** TLS handshakes that came about. */
  tls: 0,
  /** Logons with a right, and with a wrong password or name. */
  logons: 0,
  logonFailures: 0,
  /** Replies held back by TarpitInterval or AuthTarpitInterval. */
  delays: 0,
  /** How sessions ended: QUIT or the client was gone; a time limit; too many errors; another 421 of ours; the listener; its worker was killed. */
  endedByClient: 0,
  endedByTimeout: 0,
  endedByErrors: 0,
  endedByPolicy: 0,
  endedByListener: 0,
  endedByLoss: 0,
};

export type SessionCount = keyof typeof NO_COUNTS;

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

/** A running session, as the gate, the reconciler and the control socket see it. */
export interface Session {
  readonly id: string;
  readonly peer: Peer;
  readonly connector: LiveConnector;
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
  connector: LiveConnector,
  peer: Peer,
  services: SessionServices,
  onEnd: () => void,
  id?: string,
) => Session;

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

/** Who sent a message to whom, as known when its data begins. */
export interface Envelope {
  readonly sessionId: string;
  readonly connector: Connector;
  readonly peer: Peer;
  readonly helo: string;
  /** Protocol for the Received header: SMTP, ESMTP, ESMTPS, ESMTPA, ESMTPSA, UTF8SMTP… (RFC 3848, RFC 6531). */
  readonly protocol: string;
  readonly user: string;
  readonly tls: { readonly protocol: string; readonly cipher: string } | null;
  readonly mailFrom: { readonly address: string; readonly parameters: Readonly<Record<string, string | true>> };
  readonly recipients: readonly {
    readonly address: string;
    readonly parameters: Readonly<Record<string, string | true>>;
  }[];
  readonly body: '7BIT' | '8BITMIME' | 'BINARYMIME';
  readonly smtpUtf8: boolean;
}

/** A transaction as known at MAIL. */
export interface TransactionSender {
  readonly connector: Connector;
  /** Empty for the null sender. */
  readonly sender: string;
  readonly smtpUtf8: boolean;
}

/** Asks about the recipients of one transaction, so that each gets its own answer. */
export interface RecipientCheck {
  /** The refusal, or nothing for one that is taken or about which nobody has to be asked. May be called before earlier answers are there. */
  ask(recipient: string): Promise<Refusal | undefined> | undefined;
  /** No more will be asked. */
  close(): void;
}

/** Keeps messages safe. Nothing here throws for reasons of the outside world: results carry the refusal. */
export interface Delivery {
  /** Begins a message; throws nothing, a full disk shows at `write` or `commit`. `internalId` numbers messages of this listener. */
  begin(envelope: Envelope): Message;
  /** Who is asked at RCPT, where the delivery knows anybody to ask; nothing where it does not. */
  checkRecipients?(about: TransactionSender): RecipientCheck | undefined;
  close(): Promise<void>;
}

export interface Message {
  readonly internalId: number;
  /** Takes bytes as they are (dots already unstuffed); resolves when more may come. Errors are kept for `commit`. */
  write(chunk: Buffer): Promise<void> | undefined;
  /** Adds fields in front of what has been written (Received). Call before the first `write`. */
  prepend(header: string): void;
  /** Makes it safe, or says why not. Settles within the delivery's own time limit. */
  commit(messageId: string): Promise<DeliveryResult>;
  /** Forgets it, and whatever it left behind. */
  abort(): void;
}

export type DeliveryResult =
  | {
      readonly ok: true;
      /** The reply of a next host that answered itself; else the session says its own `250 2.6.0 …`. */
      readonly reply?: Acceptance;
    }
  | { readonly ok: false; readonly refusal: Refusal };

/** Protocol log of receive: `+` connect, `-` disconnect, `>` sent, `<` received, `*` information. */
export interface ProtocolLog {
  /** A log for one session; lines are dropped while the connector's ProtocolLoggingLevel is None at that moment. */
  session(
    id: string,
    connector: LiveConnector,
    peer: Peer,
  ): { write(event: '+' | '-' | '>' | '<' | '*', data: string, context?: string): void };
  close(): Promise<void>;
}

export type EventLevel = 'Information' | 'Warning' | 'Error';

/** Windows event log, as lines of events.ndjson and on stderr. 1021 is Exchange's, 1020 has its shape; ours start at 17000 (docs/events.md). */
export interface ListenerEvent {
  readonly id: number;
  readonly level: EventLevel;
  readonly message: string;
  /** Figures a script wants: connector, address, limit, count. */
  readonly data?: Readonly<Record<string, string | number | boolean>>;
}

export interface EventLog {
  write(event: ListenerEvent): void;
  close(): Promise<void>;
}

/** Certificates of the home's `certificates` folder, reloaded when files change. */
export interface Certificates {
  /** Options for `new TLSSocket`/`createSecureContext` of this connector now; makes a self-signed one at first need. */
  contextFor(connector: Connector): import('node:tls').SecureContext;
  /** Does `<I>issuer<S>subject` name a certificate we have? */
  has(name: string): boolean;
  /** PEM bundle of CAs that client certificates are verified against (DomainSecure), if any. */
  readonly clientCa: string | undefined;
  close(): void;
}

/** Counts messages per minute and source. */
export interface MessageRates {
  /** May one more message start now from all of these sources? Counts it for each when it may. `limit` per minute. A promise where another process counts. */
  take(connectorGuid: string, sources: readonly string[], limit: number): boolean | Promise<boolean>;
}

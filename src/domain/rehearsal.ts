/**
 * The question "what would the listener say to this client?" and its answer, as the two sides pass them: cmdlets ask, the
 * listener's own gate and session answer (src/listener/rehearsal). Shapes only.
 */
import type { Endpoint } from './address.ts';
import type { Cause } from './cause.ts';
import type { Right } from './permissions.ts';
import type { Pressure } from './pressure.ts';

/** What a client says on the way to its message. */
export interface ClientScript {
  /** The name it gives at EHLO. */
  readonly helo: string;
  /** It asks for STARTTLS, then says EHLO again. */
  readonly tls: boolean;
  /** The user it authenticates as; empty for none. */
  readonly user: string;
  /** The user's password, for a try over the wire; a rehearsal needs none. */
  readonly password?: string;
  /** Reverse path; empty is the null sender. */
  readonly mailFrom: string;
  readonly rcptTo: readonly string[];
  /** Size of the message in bytes, when it is said. */
  readonly size?: number;
}

/** Connections that a connector has at the moment, and what the client has used of its rates. */
export interface Occupied {
  /** The connector's Guid. */
  readonly guid: string;
  /** Of all sources. */
  readonly open: number;
  /** Of the source in question. */
  readonly source: number;
  readonly used?: RatesUsed | undefined;
}

/** What a client has used of the rates of one connector, in the last minute. */
export interface RatesUsed {
  /** What the client counts as (MaxInboundConnectionSourcePrefix). */
  readonly source: string;
  /** Connections to this connector, and to all; 0 where no rate counts them. */
  readonly connections: number;
  readonly connectionsOfAll: number;
  /** Messages of each that MessageRateSource counts by. */
  readonly messages: readonly (readonly [by: string, messages: number])[];
}

export interface RehearsalQuestion {
  /** store.json, as text. */
  readonly store: string;
  /** Path of the store, for error messages. */
  readonly path: string;
  /** Folder of certificates: only looked at. */
  readonly certificates: string;
  /** Canonical text of the client's address. */
  readonly remote: string;
  readonly local: Endpoint;
  readonly script: ClientScript;
  readonly occupied: readonly Occupied[];
  /** As the listener tells it; left out: none. */
  readonly pressure?: Pressure | undefined;
}

const STEPS = ['Connect', 'EHLO', 'STARTTLS', 'AUTH', 'MAIL', 'RCPT', 'DATA', 'Message'] as const;
export type Step = (typeof STEPS)[number];

/** One command and its reply. */
export interface Exchange {
  readonly step: Step;
  /** What the client says, without secrets; empty for a step at which it says nothing. */
  readonly command: string;
  /** Reply lines as on the wire; none when the connection closed instead. */
  readonly reply: readonly string[];
  readonly accepted: boolean;
}

export interface RehearsedExchange extends Exchange {
  /** Why it was refused. */
  readonly because?: Cause | undefined;
  /** Seconds that the client is made to wait for the reply (TarpitInterval, AuthTarpitInterval). */
  readonly delay: number;
}

export interface Rehearsal {
  /** Guid of the connector that takes the client, also when one of its limits refuses him. */
  readonly connector: string | undefined;
  readonly exchanges: readonly RehearsedExchange[];
  /** Who the client is at the end, and what it may. */
  readonly principals: readonly string[];
  readonly rights: readonly Right[];
  /** Connections the source may have by MaxInboundConnectionPercentagePerSource now; null is no limit. */
  readonly percentageLimit: number | null;
}

export interface LiveQuestion {
  /** Where to connect to. */
  readonly to: Endpoint;
  /** The address to connect from; one of this machine. */
  readonly from: string | undefined;
  /** A PROXY header in front says that the client is this one: for a listener that trusts us as a front end. */
  readonly proxyFor: string | undefined;
  readonly script: ClientScript;
  /** Milliseconds that connecting, and each reply, may take. */
  readonly timeoutMs: number;
}

export interface LiveTry {
  readonly exchanges: readonly Exchange[];
  /** Why no reply came to the command after these; empty when all did. */
  readonly problem: string;
  /** As the listener saw the connection (without a PROXY header). */
  readonly remote: string;
  readonly local: Endpoint;
}

/** What the listener's bundle answers. Throws StoreError for a store it would not apply; a failed connection is an Error. */
export interface Rehearsing {
  rehearse(question: RehearsalQuestion): Promise<Rehearsal>;
  tryLive(question: LiveQuestion): Promise<LiveTry>;
}

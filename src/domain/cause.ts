/**
 * Why something was refused, as facts: which setting, right, domain, user, fault or next host it was, what was asked for and
 * what is allowed. Whoever judges makes it; words, and commands to type, are made where it is shown (cause-words.ts). Pure.
 */
import type { AcceptedDomain } from './accepted-domain.ts';
import type { Connector } from './connector.ts';
import { RIGHT_PREFIX, type Right } from './permissions.ts';
import type { Choice } from './selection.ts';
import type { SettingName } from './settings.ts';
import type { TransportSettingName } from './transport-settings.ts';

export type Cause =
  | SettingCause
  | ServerSettingCause
  | SelectionCause
  | RightCause
  | DomainCause
  | UserCause
  | FaultCause
  | NextHostCause;

/** Some settings, with values as `rc set` takes them. */
export type Change = Readonly<Partial<Record<SettingName, string>>>;

/** A setting of the connector. */
export interface SettingCause {
  readonly kind: 'setting';
  readonly setting: SettingName;
  /** As it was when it judged. */
  readonly connector: Connector;
  /** What the client asked for: a figure in the setting's unit (bytes, seconds, connections, messages…), or its words. */
  readonly asked: number | string;
  /** The figure it may have, or the setting's value. */
  readonly allowed: number | string;
  /** What would let it pass; empty when no value of a setting does. */
  readonly enough: Change;
  /** The client's address, where the setting counts by it. */
  readonly source?: string | undefined;
}

/** A setting of the transport service. */
export interface ServerSettingCause {
  readonly kind: 'server';
  readonly setting: TransportSettingName;
  readonly asked: number | string;
  readonly allowed: number | string;
  /** What would let it pass, as `rc set-transport-service` takes it. */
  readonly enough: Readonly<Partial<Record<TransportSettingName, string>>>;
  readonly source: string;
}

/** No connector takes the client. */
export interface SelectionCause {
  readonly kind: 'selection';
  readonly source: string;
  /** Connectors there, with why each was passed over. */
  readonly passed: Choice<Connector>['passed'];
}

/** A right that the client has not got. */
export interface RightCause {
  readonly kind: 'right';
  readonly right: Right;
  readonly connector: Connector;
  /** Who the client is. */
  readonly principals: readonly string[];
  /** The address it is about; empty when it is about none. */
  readonly asked: string;
  /** The address' domain, and whether its mailboxes are ours. */
  readonly domain: string;
  readonly ours: boolean;
  /** The user the client authenticated as; empty for none. */
  readonly user: string;
}

/** A recipient that is not ours, from a client without the right to send to others. */
export interface DomainCause {
  readonly kind: 'domain';
  readonly connector: Connector;
  readonly principals: readonly string[];
  /** The recipient: the whole address, the part before the @ unquoted, and the domain in ASCII. */
  readonly asked: string;
  readonly local: string;
  readonly domain: string;
  readonly literal: boolean;
  readonly accepted: readonly (AcceptedDomain & { readonly Name?: string })[];
}

/** A logon that failed. */
export interface UserCause {
  readonly kind: 'user';
  readonly mechanism: 'Login' | 'Plain';
  /** The name the client gave, without a domain before it. */
  readonly asked: string;
  /** The user of that name, if there is one. */
  readonly user: { readonly Name: string; readonly Enabled: boolean } | undefined;
}

/** What the next host said. */
interface NextHostCause {
  readonly kind: 'nextHost';
  /** `host:port`. */
  readonly host: string;
  /** Its reply, or what became of the connection. */
  readonly said: string;
}

/** Nothing that a setting decides: a mistake of the client's, or something that does not work here. */
interface FaultCause {
  readonly kind: 'fault';
  readonly fault: Fault;
  /** More about it; empty for nothing. */
  readonly detail: string;
}

/** Every fault, with whose it is and what it is in words. */
export const FAULTS = {
  UnknownCommand: { of: 'client', why: 'There is no such command.' },
  ProxyHeader: {
    of: 'client',
    why: 'That is a PROXY header, and the address it comes from is not among ProxyProtocolTrustedSources.',
  },
  Xclient: { of: 'client', why: 'XCLIENT is not taken; a front end says who the client is in a PROXY header.' },
  Syntax: { of: 'client', why: 'The command is not as it has to be.' },
  Sequence: { of: 'client', why: 'The command cannot come here: others have to come before it.' },
  LineTooLong: { of: 'client', why: 'The command is longer than a line may be.' },
  HelloName: {
    of: 'client',
    why: 'That is no name a client may give itself: a word of at most 255 printable characters.',
  },
  NoAddress: { of: 'client', why: 'It is no address that can be used here.' },
  AuthCancelled: { of: 'client', why: 'The client gave its logon up.' },
  UnknownMechanism: { of: 'client', why: 'Clients log on with LOGIN or PLAIN here, and with nothing else.' },
  HttpRequest: { of: 'client', why: 'That is HTTP, and mail is taken here.' },
  Certificate: { of: 'listener', why: 'There is no certificate for TLS.' },
  Disk: { of: 'listener', why: 'The message could not be stored.' },
  Memory: { of: 'listener', why: 'All the memory that clients may make the listener hold is taken.' },
  Ending: {
    of: 'listener',
    why: 'The session was told to end: its connector was removed or disabled, or the listener stops.',
  },
  Busy: { of: 'listener', why: 'No process was free for the connection.' },
  Defect: { of: 'listener', why: 'The listener failed, a defect.' },
} as const satisfies Record<string, { readonly of: 'client' | 'listener'; readonly why: string }>;

export type Fault = keyof typeof FAULTS;

export function fault(name: Fault, detail = ''): FaultCause {
  return { kind: 'fault', fault: name, detail };
}

/**
 * What it is called in counts, metrics and logs: the setting (`MessageRateLimit`), the right (`ms-Exch-SMTP-Submit`),
 * `AcceptedDomain`, `Logon`, `NextHost`, or the fault. Some dozens, and never something that a client said.
 */
export function causeName(cause: Cause): string {
  switch (cause.kind) {
    case 'setting':
    case 'server':
      return cause.setting;
    case 'selection':
      return 'RemoteIPRanges';
    case 'right':
      return RIGHT_PREFIX + cause.right;
    case 'domain':
      return 'AcceptedDomain';
    case 'user':
      return 'Logon';
    case 'nextHost':
      return 'NextHost';
    case 'fault':
      return cause.fault;
  }
}

/** The same, by what it is called (`causeName`). */
export function isMistakeNamed(name: string): boolean {
  return MISTAKES.has(name);
}

const MISTAKES: ReadonlySet<string> = new Set(
  Object.entries(FAULTS).flatMap(([name, { of }]) => (of === 'client' ? [name] : [])),
);

/** Is it only a mistake of the client's, which nothing here could change? */
export function isMistake(cause: Cause): boolean {
  return cause.kind === 'fault' && FAULTS[cause.fault].of === 'client';
}

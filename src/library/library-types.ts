// The library: a listener in your own process, for tests. Only types stand here: the library's declarations are made of this
// file, of message-types.ts and of the settings catalogue (bin/bundle.mjs).
import type { Message } from '../messages/message-types.ts';
import type { ConnectorSettings } from './connector-settings.ts';

export interface StartOptions {
  /**
   * The receive connectors, by name. Left out: one named `Default` that takes mail from anybody for anybody and keeps it.
   * A connector without Bindings listens on `host` and a free port.
   */
  readonly connectors?: Readonly<Record<string, ConnectorSettings>>;
  /** Port of the first connector without Bindings; 0, the default, is any that is free. */
  readonly port?: number;
  /** Address of connectors without Bindings; 127.0.0.1 when left out. */
  readonly host?: string;
  /** Who may log on: name and password. A connector of theirs needs `AuthMechanism: 'Tls, BasicAuth'` and `PermissionGroups: 'ExchangeUsers'`. */
  readonly users?: Readonly<Record<string, string>>;
  /** Domains that mail is taken for; left out or empty: all, while mail stays here. */
  readonly acceptedDomains?: readonly string[];
  /** Settings of the transport service: `{ DeliveryMethod: 'Discard' }`. */
  readonly transport?: Readonly<Record<string, SettingValue>>;
  /** Folder for store, mail and logs; left out: one of its own that is gone after `stop()`. */
  readonly home?: string;
}

export type SettingValue = string | number | boolean | readonly (string | number)[];

/** Which messages: texts are found anywhere, in any case; of addresses, those of the envelope and of the header. */
export interface MessageFilter {
  readonly from?: string | RegExp;
  readonly to?: string | RegExp;
  readonly subject?: string | RegExp;
  readonly text?: string | RegExp;
}

/** An event of the listener (docs/events.md): 1021 is a refused connection. */
export interface LoggedEvent {
  readonly time: string;
  readonly id: number;
  readonly level: 'Information' | 'Warning' | 'Error';
  readonly message: string;
  readonly data: Readonly<Record<string, string | number | boolean>>;
}

/** A session that is open now. */
export interface OpenSession {
  readonly id: string;
  readonly connector: string;
  /** Address of the client. */
  readonly source: string;
  readonly helo: string;
  readonly user: string;
  readonly tls: boolean;
  readonly state: string;
  readonly messages: number;
}

export interface Faults {
  /** Sets these rules instead of those that are; `'rcpt 451 4.3.0 first 3'`. Settles when the listener obeys. @throws ListenerError */
  set(rules: string | readonly string[], name?: string): Promise<void>;
  /** Adds rules behind those that are. @throws ListenerError */
  add(rules: string | readonly string[], name?: string): Promise<void>;
  /** The rules, by the name of the connector. */
  get(name?: string): Promise<Readonly<Record<string, readonly string[]>>>;
  /** Takes all rules away. */
  clear(name?: string): Promise<void>;
}

export interface RunningListener extends AsyncDisposable {
  readonly host: string;
  /** Of the first connector. */
  readonly port: number;
  /** Of every connector, by its name. */
  readonly ports: Readonly<Record<string, number>>;
  /** `smtp://127.0.0.1:31025`. */
  readonly url: string;
  readonly home: string;
  /** All messages taken and not removed, or those that fit, oldest first. */
  messages(filter?: MessageFilter | ((message: Message) => boolean)): Promise<Message[]>;
  /** The oldest message that fits, there already or to come. @throws ListenerError when none has come in `timeout` milliseconds (10,000 when left out) */
  waitForMessage(filter?: MessageFilter | ((message: Message) => boolean), timeout?: number): Promise<Message>;
  /** Changes settings of the connectors of this name or wildcard; settles when the listener obeys. @throws ListenerError */
  set(name: string, settings: ConnectorSettings): Promise<void>;
  /** The settings of a connector, as `rc get --output json` has them. @throws ListenerError when there is none */
  get(name: string): Promise<Readonly<Record<string, unknown>>>;
  /** Faults on purpose (the setting FaultRules), of the connectors of this name or wildcard; all when it is left out. */
  readonly faults: Faults;
  /** Changes settings of the transport service; settles when the listener obeys. @throws ListenerError */
  setTransport(settings: Readonly<Record<string, SettingValue>>): Promise<void>;
  /** What was logged since the start or `clear`, oldest first; of these ids only when some are given. */
  events(...ids: number[]): LoggedEvent[];
  sessions(): Promise<OpenSession[]>;
  /** Removes all messages and forgets all events. */
  clear(): Promise<void>;
  /** Ends it; a folder of its own is removed. Once is enough, twice does no harm. */
  stop(): Promise<void>;
}

/** A setting that cannot be, a name that is not there, a time that is over: the text says what, and what is allowed. */
export declare class ListenerError extends Error {}

/** Starts a listener in this process. On a home in a fleet it shows and counts its own server alone; `rc serve` takes part in the fleet. @throws ListenerError when it cannot be */
export declare function startListener(options?: StartOptions): Promise<RunningListener>;

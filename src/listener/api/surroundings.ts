/** What the API knows of the listener, and how it runs cmdlets; `rc serve` joins them to the real ones. */
import type { ListenerStatus, SessionStatus, SourceDetail } from '../../control/listener-client.ts';

export interface ApiListener {
  status(): ListenerStatus;
  sources(): SourceDetail[];
  /** Settles when what is counted is what is, also where workers count. */
  sync(): Promise<void>;
  sessionInfos(): Promise<SessionStatus[]>;
  disconnect(id: string, now: boolean): Promise<boolean>;
  /** Looks at the store, for it may have changed this moment; `settled` when it is done. */
  hint(): void;
  settled(): Promise<void>;
  /** Why the store as it is cannot be applied; empty when all is well. */
  readonly problem: string;
  /** The machine's own names. */
  readonly names: readonly string[];
}

interface CmdletCall {
  readonly cmdlet: string;
  readonly parameters: Readonly<Record<string, unknown>>;
  /** Of the client: settings only. */
  readonly settings?: Readonly<Record<string, unknown>>;
}

interface CmdletError {
  readonly message: string;
  readonly id: string;
  readonly category: string;
  readonly usage: boolean;
}

/** Runs cmdlets as one statement, in this process: all that they change is written, or nothing. @param via who asks, for the history */
export type RunCmdlets = (
  calls: readonly CmdletCall[],
  via: string,
) => Promise<
  | { readonly results: readonly Readonly<Record<string, unknown>>[]; readonly errors?: undefined }
  | { readonly errors: readonly CmdletError[]; readonly results?: undefined }
>;

/**
 * All that the page's room knows of the rest, besides the domain and small things: the listener it shows, the command it
 * changes things with, and the log it tells events to. open-page.ts joins them to the real ones.
 */
import type { Snapshot } from '../../control/listener-client.ts';
import type { LiveConnector } from '../admission/live-connector.ts';
import type { Health } from '../observe/health.ts';

export type { LiveConnector } from '../admission/live-connector.ts';
export type { EventLog } from '../contracts/event-log.ts';
export { answerHealth } from '../observe/health.ts';
export { EVENTS } from '../records/event-table.ts';

/** What the page shows; the listener with its observer is this. */
export interface WatchedListener {
  /** `known`: events told before. */
  look(known: number): { readonly snapshot: Snapshot; readonly written: number };
  /** Connectors as they run, with those that are gone but still have sessions. */
  readonly connectors: readonly LiveConnector[];
  /** Connectors that are in the store. */
  readonly live: Iterable<Pick<LiveConnector, 'guid' | 'now'>>;
  readonly state: { readonly applied: number; readonly problem: string };
  readonly server: { readonly name: string; readonly fqdn: string };
  /** When what is applied was written into the store, ISO 8601; `state.appliedAt` is when this process took it. */
  readonly changedAt: string;
  /** Another text when messages have come or gone. */
  readonly mailChanged: string;
  /** Looks at the store, for it may have changed this moment; `settled` when it is done. */
  hint(): void;
  /** Does it serve? */
  health(): Health;
  settled(): Promise<void>;
}

/** Runs `rc` with these arguments, to its end. `via` says in the history how it came; `input` goes to its standard input. */
export type RunCommand = (argv: readonly string[], via: string, input?: string) => Promise<CommandResult>;

export interface CommandResult {
  /** null: it was ended because it took too long. */
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

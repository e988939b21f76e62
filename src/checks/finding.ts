/** What a check finds: what is wrong, with what, and the command that mends it. */
import type { Connector } from '../domain/connector.ts';
import type { Transport } from '../domain/transport.ts';
import type { StoreDocument } from '../store/document.ts';

export type Severity = 'Error' | 'Warning' | 'Information';

export interface Finding {
  readonly severity: Severity;
  /** The check's name: OpenRelay, FileModes, … (docs/operations.md lists them). */
  readonly check: string;
  /** What it is about: a connector, a file, a binding. */
  readonly subject: string;
  readonly problem: string;
  /** What to type, or to do. */
  readonly mend: string;
}

/** The configuration under examination. */
export interface Patient {
  readonly document: StoreDocument;
  readonly connectors: readonly Connector[];
  readonly transport: Transport;
}

/** A name as it is typed at a shell. */
export function quoted(name: string): string {
  return /^[\w.-]+$/.test(name) ? name : `"${name.replace(/["\\$`]/g, '\\$&')}"`;
}

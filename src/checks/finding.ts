/** What the checks look at, and what they give. */
import type { Connector } from '../domain/connector.ts';
import type { Finding } from '../domain/finding.ts';
import type { Transport } from '../domain/transport.ts';
import type { StoreDocument } from '../store/document.ts';

export interface CheckFinding extends Finding {
  /** The check's name: OpenRelay, FileModes, … (docs/operations.md lists them). */
  readonly check: string;
}

/** The configuration under examination. */
export interface CheckInput {
  readonly document: StoreDocument;
  readonly connectors: readonly Connector[];
  readonly transport: Transport;
}

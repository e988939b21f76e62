/** What a cause is found from: the moment after a reply. */
import type { Connector } from '../../domain/connector.ts';
import type { ClientScript, Exchange } from '../../domain/rehearsal.ts';
import type { Choice } from '../../domain/selection.ts';
import type { Verdict } from '../admission/gate.ts';
import type { LiveServer } from '../contract.ts';
import type { SmtpSession } from '../session/session.ts';

export interface CauseOf {
  readonly exchange: Exchange;
  readonly verdict: Verdict;
  /** None when the gate refused. */
  readonly session: SmtpSession | undefined;
  readonly server: LiveServer;
  readonly remote: string;
  readonly script: ClientScript;
  /** An error that the session reported; empty for none. */
  readonly defect: string;
  choice(): Choice<Connector>;
}

/** The same, with the session that spoke. */
export interface Scene extends CauseOf {
  readonly session: SmtpSession;
  /** The connector's settings. */
  readonly settings: Connector;
  /** The connector's name as a word of a command. */
  readonly name: string;
}

/** A command that changes settings of the connector. @param flags each with its value */
export function setting(scene: Scene, ...flags: string[]): string {
  return `rc set ${scene.name} ${flags.join(' ')}`;
}

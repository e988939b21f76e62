/** One command of a pipeline, compiled. */
import type { Value } from '../../pipeline/value.ts';
import type { Session } from '../runtime/session.ts';

/** Ready to be started. */
export interface Stage {
  /** It is a cmdlet that changes the store. */
  readonly changes: boolean;
  /** Functions it calls, in lower case; `*` when that is not known. */
  readonly calls: readonly string[];
  /** Binds its arguments and gives its output, which nobody has asked for yet. */
  start(session: Session, input: AsyncIterable<Value> | undefined): Promise<AsyncIterable<Value>>;
}

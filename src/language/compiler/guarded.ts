/** A statement whose errors end it alone, and are told. */
import { CmdletError } from '../../pipeline/error.ts';
import type { Value } from '../../pipeline/value.ts';
import { StoreError } from '../../store/store-error.ts';
import { WildcardError } from '../../text/wildcard.ts';
import { SyntaxProblem } from '../parser/syntax-error.ts';
import type { Leave } from '../runtime/runnable.ts';
import { atOnceCode, type Code } from './code.ts';

/** Errors of an expression or of binding end the statement and are told; $? says how it went. */
export function guarded(code: Code): Code {
  const { atOnce } = code;
  if (atOnce)
    return atOnceCode((session, out) => {
      const before = session.errorCount;
      try {
        const leave = atOnce(session, out);
        // after an error within it the last of its statements has said how it went
        if (session.errorCount === before) session.succeeded = true;
        return leave;
      } catch (error) {
        session.report(reportable(error));
        session.succeeded = false;
        return undefined;
      }
    });
  return {
    async *values(session): AsyncGenerator<Value, Leave | undefined> {
      const before = session.errorCount;
      let leave: Leave | undefined;
      try {
        leave = yield* code.values(session);
      } catch (error) {
        session.report(reportable(error));
      }
      session.succeeded = session.errorCount === before;
      return leave;
    },
  };
}

/** What can be told as an error of the statement. @throws what ends more than the statement */
function reportable(error: unknown): CmdletError {
  if (error instanceof CmdletError) return error;
  if (error instanceof StoreError)
    return new CmdletError(error.message, { id: 'StoreError', category: 'ResourceUnavailable' });
  if (error instanceof WildcardError)
    return new CmdletError(error.message, { kind: 'usage', id: 'WildcardPattern_Invalid' });
  if (error instanceof SyntaxProblem) return new CmdletError(error.render(), { kind: 'usage', id: error.id });
  if (error instanceof RangeError && /call stack/i.test(error.message))
    return new CmdletError('Processing was stopped because the script is too complex.', { id: 'ScriptTooComplicated' });
  if (error instanceof RangeError && /invalid (?:string|array|array buffer) length/i.test(error.message))
    return new CmdletError('A text or list of the script became larger than memory has room for.', {
      id: 'ScriptTooComplicated',
      category: 'LimitsExceeded',
    });
  throw error;
}

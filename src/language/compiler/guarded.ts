/** A statement whose errors end it alone, and are told. */
import { CmdletError } from '../../pipeline/error.ts';
import { StopStatement } from '../../pipeline/run.ts';
import type { Value } from '../../pipeline/value.ts';
import { StoreError } from '../../store/store-error.ts';
import { WildcardError } from '../../text/wildcard.ts';
import { SyntaxProblem } from '../parser/syntax-error.ts';
import { EndedStatement, Leaving, storeFailure } from '../runtime/failure.ts';
import { arose } from '../runtime/place.ts';
import type { Leave, Place } from '../runtime/runnable.ts';
import type { Session } from '../runtime/session.ts';
import { atOnceCode, type Code } from './code.ts';

/**
 * Errors of an expression or of binding end the statement and are told. $? is false after one; a pipeline says it itself.
 * @param isExpression it has done well when it ends: a statement that has others within it leaves $? to them
 */
export function guarded(code: Code, isExpression: boolean, place: Place): Code {
  const { atOnce } = code;
  if (atOnce)
    return atOnceCode((session, out) => {
      try {
        const leave = atOnce(session, out);
        if (isExpression) session.succeeded = true;
        return leave;
      } catch (error) {
        if (error instanceof Leaving) out.push(...error.given.splice(0));
        told(error, session, place);
        return undefined;
      }
    });
  return {
    async *values(session): AsyncGenerator<Value, Leave | undefined> {
      try {
        const leave = yield* code.values(session);
        if (isExpression) session.succeeded = true;
        return leave;
      } catch (error) {
        if (error instanceof Leaving) yield* error.given.splice(0);
        told(error, session, place);
        return undefined;
      }
    },
  };
}

/** @throws what ends more than the statement */
function told(error: unknown, session: Session, place: Place): void {
  if (error instanceof EndedStatement) return;
  if (error instanceof StopStatement) {
    session.succeeded = false;
    arose(error.error, place, session.frame);
  }
  const problem = reportable(error);
  arose(problem, place, session.frame);
  session.succeeded = false;
  session.report(problem);
}

/** What can be told as an error of the statement. @throws what ends more than the statement */
function reportable(error: unknown): CmdletError {
  if (error instanceof CmdletError) return error;
  if (error instanceof StoreError) return storeFailure(error);
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

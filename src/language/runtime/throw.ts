/** What `throw` makes of a value. */
import { StopStatement } from '../../pipeline/run.ts';
import { printed } from '../../pipeline/value.ts';
import { typeName } from './convert.ts';
import { ExceptionObject, ThrownError } from './exceptions.ts';
import { ErrorRecord } from './failure.ts';
import type { Result } from './runnable.ts';
import type { Session } from './session.ts';

/** The error that `throw value` throws; a bare `throw` in a catch block throws what was caught again. */
export function thrown(value: Result, session: Session, isSaid: boolean): StopStatement {
  const { caught } = session.frame;
  // what was an error of its statement alone ends the script, thrown
  if (!isSaid && caught) return new StopStatement(caught.error, caught.from);
  if (value instanceof ErrorRecord) return session.stop(value.error, value.command);
  if (value instanceof ExceptionObject)
    return session.stop(new ThrownError(printed(value.properties.Message), value, value));
  const message = isSaid && value != null ? printed(value) : 'ScriptHalted';
  const type = typeName(value).replace(/^.*\./, '');
  return session.stop(new ThrownError(message, value ?? null, undefined, type));
}

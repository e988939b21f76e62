/**
 * `try`, `catch`, `finally` and `trap`. An error that is caught takes back what the pipeline did that failed, and nothing else
 * of the statement (docs/decisions/0165).
 */
import { CmdletError } from '../../pipeline/error.ts';
import { StopStatement } from '../../pipeline/run.ts';
import type { Value } from '../../pipeline/value.ts';
import { isError } from '../runtime/exceptions.ts';
import { EndedStatement, recordOf, StopForGood } from '../runtime/failure.ts';
import type { Leave } from '../runtime/runnable.ts';
import type { Session } from '../runtime/session.ts';
import { atOnceCode, type Code } from './code.ts';

interface Catch {
  /** The types of errors it is for; none: all. */
  readonly types: readonly string[];
  readonly body: Code;
}

/** The handler of what was thrown; `undefined` when it goes on its way. */
function handlerOf(thrown: unknown, catches: readonly Catch[]): Catch | undefined {
  if (!(thrown instanceof StopStatement) || thrown instanceof StopForGood) return undefined;
  // the first with a fitting type, whatever stands before it without one
  const typed = catches.find((one) => one.types.some((type) => isError(thrown.error, type)));
  return typed ?? catches.find((one) => one.types.length === 0);
}

/** Runs a handler with $_ for the error. */
function handled(session: Session, stop: StopStatement): () => void {
  const { frame } = session;
  const { underscore, caught } = frame;
  session.statement.forgive(stop.error);
  frame.underscore = recordOf(stop.error);
  frame.caught = stop;
  return () => {
    frame.underscore = underscore;
    frame.caught = caught;
  };
}

/** @param isValue what it gives is assigned: an error that leaves it ends the assignment as well */
export function tryCode(body: Code, catches: readonly Catch[], lastly: Code | undefined, isValue: boolean): Code {
  const all = [body, ...catches.map((one) => one.body), ...(lastly ? [lastly] : [])];
  if (all.every((code) => code.atOnce)) return atOnceCode((session, out) => tryAtOnce(session, out));
  function tryAtOnce(session: Session, out: Value[]): Leave | undefined {
    let thrown: unknown;
    let leave: Leave | undefined;
    try {
      leave = caughtAtOnce(session, out);
    } catch (error) {
      thrown = error;
    }
    const last = lastly?.atOnce?.(session, out);
    if (last) return last; // a finally block that leaves decides
    if (thrown) left(session, thrown, isValue);
    return leave;
  }
  function caughtAtOnce(session: Session, out: Value[]): Leave | undefined {
    const { frame } = session;
    frame.catching++;
    let isTrying = true;
    try {
      return body.atOnce!(session, out);
    } catch (thrown) {
      const handler = handlerOf(thrown, catches);
      if (!handler) throw thrown;
      frame.catching--;
      isTrying = false;
      const done = handled(session, thrown as StopStatement);
      try {
        return handler.body.atOnce!(session, out);
      } finally {
        done();
      }
    } finally {
      if (isTrying) frame.catching--;
    }
  }
  return {
    async *values(session) {
      const { frame } = session;
      let isWanted = false;
      let thrown: unknown;
      let leave: Leave | undefined;
      try {
        leave = yield* caught(session, body, catches);
        isWanted = true;
      } catch (error) {
        isWanted = true;
        thrown = error;
      } finally {
        if (!isWanted && lastly) await drained(lastly, session); // nobody wants more; what it gives is lost
      }
      if (lastly) {
        const { catching } = frame;
        leave = (yield* lastly.values(session)) ?? leave;
        frame.catching = catching;
      }
      if (thrown) left(session, thrown, isValue);
      return leave;
    },
  };
}

/** It is told here, where no `catch` took it and nobody else will. @throws what goes on its way, or ends the statement around */
function left(session: Session, thrown: unknown, isValue: boolean): void {
  const isTold = thrown instanceof StopStatement && !(thrown instanceof StopForGood) && session.leftTry(thrown);
  if (!isTold) throw thrown;
  if (isValue) throw new EndedStatement();
}

async function* caught(
  session: Session,
  body: Code,
  catches: readonly Catch[],
): AsyncGenerator<Value, Leave | undefined> {
  const { frame } = session;
  const run = body.values(session);
  let isOver = false;
  try {
    for (;;) {
      let next: IteratorResult<Value, Leave | undefined>;
      frame.catching++; // only while the body itself runs, not while what it gave is used
      try {
        next = await run.next();
      } finally {
        frame.catching--;
      }
      if (next.done) {
        isOver = true;
        return next.value;
      }
      yield next.value;
    }
  } catch (thrown) {
    isOver = true;
    const handler = handlerOf(thrown, catches);
    if (!handler) throw thrown;
    const done = handled(session, thrown as StopStatement);
    try {
      return yield* handler.body.values(session);
    } finally {
      done();
    }
  } finally {
    if (!isOver) await run.return(undefined);
  }
}

async function drained(code: Code, session: Session): Promise<void> {
  const run = code.values(session);
  while (!(await run.next()).done);
}

/** A trap sees what a method threw, not the call around it (ExceptionHandlingOps in MiscOps.cs). */
function unwrapped(stop: StopStatement): StopStatement {
  const inner = /^Exception calling "\w+" with "\d+" argument\(s\): "([\s\S]*)"$/.exec(stop.error.message)?.[1];
  if (inner === undefined) return stop;
  const { id, category, target } = stop.error;
  return new StopStatement(new CmdletError(inner, { id, category, target }), stop.from);
}

/** Statements with a `trap` among them: after an error the trap runs, and what it ends with says how it goes on. */
export function trappedCode(statements: readonly Code[], traps: readonly Catch[]): Code {
  return {
    async *values(session) {
      const { frame } = session;
      for (const code of statements) {
        const run = code.values(session);
        try {
          for (;;) {
            let next: IteratorResult<Value, Leave | undefined>;
            frame.catching++;
            try {
              next = await run.next();
            } finally {
              frame.catching--;
            }
            if (next.done) {
              if (next.value) return next.value;
              break;
            }
            yield next.value;
          }
        } catch (thrown) {
          const trap = handlerOf(thrown, traps);
          if (!trap) throw thrown;
          const stop = thrown as StopStatement;
          const done = handled(session, unwrapped(stop));
          let leave: Leave | undefined;
          try {
            leave = yield* trap.body.values(session);
          } finally {
            done();
          }
          if (leave?.how === 'break') throw thrown;
          if (leave?.how === 'return') return leave;
          if (!leave) session.tell(stop); // a trap that says nothing lets the error be shown
        }
      }
      return undefined;
    },
  };
}

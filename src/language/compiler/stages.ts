/** Runs a pipeline: every command is bound, then the last one pulls what the first gives. */
import { StopStatement } from '../../pipeline/run.ts';
import type { Value } from '../../pipeline/value.ts';
import { elements } from '../runtime/convert.ts';
import { fromCommand } from '../runtime/failure.ts';
import type { Session } from '../runtime/session.ts';
import type { Plan } from './evaluation.ts';
import type { Stage } from './stage.ts';

/** Errors whose pipeline has taken back already what it did. */
const UNDONE = new WeakSet<StopStatement>();

/** @param changes one of its cmdlets changes the store */
export async function* runStages(
  stages: readonly Stage[],
  source: Plan | undefined,
  session: Session,
  changes: boolean,
): AsyncGenerator<Value, undefined> {
  const undo = changes && session.frame.catching ? session.statement.savepoint() : undefined;
  // errors of its own cmdlets make it fail, not those within a function or block that it calls
  const outcome: Session['outcome'] = { failed: false, atEnd: [] };
  try {
    let input: AsyncIterable<Value> | undefined;
    if (source) input = inOrder(elements(await source.run(session)), session);
    const around = session.outcome;
    session.outcome = outcome;
    try {
      for (const stage of stages) input = await stage.start(session, input);
    } finally {
      session.outcome = around;
    }
    yield* input!;
    session.succeeded = !outcome.failed;
    return undefined;
  } catch (error) {
    if (undo && error instanceof StopStatement && !UNDONE.has(error)) {
      undo();
      UNDONE.add(error);
    }
    throw error;
  } finally {
    for (const end of outcome.atEnd) end();
  }
}

/** An expression whose commands have their streams redirected. */
export function sourceStage(source: Plan): Stage {
  return {
    changes: false,
    calls: [],
    start: async (session) => valuesOf(source, session),
  };
}

async function* valuesOf(source: Plan, session: Session): AsyncGenerator<Value> {
  try {
    yield* inOrder(elements(await source.run(session)), session);
  } catch (error) {
    throw fromCommand(error, ''); // not of the cmdlet that reads it
  }
}

async function* inOrder(values: readonly Value[], session: Session): AsyncGenerator<Value> {
  for (const value of values) {
    const wait = session.budget.step();
    if (wait) await wait;
    yield value;
  }
}

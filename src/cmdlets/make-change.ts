/** Making a change to the store, or with -WhatIf saying what it would make different, or be refused for. */
import type { Context } from '../pipeline/context.ts';
import { CmdletError } from '../pipeline/error.ts';
import type { StoreDocument } from '../store/document.ts';
import type { Draft } from '../store/draft.ts';
import { warnOfBindings } from './connectors/warn-of-bindings.ts';

type Change = (draft: Draft) => void;

/**
 * Makes a change of one object, where it is wanted. Its error is one of its own, and the rest goes on.
 * @param what as in `Setting SMTP user "alice".`
 * @param told warns of what the change does, made or tried
 * @returns was it made?
 */
export async function makeChange(context: Context, what: string, change: Change, told?: () => void): Promise<boolean> {
  const before = context.statement.draft.document;
  return (
    (await mayChange(context, what, change, told)) &&
    attempt(context, change, async () => {
      told?.();
      await warnOfBindings(context, before);
    })
  );
}

/**
 * Is the change to be made? With -WhatIf it is made in memory and taken back: what it would be refused for is said, and nothing else; or
 * what it would make different.
 */
export async function mayChange(context: Context, what: string, change: Change, told?: () => void): Promise<boolean> {
  if (!context.preferences.whatIf) return context.shouldProcess(what);
  const before = context.statement.draft.document;
  const takeBack = context.statement.savepoint();
  try {
    await attempt(context, change, async () => {
      await context.shouldProcess(what);
      await tellDifference(context, before);
      told?.();
      await warnOfBindings(context, before);
    });
  } finally {
    takeBack();
  }
  return false;
}

/** Runs a change of one object; its error is one of its own, and the rest goes on. Did it go well? */
export async function attempt(context: Context, change: Change, then?: () => Promise<void>): Promise<boolean> {
  try {
    context.statement.change(change);
    await then?.();
    return true;
  } catch (error) {
    if (!(error instanceof CmdletError)) throw error;
    context.error(error);
    return false;
  }
}

async function tellDifference({ host, statement: { draft } }: Context, before: StoreDocument): Promise<void> {
  const [{ difference }, { changeLines }] = await Promise.all([
    import('../store/difference.ts'),
    import('../history/rows.ts'),
  ]);
  const changes = difference(before, draft.document);
  for (const line of changeLines(changes, draft.servers, { now: host.clock(), whole: true }))
    host.writeHost(`  ${line}`);
}

/** Parameters that say when: one reader for every cmdlet, and errors in the words that were typed. */
import { momentOf } from '../history/since.ts';
import type { Context } from '../pipeline/context.ts';
import { usage } from '../pipeline/error.ts';
import { parsedArgument } from './parsed-argument.ts';

interface Asking<Name extends string> {
  readonly context: Context;
  spell(name: Name): string;
}

/** The moment that a parameter was given, if it was. @throws CmdletError (usage) */
export function momentGiven<Name extends string>(
  { context, spell }: Asking<Name>,
  name: Name,
  given: string | undefined,
): Date | undefined {
  if (given === undefined) return undefined;
  return parsedArgument(spell(name), () => momentOf(given, context.host.clock()));
}

/** @throws CmdletError (usage) when it ends before it begins */
export function refuseBackwards<Name extends string>(
  { spell }: Asking<Name>,
  [from, start]: readonly [Name, Date | undefined],
  [to, end]: readonly [Name, Date | undefined],
): void {
  if (start && end && start > end) throw usage(`${spell(from)} is after ${spell(to)}.`);
}

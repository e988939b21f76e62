import type { Context } from '../pipeline/context.ts';

/** Exchange's words where a Set- cmdlet found everything as it was told to make it. @param what `SERVER\Name`, or a name */
export function warnUnmodified(context: Context, what: string): void {
  context.warn(`The command completed successfully but no settings of '${what}' have been modified.`);
}

/** Cmdlets as the library calls them: what goes wrong is thrown. */
import { runCommands as run } from '../cmdlets/run-commands.ts';
import { authorOf } from '../store/author.ts';
import type { Store } from '../store/store.ts';
import { ListenerError } from './listener-error.ts';

/** Cmdlet, parameters, and what it is answered when it asks for a password. */
export type Command = readonly [cmdlet: string, parameters: Readonly<Record<string, unknown>>, secret?: string];

/** Runs them as one statement: all that they change is written at once, or nothing. @returns what they gave @throws ListenerError */
export async function runCommands(
  store: Store,
  commands: readonly Command[],
): Promise<readonly Record<string, unknown>[]> {
  const calls = commands.map(([cmdlet, parameters, secret]) => ({ cmdlet, parameters, secret }));
  const author = authorOf(process.env, `(library) ${commands.map(([name]) => name).join('; ')}`);
  const { errors, results } = await run(store, calls, author);
  if (errors) throw new ListenerError(errors.map(({ message }) => message).join('\n'));
  return results;
}

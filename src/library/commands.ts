/** Cmdlets called from a program: their parameters as an object, their results as plain values, their errors thrown. */
import { cmdletNamed } from '../cmdlets/table.ts';
import { bindArguments, resolveParameter } from '../pipeline/binder.ts';
import { DEFAULT_PREFERENCES, type Host } from '../pipeline/context.ts';
import { CmdletError } from '../pipeline/error.ts';
import { invoke, StopStatement } from '../pipeline/run.ts';
import { Statement } from '../pipeline/statement.ts';
import type { Value } from '../pipeline/value.ts';
import { plainJson } from '../print/json.ts';
import { authorOf } from '../store/author.ts';
import type { Store } from '../store/store.ts';
import { StoreError } from '../store/store-error.ts';
import { WildcardError } from '../text/wildcard.ts';
import { ListenerError } from './listener-error.ts';

/** Cmdlet, parameters, and what it is answered when it asks for a password. */
export type Command = readonly [name: string, parameters: Readonly<Record<string, unknown>>, secret?: string];

/** Runs cmdlets as one statement: all that they change is written at once, or nothing. @returns what they gave @throws ListenerError */
export async function runCommands(store: Store, commands: readonly Command[]): Promise<Record<string, unknown>[]> {
  const errors: string[] = [];
  const statement = new Statement(store);
  const results: Value[] = [];
  try {
    for (const [name, parameters, secret] of commands) {
      const cmdlet = cmdletNamed(name)!;
      const named = Object.entries(parameters)
        .filter(([, value]) => value !== undefined)
        .map(([key, value]) => [resolveParameter(cmdlet, key, 'flags'), value as Value] as const);
      const around = {
        host: hostOf(secret, errors),
        store,
        statement,
        preferences: DEFAULT_PREFERENCES,
        answers: {},
      };
      for await (const value of invoke(bindArguments(cmdlet, { named, positional: [] }, 'flags'), undefined, around))
        results.push(value);
      if (errors.length) throw new ListenerError(errors.join('\n'));
    }
    await statement.end(authorOf(process.env, `(library) ${commands.map(([name]) => name).join('; ')}`));
    return results.map((value) => plainJson(value) as Record<string, unknown>);
  } catch (error) {
    const expected = [StopStatement, CmdletError, StoreError, WildcardError].some((kind) => error instanceof kind);
    throw expected ? new ListenerError((error as Error).message) : error;
  }
}

function hostOf(secret: string | undefined, errors: string[]): Host {
  return {
    env: {},
    cwd: process.cwd(),
    clock: () => new Date(),
    writeWarning: () => {},
    writeError: (error) => errors.push(error.message),
    writeVerbose: () => {},
    writeHost: () => {},
    ask: async () => secret,
    columns: undefined,
    compile: () => {
      throw new CmdletError('A program gives no script blocks.');
    },
  };
}

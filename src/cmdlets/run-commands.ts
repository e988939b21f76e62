/** Cmdlets called from a program: their parameters as an object, their results as plain values, what went wrong as a list. */
import { bindArguments, resolveParameter } from '../pipeline/binder.ts';
import { DEFAULT_PREFERENCES, type Host } from '../pipeline/context.ts';
import { CmdletError } from '../pipeline/error.ts';
import { CHANGE_PARAMETERS, COMMON_PARAMETERS } from '../pipeline/parameter.ts';
import { invoke, StopStatement } from '../pipeline/run.ts';
import { Statement } from '../pipeline/statement.ts';
import type { Value } from '../pipeline/value.ts';
import { plainJson } from '../print/json.ts';
import type { Author } from '../store/author.ts';
import type { Store } from '../store/store.ts';
import { StoreError } from '../store/store-error.ts';
import { show } from '../text/printable.ts';
import { WildcardError } from '../text/wildcard.ts';
import { cmdletNamed } from './table.ts';

/** One call. Names of parameters are those of the command line: `AddBindings` is one. */
export interface Command {
  readonly cmdlet: string;
  readonly parameters: Readonly<Record<string, unknown>>;
  /** From outside: settings only, no WhatIf, nothing that `parameters` say already. */
  readonly settings?: Readonly<Record<string, unknown>>;
  /** What it is answered when it asks for a password. */
  readonly secret?: string | undefined;
}

/** What went wrong; nothing was changed then. */
interface CommandError {
  readonly message: string;
  /** PowerShell's: `ManagementObjectNotFound`, `ObjectNotFound`; of the store, its own code and `Store`. */
  readonly id: string;
  readonly category: string;
  readonly usage: boolean;
}

type Outcome =
  | { readonly results: readonly Record<string, unknown>[]; readonly errors?: undefined }
  | { readonly errors: readonly CommandError[]; readonly results?: undefined };

/** Runs cmdlets as one statement: all that they change is written at once, or nothing. */
export async function runCommands(store: Store, commands: readonly Command[], author: Author): Promise<Outcome> {
  const errors: CmdletError[] = [];
  const statement = new Statement(store);
  const results: Value[] = [];
  try {
    for (const command of commands) {
      const around = {
        host: hostOf(command.secret, errors),
        store,
        statement,
        preferences: DEFAULT_PREFERENCES,
        answers: {},
      };
      for await (const value of invoke(bound(command), undefined, around)) results.push(value);
      if (errors.length) return { errors: errors.map(told) };
    }
    await statement.end(author);
    return { results: results.map((value) => plainJson(value) as Record<string, unknown>) };
  } catch (error) {
    if (error instanceof StopStatement) return { errors: [told(error.error)] };
    if (error instanceof CmdletError) return { errors: [told(error)] };
    if (error instanceof StoreError)
      return { errors: [{ message: error.message, id: error.code, category: 'Store', usage: false }] };
    if (error instanceof WildcardError) return { errors: [told(new CmdletError(error.message, { kind: 'usage' }))] };
    throw error;
  }
}

function bound({ cmdlet: name, parameters, settings = {} }: Command) {
  const cmdlet = cmdletNamed(name)!;
  const resolved = (given: object) =>
    Object.entries(given)
      .filter(([, value]) => value !== undefined)
      .map(([key, value]) => [resolveParameter(cmdlet, key, 'flags'), value as Value] as const);
  const own = resolved(parameters);
  const theirs = resolved(settings);
  const taken = new Set([...NO_SETTINGS, ...own.map(([parameter]) => parameter.name)]);
  const odd = theirs.find(([parameter]) => taken.has(parameter.name));
  if (odd) throw new CmdletError(`${show(odd[0].name)} is no setting of a connector.`, { kind: 'usage' });
  return bindArguments(cmdlet, { named: [...own, ...theirs], positional: [] }, 'flags');
}

const NO_SETTINGS: readonly string[] = [...COMMON_PARAMETERS, ...CHANGE_PARAMETERS].map(({ name }) => name);

function told({ message, id, category, kind }: CmdletError): CommandError {
  return { message, id, category, usage: kind === 'usage' };
}

function hostOf(secret: string | undefined, errors: CmdletError[]): Host {
  return {
    env: {},
    cwd: process.cwd(),
    clock: () => new Date(),
    writeWarning: () => {},
    writeError: (error) => errors.push(error),
    writeVerbose: () => {},
    writeHost: () => {},
    ask: async () => secret,
    columns: undefined,
    compile: () => {
      throw new CmdletError('A program gives no script blocks.');
    },
  };
}

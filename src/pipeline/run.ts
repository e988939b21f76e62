/** Runs a cmdlet within a statement: common parameters, error and warning streams, -WhatIf and -Confirm. */

import type { Site } from '../domain/setting.ts';
import type { Draft } from '../store/draft.ts';
import type { Store } from '../store/store.ts';
import { show } from '../text/printable.ts';
import { nearest } from '../text/suggest.ts';
import { hasWildcard, WildcardError } from '../text/wildcard.ts';
import { type Call, type Cmdlet, type Invocation, parametersOf } from './cmdlet.ts';
import type { Context, Host, Preferences } from './context.ts';
import { CmdletError } from './error.ts';
import { expectHere } from './here.ts';
import type { Statement } from './statement.ts';
import { printed, type Value } from './value.ts';

/** An error that ends the statement: -ErrorAction Stop, "no" to all, or a cmdlet that cannot go on. */
export class StopStatement extends Error {
  constructor(
    readonly error: CmdletError,
    /** The cmdlet it comes from, or what stands before its message. */
    readonly from = '',
    /** It ends no more than the statement it arose in: nobody asked to stop, and `throw` did not throw it. */
    readonly endsStatement = false,
  ) {
    super(error.message);
  }
}

export interface Surroundings {
  readonly host: Host;
  readonly store: Store;
  readonly statement: Statement;
  readonly preferences: Preferences;
  /** Answers to "Yes to All" and "No to All" hold for the statement. */
  readonly answers: { all?: 'yes' | 'no' };
  /** An error was written, also one that is ignored ($?). */
  onFailure?(): void;
  /** What is thrown for an error with which the cmdlet cannot go on, if it ends more than the cmdlet. */
  ended?(error: CmdletError, invocation: Invocation): Error | undefined;
  /** Sees what is written to the error and warning streams (-ErrorVariable, $Error). */
  onError?(error: CmdletError, invocation: Invocation): void;
  onWarning?(message: string, invocation: Invocation): void;
  /** @returns whether it went elsewhere than to whoever reads (-InformationVariable hears of it in any case) */
  onInformation?(
    record: { message: Value; tags: readonly string[]; end: string | undefined },
    isRecorded: boolean,
  ): boolean;
  /** Of an object that no parameter takes, as each was given. */
  notBound?(object: Value): CmdletError;
}

/** The cmdlet's output for these arguments and this input. Errors of single objects go to the error stream. */
export async function* invoke(
  invocation: Invocation,
  input: Call['input'],
  around: Surroundings,
): AsyncGenerator<Value> {
  const { cmdlet } = invocation;
  const { ErrorAction } = invocation.arguments;
  const preferences = preferencesOf(invocation, around.preferences);
  const context = new CallContext(invocation, preferences, around);
  if (ErrorAction !== undefined && ErrorAction !== 'Stop' && cmdlet.changes) around.statement.keepGoing = true;
  try {
    if (cmdlet.changes && !preferences.whatIf) around.statement.changes = true;
    const newest = looksAtSettings(cmdlet) ? around.statement.newest() : undefined;
    const behind = newest && (await newest);
    if (behind) context.warn(behind);
    context.onServers = serversAsked(invocation, around.statement);
    if (cmdlet.looksHere) expectHere(context, cmdlet);
    yield* cmdlet.run({ ...boundTo(invocation, input, context, around), context });
  } catch (error) {
    if (!(error instanceof CmdletError)) throw error;
    const ended = around.ended?.(error, invocation);
    if (ended) throw ended;
    context.error(error); // the cmdlet cannot go on; downstream sees the end of its output
  }
}

/** What is piped in where every parameter that would take it was given is bound to nothing, object by object (PowerShell's own cmdlets). */
function boundTo(
  invocation: Invocation,
  input: Call['input'],
  context: Context,
  { notBound }: Surroundings,
): Omit<Call, 'context'> {
  const { cmdlet, has } = invocation;
  const taking = cmdlet.parameters.filter(({ pipeline }) => pipeline);
  const isOwn = cmdlet.group === 'objects' || cmdlet.group === 'output' || cmdlet.group === 'language';
  const isTaken =
    taking.every(({ name }) => has(name)) && !cmdlet.parameters.some((one) => one.byProperty && !has(one.name));
  if (!input || !notBound || !isOwn || !taking.length || !isTaken) return { ...invocation, input };
  const without = Object.fromEntries(taking.map(({ name }) => [name, undefined]));
  return {
    ...invocation,
    arguments: { ...invocation.arguments, ...without },
    has: (name) => !(name in without) && has(name),
    input: refused(input, (object) => context.error(notBound(object))),
  };
}

// biome-ignore lint/correctness/useYield: it gives nothing
async function* refused(input: AsyncIterable<Value>, refuse: (object: Value) => void): AsyncGenerator<Value> {
  for await (const object of input) refuse(object);
}

function looksAtSettings({ group, passesFleet }: Cmdlet): boolean {
  return !passesFleet && group !== 'objects' && group !== 'output' && group !== 'language';
}

/** The servers that -Server narrows the cmdlet to; `undefined`: all. @throws CmdletError when there is no such server */
function serversAsked(invocation: Invocation, statement: Statement): readonly Site[] | undefined {
  const parameter = parametersOf(invocation.cmdlet).find(({ narrows }) => narrows);
  const value = parameter && invocation.valueOf(parameter);
  return value === undefined ? undefined : serversMeant(statement.draft, printed(value)); // read only now: rc validate runs on a store that cannot be read
}

/** Those that a name, an FQDN or a wildcard means. @throws CmdletError when a plain name finds none, or the wildcard is none */
export function serversMeant({ servers }: Draft, text: string): readonly Site[] {
  let sites: readonly Site[];
  try {
    sites = servers.meant(text);
  } catch (error) {
    if (!(error instanceof WildcardError)) throw error;
    throw new CmdletError(error.message, { kind: 'usage', id: 'WildcardPattern_Invalid', target: text });
  }
  if (sites.length || hasWildcard(text)) return sites;
  const names = servers.all.map(({ server }) => server);
  const close = names.length > 1 ? nearest(text, names) : undefined;
  const hint = close ? ` Did you mean ${show(close)}?` : '';
  const there =
    names.length > 1
      ? `There are ${names.slice(0, 20).join(', ')}${names.length > 20 ? ', …' : ''}`
      : `There is one server in a store, ${names[0]}`;
  throw new CmdletError(
    `The operation couldn't be performed because object '${text}' couldn't be found on '${servers.own.server}'.${hint} ${there}.`,
    { id: 'ManagementObjectNotFound', category: 'ObjectNotFound', target: text },
  );
}

function preferencesOf({ arguments: args, has }: Invocation, around: Preferences): Preferences {
  return {
    verbose: has('Verbose') ? args.Verbose : around.verbose,
    debug: has('Debug') ? args.Debug : around.debug,
    errorAction: args.ErrorAction ?? around.errorAction,
    warningAction: args.WarningAction ?? around.warningAction,
    informationAction: args.InformationAction ?? around.informationAction,
    whatIf: has('WhatIf') ? args.WhatIf : around.whatIf,
    confirm: has('Confirm') ? args.Confirm : args.Yes ? false : around.confirm,
  };
}

class CallContext implements Context {
  readonly host: Host;
  readonly store: Store;
  readonly statement: Statement;
  onServers: readonly Site[] | undefined;

  constructor(
    readonly invocation: Invocation,
    readonly preferences: Preferences,
    readonly around: Surroundings,
  ) {
    this.host = around.host;
    this.store = around.store;
    this.statement = around.statement;
  }

  warn(message: string): void {
    this.around.onWarning?.(message, this.invocation);
    const action = this.preferences.warningAction;
    if (action === 'SilentlyContinue' || action === 'Ignore') return;
    this.host.writeWarning(message);
    if (action === 'Stop') throw new StopStatement(new CmdletError(message, { id: 'WarningActionStop' }));
  }

  inform(message: Value, tags: readonly string[], end?: string): void {
    const action = this.preferences.informationAction;
    const isTaken = this.around.onInformation?.({ message, tags, end }, action !== 'Ignore');
    const text = printed(message);
    if (!isTaken && action !== 'Ignore' && (end !== undefined || action !== 'SilentlyContinue'))
      this.host.writeHost(text, end);
    if (action !== 'Stop') return;
    const why = `The running command stopped because the preference variable "InformationPreference" or common parameter is set to Stop: ${text}`;
    const type = 'System.Management.Automation.ActionPreferenceStopException';
    const error = new CmdletError(why, { id: 'ActionPreferenceStop', category: 'OperationStopped', type });
    this.around.onFailure?.();
    this.around.onError?.(error, this.invocation);
    throw new StopStatement(error, this.invocation.cmdlet.name);
  }

  verbose(message: string): void {
    if (this.preferences.verbose) this.host.writeVerbose(message);
  }

  error(error: CmdletError): void {
    const action = this.preferences.errorAction;
    this.around.onFailure?.();
    if (action !== 'Ignore') {
      this.statement.errors.push(error);
      if (action === 'SilentlyContinue') this.statement.silenced.add(error);
      this.around.onError?.(error, this.invocation);
    }
    // told where nobody catches it
    if (action === 'Stop') throw new StopStatement(error, this.invocation.cmdlet.name);
    if (action !== 'SilentlyContinue' && action !== 'Ignore') this.host.writeError(error, this.invocation.cmdlet.name);
  }

  async shouldProcess(action: string): Promise<boolean> {
    if (this.preferences.whatIf) {
      this.host.writeHost(`What if: ${action}`);
      return false;
    }
    const asks = this.preferences.confirm ?? this.invocation.cmdlet.changes === 'high';
    if (asks && this.around.answers.all !== 'yes') {
      if (this.around.answers.all === 'no') return false;
      if (!(await this.#confirm(action))) return false;
    }
    this.verbose(action);
    return true;
  }

  #confirm(action: string): Promise<boolean> {
    const { host, answers } = this.around;
    return confirmed(
      host,
      answers,
      action,
      this.invocation.cmdlet.name,
      this.invocation.spelling === 'flags' ? '--yes' : '-Confirm:$false',
    );
  }
}

/**
 * Asks whether something is to be done; "to all" is remembered in `answers`. `without`: what to type so that nobody asks.
 * @throws StopStatement when there is no terminal to ask on
 */
export async function confirmed(
  host: Host,
  answers: Surroundings['answers'],
  action: string,
  command: string,
  without: string,
  caption = 'Confirm',
): Promise<boolean> {
  if (answers.all) return answers.all === 'yes';
  const question = caption === 'Confirm' ? `Are you sure you want to perform this action?\n${action}` : action;
  const text = `\n${caption}\n${question}\n`;
  for (let prompt = text + CHOICES; ; prompt = HELP + CHOICES) {
    const answer = await host.ask(prompt);
    if (answer === undefined) {
      throw new StopStatement(
        new CmdletError(
          `${command} asks before it does this, and there is no terminal to ask on. To do it without asking, pass ${without}. (${action})`,
          { id: 'NoTerminalToConfirm' },
        ),
        command,
      );
    }
    switch (answer.trim().toLowerCase()) {
      case '':
      case 'y':
      case 'yes':
        return true;
      case 'a':
        answers.all = 'yes';
        return true;
      case 'n':
      case 'no':
        return false;
      case 'l':
        answers.all = 'no';
        return false;
    }
  }
}

const CHOICES = '[Y] Yes  [A] Yes to All  [N] No  [L] No to All  [?] Help (default is "Y"): ';
const HELP = `Y - Continue with only the next step of the operation.
A - Continue with all the steps of the operation.
N - Skip this operation and proceed with the next operation.
L - Skip this operation and all subsequent operations.
`;

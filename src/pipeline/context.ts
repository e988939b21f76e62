/** What surrounds a running cmdlet: the statement it belongs to, the streams besides output, and the questions it may ask. */
import type { Rehearsing } from '../domain/rehearsal.ts';
import type { Site } from '../domain/setting.ts';
import type { Store } from '../store/store.ts';
import type { CmdletError } from './error.ts';
import type { Statement } from './statement.ts';
import type { ScriptBlock, Value } from './value.ts';

/** The world outside, handed in so that tests and the shell can replace it. */
export interface Host {
  readonly env: NodeJS.ProcessEnv;
  readonly cwd: string;
  clock(): Date;
  /** Lines on stderr; already printable. */
  writeWarning(text: string): void;
  writeError(error: CmdletError, cmdlet: string): void;
  writeVerbose(text: string): void;
  /** `end`: what follows the text as it is; when it is not said, a line break, and on a terminal lines are broken at words. */
  writeHost(text: string, end?: string): void;
  /** Asks on the terminal. `undefined`: there is none. `secret` does not echo. */
  ask(prompt: string, options?: { secret?: boolean }): Promise<string | undefined>;
  /** Aborted by Ctrl-C, from the first call on: for what would wait for ever and ends well by it. */
  interrupted?(): AbortSignal;
  /** Width of the output in columns; `undefined` when it is no terminal. */
  readonly columns: number | undefined;
  /** Reads `{ … }` given as text (rc where '{ … }'). */
  compile(text: string): ScriptBlock;
  /** The listener's own judgement, loaded when it is asked for; not there where there is no listener to load. */
  listener?(): Rehearsing;
  /** $FormatEnumerationLimit: elements of a list that views show, -1 for all; 4 when it is not said. */
  enumerationLimit?: number;
  /** Calls a method of a value as the language does; `undefined`: it gives nothing. @throws CmdletError (MethodNotFound when there is none) */
  callMethod?(target: Value, name: string, args: readonly Value[]): Value | undefined;
  /** Bytes go to a file that a person named. @throws StopStatement when a script writes without end */
  wrote?(bytes: number): void;
  /** Sets a variable of the language (Tee-Object -Variable); not there on a command line. */
  setVariable?(name: string, value: Value): void;
}

export interface Context {
  readonly host: Host;
  readonly store: Store;
  readonly statement: Statement;
  /** The servers that -Server narrows the call to; `undefined`: all. */
  readonly onServers: readonly Site[] | undefined;
  /** The call's own wishes: -Verbose, -ErrorAction, -WhatIf, -Confirm, or what surrounds it. */
  readonly preferences: Preferences;
  warn(message: string): void;
  /** What -InformationVariable records. @param end what follows the text where it is said; of Write-Host, which is said unless it is to be ignored */
  inform(message: Value, tags: readonly string[], end?: string): void;
  verbose(message: string): void;
  /** An error of one object; the rest goes on. @throws it when ErrorAction is Stop */
  error(error: CmdletError): void;
  /**
   * Is the change wanted? -WhatIf says `What if: ACTION.` and answers no; -Confirm asks.
   * @param action what is about to be done, as a sentence: `Setting Receive connector "SERVER\NAME".`
   */
  shouldProcess(action: string): Promise<boolean>;
}

export type ErrorAction = 'Continue' | 'Stop' | 'SilentlyContinue' | 'Ignore' | 'Inquire';

export interface Preferences {
  readonly verbose: boolean;
  readonly debug: boolean;
  /** `undefined`: not said; errors are shown, the rest is processed, but nothing is written unless all went well. */
  readonly errorAction: ErrorAction | undefined;
  readonly warningAction: ErrorAction;
  readonly informationAction: ErrorAction;
  readonly whatIf: boolean;
  /** `undefined`: not said; cmdlets of high impact ask. */
  readonly confirm: boolean | undefined;
}

export const DEFAULT_PREFERENCES: Preferences = {
  verbose: false,
  debug: false,
  errorAction: undefined,
  warningAction: 'Continue',
  informationAction: 'SilentlyContinue',
  whatIf: false,
  confirm: undefined,
};

/**
 * What a text is compiled to: plans of expressions, code of statements, and what can be called. `S` is the session it runs
 * in. A session keeps functions, and functions run in a session: so the shapes stand below it, and the session ties the knot.
 */
import type { Value } from '../../pipeline/value.ts';

/** A value, or `undefined` for what a pipeline gives that gives nothing (as $null, but no element of a list). */
export type Result = Value | undefined;

/**
 * What an expression is compiled to. Expressions without commands in them run synchronously: a condition that is asked
 * for ten thousand objects costs a function call each, no promise.
 */
export type PlanIn<S> = NowIn<S> | LaterIn<S>;
export interface NowIn<S> {
  readonly now: true;
  run(session: S): Result;
}
export interface LaterIn<S> {
  readonly now: false;
  run(session: S): Promise<Result>;
}

/** How code was left before its end: to which loop, or out of the function. `undefined`: it was not. */
export type Leave = { readonly how: 'break' | 'continue'; readonly label?: string } | { readonly how: 'return' };

/** A statement that can run. */
export interface CodeIn<S> {
  /**
   * Runs it at once, when nothing in it has to be waited for. What it gives is put behind what is in `out`, so that what was
   * given before an error is not lost with it.
   */
  readonly atOnce?: (session: S, out: Value[]) => Leave | undefined;
  values(session: S): AsyncGenerator<Value, Leave | undefined>;
}

/** The compiled body of a function, block or script. */
export interface CompiledBodyIn<S> {
  /** `undefined`: there is no `param`; what is given is $args. */
  readonly parameters: readonly FunctionParameterIn<S>[] | undefined;
  /** `[CmdletBinding()]`, or a parameter with `[Parameter()]`: it takes the common parameters and nothing that it does not know. */
  readonly advanced: boolean;
  readonly supportsShouldProcess: boolean;
  readonly confirmImpact: 'none' | 'low' | 'medium' | 'high';
  readonly positionalBinding: boolean;
  readonly defaultSet: string | undefined;
  readonly begin?: CodeIn<S>;
  readonly process?: CodeIn<S>;
  readonly end?: CodeIn<S>;
  readonly text: string;
  /** It holds a cmdlet that changes the store. */
  readonly changes: boolean;
  /** Functions it calls, in lower case; `*` when that is not known. */
  readonly calls: ReadonlySet<string>;
}

export interface FunctionParameterIn<S> {
  readonly name: string;
  readonly lower: string;
  readonly type: string | undefined;
  readonly aliases: readonly string[];
  readonly isSwitch: boolean;
  /** By name of parameter set; `*` for all. */
  readonly sets: ReadonlyMap<string, SetMembership>;
  readonly otherwise: PlanIn<S> | undefined;
  readonly checks: readonly ValueCheckIn<S>[];
  readonly allows: { readonly null: boolean; readonly emptyString: boolean; readonly emptyCollection: boolean };
}

export interface SetMembership {
  /** The set's name as it was written. */
  readonly name: string | undefined;
  readonly mandatory: boolean;
  readonly position: number | undefined;
  readonly pipeline: boolean;
  readonly byName: boolean;
  readonly rest: boolean;
}

/** `[ValidateSet('a', 'b')]`: the attribute's arguments are evaluated when a value is checked. */
export interface ValueCheckIn<S> {
  /** In lower case: `validateset`. */
  readonly name: string;
  readonly positional: readonly PlanIn<S>[];
  readonly named: ReadonlyMap<string, PlanIn<S> | undefined>;
}

export interface CalleeIn<S> {
  readonly name: string;
  readonly body: CompiledBodyIn<S>;
  readonly kind: 'function' | 'filter' | 'block' | 'script';
  /** The script's file. */
  readonly file?: string;
  /** Of .GetNewClosure(): the variables of the level that asked for it, as they were. */
  readonly closedOver?: ReadonlyMap<string, Slot>;
}

/** A variable. */
export interface Slot {
  /** As it was first written. */
  readonly name: string;
  value: Value;
  /** It was given what a pipeline gives that gives nothing: as $null, but no element of a list, and nothing goes through a pipeline. */
  isNothing?: boolean;
  /** `[int]$x = …`: what is assigned later is converted too. */
  type?: string;
  /** A preference that nobody has set yet. */
  untouched?: boolean;
}

/** Another name of a command (Set-Alias, New-Alias). */
export interface Alias {
  /** As it was written. */
  readonly name: string;
  /** The command it stands for, which may be an alias itself, or not be there. */
  readonly definition: string;
  readonly options: 'None' | 'ReadOnly' | 'Constant' | 'AllScope' | 'Private';
  readonly description: string;
  /** It stands for a cmdlet that changes the store. */
  readonly changes: boolean;
}

/** The statement or command that failed, or that called. */
export interface Place {
  readonly text: string;
  /** The file that the text stands in. */
  readonly file?: string | undefined;
  /** From its first character up to, not including, the last. */
  readonly at: readonly [start: number, end: number];
  /** What a command was called as: an alias. */
  readonly calledAs?: string;
}

/** A function, script or block that runs: what it is called, and where it was called. */
export interface Called {
  /** `''`: a block or script. */
  readonly name: string;
  readonly from: Place | undefined;
}

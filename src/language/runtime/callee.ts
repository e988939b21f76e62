/** What can be called: a function, a script block, a script file. Its code, and how its parameters are declared. */
import type { Code } from '../compiler/code.ts';
import type { Plan } from '../compiler/evaluation.ts';

/** The compiled body of a function, block or script. */
export interface CompiledBody {
  /** `undefined`: there is no `param`; what is given is $args. */
  readonly parameters: readonly FunctionParameter[] | undefined;
  /** `[CmdletBinding()]`, or a parameter with `[Parameter()]`: it takes the common parameters and nothing that it does not know. */
  readonly advanced: boolean;
  readonly supportsShouldProcess: boolean;
  readonly confirmImpact: 'none' | 'low' | 'medium' | 'high';
  readonly positionalBinding: boolean;
  readonly defaultSet: string | undefined;
  readonly begin?: Code;
  readonly process?: Code;
  readonly end?: Code;
  readonly text: string;
  /** It holds a cmdlet that changes the store. */
  readonly changes: boolean;
  /** Functions it calls, in lower case; `*` when that is not known. */
  readonly calls: ReadonlySet<string>;
}

export interface FunctionParameter {
  readonly name: string;
  readonly lower: string;
  readonly type: string | undefined;
  readonly aliases: readonly string[];
  readonly isSwitch: boolean;
  /** By name of parameter set; `*` for all. */
  readonly sets: ReadonlyMap<string, SetMembership>;
  readonly otherwise: Plan | undefined;
  readonly checks: readonly ValueCheck[];
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
export interface ValueCheck {
  /** In lower case: `validateset`. */
  readonly name: string;
  readonly positional: readonly Plan[];
  readonly named: ReadonlyMap<string, Plan | undefined>;
}

export interface Callee {
  readonly name: string;
  readonly body: CompiledBody;
  readonly kind: 'function' | 'filter' | 'block' | 'script';
  /** The script's file. */
  readonly file?: string;
}

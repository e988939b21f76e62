/**
 * What a cmdlet is: parameters declared once, and a function from an object stream to an object stream. The command line
 * (src/cli), the language (src/language), help, man pages and completion are all derived from this declaration.
 */

import type { Kind } from '../domain/kind.ts';
import { kebab } from '../text/flag-name.ts';
import type { Arguments } from './arguments.ts';
import type { Context } from './context.ts';
import type { Value } from './value.ts';

export { kebab };

export type ParameterType =
  /** Present or not; also `-Switch:$false`, `--switch=false`, `--no-switch`. */
  | 'switch'
  /** Yes or no, always with a value, as Exchange's Boolean parameters: `-Enabled $false`. */
  | 'bool'
  /** One text. */
  | 'string'
  /** Texts, `a,b` or several arguments. */
  | 'strings'
  /** A whole number of at least 0. */
  | 'int'
  /** A file name. */
  | 'path'
  /** Any value, or a list of them, not converted. */
  | 'value'
  /** Property names, wildcards and calculated properties. */
  | 'properties'
  /** `{ … }` */
  | 'scriptblock'
  /** A setting of the catalogue: text, typed value, or `@{Add=…; Remove=…}` for lists. */
  | 'setting';

export interface Parameter {
  /** PascalCase, as in PowerShell. */
  readonly name: string;
  readonly type: ParameterType;
  readonly help: string;
  readonly aliases?: readonly string[];
  /** Takes the n-th argument without a name. */
  readonly position?: number;
  /** Takes all further arguments without a name too. */
  readonly rest?: boolean;
  readonly mandatory?: boolean;
  /** Takes piped objects. */
  readonly pipeline?: boolean;
  /** For type 'setting': its name in the catalogue. */
  readonly setting?: string;
  /** For type 'setting': what its value is. */
  readonly kind?: Kind['name'];
  /** Values to complete and to name in errors. */
  readonly values?: readonly string[];
  /** What completes it: connector names, property names, accepted domains… */
  readonly completes?: 'connector' | 'property' | 'cmdlet' | 'user' | 'domain' | 'file';
  /** How help names the value. */
  readonly placeholder?: string;
  /** Exists on the command line only, not in the language (`--add-bindings`; there it is `@{Add=…}`). */
  readonly commandLineOnly?: boolean;
  /** Read from a prompt, stdin or file only. */
  readonly secret?: boolean;
}

export interface Example {
  /** As typed at a shell prompt: `rc set 'default*' --max-inbound-per-source 100`. */
  readonly command: string;
  /** The same in the command language, when it has one. */
  readonly language?: string;
  readonly does: string;
}

export type CmdletGroup = 'connectors' | 'server' | 'objects' | 'output' | 'history' | 'language';

export interface Cmdlet {
  /** Verb-Noun, as in PowerShell. */
  readonly name: string;
  /** The short command: `get` for `rc get`. */
  readonly short?: string;
  /** Names in the language besides `name`: `select`, `?`. Also accepted by `rc`. */
  readonly aliases?: readonly string[];
  readonly group: CmdletGroup;
  /** One line, without a full stop. */
  readonly summary: string;
  readonly description?: string;
  readonly parameters: readonly Parameter[];
  readonly examples: readonly Example[];
  /** Changes something: takes -WhatIf and -Confirm, and `--wait` on the command line. 'high' asks unless -Confirm:$false. */
  readonly changes?: 'low' | 'high';
  /** Reads piped objects; on the command line stdin is read when no identity was given ('needed') or only for `-` ('optional'). */
  readonly input?: 'needed' | 'optional';
  /** Type of the objects it gives, for completion of property names. */
  readonly gives?: string;
  run(call: Call): AsyncIterable<Value>;
}

export interface Call {
  readonly arguments: Arguments;
  /** Piped objects; `undefined` when it is first in its pipeline. */
  readonly input: AsyncIterable<Value> | undefined;
  readonly context: Context;
}

/** Parameters that every cmdlet has (about_CommonParameters); WhatIf and Confirm only where something changes. */
export const COMMON_PARAMETERS: readonly Parameter[] = [
  { name: 'Verbose', aliases: ['vb'], type: 'switch', help: 'Says what is being done, on stderr.' },
  { name: 'Debug', aliases: ['db'], type: 'switch', help: 'Shows what helps to find a mistake, such as stack traces.' },
  {
    name: 'ErrorAction',
    aliases: ['ea'],
    type: 'string',
    values: ['Continue', 'Stop', 'SilentlyContinue', 'Ignore', 'Inquire'],
    help: 'What an error of one object does: Stop ends the command; Continue changes the other objects all the same.',
  },
  { name: 'ErrorVariable', aliases: ['ev'], type: 'string', help: 'Variable that collects the errors.' },
  {
    name: 'WarningAction',
    aliases: ['wa'],
    type: 'string',
    values: ['Continue', 'SilentlyContinue', 'Stop', 'Ignore', 'Inquire'],
    help: 'What a warning does.',
  },
  { name: 'WarningVariable', aliases: ['wv'], type: 'string', help: 'Variable that collects the warnings.' },
  { name: 'OutVariable', aliases: ['ov'], type: 'string', help: 'Variable that collects the output.' },
];

export const CHANGE_PARAMETERS: readonly Parameter[] = [
  { name: 'WhatIf', aliases: ['wi'], type: 'switch', help: 'Says what would be done, and changes nothing.' },
  {
    name: 'Confirm',
    aliases: ['cf'],
    type: 'switch',
    help: 'Asks before each change; -Confirm:$false or --confirm=false never asks.',
  },
];

/** All parameters of a cmdlet, its own first. */
export function parametersOf(cmdlet: Cmdlet): readonly Parameter[] {
  return [...cmdlet.parameters, ...(cmdlet.changes ? CHANGE_PARAMETERS : []), ...COMMON_PARAMETERS];
}

/** The word people type after `rc`: the short command, an alias the name begins with (`select`), or the name in kebab-case. */
export function commandWord(cmdlet: Cmdlet): string {
  const name = cmdlet.name.replaceAll('-', '').toLowerCase();
  return (
    cmdlet.short ??
    cmdlet.aliases?.find((alias) => /^[a-z]{3,}$/.test(alias) && name.startsWith(alias)) ??
    kebab(cmdlet.name)
  );
}

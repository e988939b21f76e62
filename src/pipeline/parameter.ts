/**
 * A parameter as its cmdlet declares it, and the type of the argument that a call has for it: `arguments.PassThru` is a
 * boolean because the declaration says `type: 'switch'`, and a name that nobody declared does not compile.
 */
import type { Kind } from '../domain/kind.ts';
import type { SecureString } from './secure-string.ts';
import type { Value } from './value.ts';

type ParameterType =
  /** Present or not; also `-Switch:$false`, `--switch=false`, `--no-switch`. */
  | 'switch'
  /** A password: a SecureString in the language. Without a value, as always on a command line, it is asked for. */
  | 'secret'
  /** Yes or no, always with a value, as Exchange's Boolean parameters: `-Enabled $false`. */
  | 'bool'
  /** One text. */
  | 'string'
  /** Texts, `a,b` or several arguments. */
  | 'strings'
  /** A whole number of at least 0. */
  | 'int'
  /** A file name; completed as one. */
  | 'path'
  /** Any value, or a list of them, not converted. */
  | 'value'
  /** Property names, wildcards and calculated properties. */
  | 'properties'
  /** `{ … }` */
  | 'scriptblock'
  /** A setting of the catalogue: text, typed value, or `@{Add=…; Remove=…}` for lists. */
  | 'setting';

/** May the parameter stand alone, without a value? */
export function standsAlone({ type }: Parameter): boolean {
  return type === 'switch' || type === 'secret';
}

/** May a value follow it or not? Then the next argument is one, if it is no parameter. */
export function mayHaveValue({ type, valueOptional }: Parameter): boolean {
  return type === 'secret' || valueOptional === true;
}

/** How help names the value: as declared, else after what it is. */
export function placeholderOf({ name, type, completes, placeholder, values }: Parameter): string {
  if (placeholder !== undefined) return placeholder;
  if (type === 'path') return 'FILE';
  if (type === 'int') return 'N';
  if (type === 'bool') return 'true|false';
  if (type === 'properties' || (completes === 'property' && type === 'strings')) return 'NAME[,NAME]';
  if (completes === 'connector' || completes === 'server' || completes === 'property') return 'NAME';
  const isName = /(?:^|[a-z])(?:Name|Identity)$/.test(name) && (type === 'string' || type === 'strings');
  return values || isName ? 'NAME' : 'TEXT';
}

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
  /** Narrows the call to servers (`Context.onServers`), before the cmdlet runs. */
  readonly narrows?: boolean;
  /** $null is no value for it. */
  readonly notNull?: boolean;
  /** Takes piped objects. */
  readonly pipeline?: boolean;
  /** Takes the property of its name of what is piped, and a block that makes it of each object. */
  readonly byProperty?: boolean;
  /** For type 'setting': its name in the catalogue. */
  readonly setting?: string;
  /** For type 'setting': what its value is. */
  readonly kind?: Kind['name'];
  /** Values to complete and to name in errors. */
  readonly values?: readonly string[];
  /** What completes it: connector names, property names, accepted domains… */
  readonly completes?: 'connector' | 'server' | 'property' | 'cmdlet' | 'user' | 'domain' | 'file';
  /** Of a cmdlet that takes anything: stands with a value or without. */
  readonly valueOptional?: boolean;
  /** A command's flag that may stand without a value: what it then is. */
  readonly alone?: string;
  /** How help names the value, where `placeholderOf` would not know. */
  readonly placeholder?: string;
  /** Exists on the command line only, not in the language (`--add-bindings`; there it is `@{Add=…}`). */
  readonly commandLineOnly?: boolean;
  /** Exists in the language only, where other commands stand behind it. */
  readonly languageOnly?: boolean;
  /** Read from a prompt, stdin or file only. */
  readonly secret?: boolean;
}

/** What a call's argument is, by the type its parameter declares; `undefined`: not given. A switch or secret that is not given is false. */
interface Argument<Text extends string> {
  readonly switch: boolean;
  readonly secret: SecureString | boolean;
  readonly bool: boolean | undefined;
  readonly string: Text | undefined;
  readonly strings: readonly string[] | undefined;
  readonly int: number | undefined;
  readonly path: string | undefined;
  readonly value: Value | undefined;
  readonly properties: Value | undefined;
  /** A block, or its text on a command line. */
  readonly scriptblock: Value | undefined;
  readonly setting: Value | undefined;
}

/** One of the values that the declaration lists, in its spelling; any text where it lists none. */
type TextOf<P extends Parameter> = P extends { readonly values: readonly (infer Text extends string)[] }
  ? Text
  : string;

/** The arguments of a call of a cmdlet with these parameters, by the parameters' own names; of parameters that are not known, none. */
export type Arguments<P extends Parameter = Parameter> = {
  readonly [Q in P as string extends Q['name'] ? never : Q['name']]: Argument<TextOf<Q>>[Q['type']];
};

/** Parameters that every cmdlet has (about_CommonParameters); WhatIf and Confirm only where something changes. */
export const COMMON_PARAMETERS = [
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
  {
    name: 'InformationAction',
    aliases: ['infa'],
    type: 'string',
    values: ['Continue', 'SilentlyContinue', 'Ignore', 'Stop', 'Inquire'],
    languageOnly: true,
    help: 'What Write-Information does: Continue says it. Ignore keeps Write-Host silent, too.',
  },
  {
    name: 'InformationVariable',
    aliases: ['iv'],
    type: 'string',
    languageOnly: true,
    help: 'Variable that collects what Write-Host and Write-Information say.',
  },
  { name: 'OutVariable', aliases: ['ov'], type: 'string', help: 'Variable that collects the output.' },
  {
    name: 'PipelineVariable',
    aliases: ['pv'],
    type: 'string',
    languageOnly: true,
    help: 'Variable that holds the object that went on last, for the commands behind this one.',
  },
] as const satisfies readonly Parameter[];

export const CHANGE_PARAMETERS = [
  { name: 'WhatIf', aliases: ['wi'], type: 'switch', help: 'Says what would be done, and changes nothing.' },
  {
    name: 'Confirm',
    aliases: ['cf'],
    type: 'switch',
    help: 'Asks before each change; -Confirm:$false or --confirm=false never asks.',
  },
  {
    name: 'Yes',
    aliases: ['y', 'Force'],
    type: 'switch',
    commandLineOnly: true,
    help: 'Does not ask, as --confirm=false: for scripts.',
  },
] as const satisfies readonly Parameter[];

/** A parameter that a cmdlet has without declaring it. */
export type CommonParameter = (typeof COMMON_PARAMETERS | typeof CHANGE_PARAMETERS)[number];

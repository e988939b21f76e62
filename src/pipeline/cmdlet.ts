/**
 * What a cmdlet is: parameters declared once, and a function from an object stream to an object stream. The command line
 * (src/cli), the language (src/language), help, man pages and completion are all derived from this declaration.
 */

import { kebab } from '../text/flag-name.ts';
import type { Context } from './context.ts';
import {
  type Arguments,
  CHANGE_PARAMETERS,
  COMMON_PARAMETERS,
  type CommonParameter,
  type Parameter,
} from './parameter.ts';
import type { Value } from './value.ts';

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
  /** Other words that people type behind `rc`, and at its prompt; no names in scripts, where some mean other things (`ls`). */
  readonly words?: readonly string[];
  readonly group: CmdletGroup;
  /** One line, without a full stop. */
  readonly summary: string;
  readonly description?: string;
  readonly parameters: readonly Parameter[];
  readonly examples: readonly Example[];
  /** Parameters of which a call gives those of one set alone; what is in none of them goes with each. */
  readonly sets?: readonly (readonly string[])[];
  /** Changes something: takes -WhatIf and -Confirm, and `--wait` on the command line. 'high' asks unless -Confirm:$false. */
  readonly changes?: 'low' | 'high';
  /** Reads piped objects; on the command line stdin is read when no identity was given ('needed') or only for `-` ('optional'). */
  readonly input?: 'needed' | 'optional';
  /** On the command line: is standard input read without `-`? Decides where `input` is 'optional'. */
  readsInput?(invocation: Invocation): boolean;
  /** What is said to a parameter that it has not, where what is meant is known: sentences. */
  lacks?(typed: string, spelling: Spelling): string | undefined;
  /** What is said behind an argument that has no place: a sentence. */
  readonly surplus?: string;
  /** Does nothing with what it is given: parameters that it does not declare are taken too, in the language. */
  readonly takesAnything?: boolean;
  /** Looks at this machine: its listener, its logs, its files. Those of another server only its own machine has. */
  readonly looksHere?: boolean;
  /** Needs no newest settings of the fleet before it runs: it looks at no settings, or asks the engine itself. */
  readonly passesFleet?: boolean;
  /** Taken for the sake of scripts: neither listed nor completed. */
  readonly hidden?: boolean;
  /** Type of the objects it gives, for completion of property names. */
  readonly gives?: string;
  run(call: Call): AsyncIterable<Value>;
}

/** How the person writes: errors show `--max-hop-count` on a command line and `-MaxHopCount` in the language. */
export type Spelling = 'flags' | 'parameters';

/** A cmdlet with the arguments it is called with. */
export interface Invocation<P extends Parameter = Parameter> {
  readonly cmdlet: Cmdlet;
  readonly arguments: Arguments<P | CommonParameter>;
  readonly spelling: Spelling;
  /** Was the parameter given, whatever its value: tells `-Switch:$false` from a switch that is not there. */
  has(name: P['name']): boolean;
  /** The argument of a parameter that the reader knows by its declaration alone: a setting of the catalogue. */
  valueOf(parameter: Parameter): Value | undefined;
  /** How this person writes the parameter. */
  spell(name: P['name']): string;
}

export interface Call<P extends Parameter = Parameter> extends Invocation<P> {
  /** Piped objects; `undefined` when it is first in its pipeline. */
  readonly input: AsyncIterable<Value> | undefined;
  readonly context: Context;
}

interface Declaration<P extends readonly Parameter[]> extends Cmdlet {
  readonly parameters: P;
  run(call: Call<P[number]>): AsyncIterable<Value>;
}

/** Declares a cmdlet: in `run`, `call.arguments` has the names and types that `parameters` says. */
export function defineCmdlet<const P extends readonly Parameter[]>(declaration: Declaration<P>): Cmdlet {
  return declaration;
}

/** Narrows a cmdlet to some of the servers whose connectors the store holds; `Context.onServers` has them. */
export const SERVER = {
  name: 'Server',
  type: 'string',
  completes: 'server',
  narrows: true,
  help: 'Only this server: its name or FQDN; a wildcard finds several. Without it all are meant, and a plain name of a connector is this server’s own first.',
} as const satisfies Parameter;

/** What every cmdlet of Exchange's takes: scripts give it everywhere, and there is no Active Directory here. */
const EXCHANGE_PARAMETERS: readonly Parameter[] = [
  SERVER,
  {
    name: 'DomainController',
    type: 'string',
    placeholder: 'NAME',
    help: 'Taken for the sake of scripts; there is no domain controller to ask.',
  },
];

/** Those of Exchange's parameters that a cmdlet has besides its own. */
export function exchangeParametersOf(cmdlet: Cmdlet): readonly Parameter[] {
  if (cmdlet.group !== 'connectors' && cmdlet.group !== 'server') return [];
  const isOwn = (name: string) => cmdlet.parameters.some((own) => own.name === name || own.aliases?.includes(name));
  return EXCHANGE_PARAMETERS.filter(({ name }) => !isOwn(name));
}

/** All parameters of a cmdlet, its own first. */
export function parametersOf(cmdlet: Cmdlet): readonly Parameter[] {
  return [
    ...cmdlet.parameters,
    ...exchangeParametersOf(cmdlet),
    ...(cmdlet.changes ? CHANGE_PARAMETERS : []),
    ...COMMON_PARAMETERS,
  ];
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

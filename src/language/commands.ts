/** The commands of the language: the cmdlets of the table, and those that only make sense within the language. */

import { CMDLETS, cmdletNamed, cmdletNames, commandNamed as shortNamed } from '../cmdlets/table.ts';
import type { Cmdlet } from '../pipeline/cmdlet.ts';
import { languageCmdlets } from './cmdlets/table.ts';

const LANGUAGE_CMDLETS = languageCmdlets({ all: allCommands, named: (name) => commandNamed(name) ?? shortNamed(name) });

const LANGUAGE = new Map<string, Cmdlet>();
for (const cmdlet of LANGUAGE_CMDLETS)
  for (const name of [cmdlet.name, ...(cmdlet.aliases ?? [])]) LANGUAGE.set(name.toLowerCase(), cmdlet);

/** The cmdlet of a name or alias, case-insensitively. */
export function commandNamed(name: string): Cmdlet | undefined {
  return LANGUAGE.get(name.toLowerCase()) ?? cmdletNamed(name);
}

/** The same, and the short words of the command line, as the prompt takes them; the language's own names win (`diff`, `rm`). */
export function wordNamed(name: string): Cmdlet | undefined {
  return commandNamed(name) ?? shortNamed(name);
}

/** Every name and alias, in lower case. */
export function* commandNames(): Iterable<string> {
  yield* LANGUAGE.keys();
  yield* cmdletNames();
}

/** All cmdlets but the hidden ones, by name. */
export function allCommands(): Cmdlet[] {
  return [...CMDLETS, ...LANGUAGE_CMDLETS]
    .filter((cmdlet) => !cmdlet.hidden)
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}

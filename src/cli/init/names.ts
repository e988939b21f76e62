/** The names that `rc init` gives to a shell's prompt. */

import { CMDLETS } from '../../cmdlets/table.ts';

/** Lower-case aliases of the format cmdlets: the only short names that are nobody else's. */
const SHORT = new Set(['ft', 'fl', 'fw']);

/**
 * Every cmdlet's name, and the aliases it begins with, in its own capitals (`Select`, `Where`, `ForEach`), so that `sort`,
 * `where`, `tee`, `diff`, `history` and bash's own `select` stay what they are. Cmdlets of the language alone (variables,
 * script text) have no use at a prompt.
 */
export function promptNames(): string[] {
  const names = new Set<string>();
  for (const cmdlet of CMDLETS) {
    if (cmdlet.group === 'language') continue;
    names.add(cmdlet.name);
    for (const alias of cmdlet.aliases ?? []) {
      if (SHORT.has(alias)) names.add(alias);
      else if (cmdlet.name.split('-')[0]!.toLowerCase() === alias) names.add(cmdlet.name.split('-')[0]!);
    }
  }
  return [...names];
}

/** Other names for commands that a script gives (Set-Alias, New-Alias), kept level by level as variables are (about_Scopes). */
import type { Frame } from './frame.ts';
import type { Alias } from './runnable.ts';

/** The alias of this name, in lower case, of this level or a caller's. */
export function aliasNamed<S>(frame: Frame<S>, name: string): Alias | undefined {
  for (let level: Frame<S> | undefined = frame; level; level = level.caller) {
    const found = level.aliases.get(name);
    if (found) return found;
  }
  return undefined;
}

/** All aliases, the innermost of a name, by their names in lower case. */
export function aliasesAt<S>(frame: Frame<S>): Map<string, Alias> {
  const all = new Map<string, Alias>();
  for (let level: Frame<S> | undefined = frame; level; level = level.caller)
    for (const [name, alias] of level.aliases) if (!all.has(name)) all.set(name, alias);
  return all;
}

/** The command that a name stands for in the end. Aliases that lead back to each other end where they began. */
export function unaliased<S>(frame: Frame<S>, written: string): string {
  const seen = new Set<string>();
  let name = written;
  for (let alias = aliasNamed(frame, name.toLowerCase()); alias; alias = aliasNamed(frame, name.toLowerCase())) {
    if (seen.has(alias.name)) return written;
    seen.add(alias.name);
    name = alias.definition;
  }
  return name;
}

/**
 * How the language finds its cmdlets. Those that stand in most pipelines are found here, before the tables of all are loaded, as
 * `rc get` finds its own in cmdlets/fast-path.ts.
 */
import { EVERYDAY } from '../cmdlets/fast-path.ts';
import { whereObject } from '../cmdlets/objects/where-object.ts';
import type { Cmdlet } from '../pipeline/cmdlet.ts';
import { commandNamed, wordNamed } from './commands.ts';

const IN_PIPELINES: readonly Cmdlet[] = [...EVERYDAY, whereObject];

function inPipelines(name: string): Cmdlet | undefined {
  const wanted = name.toLowerCase();
  return IN_PIPELINES.find(({ name, aliases = [] }) =>
    [name, ...aliases].some((known) => known.toLowerCase() === wanted),
  );
}

/** How a session finds its cmdlets. @param takesWords it is the prompt, where the command line's short words are names as well */
export function cmdletsFor(takesWords: boolean): (name: string) => Cmdlet | undefined {
  const named = takesWords ? wordNamed : commandNamed;
  return (name) => inPipelines(name) ?? named(name);
}

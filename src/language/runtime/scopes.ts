/** -Scope of the variable cmdlets: Global, Script, Local, or how many callers up (about_Scopes). */
import { CmdletError } from '../../pipeline/error.ts';
import type { Frame } from './frame.ts';

/** The level that is meant. @throws CmdletError */
export function frameIn<S>(frame: Frame<S>, scope: string): Frame<S> {
  const word = scope.trim().toLowerCase();
  if (word === 'global') return frame.global;
  if (word === 'script') return frame.script;
  if (word === 'local') return frame;
  if (!/^-?\d+$/.test(word))
    throw new CmdletError(
      'Cannot process argument because the value of parameter "Scope" is not valid. Valid values are "Global", "Local", or "Script", or a number relative to the current scope (0 through the number of scopes where 0 is the current scope and 1 is its parent). Change the value of the "Scope" parameter and run the operation again.',
      { id: 'Argument', category: 'InvalidArgument' },
    );
  const up = Number(word);
  if (up < 0)
    throw new CmdletError(
      `Cannot process argument because the value of argument "Scope" is out of range. Change argument "Scope" to a value that is within range. (Parameter 'Scope')\nActual value was ${up}.`,
      { id: 'ArgumentOutOfRange', category: 'InvalidArgument' },
    );
  let found: Frame<S> | undefined = frame;
  for (let i = 0; i < up && found; i++) found = found.caller;
  if (!found)
    throw new CmdletError(
      `The scope number '${up}' exceeds the number of active scopes. (Parameter 'Scope')\nActual value was ${up}.`,
      { id: 'ArgumentOutOfRange', category: 'InvalidArgument' },
    );
  return found;
}

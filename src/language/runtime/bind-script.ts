/** What stands behind a script on the command line, `rc -f file.ps1 -Server EX01 10.1.2.3`, bound to its `param( … )`. */
import type { Value } from '../../pipeline/value.ts';
import { Binding, type Given } from './bind-parameters.ts';
import { automatic, preferences } from './call.ts';
import type { Callee, CompiledBody } from './callee.ts';
import type { Session } from './session.ts';

/**
 * Words to arguments, as `pwsh -File` reads them: `-Name value`, `-Name:value`, `-Flag:$false`; a parameter that is a list takes
 * `a,b` too.
 */
export function givenOnCommandLine(words: readonly string[], body: CompiledBody): Given[] {
  const { parameters } = body;
  if (!parameters) return words.map((value) => ({ kind: 'positional', value }));
  const isList = (name: string | undefined) => {
    const lower = name?.toLowerCase();
    const one = parameters.find((each) => lower !== undefined && each.lower.startsWith(lower));
    return one?.type?.endsWith('[]') === true;
  };
  const meant = (text: string, name?: string): Value => {
    if (/^\$true$/i.test(text)) return true;
    if (/^\$false$/i.test(text)) return false;
    if (/^\$null$/i.test(text)) return null;
    return isList(name) && text.includes(',') ? text.split(',') : text;
  };
  const given: Given[] = [];
  let before: string | undefined;
  let at = 0;
  for (const word of words) {
    const m = /^[-–—―]([a-z_][\w-]*)(?::([\s\S]*))?$/i.exec(word);
    if (m) {
      const name = m[1]!;
      given.push({ kind: 'named', name, value: m[2] === undefined || m[2] === '' ? undefined : meant(m[2], name) });
      before = name;
    } else {
      const name = before ?? parameters[at++]?.name;
      given.push({ kind: 'positional', value: meant(word, name) });
      before = undefined;
    }
  }
  return given;
}

/** Puts a script's parameters among its variables. @throws CmdletError when they do not fit */
export async function bindScript(callee: Callee, given: readonly Given[], session: Session): Promise<void> {
  const { frame } = session;
  if (!callee.body.parameters) {
    if (callee.file !== undefined) automatic(frame, new Binding(callee, session), callee.name, false);
    frame.variables.set('args', { name: 'args', value: given.map((one) => one.value ?? null) });
    return;
  }
  const binding = new Binding(callee, session);
  await binding.give(given);
  await binding.ask();
  automatic(frame, binding, callee.name, frame.input !== undefined);
  preferences(frame, binding);
  await binding.settle(frame);
}

/** What can be called: a function, a script block, a script file. Its code, and how its parameters are declared. */
import type { Alias, CalleeIn, CompiledBodyIn, FunctionParameterIn, ValueCheckIn } from './runnable.ts';
import type { Session } from './session.ts';

export type { SetMembership } from './runnable.ts';
export type Callee = CalleeIn<Session>;
export type CompiledBody = CompiledBodyIn<Session>;
export type FunctionParameter = FunctionParameterIn<Session>;
export type ValueCheck = ValueCheckIn<Session>;

/** Can a statement change the store, itself or by the functions it calls? */
export function mayChange(
  { changes, calls }: { readonly changes: boolean; readonly calls: ReadonlySet<string> },
  functions: ReadonlyMap<string, Callee>,
  aliases: ReadonlyMap<string, Alias>,
): boolean {
  if (changes) return true;
  const seen = new Set<string>();
  const open = [...calls];
  for (let name = open.pop(); name !== undefined; name = open.pop()) {
    if (seen.has(name)) continue;
    seen.add(name);
    if (name === '*') return true;
    const alias = aliases.get(name);
    if (alias?.changes) return true;
    if (alias) open.push(alias.definition.toLowerCase());
    const body = functions.get(name)?.body;
    if (body?.changes) return true;
    open.push(...(body?.calls ?? []));
  }
  return false;
}

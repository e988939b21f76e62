/** What a command's name means when it runs: a function, a cmdlet, a script file, or what is not there. */
import { existsSync } from 'node:fs';
import { hintFor } from '../../cmdlets/word-hints.ts';
import type { Cmdlet } from '../../pipeline/cmdlet.ts';
import { CmdletError } from '../../pipeline/error.ts';
import { filePath } from '../../pipeline/file-path.ts';
import { isScriptBlock, PsObject, printed, type Value } from '../../pipeline/value.ts';
import { nearest } from '../../text/suggest.ts';
import { cmdletsFor } from '../command-named.ts';
import { commandNamed, commandNames } from '../commands.ts';
import { isElsewhere } from '../exchange-elsewhere.ts';
import { insteadOfCommand } from '../unsupported-hints.ts';
import { unaliased } from './aliases.ts';
import { calleeOf } from './block.ts';
import type { Callee } from './callee.ts';
import { compiledText } from './compiled-text.ts';
import { failure } from './failure.ts';
import { readScriptFile } from './script-file.ts';
import type { Session } from './session.ts';

type Meant = { readonly callee: Callee; readonly as: string } | { readonly cmdlet: Cmdlet };

/** @throws CmdletError when there is no such command */
export async function commandMeant(what: Value, session: Session): Promise<Meant> {
  if (isScriptBlock(what)) {
    const callee = calleeOf(what);
    if (callee) return { callee, as: '&' };
  }
  if (what === null || what === '')
    throw failure(
      'BadExpression',
      "The expression after '&' in a pipeline element produced an object that was not valid. It must result in a command name, a script block, or a CommandInfo object.",
    );
  const written = what instanceof PsObject ? printed(what.get('Name') ?? what) : printed(what);
  const name = unaliased(session.frame, written);
  if (/\.ps1$/i.test(name)) return { callee: scriptFile(name, session), as: name };
  const cmdlet = cmdletsFor(session.takesWords)(name);
  if (cmdlet?.aliases?.some((alias) => alias.toLowerCase() === name.toLowerCase())) return { cmdlet };
  const callee = session.frame.functionNamed(name.toLowerCase());
  if (callee) return { callee, as: written };
  if (cmdlet) return { cmdlet };
  throw new CmdletError(notThere(name), {
    id: 'CommandNotFoundException',
    category: 'ObjectNotFound',
    target: name,
  });
}

/** PowerShell's own words of a command that is not there when it is called, or what to write instead. */
function notThere(name: string): string {
  const told = notRecognized(name);
  const plain = `The term '${name}' is not recognized as a name of a cmdlet`;
  return told === `${plain}.`
    ? `${plain}, function, script file, or executable program.\nCheck the spelling of the name, or if a path was included, verify that the path is correct and try again.`
    : told;
}

/** All but those that give nothing here. */
function* namesWorthSaying(): Iterable<string> {
  for (const name of commandNames()) if (!isElsewhere(name)) yield name;
}

/** What is said of a command that there is not, and what to write instead. */
export function notRecognized(name: string): string {
  const word = cmdletsFor(true)(name);
  const instead = insteadOfCommand(name) ?? (word ? `Write ${word.name}.` : hintFor(name));
  const close = instead || name.length < 3 ? undefined : nearest(name, namesWorthSaying());
  const hint = instead
    ? ` ${instead}`
    : close
      ? ` Did you mean ${commandNamed(close)!.name.toLowerCase() === close ? commandNamed(close)!.name : close}?`
      : '';
  return `The term '${name}' is not recognized as a name of a cmdlet.${hint}`;
}

/** Scripts that load the Exchange Management Shell: its cmdlets are there. */
const OF_THE_SHELL =
  /(?:^|[/\\])(?:RemoteExchange|Connect-ExchangeServer|CommonConnectFunctions|ConnectFunctions)\.ps1$/i;

function isThere(name: string, session: Session): boolean {
  try {
    return existsSync(filePath(session.host, name));
  } catch {
    return false; // a drive that no folder stands for
  }
}

/** Reads and compiles a script that another one runs. @throws CmdletError */
function scriptFile(name: string, session: Session): Callee {
  if (OF_THE_SHELL.test(name) && !isThere(name, session)) return { name, body: session.compile(''), kind: 'script' };
  const file = filePath(session.host, name);
  const text = readScriptFile(file, name, { id: 'CommandNotFoundException', category: 'ObjectNotFound', target: name });
  return { name, body: compiledText(text, session, { path: file, name }), kind: 'script', file };
}

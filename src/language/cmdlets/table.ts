/** Cmdlets that exist within the command language only: output, variables, help. */
import type { Cmdlet } from '../../pipeline/cmdlet.ts';
import { getContent } from './content.ts';
import { getDate } from './date.ts';
import { elsewhere } from './elsewhere.ts';
import { exchangeShell } from './exchange-shell.ts';
import { type Commands, getAlias, getCommand, getHelp } from './help.ts';
import { clearHost, startSleep } from './host.ts';
import { getVariable, removeVariable, setVariable } from './variables.ts';
import { writeError, writeHost, writeOutput, writeVerbose, writeWarning } from './write.ts';

export function languageCmdlets(commands: Commands): readonly Cmdlet[] {
  return [
    ...[writeOutput, writeHost, writeWarning, writeVerbose, writeError],
    ...[getHelp(commands), getCommand(commands), getAlias(commands)],
    ...[getVariable, setVariable, removeVariable, getDate],
    ...[getContent, clearHost, startSleep],
    ...exchangeShell,
    ...elsewhere,
  ];
}

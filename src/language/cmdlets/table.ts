/** Cmdlets that exist within the command language only: output, variables, help. */
import type { Cmdlet } from '../../pipeline/cmdlet.ts';
import { aliasCmdlets } from './aliases.ts';
import { getCredential, getUnique, outGridView, readHost, writeInformation, writeProgress } from './asking.ts';
import { clearContent, getContent } from './content.ts';
import { convertFromStringData } from './convert-from-string-data.ts';
import { copyItem, moveItem, renameItem } from './copy-move-rename.ts';
import { getDate } from './date.ts';
import { elsewhere } from './elsewhere.ts';
import { exchangeShell } from './exchange-shell.ts';
import { addContent, getChildItem, getItem, newItem, removeItem, setContent } from './files.ts';
import { getRandom } from './get-random.ts';
import { type Commands, getCommand, getHelp } from './help.ts';
import { clearHost, startSleep } from './host.ts';
import { invokeExpression } from './invoke-expression.ts';
import { newGuid } from './new-guid.ts';
import { addMember, newObject } from './new-object.ts';
import { newTimeSpan } from './new-time-span.ts';
import { joinPath, resolvePath, splitPath, testPath } from './paths.ts';
import { convertFromSecureString, convertToSecureString } from './secure-strings.ts';
import { selectString } from './select-string.ts';
import { getLocation, hostname, invokeItem, mkdir, pause } from './shell-words.ts';
import { startTranscript, stopTranscript } from './transcripts.ts';
import { getVariable, removeVariable, setVariable } from './variables.ts';
import { writeDebug, writeError, writeHost, writeOutput, writeVerbose, writeWarning } from './write.ts';

export function languageCmdlets(commands: Commands): readonly Cmdlet[] {
  return [
    ...[writeOutput, writeHost, writeWarning, writeVerbose, writeError],
    ...[getHelp(commands), getCommand(commands), ...aliasCmdlets(commands)],
    ...[getVariable, setVariable, removeVariable, getDate, newTimeSpan, getRandom, newGuid],
    ...[getContent, clearContent, clearHost, startSleep],
    ...[testPath, joinPath, splitPath, resolvePath],
    ...[getChildItem, getItem, newItem, removeItem, setContent, addContent],
    ...[copyItem, moveItem, renameItem],
    ...[readHost, getCredential, writeDebug, writeInformation, writeProgress, outGridView, getUnique, selectString],
    ...[startTranscript, stopTranscript],
    ...[mkdir, hostname, pause, getLocation, invokeItem],
    ...[convertToSecureString, convertFromSecureString],
    ...[convertFromStringData, newObject, addMember, invokeExpression],
    ...exchangeShell,
    ...elsewhere,
  ];
}

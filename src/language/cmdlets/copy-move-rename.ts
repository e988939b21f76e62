/** Copy-Item, Move-Item, Rename-Item. */
import { existsSync, lstatSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { type Call, defineCmdlet } from '../../pipeline/cmdlet.ts';
import { CmdletError, usage } from '../../pipeline/error.ts';
import { filePath } from '../../pipeline/file-path.ts';
import type { Parameter } from '../../pipeline/parameter.ts';
import { type PsObject, printed } from '../../pipeline/value.ts';
import { Wildcard } from '../../text/wildcard.ts';
import { pathNotFound, pathsMeant } from './file-items.ts';
import { copyTo, isFolder, moveTo, notAllowed, renameTo } from './file-transfer.ts';
import { type GivenPath, givenPaths, LITERAL, PATHS } from './paths.ts';

const DESTINATION = {
  name: 'Destination',
  type: 'string',
  position: 1,
  byProperty: true,
  placeholder: 'PATH',
  help: 'A folder to put it into, or its new path; the folder one is in when it is not said.',
} as const satisfies Parameter;
const PASS_THRU = { name: 'PassThru', type: 'switch', help: 'Gives what is there then.' } as const satisfies Parameter;
/** What is copied or moved, and where to. */
const TRANSFER = [
  PATHS,
  LITERAL,
  DESTINATION,
  { name: 'Filter', type: 'string', placeholder: 'PATTERN', help: 'Only names like this.' },
  { name: 'Include', type: 'strings', placeholder: 'PATTERN[,…]', help: 'Only names like one of these.' },
  { name: 'Exclude', type: 'strings', placeholder: 'PATTERN[,…]', help: 'No names like one of these.' },
] as const satisfies readonly Parameter[];

type Transfer = Call<(typeof TRANSFER)[number]>;

/** What a call is about, and where it is to go; what is not there is an error. */
async function* transfers(call: Transfer): AsyncGenerator<{ from: string; to: string; noFolder: boolean }> {
  const { context } = call;
  const { Filter, Include, Exclude, LiteralPath } = call.arguments;
  const like = (patterns: readonly string[], name: string) => patterns.some((one) => new Wildcard(one).matches(name));
  // behind -LiteralPath the first word without a name is the destination
  const shifted = LiteralPath !== undefined && call.arguments.Destination === undefined;
  const destination = shifted ? call.arguments.Path?.[0] : call.arguments.Destination;
  for await (const { path, literal, of } of givenPaths(call)) {
    if (shifted && !literal) continue;
    const into = destination ?? propertyOf(of, 'Destination') ?? '';
    const to = filePath(context.host, into || '.');
    for (const from of pathsMeant(context.host, path, literal)) {
      const name = basename(from);
      if (Filter !== undefined && from !== filePath(context.host, path) && !like([Filter], name)) continue;
      if ((Include && !like(Include, name)) || (Exclude && like(Exclude, name))) continue;
      // the first of several may make the folder that the others go into
      const folder = isFolder(to);
      // `nodir/` is a folder, and where none is nothing is put in its place
      const noFolder = !folder && /[\\/]$/.test(into);
      if (!isThere(from)) context.error(pathNotFound(from));
      else yield { from, to: folder ? join(to, name) : noFolder ? `${to}/` : to, noFolder };
    }
  }
}

function propertyOf(object: PsObject | undefined, name: string): string | undefined {
  const value = object?.get(name);
  return value === undefined || value === null ? undefined : printed(value);
}

function isThere(path: string): boolean {
  return lstatSync(path, { throwIfNoEntry: false }) !== undefined;
}

export const copyItem = defineCmdlet({
  name: 'Copy-Item',
  aliases: ['copy', 'cp', 'cpi'],
  group: 'language',
  summary: 'Copy files and folders',
  description:
    'A file that is there is overwritten, as in PowerShell. A folder is copied with what is in it only by -Recurse.',
  changes: 'low',
  input: 'optional',
  parameters: [
    ...TRANSFER,
    { name: 'Recurse', type: 'switch', help: 'Folders with all that is in them.' },
    { name: 'Force', type: 'switch', help: 'Onto read-only files, and into folders that are there.' },
    PASS_THRU,
  ],
  examples: [
    {
      command: "rc -c 'Copy-Item relay.csv relay-before.csv -WhatIf'",
      language: 'Copy-Item relay.csv relay-before.csv',
      does: 'Keeps the file as it is before it is written anew.',
    },
  ],
  async *run(call) {
    const { Recurse, Force, PassThru, Filter, Exclude = [] } = call.arguments;
    const how = {
      context: call.context,
      recurse: Recurse,
      force: Force,
      filter: Filter === undefined ? undefined : new Wildcard(Filter),
      exclude: Exclude.map((one) => new Wildcard(one)),
      count: 0,
    };
    for await (const { from, to, noFolder } of transfers(call))
      if (noFolder && !isFolder(from)) call.context.error(notAllowed('CopyFileInfoItem', from, to));
      else for await (const copied of copyTo(how, from, to)) if (PassThru) yield copied;
  },
});

export const moveItem = defineCmdlet({
  name: 'Move-Item',
  aliases: ['move', 'mv', 'mi'],
  group: 'language',
  summary: 'Move files and folders',
  changes: 'low',
  input: 'optional',
  parameters: [
    ...TRANSFER,
    { name: 'Force', type: 'switch', help: 'In the place of a file that is there.' },
    PASS_THRU,
  ],
  examples: [
    {
      command: "rc -c 'Move-Item *.log old -WhatIf'",
      language: 'Move-Item *.log old',
      does: 'Puts the files into the folder.',
    },
  ],
  async *run(call) {
    for await (const { from, to } of transfers(call))
      try {
        const item = await moveTo(call.context, from, to, call.arguments.Force);
        if (item && call.arguments.PassThru) yield item;
      } catch (error) {
        if (!(error instanceof CmdletError)) throw error;
        call.context.error(error);
      }
  },
});

export const renameItem = defineCmdlet({
  name: 'Rename-Item',
  aliases: ['ren', 'rni'],
  group: 'language',
  summary: 'Give a file or folder another name',
  changes: 'low',
  input: 'optional',
  parameters: [
    PATHS,
    LITERAL,
    {
      name: 'NewName',
      type: 'string',
      position: 1,
      byProperty: true,
      placeholder: 'NAME',
      help: 'The name, without a folder.',
    },
    { name: 'Force', type: 'switch', help: 'Taken; what is there is not replaced.' },
    PASS_THRU,
  ],
  examples: [
    {
      command: "rc -c 'Rename-Item relay.csv relay-before.csv -WhatIf'",
      language: "Get-ChildItem *.txt | Rename-Item -NewName { $_.Name -replace '\\.txt$', '.bak' }",
      does: 'Gives the file another name.',
    },
  ],
  async *run(call) {
    const { context } = call;
    const { Path, LiteralPath, PassThru } = call.arguments;
    const shifted = LiteralPath !== undefined && call.arguments.NewName === undefined;
    for await (const given of givenPaths(call)) {
      if (shifted && !given.literal) continue;
      const name = (shifted ? Path?.[0] : call.arguments.NewName) ?? propertyOf(given.of, 'NewName');
      if (!name) throw usage('Rename-Item needs a name: Rename-Item old.csv new.csv');
      try {
        const from = renamedOf(call, given);
        const item = await renameTo(context, from, join(dirname(from), nameAlone(call, from, name)));
        if (item && PassThru) yield item;
      } catch (error) {
        if (!(error instanceof CmdletError) || error.ends) throw error;
        context.error(error);
      }
    }
  },
});

/** The one file or folder that is to have another name: a wildcard may stand for no more. @throws CmdletError */
function renamedOf({ context }: Call, { path, literal }: GivenPath): string {
  const itself = filePath(context.host, path);
  if (isThere(itself)) return itself;
  const found = pathsMeant(context.host, path, literal);
  if (found.length === 1 && isThere(found[0]!)) return found[0]!;
  if (found.length === 1) throw pathNotFound(found[0]!);
  throw new CmdletError(`Cannot rename because item at '${path}' does not exist.`, {
    id: 'InvalidOperation',
    type: 'System.Management.Automation.PSInvalidOperationException',
  });
}

/** `./new.csv`, and a full path in the same folder, are names there. @throws CmdletError of another folder */
function nameAlone({ context }: Call, from: string, given: string): string {
  const name = given.replace(/^\.[\\/]/, '');
  if (!/[\\/]/.test(name)) return name;
  const path = filePath(context.host, name);
  if (/^(?:[\\/]|[a-z]:)/i.test(name) && dirname(path) === dirname(from) && existsSync(dirname(path)))
    return basename(path);
  throw new CmdletError('Cannot rename the specified target, because it represents a path or device name.', {
    id: 'Argument',
    category: 'InvalidArgument',
    ends: true,
  });
}

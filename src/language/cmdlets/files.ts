/** Get-ChildItem, Get-Item, New-Item, Remove-Item, Set-Content, Add-Content. */
import { existsSync, lstatSync, mkdirSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { ENCODING, TextFile } from '../../cmdlets/objects/text-file.ts';
import { type Call, defineCmdlet } from '../../pipeline/cmdlet.ts';
import type { Host } from '../../pipeline/context.ts';
import { CmdletError, usage } from '../../pipeline/error.ts';
import { filePath } from '../../pipeline/file-path.ts';
import { elementsOf, printed, type Value } from '../../pipeline/value.ts';
import { netText } from '../../print/format-string.ts';
import { hasWildcard, Wildcard } from '../../text/wildcard.ts';
import { missingMandatory } from '../runtime/binding-error.ts';
import { environmentAt } from './environment-drive.ts';
import { entriesOf, fileFailure, folderExists, itemAt, pathNotFound, pathsMeant } from './file-items.ts';
import { givenPaths, LITERAL, PATHS } from './paths.ts';

/** Deeper than these folders -Recurse does not go; links to folders are not followed. */
const DEEPEST = 50;

export const getChildItem = defineCmdlet({
  name: 'Get-ChildItem',
  aliases: ['gci', 'dir', 'ls'],
  group: 'language',
  summary: 'List files and folders',
  input: 'optional',
  parameters: [
    PATHS,
    LITERAL,
    { name: 'Filter', type: 'string', position: 1, placeholder: 'PATTERN', help: 'Only names like this.' },
    { name: 'Include', type: 'strings', placeholder: 'PATTERN[,…]', help: 'Only names like one of these.' },
    { name: 'Exclude', type: 'strings', placeholder: 'PATTERN[,…]', help: 'No names like one of these.' },
    { name: 'Recurse', aliases: ['s'], type: 'switch', help: 'Folders within folders too; links are not followed.' },
    { name: 'Depth', type: 'int', help: 'How deep -Recurse goes.' },
    { name: 'File', aliases: ['af'], type: 'switch', help: 'Only files.' },
    { name: 'Directory', aliases: ['ad', 'd'], type: 'switch', help: 'Only folders.' },
    { name: 'Hidden', type: 'switch', help: 'Only hidden ones.' },
    { name: 'Name', type: 'switch', help: 'Gives names alone.' },
    { name: 'Force', type: 'switch', help: 'Hidden ones too.' },
  ],
  examples: [
    { command: "rc -c 'Get-ChildItem *.csv'", language: 'Get-ChildItem -Filter *.csv', does: 'Lists the files.' },
  ],
  async *run(call) {
    const { arguments: args, context, input } = call;
    const { Filter, Include, Exclude, File, Directory, Hidden, Force, Name, Depth } = args;
    const patterns = (list: readonly string[] | undefined) => list?.map((one) => new Wildcard(one));
    const [filter, include, exclude] = [patterns(Filter ? [Filter] : undefined), patterns(Include), patterns(Exclude)];
    const wanted = (name: string, folder: boolean) =>
      (!File || !folder) &&
      (!Directory || folder) &&
      (Hidden ? name.startsWith('.') : Force || !name.startsWith('.')) &&
      (!filter || filter.some((one) => one.matches(name))) &&
      (!include || include.some((one) => one.matches(name))) &&
      !exclude?.some((one) => one.matches(name));
    const most = args.Recurse || Depth !== undefined ? Math.min(Depth ?? DEEPEST, DEEPEST) : 0;
    function* within(folder: string, depth: number): Generator<string> {
      const entries = entriesOf(folder);
      for (const entry of entries) if (wanted(entry.name, entry.isDirectory())) yield join(folder, entry.name);
      if (depth < most)
        for (const entry of entries)
          if (entry.isDirectory() && (Force || !entry.name.startsWith('.')))
            yield* within(join(folder, entry.name), depth + 1);
    }
    const none = args.Path === undefined && args.LiteralPath === undefined && !input;
    for await (const { path, literal } of none ? [{ path: '.', literal: true }] : givenPaths(call)) {
      const variables = environmentAt(context, path);
      if (variables) {
        yield* variables;
        continue;
      }
      const found = pathsMeant(context.host, path, literal);
      for (const one of found) {
        const item = itemAt(one);
        if (!item) context.error(pathNotFound(one));
        // a folder that a wildcard found is listed itself only where nothing is within it to list
        else if (item.type === 'DirectoryInfo' && (literal || !hasWildcard(path) || most > 0))
          for (const child of within(one, 0)) yield Name ? child.slice(one.length + 1) : (itemAt(child) ?? child);
        else if (wanted(printed(item.get('Name')), item.type === 'DirectoryInfo'))
          yield Name ? printed(item.get('Name')) : item;
      }
    }
  },
});

export const getItem = defineCmdlet({
  name: 'Get-Item',
  aliases: ['gi'],
  group: 'language',
  summary: 'Give a file or folder',
  input: 'optional',
  parameters: [PATHS, LITERAL, { name: 'Force', type: 'switch', help: 'Hidden ones too.' }],
  examples: [
    { command: "rc -c '(Get-Item ips.txt).Length'", language: '(Get-Item ips.txt).Length', does: 'Gives its size.' },
  ],
  async *run(call) {
    for await (const { path, literal } of givenPaths(call)) {
      const variables = environmentAt(call.context, path);
      if (variables) {
        if (!variables.length) call.context.error(pathNotFound(path));
        yield* variables;
        continue;
      }
      for (const one of pathsMeant(call.context.host, path, literal)) {
        const item = itemAt(one);
        if (item) yield item;
        else call.context.error(pathNotFound(one));
      }
    }
  },
});

/** Makes a folder, and those on the way. @param force one that is there is good, too @throws CmdletError when something is there; SystemError */
export function makeFolder(path: string, force: boolean | undefined): void {
  const there = itemAt(path);
  if (there && !(force && there.type === 'DirectoryInfo')) throw folderExists(path);
  mkdirSync(path, { recursive: true });
}

export const newItem = defineCmdlet({
  name: 'New-Item',
  aliases: ['ni'],
  group: 'language',
  summary: 'Make a file or folder',
  changes: 'low',
  parameters: [
    { name: 'Path', type: 'strings', position: 0, placeholder: 'PATH', help: 'What to make, or where.' },
    { name: 'Name', type: 'string', help: 'Its name there.' },
    {
      name: 'ItemType',
      aliases: ['Type'],
      type: 'string',
      placeholder: 'TYPE',
      help: 'File (when it is not said) or Directory.',
    },
    { name: 'Value', aliases: ['Target'], type: 'value', pipeline: true, help: 'What is in the file.' },
    { name: 'Force', type: 'switch', help: 'Folders on the way too; a file that is there is written anew.' },
  ],
  examples: [
    {
      command: "rc -c 'New-Item logs -ItemType Directory -Force'",
      language: 'New-Item logs -ItemType Directory -Force',
      does: 'Makes a folder.',
    },
  ],
  async *run({ arguments: args, context }) {
    const { Path = ['.'], Name, ItemType = 'File', Value, Force } = args;
    if (args.Path === undefined && Name === undefined)
      throw usage('New-Item needs a path: New-Item logs -ItemType Directory');
    const folder = /^d/i.test(ItemType);
    if (!folder && !/^f/i.test(ItemType))
      throw usage(`New-Item: -ItemType ${ItemType} is not possible; allowed: File, Directory`);
    const kind = folder ? 'Directory' : 'File';
    for (const given of Path) {
      const path = filePath(context.host, Name === undefined ? given : join(given, Name));
      if (!(await context.shouldProcess(`Performing the operation "Create ${kind}" on target "Destination: ${path}".`)))
        continue;
      try {
        if (folder) makeFolder(path, Force);
        else makeFile(path, Value === undefined ? '' : printed(Value), Force, context.host);
      } catch (error) {
        context.error(error instanceof CmdletError ? error : fileFailure(path, error));
        continue;
      }
      yield itemAt(path)!;
    }
  },
});

/** @param force folders on the way are made, and a file that is there is written anew @throws CmdletError; SystemError */
function makeFile(path: string, text: string, force: boolean, host: Host): void {
  if (force) mkdirSync(join(path, '..'), { recursive: true });
  if (!force && existsSync(path)) throw newItemError(path, `The file '${path}' already exists.`, 'IOException');
  if (!existsSync(join(path, '..')))
    throw newItemError(path, `Could not find a part of the path '${path}'.`, 'DirectoryNotFoundException');
  const file = new TextFile(path, { NoClobber: !force }, host);
  file.write(text);
  file.close();
}

function newItemError(path: string, message: string, type: string): CmdletError {
  return new CmdletError(message, {
    id: 'NewItemIOError',
    category: 'WriteError',
    target: path,
    type: `System.IO.${type}`,
  });
}

export const removeItem = defineCmdlet({
  name: 'Remove-Item',
  aliases: ['ri', 'rm', 'del', 'erase', 'rd', 'rmdir'],
  group: 'language',
  summary: 'Remove files and folders',
  description:
    'Asks before it removes a folder with something in it, unless -Recurse is given. Links are removed, not what they lead to.',
  changes: 'low',
  input: 'optional',
  parameters: [
    PATHS,
    LITERAL,
    { name: 'Recurse', type: 'switch', help: 'A folder with all that is in it.' },
    { name: 'Force', type: 'switch', help: 'Read-only ones too.' },
  ],
  examples: [
    {
      command: "rc -c 'Remove-Item old.csv -WhatIf'",
      language: 'Remove-Item old.csv -WhatIf',
      does: 'Says what would be removed.',
    },
  ],
  // biome-ignore lint/correctness/useYield: it gives nothing
  async *run(call) {
    const { context } = call;
    for await (const given of givenPaths(call))
      for (const path of pathsMeant(context.host, given.path, given.literal)) {
        const stat = lstatSync(path, { throwIfNoEntry: false });
        if (!stat) {
          context.error(pathNotFound(path));
          continue;
        }
        const folder = stat.isDirectory();
        if (path === '/')
          throw new CmdletError('The root of the file system is not removed.', { id: 'RemoveItemRoot' });
        if (
          !(await context.shouldProcess(
            `Performing the operation "Remove ${folder ? 'Directory' : 'File'}" on target "${path}".`,
          ))
        )
          continue;
        if (folder && !call.arguments.Recurse && readdirSync(path).length && !(await mayRecurse(call, path))) continue;
        try {
          rmSync(path, { recursive: folder });
        } catch (error) {
          context.error(fileFailure(path, error));
        }
      }
  },
});

/** PowerShell's question before it removes what is in a folder. @throws CmdletError when there is no terminal to ask on */
async function mayRecurse({ context }: Call, path: string): Promise<boolean> {
  const answer = await context.host.ask(
    `\nConfirm\nThe item at ${path} has children and the Recurse parameter was not specified. If you continue, all children will be removed with the item. Are you sure you want to continue?\n[Y] Yes  [N] No  (default is "Y"): `,
  );
  if (answer === undefined)
    throw new CmdletError(
      `${path} is a folder with something in it, and there is no terminal to ask on. To remove all of it: -Recurse`,
      { id: 'NoTerminalToConfirm', target: path },
    );
  return /^(?:y(?:es)?)?$/i.test(answer.trim());
}

const VALUE = { name: 'Value', type: 'value', position: 1, pipeline: true, help: 'The lines.' } as const;
const NO_NEWLINE = { name: 'NoNewline', type: 'switch', help: 'Nothing between and behind the lines.' } as const;
const FORCE = { name: 'Force', type: 'switch', help: 'Taken.' } as const;
const PASS_THRU = { name: 'PassThru', type: 'switch', help: 'Gives the lines, too.' } as const;
const CONTENT = [
  { ...PATHS, pipeline: false, byProperty: true },
  LITERAL,
  VALUE,
  PASS_THRU,
  NO_NEWLINE,
  ENCODING,
  FORCE,
] as const;

function writes(name: 'Set-Content' | 'Add-Content', alias: string | undefined, summary: string) {
  return defineCmdlet({
    name,
    ...(alias ? { aliases: [alias] } : {}),
    group: 'language',
    summary,
    changes: 'low',
    input: 'optional',
    parameters: CONTENT,
    examples: [
      { command: `rc -c '${name} ips.txt 10.1.2.3'`, language: `${name} ips.txt 10.1.2.3`, does: `${summary}.` },
    ],
    async *run({ arguments: args, context, input }) {
      const given = [
        ...(args.Path ?? []).map((path) => [path, false] as const),
        ...(args.LiteralPath ?? []).map((path) => [path, true] as const),
      ];
      if (!given.length) throw usage(`${name} needs a file: ${name} ips.txt 10.1.2.3`);
      if (args.Value === undefined && !input) throw missingMandatory('Value');
      const values: Value[] = [...elementsOf(args.Value)];
      if (args.Value === undefined && input) {
        for await (const value of input) values.push(...elementsOf(value));
        // what is asked of no object is not done: the file stays as it is
        if (!values.length) return;
      }
      const lines = values.filter((value) => value !== null).map(netText);
      for (const [path, literal] of given)
        for (const file of pathsMeant(context.host, path, literal)) {
          if (
            !(await context.shouldProcess(
              `Performing the operation "${name.replace('-', ' ')}" on target "Path: ${file}".`,
            ))
          )
            continue;
          if (!existsSync(join(file, '..'))) {
            context.error(
              new CmdletError(`Could not find a part of the path '${file}'.`, {
                id: 'GetContentWriterDirectoryNotFoundError',
                category: 'ObjectNotFound',
                target: file,
                type: 'System.IO.DirectoryNotFoundException',
              }),
            );
            continue;
          }
          const how = { Append: name === 'Add-Content', ...(args.Encoding ? { Encoding: args.Encoding } : {}) };
          const text = new TextFile(file, how, context.host);
          try {
            text.write(args.NoNewline ? lines.join('') : lines.map((line) => `${line}\n`).join(''));
          } finally {
            text.close();
          }
          if (args.PassThru) yield* values;
        }
    },
  });
}

export const setContent = writes('Set-Content', undefined, 'Write lines into a file, in the place of what is there');
export const addContent = writes('Add-Content', 'ac', 'Add lines to a file');

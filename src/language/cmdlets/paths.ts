/** Test-Path, Join-Path, Split-Path, Resolve-Path: paths as scripts put them together. Both separators are taken, `/` is written. */
import { existsSync, statSync } from 'node:fs';
import { type Call, defineCmdlet } from '../../pipeline/cmdlet.ts';
import { usage } from '../../pipeline/error.ts';
import type { Parameter } from '../../pipeline/parameter.ts';
import { PsObject, printed } from '../../pipeline/value.ts';
import { hasWildcard } from '../../text/wildcard.ts';
import { environmentAt } from './environment-drive.ts';
import { pathNotFound, pathsMeant } from './file-items.ts';

export const PATHS = {
  name: 'Path',
  aliases: ['PSPath', 'FullName'],
  type: 'strings',
  position: 0,
  pipeline: true,
  placeholder: 'PATH',
  help: 'The path; wildcards are taken.',
} as const satisfies Parameter;

export const LITERAL = {
  name: 'LiteralPath',
  aliases: ['LP'],
  type: 'strings',
  placeholder: 'PATH',
  help: 'The path, without wildcards.',
} as const satisfies Parameter;

/** A path that a call names: whether it is to be taken literally, as files that are piped in are, and the object it came with. */
export interface GivenPath {
  readonly path: string;
  readonly literal: boolean;
  readonly of?: PsObject;
}

export async function* givenPaths(call: Call<typeof PATHS | typeof LITERAL>): AsyncGenerator<GivenPath> {
  const { Path, LiteralPath } = call.arguments;
  for (const path of LiteralPath ?? []) yield { path, literal: true };
  for (const path of Path ?? []) yield { path, literal: false };
  if (Path === undefined && LiteralPath === undefined && call.input)
    for await (const value of call.input)
      yield value instanceof PsObject
        ? { path: printed(value.get('FullName') ?? value.get('Path') ?? value), literal: true, of: value }
        : { path: printed(value), literal: false };
}

export const testPath = defineCmdlet({
  name: 'Test-Path',
  group: 'language',
  summary: 'Say whether a file or folder is there',
  input: 'optional',
  parameters: [
    PATHS,
    LITERAL,
    {
      name: 'PathType',
      aliases: ['Type'],
      type: 'string',
      values: ['Any', 'Container', 'Leaf'],
      placeholder: 'TYPE',
      help: 'Container: only a folder; Leaf: only a file.',
    },
    { name: 'IsValid', type: 'switch', help: 'Whether the path could be one, there or not.' },
  ],
  examples: [
    {
      command: "rc -c 'Test-Path ips.txt'",
      language: 'if (Test-Path ips.txt) { Get-Content ips.txt }',
      does: 'Says whether the file is there.',
    },
  ],
  async *run(call) {
    const { PathType, IsValid } = call.arguments;
    for await (const { path, literal } of givenPaths(call)) {
      const variables = environmentAt(call.context, path);
      if (variables) yield variables.length > 0;
      else if (IsValid) yield path !== '' && !path.includes('\0');
      else if (path === '') yield false;
      else
        yield pathsMeant(call.context.host, path, literal).some((one) => {
          const stat = statSync(one, { throwIfNoEntry: false });
          if (!stat) return false;
          return PathType === 'Container' ? stat.isDirectory() : PathType === 'Leaf' ? !stat.isDirectory() : true;
        });
    }
  },
});

const tidy = (path: string) => path.replaceAll('\\', '/');

export const joinPath = defineCmdlet({
  name: 'Join-Path',
  group: 'language',
  summary: 'Put the parts of a path together',
  input: 'optional',
  parameters: [
    { ...PATHS, mandatory: true, help: 'The folder.' },
    { name: 'ChildPath', type: 'string', position: 1, mandatory: true, placeholder: 'PATH', help: 'What is in it.' },
    {
      name: 'AdditionalChildPath',
      type: 'strings',
      position: 2,
      rest: true,
      placeholder: 'PATH',
      help: 'Further parts.',
    },
    { name: 'Resolve', type: 'switch', help: 'Gives what the path means; it must be there.' },
  ],
  examples: [
    {
      command: "rc -c 'Join-Path logs today.csv'",
      language: 'Join-Path $folder today.csv',
      does: 'Gives logs/today.csv.',
    },
  ],
  async *run(call) {
    const { ChildPath, AdditionalChildPath = [], Resolve } = call.arguments;
    if (ChildPath === undefined) throw usage('Join-Path needs a folder and what is in it: Join-Path logs today.csv');
    const add = (folder: string, child: string) =>
      child === ''
        ? folder.endsWith('/')
          ? folder
          : `${folder}/`
        : `${folder.replace(/\/+$/, '')}/${child.replace(/^\/+/, '')}`;
    for (const path of await folders(call)) {
      const joined = [ChildPath, ...AdditionalChildPath].map(tidy).reduce(add, tidy(path));
      if (!Resolve) yield joined;
      else yield* resolved(call, joined, false);
    }
  },
});

async function folders(call: Call<typeof PATHS>): Promise<string[]> {
  if (call.arguments.Path !== undefined) return [...call.arguments.Path];
  const piped: string[] = [];
  if (call.input) for await (const value of call.input) piped.push(printed(value));
  return piped;
}

export const splitPath = defineCmdlet({
  name: 'Split-Path',
  group: 'language',
  summary: 'Give a part of a path: its folder, its last part, its extension',
  input: 'optional',
  parameters: [
    PATHS,
    LITERAL,
    { name: 'Parent', type: 'switch', help: 'The folder; this is what it gives when nothing is said.' },
    { name: 'Leaf', type: 'switch', help: 'The last part.' },
    { name: 'LeafBase', type: 'switch', help: 'The last part without its extension.' },
    { name: 'Extension', type: 'switch', help: 'The extension, with its point.' },
    { name: 'IsAbsolute', type: 'switch', help: 'Whether it begins at the root.' },
    { name: 'Resolve', type: 'switch', help: 'Parts of what the path means; it must be there.' },
  ],
  examples: [
    {
      command: "rc -c 'Split-Path /srv/logs/today.csv -Leaf'",
      language: 'Split-Path $file -Leaf',
      does: 'Gives today.csv.',
    },
  ],
  async *run(call) {
    const { Leaf, LeafBase, Extension, IsAbsolute, Resolve } = call.arguments;
    for await (const given of givenPaths(call))
      for (const path of Resolve ? resolved(call, given.path, given.literal) : [tidy(given.path)]) {
        const trimmed = path.length > 1 ? path.replace(/\/+$/, '') : path;
        const leaf = trimmed.slice(trimmed.lastIndexOf('/') + 1);
        const dot = leaf.lastIndexOf('.');
        if (IsAbsolute) yield trimmed.startsWith('/') || /^[a-z]:/i.test(trimmed);
        else if (Leaf) yield leaf;
        else if (LeafBase) yield dot < 0 ? leaf : leaf.slice(0, dot);
        else if (Extension) yield dot < 0 ? '' : leaf.slice(dot);
        else {
          const end = trimmed.lastIndexOf('/');
          yield trimmed.slice(0, Math.max(0, end));
        }
      }
  },
});

/** Full names of what is there; one that is not is an error of its own. */
function* resolved(call: Call, path: string, literal: boolean): Generator<string> {
  const found = pathsMeant(call.context.host, path, literal).filter((one) => existsSync(one));
  if (!found.length && (literal || !hasWildcard(path)))
    call.context.error(pathNotFound(pathsMeant(call.context.host, path, true)[0]!));
  yield* found;
}

/** Resolve-Path's object: as a text it is the path. */
class PathInfo extends PsObject {
  override toString(): string {
    return printed(this.properties.Path);
  }
}

export const resolvePath = defineCmdlet({
  name: 'Resolve-Path',
  aliases: ['rvpa'],
  group: 'language',
  summary: 'Give the full names of what a path means',
  input: 'optional',
  parameters: [PATHS, LITERAL],
  examples: [
    { command: "rc -c 'Resolve-Path *.csv'", language: '(Resolve-Path ips.txt).Path', does: 'Gives the full name.' },
  ],
  async *run(call) {
    for await (const { path, literal } of givenPaths(call))
      for (const Path of resolved(call, path, literal)) yield new PathInfo('PathInfo', { Path });
  },
});

/** Get-Content: the lines of a text file, such as a list of addresses. Clear-Content: none of them. */
import { statSync } from 'node:fs';
import { readWhole, TextFile } from '../../cmdlets/objects/text-file.ts';
import { defineCmdlet } from '../../pipeline/cmdlet.ts';
import { CmdletError, usage } from '../../pipeline/error.ts';
import { printed, type Value } from '../../pipeline/value.ts';
import { decodeText } from '../../text/decode-text.ts';
import { show } from '../../text/printable.ts';
import { LONGEST_STRING } from '../runtime/limits.ts';
import { environmentAt } from './environment-drive.ts';
import { FileItem, fileFailure, pathNotFound, pathsMeant } from './file-items.ts';
import { givenPaths, LITERAL, PATHS } from './paths.ts';

export const getContent = defineCmdlet({
  name: 'Get-Content',
  aliases: ['gc', 'cat', 'type'],
  group: 'language',
  summary: 'Give the lines of a text file',
  input: 'optional',
  parameters: [
    {
      name: 'Path',
      aliases: ['LiteralPath'],
      type: 'strings',
      position: 0,
      pipeline: true,
      mandatory: true,
      placeholder: 'FILE',
      help: 'The files; wildcards are taken.',
    },
    { name: 'Raw', type: 'switch', help: 'The whole text as one value.' },
    { name: 'TotalCount', aliases: ['First', 'Head'], type: 'int', help: 'Only the first lines.' },
    { name: 'Tail', aliases: ['Last'], type: 'int', help: 'Only the last lines.' },
    {
      name: 'Encoding',
      type: 'string',
      placeholder: 'NAME',
      help: 'Accepted; UTF-8 and UTF-16 are told apart by themselves.',
    },
  ],
  examples: [
    {
      command: "rc -c 'Set-ReceiveConnector Relay -RemoteIPRanges (Get-Content scanners.txt)'",
      language: 'Set-ReceiveConnector Relay -RemoteIPRanges (Get-Content scanners.txt)',
      does: 'Takes the addresses from a file, a line each.',
    },
  ],
  async *run({ arguments: args, context, input }) {
    const given = args.Path ?? (input ? await pipedPaths(input) : []);
    if (!given.length) throw usage('Get-Content needs a file: Get-Content scanners.txt');
    for (const path of given) {
      const variables = environmentAt(context, path);
      if (variables) {
        if (!variables.length) context.error(pathNotFound(path));
        for (const one of variables) yield printed(one.get('Value'));
        continue;
      }
      for (const file of pathsMeant(context.host, path)) {
        let text: string;
        try {
          text = textIn(file, path);
        } catch (error) {
          if (!(error instanceof CmdletError)) throw error;
          context.error(error);
          continue;
        }
        yield* contentOf(text, args);
      }
    }
  },
});

async function pipedPaths(input: AsyncIterable<Value>): Promise<string[]> {
  const paths: string[] = [];
  for await (const value of input) paths.push(value instanceof FileItem ? value.path : printed(value));
  return paths;
}

function contentOf(
  text: string,
  { Raw, TotalCount: first, Tail: last }: { Raw: boolean; TotalCount: number | undefined; Tail: number | undefined },
): readonly string[] {
  if (Raw) return [text];
  const lines = text.split(/\r\n|\n|\r/);
  if (lines.at(-1) === '') lines.pop();
  return first !== undefined
    ? lines.slice(0, first)
    : last !== undefined
      ? lines.slice(Math.max(0, lines.length - last))
      : lines;
}

function textIn(file: string, path: string): string {
  let bytes: Buffer;
  try {
    bytes = readWhole(file, LONGEST_STRING);
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') throw pathNotFound(file);
    if (code === 'EISDIR')
      throw new CmdletError(
        `Unable to get content because it is a directory: '${file}'. Please use 'Get-ChildItem' instead.`,
        { id: 'GetContainerContentException', type: 'System.InvalidOperationException' },
      );
    throw new CmdletError(`${show(path)} cannot be read (${message}).`, {
      id: 'GetContentReaderIOError',
      target: path,
    });
  }
  try {
    return decodeText(bytes, undefined, true);
  } catch {
    throw new CmdletError(`${show(path)} is not UTF-8 text.`, { id: 'GetContentReaderIOError', target: path });
  }
}

export const clearContent = defineCmdlet({
  name: 'Clear-Content',
  aliases: ['clc'],
  group: 'language',
  summary: 'Leave a file without what is in it',
  changes: 'low',
  input: 'optional',
  parameters: [PATHS, LITERAL, { name: 'Force', type: 'switch', help: 'Taken.' }],
  examples: [
    {
      command: "rc -c 'Clear-Content changes.log -WhatIf'",
      language: 'Clear-Content changes.log',
      does: 'Begins the file anew.',
    },
  ],
  // biome-ignore lint/correctness/useYield: it gives nothing
  async *run(call) {
    const { context } = call;
    if (!call.input && !call.arguments.Path && !call.arguments.LiteralPath)
      throw usage('Clear-Content needs a file: Clear-Content changes.log');
    for await (const { path, literal } of givenPaths(call))
      for (const file of pathsMeant(context.host, path, literal)) {
        const stat = statSync(file, { throwIfNoEntry: false });
        if (!stat) context.error(pathNotFound(file));
        else if (stat.isDirectory())
          context.error(
            new CmdletError(
              `Unable to clear content of '${file}' because it is a directory. Clear-Content is only supported on files.`,
              { id: 'ClearDirectoryContent', target: file, type: 'System.NotSupportedException' },
            ),
          );
        else if (await context.shouldProcess(`Performing the operation "Clear Content" on target "Item: ${file}".`))
          try {
            new TextFile(file, {}, context.host).close();
          } catch (error) {
            context.error(fileFailure(file, error));
          }
      }
  },
});

/** Files that cmdlets write and read: names relative to where the person is, encodings by PowerShell's names. */
import fs from 'node:fs';
import { dirname } from 'node:path';
import type { Call } from '../../pipeline/cmdlet.ts';
import type { Context, Host } from '../../pipeline/context.ts';
import { CmdletError } from '../../pipeline/error.ts';
import { filePath } from '../../pipeline/file-path.ts';
import { CHANGE_PARAMETERS, type Parameter } from '../../pipeline/parameter.ts';
import { toWindows1252 } from '../../text/charset.ts';
import { decodeText } from '../../text/decode-text.ts';
import { show } from '../../text/printable.ts';

/** The file a cmdlet writes or reads. */
export const PATH = {
  name: 'Path',
  aliases: ['LiteralPath', 'FilePath', 'PSPath', 'LP'],
  type: 'path',
  position: 0,
  mandatory: true,
  help: 'The file.',
} as const satisfies Parameter;

const ENCODINGS = [
  'utf8',
  'utf8NoBOM',
  'utf8BOM',
  'ascii',
  'unicode',
  'bigendianunicode',
  'utf32',
  'latin1',
  'ansi',
  'oem',
  'default',
] as const;

export const ENCODING = {
  name: 'Encoding',
  type: 'string',
  values: ENCODINGS,
  help: 'How the text is encoded; UTF-8 without a mark in front when it is not said.',
} as const satisfies Parameter;

/** Cmdlets that write a file ask with -Confirm and say with -WhatIf what they would do. */
export const MAY_WRITE = [CHANGE_PARAMETERS[0], CHANGE_PARAMETERS[1]] as const;

/** @param doing what PowerShell's question calls it: `Output to File` */
export function mayWrite(call: Call, doing: string, file: string): Promise<boolean> {
  return call.context.shouldProcess(`Performing the operation "${doing}" on target "${file}".`);
}

/** The file's full name. @throws CmdletError when no name was given, or one of a drive */
export function fileNameOf(call: Call, parameter: string, given: string | undefined): string {
  if (!given)
    throw new CmdletError(`${call.cmdlet.name} needs a file name, ${call.spell(parameter)}.`, {
      kind: 'usage',
      id: 'MissingArgument',
    });
  return filePath(call.context.host, given);
}

/** What a cmdlet that writes a file was told, by its parameters' names. */
interface WriteOptions {
  readonly Append?: boolean;
  readonly NoClobber?: boolean;
  readonly Encoding?: string;
}

/** Opens a file for writing; `close` must be called. @throws CmdletError that says why it cannot be written */
export class TextFile {
  readonly #fd: number;
  readonly #encoding: string;
  readonly #name: string;
  readonly #host: Pick<Host, 'wrote'>;

  /** @param host told of what is written */
  constructor(name: string, options: WriteOptions, host: Pick<Host, 'wrote'>) {
    this.#name = name;
    this.#host = host;
    this.#encoding = (options.Encoding ?? 'utf8').toLowerCase();
    try {
      this.#fd = fs.openSync(name, options.Append ? 'a' : options.NoClobber ? 'wx' : 'w', 0o666);
      const fresh = !options.Append || fs.fstatSync(this.#fd).size === 0;
      const mark = MARKS[this.#encoding];
      if (fresh && mark) fs.writeSync(this.#fd, mark);
    } catch (error) {
      throw notThere(name, error);
    }
  }

  write(text: string): void {
    const bytes = encode(text, this.#encoding);
    this.#host.wrote?.(bytes.length);
    try {
      for (let done = 0; done < bytes.length; ) done += fs.writeSync(this.#fd, bytes, done);
    } catch (error) {
      throw fileError(this.#name, error);
    }
  }

  close(): void {
    fs.closeSync(this.#fd);
  }
}

/** Writes texts to a file as they come, each as `form` makes it. @throws CmdletError that says why it cannot be written */
export async function writeTextFile(
  { arguments: options, context }: { readonly arguments: WriteOptions; readonly context: Context },
  name: string,
  texts: AsyncIterable<string>,
  form = (text: string) => text,
): Promise<void> {
  const file = new TextFile(name, options, context.host);
  try {
    for await (const text of texts) file.write(form(text));
  } finally {
    file.close();
  }
}

const MARKS: Readonly<Record<string, Buffer>> = {
  utf8bom: Buffer.from([0xef, 0xbb, 0xbf]),
  unicode: Buffer.from([0xff, 0xfe]),
  bigendianunicode: Buffer.from([0xfe, 0xff]),
  utf32: Buffer.from([0xff, 0xfe, 0, 0]),
};

function encode(text: string, encoding: string): Buffer {
  switch (encoding) {
    case 'ascii':
      return Buffer.from(text.replace(/[^\x00-\x7f]/gu, '?'), 'latin1');
    case 'ansi':
    case 'oem':
      return toWindows1252(text);
    case 'latin1':
      return Buffer.from(text.replace(/[^\x00-\xff]/gu, '?'), 'latin1');
    case 'unicode':
      return Buffer.from(text, 'utf16le');
    case 'bigendianunicode':
      return Buffer.from(text, 'utf16le').swap16();
    case 'utf32': {
      const points = Array.from(text, (char) => char.codePointAt(0)!);
      const bytes = Buffer.alloc(points.length * 4);
      points.forEach((point, k) => {
        bytes.writeUInt32LE(point, k * 4);
      });
      return bytes;
    }
    default:
      return Buffer.from(text, 'utf8');
  }
}

/** The text of a file; a mark in front decides the encoding. @throws CmdletError that says why it cannot be read */
export function readTextFile(name: string, encoding?: string): string {
  let bytes: Buffer;
  try {
    bytes = readWhole(name);
  } catch (error) {
    throw notThere(name, error);
  }
  return decodeText(bytes, encoding);
}

const WHY: Readonly<Record<string, string>> = {
  EACCES: 'you have no permission',
  EPERM: 'you have no permission',
  EISDIR: 'it is a folder',
  EEXIST: 'it exists already, and NoClobber was given',
  ENOSPC: 'the disk is full',
  EROFS: 'the disk is read-only',
};

/** Bytes of one file that a cmdlet reads whole: all its text is a value. */
const LARGEST_READ = 512 * 1024 ** 2;

/** A file's bytes; of a device or pipe, whose size says nothing, as many as may be. @throws as fs does */
export function readWhole(name: string, largest = LARGEST_READ): Buffer {
  const fd = fs.openSync(name, 'r');
  try {
    const pieces: Buffer[] = [];
    let size = 0;
    for (;;) {
      const piece = Buffer.allocUnsafe(Math.min(16 * 1024 ** 2, Math.max(65536, size)));
      const read = fs.readSync(fd, piece, 0, piece.length, null);
      if (read === 0) return Buffer.concat(pieces, size);
      pieces.push(piece.subarray(0, read));
      size += read;
      if (size > largest) throw new Error(`it is larger than ${largest} bytes`);
    }
  } finally {
    fs.closeSync(fd);
  }
}

/** What .NET says of a file that is not there, or of one whose folder is not; PowerShell passes it on. */
function notThere(name: string, error: unknown): CmdletError {
  if ((error as NodeJS.ErrnoException).code !== 'ENOENT') return fileError(name, error);
  const [message, type] = fs.existsSync(dirname(name))
    ? [`Could not find file '${name}'.`, 'FileNotFoundException']
    : [`Could not find a part of the path '${name}'.`, 'DirectoryNotFoundException'];
  return new CmdletError(message, { id: 'FileOpenFailure', category: 'OpenError', type: `System.IO.${type}` });
}

function fileError(name: string, error: unknown): CmdletError {
  const { code, message } = error as NodeJS.ErrnoException;
  return new CmdletError(`${show(name)}: ${WHY[code ?? ''] ?? message}.`, {
    id: code === 'EEXIST' ? 'NoClobber' : 'FileOpenFailure',
    category: 'OpenError',
    target: name,
  });
}

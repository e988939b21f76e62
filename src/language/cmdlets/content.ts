/** Get-Content: the lines of a text file, such as a list of addresses. */
import { readFileSync, statSync } from 'node:fs';
import { show } from '../../domain/value-error.ts';
import { defineCmdlet } from '../../pipeline/cmdlet.ts';
import { CmdletError, usage } from '../../pipeline/error.ts';
import { filePath } from '../../pipeline/file-path.ts';
import { decodeText } from '../../text/decode-text.ts';
import { LONGEST_STRING } from '../runtime/arithmetic.ts';

export const getContent = defineCmdlet({
  name: 'Get-Content',
  aliases: ['gc', 'cat', 'type'],
  group: 'language',
  summary: 'Give the lines of a text file',
  parameters: [
    {
      name: 'Path',
      aliases: ['LiteralPath'],
      type: 'path',
      position: 0,
      mandatory: true,
      placeholder: 'FILE',
      help: 'The file.',
    },
    { name: 'Raw', type: 'switch', help: 'The whole text as one value.' },
    { name: 'TotalCount', aliases: ['First', 'Head'], type: 'int', placeholder: 'N', help: 'Only the first lines.' },
    { name: 'Tail', aliases: ['Last'], type: 'int', placeholder: 'N', help: 'Only the last lines.' },
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
  async *run({ arguments: args, context }) {
    const path = args.Path;
    if (!path) throw usage('Get-Content needs a file: Get-Content scanners.txt');
    const text = textIn(filePath(context.host, path), path);
    if (args.Raw) {
      yield text;
      return;
    }
    const lines = text.split(/\r\n|\n|\r/);
    if (lines.at(-1) === '') lines.pop();
    const [first, last] = [args.TotalCount, args.Tail];
    yield* first !== undefined ? lines.slice(0, first) : last !== undefined ? lines.slice(lines.length - last) : lines;
  },
});

function textIn(file: string, path: string): string {
  let bytes: Buffer;
  try {
    if (statSync(file).size > LONGEST_STRING) throw new Error(`it is larger than ${LONGEST_STRING} bytes`);
    bytes = readFileSync(file);
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT')
      throw new CmdletError(`Cannot find path '${file}' because it does not exist.`, {
        id: 'PathNotFound',
        category: 'ObjectNotFound',
        target: path,
      });
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

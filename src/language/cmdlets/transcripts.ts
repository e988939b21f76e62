/** Start-Transcript and Stop-Transcript: a file of what the prompt or script shows. */
import { accessSync, chmodSync, constants, existsSync, mkdirSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { newGuid } from '../../domain/guid.ts';
import { defineCmdlet } from '../../pipeline/cmdlet.ts';
import { CmdletError, usage } from '../../pipeline/error.ts';
import { filePath } from '../../pipeline/file-path.ts';
import { sessionNeeded } from '../runtime/session.ts';
import { stamp, Transcript } from '../runtime/transcript.ts';

/** As many at once as anybody means. */
const MOST = 16;

export const startTranscript = defineCmdlet({
  name: 'Start-Transcript',
  group: 'language',
  summary: 'Keep what is shown from here on in a file, too',
  parameters: [
    {
      name: 'Path',
      aliases: ['LiteralPath'],
      type: 'path',
      position: 0,
      help: 'The file; PowerShell_transcript.HOST.….txt in the home of the person when it is not said.',
    },
    {
      name: 'OutputDirectory',
      type: 'path',
      placeholder: 'FOLDER',
      help: 'The folder of a file that is named by itself.',
    },
    { name: 'Append', type: 'switch', help: 'Goes on in the file.' },
    {
      name: 'NoClobber',
      aliases: ['NoOverwrite'],
      type: 'switch',
      help: 'Leaves a file that is there as it is: an error.',
    },
    { name: 'Force', type: 'switch', help: 'Writes a file that is set to be read only.' },
    { name: 'UseMinimalHeader', type: 'switch', help: 'Only the time in the header.' },
    { name: 'IncludeInvocationHeader', type: 'switch', help: 'Taken.' },
  ],
  examples: [
    {
      command:
        "rc -c 'Start-Transcript change.log -Append; Set-ReceiveConnector Relay -MaxHopCount 40 -Verbose; Stop-Transcript'",
      language: 'Start-Transcript change.log -Append',
      does: 'Keeps what a change shows.',
    },
  ],
  async *run(call) {
    const { arguments: args, context } = call;
    const session = sessionNeeded(call);
    if (args.Path !== undefined && args.OutputDirectory !== undefined)
      throw usage('Start-Transcript takes -Path or -OutputDirectory, not both.');
    const now = context.host.clock();
    const named = `PowerShell_transcript.${process.getBuiltinModule('node:os').hostname()}.${newGuid().slice(0, 8)}.${stamp(now)}.txt`;
    const shown = args.Path ?? join(args.OutputDirectory ?? context.host.env.HOME ?? context.host.cwd, named);
    const file = filePath(context.host, shown);
    if (session.transcripts.length >= MOST)
      throw new CmdletError(`There are ${MOST} transcripts already. First: Stop-Transcript`, {
        id: 'TooManyTranscripts',
      });
    const there = existsSync(file);
    if (there && args.NoClobber && !args.Append)
      throw new CmdletError(`File ${file} already exists and NoClobber was specified.`, {
        id: 'NoClobber',
        category: 'ResourceExists',
        target: file,
      });
    try {
      if (args.OutputDirectory !== undefined) mkdirSync(dirname(file), { recursive: true });
      if (there) writable(file, args.Force);
      session.transcripts.push(new Transcript({ file, append: args.Append, minimal: args.UseMinimalHeader, now }));
    } catch (error) {
      throw new CmdletError(`Transcription cannot be started. ${(error as Error).message}`, {
        id: 'CannotStartTranscription',
        category: 'InvalidOperation',
        target: file,
      });
    }
    yield `Transcript started, output file is ${shown}`;
  },
});

/** Root may write everything, but a file that is set to be read only stays so unless it is forced (FileAttributes.ReadOnly). */
function writable(file: string, force: boolean): void {
  const { mode } = statSync(file);
  if (mode & 0o222) accessSync(file, constants.W_OK);
  else if (force) chmodSync(file, mode | 0o200);
  else throw new Error(`The file ${file} is read only; -Force writes it.`);
}

export const stopTranscript = defineCmdlet({
  name: 'Stop-Transcript',
  group: 'language',
  summary: 'End the file that Start-Transcript began',
  parameters: [],
  examples: [
    { command: "rc -c 'Start-Transcript change.log; Stop-Transcript'", language: 'Stop-Transcript', does: 'Ends it.' },
  ],
  async *run(call) {
    const session = sessionNeeded(call);
    const transcript = session.transcripts.at(-1);
    if (!transcript)
      throw new CmdletError('An error occurred stopping transcription: The host is not currently transcribing.', {
        id: 'InvalidOperation',
        category: 'InvalidOperation',
      });
    await session.stopTranscript();
    yield `Transcript stopped, output file is ${transcript.file}`;
  },
});

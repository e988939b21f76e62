/** Words of the shell around it that scripts use as commands: mkdir, hostname, pause. */
import { join } from 'node:path';
import { defineCmdlet } from '../../pipeline/cmdlet.ts';
import { CmdletError } from '../../pipeline/error.ts';
import { filePath } from '../../pipeline/file-path.ts';
import { printed, type Value } from '../../pipeline/value.ts';
import { locationOf } from '../runtime/automatic-variables.ts';
import { lineOfInput } from '../runtime/line-of-input.ts';
import { sessionOf } from '../runtime/session.ts';
import { itemAt } from './file-items.ts';
import { makeFolder } from './files.ts';
import { takenParameters } from './taken-parameters.ts';

export const mkdir = defineCmdlet({
  name: 'mkdir',
  aliases: ['md'],
  group: 'language',
  hidden: true,
  summary: 'Make folders, and those on the way',
  changes: 'low',
  parameters: [
    {
      name: 'Path',
      type: 'strings',
      position: 0,
      rest: true,
      mandatory: true,
      placeholder: 'PATH',
      help: 'The folders to make.',
    },
    { name: 'Name', type: 'string', help: 'Its name there.' },
    { name: 'Force', type: 'switch', help: 'One that is there is given, too.' },
  ],
  examples: [{ command: "rc -c 'mkdir logs/today'", language: 'mkdir logs\\today', does: 'Makes both folders.' }],
  async *run({ arguments: { Path = [], Name, Force }, context }) {
    for (const given of Path) {
      const path = filePath(context.host, Name === undefined ? given : join(given, Name));
      const target = `Performing the operation "Create Directory" on target "Destination: ${path}".`;
      if (!(await context.shouldProcess(target))) continue;
      try {
        makeFolder(path, Force);
      } catch (error) {
        const message = `${path} cannot be made (${(error as Error).message}).`;
        const about = { id: 'CreateDirectoryIOError', category: 'WriteError', target: path };
        context.error(error instanceof CmdletError ? error : new CmdletError(message, about));
        continue;
      }
      yield itemAt(path)!;
    }
  },
});

export const hostname = defineCmdlet({
  name: 'hostname',
  aliases: ['hostname.exe'],
  group: 'language',
  hidden: true,
  summary: 'Give the name of the server, as $env:COMPUTERNAME',
  parameters: [],
  examples: [{ command: "rc -c 'hostname'", language: 'hostname', does: 'Gives the name.' }],
  async *run({ context }) {
    yield printed(sessionOf(context.statement)!.get('env:COMPUTERNAME'));
  },
});

export const getLocation = defineCmdlet({
  name: 'Get-Location',
  aliases: ['gl', 'pwd'],
  group: 'language',
  summary: 'Give the folder that files are looked for in',
  description: 'It is the one rc was started in, as $PWD is.',
  parameters: [],
  examples: [
    {
      command: "rc -c 'Join-Path (Get-Location).Path connectors.csv'",
      language: 'Join-Path (Get-Location).Path connectors.csv',
      does: 'Names a file there.',
    },
  ],
  async *run({ context }) {
    yield locationOf(context.host.cwd);
  },
});

export const invokeItem = defineCmdlet({
  name: 'Invoke-Item',
  aliases: ['ii', 'notepad', 'notepad.exe', 'explorer', 'explorer.exe'],
  group: 'language',
  hidden: true,
  takesAnything: true,
  summary: 'Say which file there is to open',
  parameters: [
    { name: 'Path', type: 'value', position: 0, rest: true, placeholder: 'FILE', help: 'What would be opened.' },
  ],
  examples: [
    { command: "rc -c 'Invoke-Item report.csv'", language: 'Invoke-Item report.csv', does: 'Says that it is there.' },
  ],
  async *run({ arguments: { Path }, context, input }) {
    const paths = [Path ?? []].flat() as Value[];
    if (input) for await (const piped of input) paths.push(piped);
    const files = paths.map((path) => filePath(context.host, printed(path)));
    context.warn(`No program is started from a script.${files.length ? ` To open: ${files.join(', ')}` : ''}`);
  },
});

export const pause = defineCmdlet({
  name: 'pause',
  group: 'language',
  hidden: true,
  summary: 'Wait until somebody presses Enter',
  parameters: takenParameters('Message:0*'),
  examples: [{ command: "rc -c 'pause'", language: 'pause', does: 'Waits.' }],
  // biome-ignore lint/correctness/useYield: it gives nothing
  async *run({ context }) {
    // where nobody is there to press it, nothing is waited for
    if ((await context.host.ask('Press Enter to continue...: ')) === undefined) lineOfInput();
  },
});

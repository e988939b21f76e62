/** Out-String, Out-File, Out-Null, Out-Host, Out-Default and Tee-Object: where objects go as text. */
import { type Call, defineCmdlet } from '../../pipeline/cmdlet.ts';
import { usage } from '../../pipeline/error.ts';
import type { Parameter } from '../../pipeline/parameter.ts';
import type { Stream } from '../../pipeline/peekable-stream.ts';
import type { Value } from '../../pipeline/value.ts';
import { records } from '../../print/object-view.ts';
import { formatDefault } from '../../print/output.ts';
import { Formatted } from '../../print/record.ts';
import { withoutColour } from '../../text/display-width.ts';
import { flattened, INPUT_OBJECT, objectsOf, pipedObjects } from './object-input.ts';
import { ENCODING, fileNameOf, MAY_WRITE, mayWrite, PATH, TextFile, writeTextFile } from './text-file.ts';

/** The text that a terminal of this width would show, without colour. */
async function* asText(call: Call, objects: Stream<Value>, width = call.context.host.columns): AsyncGenerator<string> {
  if (width === 0) throw usage(`${call.spell('Width')} is at least 1.`);
  for await (const text of formatDefault(objects, { width, limit: call.context.host.enumerationLimit }))
    yield withoutColour(text);
}

const WIDTH = {
  name: 'Width',
  type: 'int',
  help: "Characters of a line; the terminal's when it is not said, or 120.",
} as const satisfies Parameter;

export const outString = defineCmdlet({
  name: 'Out-String',
  aliases: ['oss'],
  group: 'output',
  summary: 'Turn the piped objects into the text a terminal would show',
  input: 'needed',
  parameters: [
    { name: 'Stream', type: 'switch', help: 'A text for each line instead of one text.' },
    { name: 'NoNewline', type: 'switch', help: 'Without line breaks.' },
    WIDTH,
    INPUT_OBJECT,
  ],
  examples: [
    {
      command: 'rc get | rc out-string --width 60',
      language: 'Get-ReceiveConnector | Out-String -Width 60',
      does: 'Gives the table as one text.',
    },
  ],
  async *run(call) {
    const { arguments: args } = call;
    if (args.Stream && args.NoNewline) throw usage('Out-String takes -Stream or -NoNewline, not both.');
    let all = '';
    for await (const text of asText(call, pipedObjects(call, 'taken'), args.Width)) {
      if (args.Stream) yield* text.replace(/\n$/, '').split('\n');
      else all += args.NoNewline ? text.replaceAll('\n', '') : text;
    }
    if (!args.Stream) yield all;
  },
});

export const outFile = defineCmdlet({
  name: 'Out-File',
  group: 'output',
  summary: 'Write the piped objects to a file as a terminal would show them',
  input: 'needed',
  parameters: [
    { ...PATH, name: 'FilePath', aliases: ['Path', 'LiteralPath', 'PSPath', 'LP'] },
    { ...ENCODING, position: 1 },
    { name: 'Append', type: 'switch', help: 'Adds to the file.' },
    { name: 'NoClobber', aliases: ['NoOverwrite'], type: 'switch', help: 'Refuses a file that exists.' },
    { name: 'Force', type: 'switch', help: 'Accepted.' },
    { name: 'NoNewline', type: 'switch', help: 'Without line breaks.' },
    WIDTH,
    INPUT_OBJECT,
    ...MAY_WRITE,
  ],
  examples: [
    {
      command: 'rc get | rc fl | rc out-file connectors.txt',
      language: 'Get-ReceiveConnector | fl | Out-File connectors.txt',
      does: 'Writes every setting to a file.',
    },
  ],
  async *run(call) {
    const { arguments: args } = call;
    const name = fileNameOf(call, 'FilePath', call.arguments.FilePath);
    if (!(await mayWrite(call, 'Output to File', name))) return;
    const texts = asText(call, pipedObjects(call, 'taken'), args.Width);
    await writeTextFile(call, name, texts, (text) => (args.NoNewline ? text.replaceAll('\n', '') : text));
  },
});

export const outNull = defineCmdlet({
  name: 'Out-Null',
  group: 'output',
  summary: 'Drop the piped objects',
  input: 'needed',
  parameters: [INPUT_OBJECT],
  examples: [
    {
      command: 'rc set Relay --comment x --pass-thru | rc out-null',
      language: 'Set-ReceiveConnector Relay -Comment x -PassThru | Out-Null',
      does: 'Shows nothing.',
    },
  ],
  // biome-ignore lint/correctness/useYield: it gives nothing
  async *run(call) {
    for await (const _ of objectsOf(call, 'taken'));
  },
});

export const outHost = defineCmdlet({
  name: 'Out-Host',
  aliases: ['oh'],
  group: 'output',
  summary: 'Show the piped objects as a terminal shows them, whatever --output says',
  input: 'needed',
  parameters: [{ name: 'Paging', type: 'switch', help: 'Accepted; rc shell pages by itself.' }, INPUT_OBJECT],
  examples: [
    { command: 'rc get | rc out-host', language: 'Get-ReceiveConnector | Out-Host', does: 'Shows the table.' },
  ],
  async *run(call) {
    for await (const record of records(pipedObjects(call, 'taken'), {
      limit: call.context.host.enumerationLimit,
    }))
      yield new Formatted(record);
  },
});

export const outDefault = defineCmdlet({
  name: 'Out-Default',
  group: 'output',
  summary: 'Show the piped objects as a terminal shows them: what happens at the end of every pipeline',
  input: 'needed',
  parameters: [{ name: 'Transcript', type: 'switch', help: 'Accepted.' }, INPUT_OBJECT],
  examples: [
    { command: 'rc get | rc out-default', language: 'Get-ReceiveConnector | Out-Default', does: 'Shows the table.' },
  ],
  run: outHost.run,
});

export const teeObject = defineCmdlet({
  name: 'Tee-Object',
  aliases: ['tee'],
  group: 'objects',
  summary: 'Write the piped objects to a file and pass them on',
  input: 'needed',
  parameters: [
    {
      name: 'FilePath',
      aliases: ['Path', 'LiteralPath', 'PSPath', 'LP'],
      type: 'path',
      position: 0,
      help: 'The file; it gets what a terminal would show.',
    },
    { name: 'Variable', type: 'string', placeholder: 'NAME', help: 'A variable instead of a file (in the language).' },
    { name: 'Append', type: 'switch', help: 'Adds to the file.' },
    ENCODING,
    INPUT_OBJECT,
  ],
  examples: [
    {
      command: 'rc get | rc tee connectors.txt | rc select Name',
      language: 'Get-ReceiveConnector | Tee-Object connectors.txt | Select Name',
      does: 'Keeps a file of what went by.',
    },
  ],
  async *run(call) {
    const { arguments: args, context } = call;
    const variable = args.Variable;
    if (variable !== undefined) {
      if (!context.host.setVariable)
        throw usage('Tee-Object: -Variable is for the command language (rc -c, rc shell).');
      const kept: Value[] = [];
      for await (const object of objectsOf(call, 'taken')) {
        kept.push(object);
        yield object;
      }
      context.host.setVariable(variable, kept.length === 1 ? kept[0]! : kept);
      return;
    }
    const file = new TextFile(fileNameOf(call, 'FilePath', call.arguments.FilePath), call.arguments, call.context.host);
    const seen: Value[] = [];
    try {
      for await (const object of objectsOf(call, 'taken')) {
        seen.push(object);
        yield object;
      }
    } finally {
      // The file gets whole tables, so it is laid out when everything has gone by, or as much as was asked for.
      for await (const text of asText(call, flattened(seen))) file.write(text);
      file.close();
    }
  },
});

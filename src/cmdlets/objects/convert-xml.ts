/** Export-Clixml and Import-Clixml: objects to a file and back with their types. ConvertTo-Html: a page for people. */

import { defineCmdlet } from '../../pipeline/cmdlet.ts';
import { usage } from '../../pipeline/error.ts';
import type { Parameter } from '../../pipeline/parameter.ts';
import { elementsOf, printed, type Value } from '../../pipeline/value.ts';
import { expressionsOf, INPUT_OBJECT, objectsOf, pipedObjects, propertyParameter } from './object-input.ts';
import { ENCODING, fileNameOf, MAY_WRITE, mayWrite, PATH, readTextFile, writeTextFile } from './text-file.ts';

/** Objects within objects that are written as objects (Export-Clixml's default). */
const DEPTH = 2;

export const exportClixml = defineCmdlet({
  name: 'Export-Clixml',
  group: 'output',
  summary: 'Write the piped objects to a file that keeps their types',
  description: "The file is PowerShell's CLIXML: PowerShell reads it too.",
  input: 'needed',
  parameters: [
    PATH,
    { name: 'Depth', type: 'int', help: 'Levels of objects within objects, 2 when it is not said.' },
    { name: 'NoClobber', aliases: ['NoOverwrite'], type: 'switch', help: 'Refuses a file that exists.' },
    { name: 'Force', type: 'switch', help: 'Accepted.' },
    ENCODING,
    INPUT_OBJECT,
    ...MAY_WRITE,
  ],
  examples: [
    {
      command: 'rc get | rc export-clixml before.xml',
      language: 'Get-ReceiveConnector | Export-Clixml before.xml',
      does: 'Keeps every connector before a change.',
    },
  ],
  // biome-ignore lint/correctness/useYield: it gives nothing, as Export-Clixml does
  async *run(call) {
    const { clixmlLines } = await import('../../print/clixml.ts');
    const name = fileNameOf(call, 'Path', call.arguments.Path);
    if (!(await mayWrite(call, 'Export-Clixml', name))) return;
    await writeTextFile(call, name, clixmlLines(objectsOf(call), call.arguments.Depth ?? DEPTH));
  },
});

export const importClixml = defineCmdlet({
  name: 'Import-Clixml',
  group: 'output',
  summary: 'Read objects from a file of Export-Clixml, here or in Exchange',
  parameters: [
    PATH,
    { name: 'First', type: 'int', help: 'The first N objects.' },
    { name: 'Skip', type: 'int', help: 'Leaves out the first N.' },
    { name: 'IncludeTotalCount', type: 'switch', help: 'Accepted.' },
  ],
  examples: [
    {
      command: 'rc import-clixml before.xml | rc select Name,MaxMessageSize',
      language: 'Import-Clixml before.xml | Select Name,MaxMessageSize',
      does: 'Shows what a file has kept.',
    },
  ],
  async *run(call) {
    const { readClixml } = await import('../../print/clixml.ts');
    let skip = call.arguments.Skip ?? 0;
    let left = call.arguments.First ?? Number.POSITIVE_INFINITY;
    for (const object of readClixml(readTextFile(fileNameOf(call, 'Path', call.arguments.Path)))) {
      if (skip-- > 0) continue;
      if (left-- <= 0) return;
      yield object;
    }
  },
});

const html = <N extends string>(name: N, help: string) =>
  ({ name, type: 'value', placeholder: 'HTML', help }) as const satisfies Parameter;

export const convertToHtml = defineCmdlet({
  name: 'ConvertTo-Html',
  group: 'output',
  summary: 'Turn the piped objects into a page of HTML',
  input: 'needed',
  parameters: [
    propertyParameter('Columns, in this order; wildcards take all that match.', { rest: false }),
    { ...html('Head', 'What stands in <head>, as HTML, instead of the title.'), position: 1 },
    { name: 'Title', type: 'string', position: 2, help: 'The title.' },
    { ...html('Body', 'HTML in front of everything.'), position: 3 },
    { name: 'As', type: 'string', values: ['Table', 'List'], help: 'A table, or a property a line.' },
    { name: 'Fragment', type: 'switch', help: 'Only the table.' },
    html('PreContent', 'HTML in front of the table.'),
    html('PostContent', 'HTML behind the table.'),
    { name: 'CssUri', aliases: ['cu', 'uri'], type: 'string', placeholder: 'URI', help: 'A style sheet.' },
    { name: 'Charset', type: 'string', placeholder: 'NAME', help: 'What the page says its encoding is.' },
    { name: 'Transitional', type: 'switch', help: 'XHTML 1.0 Transitional instead of Strict.' },
    INPUT_OBJECT,
  ],
  examples: [
    {
      command: 'rc get | rc convertto-html Name,Bindings,Enabled > connectors.html',
      language: 'Get-ReceiveConnector | ConvertTo-Html Name,Bindings,Enabled | Out-File connectors.html',
      does: 'Makes a page for a report.',
    },
  ],
  async *run(call) {
    const { arguments: args } = call;
    const { htmlLines } = await import('../../print/html.ts');
    if (
      args.Fragment &&
      (args.Head !== undefined || args.Title !== undefined || args.Body !== undefined || args.CssUri !== undefined)
    )
      throw usage('ConvertTo-Html: -Fragment has no page that -Head, -Title, -Body or -CssUri could stand in.');
    const lines = (given: Value | undefined) => (given === undefined ? undefined : elementsOf(given).map(printed));
    yield* htmlLines(pipedObjects(call), {
      properties: await expressionsOf(call, call.arguments.Property),
      as: args.As ?? 'Table',
      fragment: args.Fragment,
      title: args.Title,
      head: lines(args.Head),
      body: lines(args.Body),
      preContent: lines(args.PreContent),
      postContent: lines(args.PostContent),
      cssUri: args.CssUri,
      charset: args.Charset,
      transitional: args.Transitional,
    });
  },
});

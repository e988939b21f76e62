/** Write-Output, Write-Host, Write-Warning, Write-Verbose, Write-Debug, Write-Error. */
import { type Call, type Cmdlet, defineCmdlet } from '../../pipeline/cmdlet.ts';
import { CmdletError } from '../../pipeline/error.ts';
import type { Parameter } from '../../pipeline/parameter.ts';
import { elementsOf, Hashtable, printed, type Value } from '../../pipeline/value.ts';
import { netText } from '../../print/format-string.ts';
import { aboutObject, missingMandatory } from '../runtime/binding-error.ts';

async function* given(call: Call, value: Value | undefined): AsyncGenerator<Value> {
  if (value !== undefined) yield* elementsOf(value);
  else if (call.input) for await (const one of call.input) yield* elementsOf(one);
}

const MESSAGE = {
  name: 'Message',
  aliases: ['Msg'],
  type: 'string',
  position: 0,
  pipeline: true,
  notNull: true,
  help: 'What to say.',
} as const satisfies Parameter;

export const writeOutput = defineCmdlet({
  name: 'Write-Output',
  aliases: ['echo', 'write'],
  group: 'language',
  summary: 'Give values to the pipeline',
  input: 'optional',
  parameters: [
    {
      name: 'InputObject',
      type: 'value',
      position: 0,
      rest: true,
      pipeline: true,
      placeholder: 'VALUE',
      help: 'The values, lists element by element.',
    },
    { name: 'NoEnumerate', type: 'switch', help: 'Gives a list as one value.' },
  ],
  examples: [{ command: "rc -c 'Write-Output 1,2'", language: 'Write-Output 1,2', does: 'Gives two numbers.' }],
  async *run(call) {
    if (call.arguments.NoEnumerate && call.arguments.InputObject !== undefined) yield call.arguments.InputObject!;
    else if (call.arguments.InputObject === undefined && !call.input) throw missingMandatory('InputObject');
    else yield* given(call, call.arguments.InputObject);
  },
});

export const writeHost = defineCmdlet({
  name: 'Write-Host',
  group: 'language',
  summary: 'Say something to the person, on stderr',
  description: 'The text goes to the terminal, not into the pipeline; colours are taken and ignored.',
  input: 'optional',
  parameters: [
    {
      name: 'Object',
      aliases: ['Msg', 'Message'],
      type: 'value',
      position: 0,
      rest: true,
      pipeline: true,
      placeholder: 'VALUE',
      help: 'What to say; lists with the separator between.',
    },
    { name: 'Separator', type: 'string', help: 'Between the elements; a blank when not given.' },
    { name: 'NoNewline', type: 'switch', help: 'Without a line break behind it.' },
    { name: 'ForegroundColor', type: 'string', placeholder: 'COLOUR', help: 'Accepted and ignored.' },
    { name: 'BackgroundColor', type: 'string', placeholder: 'COLOUR', help: 'Accepted and ignored.' },
  ],
  examples: [{ command: 'rc -c \'Write-Host "done"\'', language: 'Write-Host "done"', does: 'Says done.' }],
  async *run(call) {
    const separator = call.arguments.Separator ?? ' ';
    const end = call.arguments.NoNewline ? '' : '\n';
    const line = (values: readonly Value[]) =>
      call.context.inform(values.map((value) => said(value, separator)).join(separator), ['PSHOST'], end);
    if (call.arguments.Object !== undefined) line(elementsOf(call.arguments.Object));
    else if (!call.input) line([]);
    else for await (const value of call.input) line(Array.isArray(value) ? (value as Value[]) : [value]);
  },
});

/** As .NET's ToString() has it; a table is said by its pairs, as any collection by its elements. */
function said(value: Value, separator: string): string {
  if (value instanceof Hashtable)
    return [...value.entries].map(([key, item]) => `[${key}, ${netText(item)}]`).join(separator);
  return Array.isArray(value) ? value.map((one) => said(one as Value, separator)).join(separator) : netText(value);
}

function speaks(name: string, summary: string, say: (call: Call, text: string) => void): Cmdlet {
  return defineCmdlet({
    name,
    group: 'language',
    summary,
    input: 'optional',
    parameters: [MESSAGE],
    examples: [{ command: `rc -c '${name} "text"'`, language: `${name} "text"`, does: `${summary}.` }],
    // biome-ignore lint/correctness/useYield: it gives nothing
    async *run(call) {
      for await (const value of given(call, call.arguments.Message)) say(call, printed(value));
    },
  });
}

export const writeWarning = speaks('Write-Warning', 'Write a warning', (call, text) => call.context.warn(text));
export const writeVerbose = speaks('Write-Verbose', 'Say something when -Verbose was given', (call, text) =>
  call.context.verbose(text),
);
export const writeDebug = speaks('Write-Debug', 'Say something when -Debug was given', ({ context }, text) => {
  if (context.preferences.debug) context.host.writeHost(`DEBUG: ${text}`);
});

const WRITE_ERROR = 'Microsoft.PowerShell.Commands.WriteErrorException';

export const writeError = defineCmdlet({
  name: 'Write-Error',
  group: 'language',
  summary: 'Write an error, which -ErrorAction Stop makes the end of the script',
  input: 'optional',
  parameters: [
    MESSAGE,
    { name: 'ErrorId', type: 'string', placeholder: 'ID', help: 'The id in $Error[0].FullyQualifiedErrorId.' },
    { name: 'Category', type: 'string', placeholder: 'NAME', help: 'The category in $Error[0].CategoryInfo.' },
    { name: 'TargetObject', type: 'value', placeholder: 'OBJECT', help: 'What it is about.' },
  ],
  examples: [
    {
      command: 'rc -c \'Write-Error "no relay"\'',
      language: 'Write-Error "no relay"',
      does: 'Writes an error; the exit code says so too.',
    },
  ],
  // biome-ignore lint/correctness/useYield: it gives nothing
  async *run(call) {
    const { arguments: args, context } = call;
    for await (const value of given(call, call.arguments.Message)) {
      context.error(
        new CmdletError(printed(value), {
          id: args.ErrorId ?? WRITE_ERROR,
          type: WRITE_ERROR,
          category: args.Category ?? 'NotSpecified',
          ...aboutObject(args.TargetObject ?? null),
        }),
      );
    }
  },
});

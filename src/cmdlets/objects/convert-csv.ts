/** ConvertTo-Csv, ConvertFrom-Csv, Export-Csv and Import-Csv. */
import { statSync } from 'node:fs';
import { type Call, defineCmdlet } from '../../pipeline/cmdlet.ts';
import { CmdletError, usage } from '../../pipeline/error.ts';
import type { Parameter } from '../../pipeline/parameter.ts';
import { propertyNames } from '../../pipeline/property-expression.ts';
import { printed, type Value } from '../../pipeline/value.ts';
import { type CsvOptions, csvLines, csvObjects, parseCsv } from '../../print/csv.ts';
import { INPUT_OBJECT, pipedObjects } from './object-input.ts';
import { ENCODING, fileNameOf, MAY_WRITE, mayWrite, PATH, readTextFile, writeTextFile } from './text-file.ts';

const DELIMITER = {
  name: 'Delimiter',
  type: 'string',
  placeholder: 'CHARACTER',
  help: 'What stands between fields; a comma when it is not said.',
} as const satisfies Parameter;

const FORCE = {
  name: 'Force',
  type: 'switch',
  help: 'With -Append: leaves empty what an object does not have.',
} as const satisfies Parameter;

const WRITING = [
  DELIMITER,
  { name: 'UseCulture', type: 'switch', help: 'Accepted; the delimiter stays a comma.' },
  {
    name: 'NoTypeInformation',
    aliases: ['NTI'],
    type: 'switch',
    help: 'Accepted; no type is written unless asked for.',
  },
  { name: 'IncludeTypeInformation', aliases: ['ITI'], type: 'switch', help: 'Writes the type in a line of its own.' },
  {
    name: 'UseQuotes',
    aliases: ['UQ'],
    type: 'string',
    values: ['Always', 'AsNeeded', 'Never'],
    help: 'Which fields stand in quotes; all when it is not said.',
  },
  {
    name: 'QuoteFields',
    aliases: ['QF'],
    type: 'strings',
    completes: 'property',
    help: 'Only these fields stand in quotes.',
  },
  { name: 'NoHeader', type: 'switch', help: 'Without the line of names.' },
] as const satisfies readonly Parameter[];

function optionsOf(call: Call<(typeof WRITING)[number]>): CsvOptions {
  const { arguments: args } = call;
  if (args.NoTypeInformation && args.IncludeTypeInformation)
    throw usage(`${call.cmdlet.name} takes -NoTypeInformation or -IncludeTypeInformation, not both.`);
  if (args.UseQuotes !== undefined && args.QuoteFields !== undefined)
    throw usage(`${call.cmdlet.name} takes -UseQuotes or -QuoteFields, not both.`);
  return {
    delimiter: delimiterOf(call),
    useQuotes: args.UseQuotes,
    quoteFields: args.QuoteFields,
    noHeader: args.NoHeader,
    typeInformation: args.IncludeTypeInformation,
  };
}

function delimiterOf(call: Call<typeof DELIMITER>): string {
  const given = call.arguments.Delimiter;
  if (given === undefined) return ',';
  const delimiter = given === '`t' || given === '\\t' ? '\t' : given;
  if (delimiter.length !== 1 || /["\r\n]/.test(delimiter))
    throw usage(
      `${call.spell('Delimiter')} is one character, such as ";" (a tab is '\`t'), no quote and no line break.`,
    );
  return delimiter;
}

export const convertToCsv = defineCmdlet({
  name: 'ConvertTo-Csv',
  group: 'output',
  summary: 'Turn the piped objects into lines of CSV',
  description: 'Lists are written as "a, b", which every list setting takes back.',
  input: 'needed',
  parameters: [...WRITING, INPUT_OBJECT],
  examples: [
    {
      command: 'rc get | rc select Name,Enabled | rc convertto-csv',
      language: 'Get-ReceiveConnector | Select Name,Enabled | ConvertTo-Csv',
      does: 'Gives lines of CSV.',
    },
  ],
  async *run(call) {
    for await (const line of csvLines(pipedObjects(call), optionsOf(call))) yield line.replace(/\n$/, '');
  },
});

export const exportCsv = defineCmdlet({
  name: 'Export-Csv',
  aliases: ['epcsv'],
  group: 'output',
  summary: 'Write the piped objects to a CSV file',
  description:
    'The first object decides the columns. Lists are written as "a, b", which every list setting takes back: Import-Csv and New- or Set-ReceiveConnector restore connectors.',
  input: 'needed',
  parameters: [
    PATH,
    { name: 'Append', type: 'switch', help: 'Adds to the file, in its columns.' },
    FORCE,
    { name: 'NoClobber', aliases: ['NoOverwrite'], type: 'switch', help: 'Refuses a file that exists.' },
    ENCODING,
    ...WRITING,
    INPUT_OBJECT,
    ...MAY_WRITE,
  ],
  examples: [
    {
      command: 'rc get | rc select Server,Name,Enabled | rc export-csv summary.csv',
      language: 'Get-ReceiveConnector | Select Server,Name,Enabled | Export-Csv summary.csv -NoTypeInformation',
      does: 'Writes a summary for a spreadsheet.',
    },
  ],
  // biome-ignore lint/correctness/useYield: it gives nothing, as Export-Csv does
  async *run(call) {
    const { arguments: args } = call;
    const name = fileNameOf(call, 'Path', call.arguments.Path);
    if (!(await mayWrite(call, 'Export-Csv', name))) return;
    const options = optionsOf(call);
    const columns = args.Append ? columnsOfFile(name, options.delimiter!, args.Encoding) : undefined;
    const objects = columns ? fitting(call, columns, name) : pipedObjects(call);
    const append = columns ? { columns, noHeader: true, typeInformation: false } : {};
    await writeTextFile(call, name, csvLines(objects, { ...options, ...append }));
  },
});

/** The columns that a file has already; `undefined` when it is not there or empty. */
function columnsOfFile(name: string, delimiter: string, encoding: string | undefined): readonly string[] | undefined {
  if (!statSync(name, { throwIfNoEntry: false })?.size) return undefined;
  const text = readTextFile(name, encoding).replace(/^#TYPE [^\n]*\n/, '');
  return parseCsv(text, delimiter).next().value ?? undefined;
}

async function* fitting(
  call: Call<typeof FORCE | typeof INPUT_OBJECT>,
  columns: readonly string[],
  file: string,
): AsyncGenerator<Value> {
  for await (const object of pipedObjects(call)) {
    const names = new Set(propertyNames(object).map((name) => name.toLowerCase()));
    const missing = columns.find((column) => !names.has(column.toLowerCase()));
    if (missing !== undefined && !call.arguments.Force) {
      throw new CmdletError(
        `Cannot append CSV content to the following file: ${file}. The appended object does not have a property that corresponds to the following column: ${missing}. To continue with mismatched properties, add the -Force parameter, and then retry the command.`,
        { id: 'CannotAppendCsvWithMismatchedPropertyNames', category: 'InvalidData', target: missing },
      );
    }
    yield object;
  }
}

const HEADER = {
  name: 'Header',
  type: 'strings',
  placeholder: 'NAME[,NAME]',
  help: 'The names of the columns, when the text has none.',
} as const satisfies Parameter;

function readingOf(call: Call<typeof DELIMITER | typeof HEADER>) {
  const header = call.arguments.Header ?? [];
  return { delimiter: delimiterOf(call), ...(header.length ? { header } : {}) };
}

export const convertFromCsv = defineCmdlet({
  name: 'ConvertFrom-Csv',
  group: 'output',
  summary: 'Turn lines of CSV into objects',
  description: 'Properties with the names of settings become what they were: sizes, spans, lists of ranges.',
  input: 'needed',
  parameters: [
    { ...INPUT_OBJECT, position: 0, help: 'The lines, when they are not piped in.' },
    DELIMITER,
    { name: 'UseCulture', type: 'switch', help: 'Accepted.' },
    HEADER,
  ],
  examples: [
    {
      command: 'rc convertfrom-csv < connectors.csv',
      language: '$lines | ConvertFrom-Csv',
      does: 'Gives the objects of CSV lines.',
    },
  ],
  async *run(call) {
    const lines: string[] = [];
    for await (const value of pipedObjects(call)) lines.push(printed(value));
    yield* csvObjects(lines.join('\n'), readingOf(call));
  },
});

export const importCsv = defineCmdlet({
  name: 'Import-Csv',
  aliases: ['ipcsv'],
  group: 'output',
  summary: 'Read objects from a CSV file',
  description: 'Properties with the names of settings become what they were: sizes, spans, lists of ranges.',
  parameters: [
    PATH,
    { ...DELIMITER, position: 1 },
    { name: 'UseCulture', type: 'switch', help: 'Accepted.' },
    HEADER,
    ENCODING,
  ],
  examples: [
    {
      command: 'rc import-csv connectors.csv | rc where MaxMessageSize -gt 30MB',
      language: 'Import-Csv connectors.csv | where MaxMessageSize -gt 30MB',
      does: 'Uses what a file says; sizes are sizes again.',
    },
  ],
  async *run(call) {
    const text = readTextFile(fileNameOf(call, 'Path', call.arguments.Path), call.arguments.Encoding);
    yield* csvObjects(text, readingOf(call));
  },
});

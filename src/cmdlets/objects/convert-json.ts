/** ConvertTo-Json and ConvertFrom-Json; ConvertTo-Yaml and ConvertFrom-Yaml. */

import { defineCmdlet } from '../../pipeline/cmdlet.ts';
import { CmdletError, usage } from '../../pipeline/error.ts';
import { Hashtable, PsObject, printed, type Value } from '../../pipeline/value.ts';
import { DEEPEST_JSON, fromJson } from '../../print/from-json.ts';
import { jsonProblem } from '../../print/json-problem.ts';
import { shellJson } from '../../print/shell-json.ts';
import { unboundedValue } from '../../store/json-text.ts';
import { show } from '../../text/printable.ts';
import { INPUT_OBJECT, objectsOf } from './object-input.ts';

const TEXT = { ...INPUT_OBJECT, position: 0, help: 'The text, when it is not piped in.' } as const;

/** Levels that ConvertTo-Json writes when -Depth is not said, and the most it takes (ConvertToJsonCommand.cs). */
const DEPTH = 2;
const DEEPEST = 100;

export const convertToJson = defineCmdlet({
  name: 'ConvertTo-Json',
  group: 'output',
  summary: 'Turn the piped objects into one JSON text',
  input: 'needed',
  parameters: [
    { name: 'Depth', type: 'int', help: 'Levels of objects within objects, 2 when it is not said.' },
    { name: 'Compress', type: 'switch', help: 'On one line.' },
    { name: 'AsArray', type: 'switch', help: 'An array even for a single object.' },
    { name: 'EnumsAsStrings', type: 'switch', help: 'Accepted; names are always written.' },
    {
      name: 'EscapeHandling',
      type: 'string',
      values: ['Default', 'EscapeNonAscii', 'EscapeHtml'],
      help: 'Which characters are written as escapes.',
    },
    { ...INPUT_OBJECT, position: 0 },
  ],
  examples: [
    {
      command: 'rc get | rc convertto-json',
      language: 'Get-ReceiveConnector | ConvertTo-Json',
      does: 'Gives one JSON array.',
    },
  ],
  async *run(call) {
    const { arguments: args, context } = call;
    const depth = args.Depth ?? DEPTH;
    if (depth > DEEPEST) throw usage(`${call.spell('Depth')} is at most ${DEEPEST}.`);
    const objects: Value[] = [];
    for await (const object of objectsOf(call)) objects.push(object);
    // A list given as -InputObject is one value; what is piped is a list only when it is several.
    const asList = args.AsArray || (call.spelling === 'flags' && Array.isArray(args.InputObject));
    if (!objects.length && !Array.isArray(args.InputObject)) return;
    const value: Value = objects.length === 1 && !asList ? objects[0]! : objects;
    if (deeper(value, depth))
      context.warn(`Resulting JSON is truncated as serialization has exceeded the set depth of ${depth}.`);
    let text = shellJson(value, { depth, compress: args.Compress });
    const handling = args.EscapeHandling;
    if (handling === 'EscapeNonAscii') text = escapeAs(text, /[^\x00-\x7f]/g);
    if (handling === 'EscapeHtml') text = escapeAs(text, /[<>&']/g);
    yield text;
  },
});

/** Only characters within texts can match, so the JSON stays what it is. */
function escapeAs(json: string, characters: RegExp): string {
  return json.replace(characters, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

function deeper(value: Value, depth: number): boolean {
  const items = Array.isArray(value)
    ? (value as readonly Value[])
    : value instanceof PsObject
      ? Object.values(value.properties)
      : value instanceof Hashtable
        ? [...value.entries.values()]
        : undefined;
  if (!items) return false;
  return depth < 0 || items.some((item) => deeper(item, depth - 1));
}

export const convertFromJson = defineCmdlet({
  name: 'ConvertFrom-Json',
  group: 'output',
  summary: 'Turn JSON text into objects',
  description: 'Sizes, spans, limits and ranges become what they were when they were written.',
  input: 'needed',
  parameters: [
    TEXT,
    { name: 'AsHashtable', type: 'switch', help: 'Tables instead of objects.' },
    { name: 'NoEnumerate', type: 'switch', help: 'Gives an array as one value.' },
    { name: 'Depth', type: 'int', help: 'Levels that are taken, 1024 when it is not said.' },
  ],
  examples: [
    {
      command: 'rc convertfrom-json < connectors.json',
      language: '$json | ConvertFrom-Json',
      does: 'Gives the objects of a JSON text.',
    },
  ],
  async *run(call) {
    const { arguments: args } = call;
    const lines: string[] = [];
    for await (const value of objectsOf(call)) {
      // The command line has read JSON objects already.
      if (value instanceof PsObject || Array.isArray(value)) yield* given(value, args.NoEnumerate);
      else lines.push(printed(value));
    }
    if (!lines.length) return;
    if (lines.every((line) => line.trim() === '')) {
      yield null;
      return;
    }
    for (const parsed of parseAll(lines)) {
      if (isDeeper(parsed, Math.min(args.Depth ?? DEEPEST_JSON, DEEPEST_JSON)))
        throw new CmdletError(`The JSON text is nested deeper than ${args.Depth ?? DEEPEST_JSON} levels.`, {
          id: 'InvalidInput',
        });
      const value = args.AsHashtable ? asTable(parsed) : fromJson(parsed);
      yield* given(value, args.NoEnumerate);
    }
  },
});

function given(value: Value, whole: boolean): readonly Value[] {
  return Array.isArray(value) && !whole ? (value as readonly Value[]) : [value];
}

/** As ConvertFromJsonCommand: when the first line alone is JSON, each text is one document; else they make one together. */
function parseAll(lines: readonly string[]): unknown[] {
  if (lines.length > 1) {
    try {
      JSON.parse(lines[0]!);
      return lines.map(parse);
    } catch {
      // One document over several lines.
    }
  }
  return [parse(lines.join('\n'))];
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new CmdletError(`Conversion from JSON failed with error: ${jsonProblem(error)} (${show(text)})`, {
      id: 'InvalidJson',
      category: 'InvalidArgument',
    });
  }
}

function isDeeper(json: unknown, levels: number): boolean {
  if (typeof json !== 'object' || json === null) return false;
  return levels <= 0 || Object.values(json).some((item) => isDeeper(item, levels - 1));
}

function asTable(json: unknown): Value {
  if (Array.isArray(json)) return json.map(asTable);
  if (typeof json !== 'object' || json === null) return json as Value;
  const table = new Hashtable();
  for (const [key, value] of Object.entries(json)) table.set(key, asTable(value));
  return table;
}

export const convertToYaml = defineCmdlet({
  name: 'ConvertTo-Yaml',
  group: 'output',
  summary: 'Turn the piped objects into one YAML text',
  input: 'needed',
  parameters: [{ ...INPUT_OBJECT, position: 0 }],
  examples: [
    {
      command: 'rc get | rc convertto-yaml',
      language: 'Get-ReceiveConnector | ConvertTo-Yaml',
      does: 'Gives one YAML list.',
    },
  ],
  async *run(call) {
    const objects: Value[] = [];
    for await (const object of objectsOf(call)) objects.push(object);
    if (!objects.length) return;
    const { yamlText } = await import('../../print/yaml.ts');
    yield (await yamlText(objects.length === 1 ? objects[0]! : objects)).replace(/\n$/, '');
  },
});

export const convertFromYaml = defineCmdlet({
  name: 'ConvertFrom-Yaml',
  group: 'output',
  summary: 'Turn YAML text into objects',
  input: 'needed',
  parameters: [TEXT],
  examples: [
    {
      command: 'rc convertfrom-yaml --input-object "Name: Relay"',
      language: '$yaml | ConvertFrom-Yaml',
      does: 'Gives the objects of a YAML text.',
    },
  ],
  async *run(call) {
    const lines: string[] = [];
    for await (const value of objectsOf(call)) lines.push(printed(value));
    if (!lines.length) return;
    if (lines.every((line) => line.trim() === '')) {
      yield null;
      return;
    }
    const { parseYaml } = await import('../../print/yaml.ts');
    let parsed: unknown;
    try {
      parsed = await parseYaml(lines.join('\n'));
      const unbounded = unboundedValue(parsed);
      if (unbounded) throw new Error(unbounded);
    } catch (error) {
      throw new CmdletError(`The text is not YAML: ${(error as Error).message}`, {
        id: 'InvalidYaml',
        category: 'InvalidArgument',
      });
    }
    yield* given(fromJson(parsed), false);
  },
});

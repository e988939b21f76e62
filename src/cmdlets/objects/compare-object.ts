/**
 * Compare-Object: what is only on the one side (`<=` reference, `=>` difference) and what is on both (`==`). The order of
 * its output is that of Compare-Object.cs with an unlimited SyncWindow: what matches, then the rest of each side.
 */

import { type Call, defineCmdlet } from '../../pipeline/cmdlet.ts';
import { comparisonKey, likened } from '../../pipeline/compare.ts';
import { usage } from '../../pipeline/error.ts';
import type { Parameter } from '../../pipeline/parameter.ts';
import type { PropertyExpression } from '../../pipeline/property-expression.ts';
import { elementsOf, PsObject, printed, type Value } from '../../pipeline/value.ts';
import { objectsInFile } from './object-file.ts';
import { expressionsOf, flattened } from './object-input.ts';

const PARAMETERS = [
  {
    name: 'ReferenceObject',
    type: 'value',
    position: 0,
    completes: 'file',
    placeholder: 'OBJECTS',
    help: 'What is compared against: `<=` marks what only this side has.',
  },
  {
    name: 'DifferenceObject',
    type: 'value',
    position: 1,
    pipeline: true,
    completes: 'file',
    placeholder: 'OBJECTS',
    help: 'What is compared: `=>` marks what only this side has.',
  },
  {
    name: 'Property',
    type: 'properties',
    completes: 'property',
    placeholder: 'NAME[,NAME]',
    help: 'Properties that are compared; without it, all of them.',
  },
  { name: 'IncludeEqual', type: 'switch', help: 'Shows what is equal too (==).' },
  { name: 'ExcludeDifferent', type: 'switch', help: 'Shows only what is equal.' },
  { name: 'PassThru', type: 'switch', help: 'Gives the objects themselves, with a SideIndicator.' },
  { name: 'CaseSensitive', type: 'switch', help: 'Upper and lower case differ.' },
  { name: 'SyncWindow', type: 'int', placeholder: 'N', help: 'Accepted; everything is compared with everything.' },
  { name: 'Culture', type: 'string', placeholder: 'NAME', help: 'Accepted.' },
] as const satisfies readonly Parameter[];

type OwnCall = Call<(typeof PARAMETERS)[number]>;

export const compareObject = defineCmdlet({
  name: 'Compare-Object',
  aliases: ['compare', 'diff'],
  group: 'objects',
  summary: 'Show what differs between two sets of objects',
  description:
    'On a command line each side may be a file that rc wrote (NDJSON, JSON, CSV or CLIXML); the other side is piped in.',
  input: 'needed',
  parameters: PARAMETERS,
  examples: [
    {
      command: 'rc get | rc compare before.ndjson --property Name,MaxMessageSize',
      does: 'Shows which connectors have another message size than in a file written before.',
    },
    {
      command: 'rc import-clixml before.xml | rc compare before.ndjson --include-equal',
      language: 'Compare-Object $before (Get-ReceiveConnector) -Property Name,MaxMessageSize -IncludeEqual',
      does: 'Shows what is equal too.',
    },
  ],
  async *run(call) {
    const { arguments: args } = call;
    if (args.ReferenceObject === undefined)
      throw usage('Compare-Object needs what to compare against, -ReferenceObject.');
    const properties = await expressionsOf(call, call.arguments.Property, ['expression']);
    const read = {
      reference: await valuesOf(side(call, args.ReferenceObject), properties),
      difference: await valuesOf(
        args.DifferenceObject !== undefined ? side(call, args.DifferenceObject) : (call.input ?? []),
        properties,
      ),
    };
    // lines of a file against ranges, sizes, spans: texts are read as what the other side has
    const examples = Array.from({ length: properties.length || 1 }, (_, k) => exampleOf(read, k));
    const keyed = (row: Row): Entry => ({
      ...row,
      key: JSON.stringify(row.compared.map((v, k) => comparisonKey(likened(v, examples[k]!), args.CaseSensitive))),
    });
    const reference = read.reference.map(keyed);
    const difference = read.difference.map(keyed);
    const waiting = new Map<string, Entry[]>();
    for (const entry of reference) {
      const same = waiting.get(entry.key);
      if (same) same.push(entry);
      else waiting.set(entry.key, [entry]);
    }
    const showEqual = call.has('IncludeEqual') ? args.IncludeEqual : args.ExcludeDifferent;
    const added: Entry[] = [];
    const matched = new Set<Entry>();
    for (const entry of difference) {
      const match = waiting.get(entry.key)?.shift();
      if (!match) added.push(entry);
      else {
        matched.add(match);
        if (showEqual) yield shown(match, '==', call, properties);
      }
    }
    if (args.ExcludeDifferent) return;
    for (const entry of added) yield shown(entry, '=>', call, properties);
    for (const entry of reference) if (!matched.has(entry)) yield shown(entry, '<=', call, properties);
  },
});

interface Row {
  readonly object: Value;
  /** Of the properties; none when whole values are compared. */
  readonly values: readonly Value[];
  readonly compared: readonly Value[];
}

interface Entry extends Row {
  readonly key: string;
}

/** The first value in this column that is more than text, of a list its first element. */
function exampleOf(read: { reference: readonly Row[]; difference: readonly Row[] }, column: number): Value {
  for (const rows of [read.reference, read.difference])
    for (const { compared } of rows) {
      const value = compared[column] ?? null;
      const one = Array.isArray(value) ? ((value[0] as Value | undefined) ?? null) : value;
      if (typeof one === 'object' && one !== null) return one;
    }
  return null;
}

function side(call: Call, given: Value): AsyncIterable<Value> | Iterable<Value> {
  const values = elementsOf(given);
  const [only] = values;
  const mayBeFile = call.spelling === 'flags' && values.length === 1 && typeof only === 'string';
  return (mayBeFile ? objectsInFile(call, only as string) : undefined) ?? values;
}

async function valuesOf(
  objects: AsyncIterable<Value> | Iterable<Value>,
  properties: readonly PropertyExpression[],
): Promise<Row[]> {
  const read: Row[] = [];
  for await (const object of flattened(objects)) {
    const values: Value[] = [];
    for (const property of properties) values.push((await property.first(object)) ?? null);
    read.push({ object, values, compared: properties.length ? values : [object] });
  }
  return read;
}

function shown(entry: Entry, indicator: string, call: OwnCall, properties: readonly PropertyExpression[]): Value {
  if (call.arguments.PassThru)
    return entry.object instanceof PsObject ? entry.object.with('SideIndicator', indicator) : entry.object;
  const own: Record<string, Value> = {};
  if (properties.length) for (let k = 0; k < properties.length; k++) own[properties[k]!.name] = entry.values[k]!;
  else own.InputObject = typeof entry.object === 'object' ? nameOf(entry.object) : entry.object;
  return new PsObject('PSCustomObject', { ...own, SideIndicator: indicator });
}

/** An object is said by its Identity or Name where it has one. */
function nameOf(object: Value): Value {
  if (!(object instanceof PsObject)) return object;
  return object.get('Identity') ?? object.get('Name') ?? printed(object);
}

/**
 * Compare-Object: what is only on the one side (`<=` reference, `=>` difference) and what is on both (`==`), in the order of
 * Compare-Object.cs: what matches, then the rest of each side.
 */

import { type Call, defineCmdlet } from '../../pipeline/cmdlet.ts';
import { usage } from '../../pipeline/error.ts';
import type { Parameter } from '../../pipeline/parameter.ts';
import type { PropertyExpression } from '../../pipeline/property-expression.ts';
import { comparisonKey, likened } from '../../pipeline/sort-order.ts';
import { elementsOf, PsObject, printed, type Value } from '../../pipeline/value.ts';
import { objectsInFile } from './object-file.ts';
import { expressionsOf, flattened, keyOf } from './object-input.ts';

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
    help: 'Properties that are compared; without it, all of them.',
  },
  { name: 'IncludeEqual', type: 'switch', help: 'Shows what is equal too (==).' },
  { name: 'ExcludeDifferent', type: 'switch', help: 'Shows only what is equal.' },
  { name: 'PassThru', type: 'switch', help: 'Gives the objects themselves, with a SideIndicator.' },
  { name: 'CaseSensitive', type: 'switch', help: 'Upper and lower case differ.' },
  { name: 'SyncWindow', type: 'int', help: 'How many of the other side are looked at; all when it is not said.' },
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
      reference: await valuesOf(side(call, args.ReferenceObject), properties, call.context),
      difference: await valuesOf(
        args.DifferenceObject !== undefined ? side(call, args.DifferenceObject) : (call.input ?? []),
        properties,
        call.context,
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
    const showEqual = call.has('IncludeEqual') ? args.IncludeEqual : args.ExcludeDifferent;
    for (const { entry, indicator } of compared(reference, difference, args.SyncWindow ?? Number.POSITIVE_INFINITY)) {
      if (indicator === '==' ? !showEqual : args.ExcludeDifferent) continue;
      yield shown(entry, indicator, call, properties);
    }
  },
});

/**
 * Step by step, one of each side: what does not match at once waits for its like among so many of the other side
 * (CompareObjectCommand.Process in Compare-Object.cs).
 */
function* compared(
  reference: readonly Entry[],
  difference: readonly Entry[],
  window: number,
): Generator<{ readonly entry: Entry; readonly indicator: '==' | '=>' | '<=' }> {
  const [before, after] = [new Backlog(), new Backlog()];
  for (let k = 0; k < Math.max(reference.length, difference.length); k++) {
    let [ours, theirs] = [reference[k], difference[k]];
    if (ours && ours.key === theirs?.key) {
      yield { entry: ours, indicator: '==' };
      continue;
    }
    const known = theirs && before.take(theirs.key);
    if (known) {
      yield { entry: known, indicator: '==' };
      theirs = undefined;
    }
    if (ours && after.take(ours.key)) {
      yield { entry: ours, indicator: '==' };
      ours = undefined;
    }
    for (const [entry, backlog, indicator] of [
      [theirs, after, '=>'],
      [ours, before, '<='],
    ] as const) {
      if (!entry) continue;
      if (window > 0) {
        while (backlog.size >= window) yield { entry: backlog.first()!, indicator };
        backlog.add(entry);
      } else yield { entry, indicator };
    }
  }
  for (let entry = after.first(); entry; entry = after.first()) yield { entry, indicator: '=>' };
  for (let entry = before.first(); entry; entry = before.first()) yield { entry, indicator: '<=' };
}

/** Entries that wait for their like, in the order they came. */
class Backlog {
  readonly #all = new Set<Entry>();
  readonly #byKey = new Map<string, Entry[]>();
  get size(): number {
    return this.#all.size;
  }
  add(entry: Entry): void {
    this.#all.add(entry);
    const same = this.#byKey.get(entry.key);
    if (same) same.push(entry);
    else this.#byKey.set(entry.key, [entry]);
  }
  /** The first with this key, which waits no longer. */
  take(key: string): Entry | undefined {
    const found = this.#byKey.get(key)?.shift();
    if (found) this.#all.delete(found);
    return found;
  }
  /** The first of all, which waits no longer. */
  first(): Entry | undefined {
    const [entry] = this.#all;
    return entry && this.take(entry.key);
  }
}

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
  context: Call['context'],
): Promise<Row[]> {
  const read: Row[] = [];
  for await (const object of flattened(objects)) {
    const values: Value[] = [];
    for (const property of properties) values.push((await keyOf(property, object, context)) ?? null);
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

/** Group-Object: objects with the same values together, with their number; groups in the order of their values. */
import { defineCmdlet } from '../../pipeline/cmdlet.ts';
import { CmdletError, usage } from '../../pipeline/error.ts';
import { sorted } from '../../pipeline/introsort.ts';
import { integerTypeOf, isFigure } from '../../pipeline/number.ts';
import { comparisonKey, sortOrder } from '../../pipeline/sort-order.ts';
import { Hashtable, printed, type Value } from '../../pipeline/value.ts';
import { CommandResult } from './command-result.ts';
import { expressionsOf, INPUT_OBJECT, keyOf, pipedObjects, propertyParameter } from './object-input.ts';

/** GroupObjectCommand has it for the id as well. */
const DUPLICATED =
  'The objects grouped by this property cannot be expanded because there is a key duplication. Provide a valid value for the property, and then try again.';

export const groupObject = defineCmdlet({
  name: 'Group-Object',
  aliases: ['group'],
  group: 'objects',
  summary: 'Put piped objects with the same values together and count them',
  input: 'needed',
  gives: 'GroupInfo',
  parameters: [
    propertyParameter('Properties whose values make a group; a block calculates one.'),
    { name: 'NoElement', type: 'switch', help: 'Only the number and the name, not the objects.' },
    { name: 'AsHashTable', aliases: ['AHT'], type: 'switch', help: 'Gives one table from value to objects.' },
    { name: 'AsString', type: 'switch', help: 'With -AsHashTable: the keys are texts.' },
    { name: 'CaseSensitive', type: 'switch', help: 'Upper and lower case differ.' },
    { name: 'Culture', type: 'string', placeholder: 'NAME', help: 'Accepted; texts are sorted in dictionary order.' },
    INPUT_OBJECT,
  ],
  examples: [
    {
      command: 'rc get | rc group Enabled --no-element',
      language: 'Get-ReceiveConnector | group Enabled -NoElement',
      does: 'Counts the connectors that are on and off.',
    },
  ],
  async *run(call) {
    const { arguments: args } = call;
    if (args.AsString && !args.AsHashTable) throw usage('Group-Object: -AsString is for use with -AsHashTable.');
    const keys = await expressionsOf(call, call.arguments.Property, ['expression']);
    const caseSensitive = args.CaseSensitive;
    const entries: Entry[] = [];
    const withNull = new Set<number>();
    for await (const object of pipedObjects(call)) {
      if (object === null) continue;
      const values: Value[] = [];
      for (const [k, key] of keys.entries()) {
        const value = await keyOf(key, object, call.context);
        if (value === null) withNull.add(k);
        values.push(value ?? null);
      }
      if (!keys.length) values.push(object);
      entries.push({ values, object });
    }
    const groups = grouped(entries, caseSensitive, withNull);
    if (args.AsHashTable) {
      if (!groups.length) return;
      if (!args.AsString && groups.some(({ values }) => values[0] === null))
        throw new CmdletError(DUPLICATED, { id: DUPLICATED, category: 'InvalidArgument', type: 'System.Exception' });
      const table = new Hashtable();
      for (const { values, objects } of groups) table.set(nameOf(values, keys.length > 0), objects);
      yield table;
      return;
    }
    for (const { values, objects } of groups) {
      yield new CommandResult(args.NoElement ? 'GroupInfoNoElement' : 'GroupInfo', {
        Values: values,
        Count: objects.length,
        Group: args.NoElement ? [] : objects,
        Name: nameOf(values, keys.length > 0),
      });
    }
  },
});

interface Entry {
  readonly values: readonly Value[];
  readonly object: Value;
}
interface Group {
  readonly values: readonly Value[];
  readonly objects: Value[];
}

/**
 * Keys of one type: in the order of the keys. Keys of several types: in the order they came in, each compared with the groups
 * that there are, whose type decides (GroupObjectCommand.DoGrouping and DoOrderedGrouping in Group-Object.cs).
 * @param withNull keys that are $null somewhere; of the others $null is what an object lacks, and comes last
 */
function grouped(entries: readonly Entry[], caseSensitive: boolean, withNull: ReadonlySet<number>): Group[] {
  const kinds: string[] = []; // of each key; nothing goes with any
  const isMixed = entries.some(({ values }) =>
    values.some((one, k) => {
      if (one === null) return false;
      kinds[k] ??= kindOf(one);
      return kindOf(one) !== kinds[k];
    }),
  );
  const compare = (a: readonly Value[], b: readonly Value[]) => {
    for (let k = 0; k < a.length; k++) {
      const [left, right] = [a[k]!, b[k]!];
      const isLast = !withNull.has(k) && (left === null) !== (right === null);
      const by = isLast ? (left === null ? 1 : -1) : sortOrder(left, right, caseSensitive);
      if (by) return by;
    }
    return 0;
  };
  // lists without a property are one group, whatever is in them
  const isList =
    !isMixed &&
    entries.length > 0 &&
    entries.every(({ object, values }) => values[0] === object && Array.isArray(object));
  const ordered = isMixed ? entries : sorted([...entries], (a, b) => compare(a.values, b.values));
  const groups: Group[] = [];
  const known = new Map<string, Group>();
  for (const { values, object } of ordered) {
    const id = JSON.stringify(values.map((value) => `${kindOf(value)} ${comparisonKey(value, caseSensitive)}`));
    let group = known.get(id);
    if (!group) {
      const last = groups.at(-1);
      if (isMixed) group = groups.find((one) => compare(one.values, values) === 0);
      else if (last && (isList || compare(last.values, values) === 0)) group = last;
    }
    if (!group) {
      group = { values, objects: [] };
      groups.push(group);
    }
    known.set(id, group);
    group.objects.push(object);
  }
  return groups;
}

/** GroupInfo.BuildName: the values, a property's list in braces, separated by commas. */
function nameOf(values: readonly Value[], ofProperties: boolean): string {
  return values
    .filter((value) => value !== null)
    .map((value) =>
      ofProperties && Array.isArray(value)
        ? `{${(value as readonly Value[]).map(printed).join(', ')}}`
        : printed(value),
    )
    .join(', ');
}

function kindOf(value: Value): string {
  if (isFigure(value)) return integerTypeOf(value) ?? 'Double';
  return typeof value === 'object' && value !== null ? value.constructor.name : String(value === null || typeof value);
}

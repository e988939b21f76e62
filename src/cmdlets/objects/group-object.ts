/** Group-Object: objects with the same values together, with their number; groups in the order of their values. */
import { defineCmdlet } from '../../pipeline/cmdlet.ts';
import { comparisonKey, sortOrder } from '../../pipeline/compare.ts';
import { usage } from '../../pipeline/error.ts';
import { Hashtable, PsObject, printed, type Value } from '../../pipeline/value.ts';
import { expressionsOf, INPUT_OBJECT, pipedObjects, propertyParameter } from './object-input.ts';

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
    const groups = new Map<string, { values: Value[]; objects: Value[]; count: number }>();
    for await (const object of pipedObjects(call)) {
      const values: Value[] = [];
      for (const key of keys) values.push((await key.first(object)) ?? null);
      if (!keys.length) values.push(object);
      const id = JSON.stringify(values.map((value) => comparisonKey(value, caseSensitive)));
      const group = groups.get(id) ?? { values, objects: [], count: 0 };
      groups.set(id, group);
      group.count++;
      if (!args.NoElement) group.objects.push(object);
    }
    if (args.AsHashTable) {
      const table = new Hashtable();
      for (const { values, objects } of groups.values()) table.set(nameOf(values), objects);
      yield table;
      return;
    }
    // keys of several types keep the order they came in (GroupObject, _hasDifferentValueTypes)
    const kinds = new Set([...groups.values()].flatMap((g) => (g.values[0] === null ? [] : [kindOf(g.values[0]!)])));
    const sorted =
      kinds.size > 1
        ? [...groups.values()]
        : [...groups.values()].sort((a, b) => {
            for (let k = 0; k < a.values.length; k++) {
              const by = sortOrder(a.values[k]!, b.values[k]!, caseSensitive);
              if (by) return by;
            }
            return 0;
          });
    for (const { values, objects, count } of sorted) {
      const named = { Name: nameOf(values), Count: count };
      yield args.NoElement
        ? new PsObject('GroupInfoNoElement', { ...named, Values: values })
        : new PsObject('GroupInfo', { ...named, Group: objects, Values: values });
    }
  },
});

/** GroupInfo.BuildName: the values, a list in braces, separated by commas. */
function nameOf(values: readonly Value[]): string {
  return values
    .filter((value) => value !== null)
    .map((value) =>
      Array.isArray(value) ? `{${(value as readonly Value[]).map(printed).join(', ')}}` : printed(value),
    )
    .join(', ');
}

function kindOf(value: Value): string {
  return typeof value === 'object' && value !== null ? value.constructor.name : typeof value;
}

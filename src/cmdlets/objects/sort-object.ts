/** Sort-Object: puts the objects in order, by one or several keys. Objects that lack a key come last, whatever the order. */

import { expectInRange } from '../../pipeline/argument-range.ts';
import { type Call, defineCmdlet } from '../../pipeline/cmdlet.ts';
import { textOrder } from '../../pipeline/comparands.ts';
import { isTrue } from '../../pipeline/compare.ts';
import { foremost, sorted } from '../../pipeline/introsort.ts';
import type { Parameter } from '../../pipeline/parameter.ts';
import { PropertyExpression } from '../../pipeline/property-expression.ts';
import { sortOrder } from '../../pipeline/sort-order.ts';
import type { Value } from '../../pipeline/value.ts';
import { expressionsOf, INPUT_OBJECT, keyOf, pipedObjects, propertyParameter } from './object-input.ts';

const PARAMETERS = [
  propertyParameter(
    "Keys to sort by, the first counts most; @{e='Name';descending=$true} turns one around; a block calculates one.",
  ),
  { name: 'Descending', type: 'switch', help: 'The greatest first.' },
  { name: 'Unique', type: 'switch', help: 'Of objects with the same keys only one.' },
  { name: 'Top', type: 'int', help: 'Only the first N in that order.' },
  { name: 'Bottom', type: 'int', help: 'Only the last N in that order.' },
  { name: 'CaseSensitive', type: 'switch', help: 'Upper and lower case differ.' },
  {
    name: 'Stable',
    type: 'switch',
    help: 'Objects with the same keys stay in their order, as they always do on the command line.',
  },
  { name: 'Culture', type: 'string', placeholder: 'NAME', help: 'Accepted; texts are sorted in dictionary order.' },
  INPUT_OBJECT,
] as const satisfies readonly Parameter[];

type OwnCall = Call<(typeof PARAMETERS)[number]>;

export const sortObject = defineCmdlet({
  name: 'Sort-Object',
  aliases: ['sort'],
  group: 'objects',
  summary: 'Put the piped objects in order',
  input: 'needed',
  parameters: PARAMETERS,
  sets: [['Stable'], ['Top'], ['Bottom']],
  examples: [
    {
      command: 'rc get | rc sort MaxMessageSize --descending',
      language: 'Get-ReceiveConnector | sort MaxMessageSize -Descending',
      does: 'The connector that takes the largest messages comes first.',
    },
    {
      command: 'rc get | rc sort TransportRole,Name',
      language: 'Get-ReceiveConnector | sort TransportRole,Name',
      does: 'Sorts by role, and by name within a role.',
    },
  ],
  async *run(call) {
    let keys = (await expressionsOf(call, call.arguments.Property, ['expression', 'ascending', 'descending'])).map(
      (expression) => ({
        expression,
        descending: descends(expression, call),
      }),
    );
    const caseSensitive = call.arguments.CaseSensitive;
    const entries: Entry[] = [];
    for await (const object of pipedObjects(call)) {
      if (object === null) continue; // as Sort-Object does
      if (!entries.length) keys = keys.flatMap((key) => named(key, object));
      const values: (Value | undefined)[] = [];
      for (const { expression } of keys) {
        values.push(
          expression.isBlock ? await keyOf(expression, object, call.context) : (expression.first(object) as Value),
        );
      }
      entries.push({ object, values: keys.length ? values : [object] });
    }
    for (const name of ['Top', 'Bottom'] as const) expectInRange(name, call.arguments[name], 1);
    const down = keys.length ? keys.map((key) => key.descending) : [call.arguments.Descending];
    const compare = (a: Entry, b: Entry) => {
      for (let k = 0; k < down.length; k++) {
        const by = compareKeys(a.values[k], b.values[k], down[k]!, caseSensitive);
        if (by !== 0) return by;
      }
      return 0;
    };
    const { Top: most, Bottom: least, Unique: unique, Stable: stable } = call.arguments;
    const onCommandLine = call.spelling === 'flags'; // scripts have PowerShell's order (docs/decisions/0300)
    const isPart = !unique && (most ?? least ?? entries.length) < entries.length;
    if (isPart) foremost(entries, compare, most ?? least!, most !== undefined);
    else sorted(entries, compare, !unique && (stable || onCommandLine || (most ?? least) !== undefined));
    const kept = unique ? withoutRepeated(entries, compare) : entries;
    const [top, bottom] = isPart ? [undefined, undefined] : [most, least];
    const part = top !== undefined ? kept.slice(0, top) : bottom !== undefined ? kept.slice(-bottom) : kept;
    for (const entry of part) yield entry.object;
  },
});

/** Each is compared with the last that was kept (SortObjectCommand.FullSort). */
function withoutRepeated<T>(entries: readonly T[], compare: (a: T, b: T) => number): T[] {
  const kept: T[] = [];
  for (const entry of entries) if (!kept.length || compare(kept.at(-1)!, entry) !== 0) kept.push(entry);
  return kept;
}

/** `sort *`: all properties that the first object has, one after the other, by their names. */
function named<K extends { readonly expression: PropertyExpression }>(key: K, object: Value): K[] {
  if (!key.expression.isWildcard) return [key];
  const names = key.expression.resolve(object).map(({ name }) => name);
  names.sort((a, b) => textOrder(a, b, false));
  return names.map((name) => ({ ...key, expression: new PropertyExpression(name) }));
}

interface Entry {
  readonly object: Value;
  readonly values: readonly (Value | undefined)[];
}

function descends(expression: PropertyExpression, call: OwnCall): boolean {
  const descending = expression.options.get('descending');
  if (descending !== undefined) return isTrue(descending);
  const ascending = expression.options.get('ascending');
  if (ascending !== undefined) return !isTrue(ascending);
  return call.arguments.Descending;
}

/** ObjectCommandComparer: one without the property is greater than all others in either direction. */
function compareKeys(a: Value | undefined, b: Value | undefined, descending: boolean, caseSensitive: boolean): number {
  if (a === undefined || b === undefined) return a === b ? 0 : a === undefined ? 1 : -1;
  const by = sortOrder(a, b, caseSensitive);
  return descending ? -by : by;
}

/** Select-Object: some properties of the objects, some of the objects. Source of the rules: Select-Object.cs (PowerShell). */

import { type Call, defineCmdlet } from '../../pipeline/cmdlet.ts';
import { CmdletError, usage } from '../../pipeline/error.ts';
import type { Parameter } from '../../pipeline/parameter.ts';
import { PropertyExpression } from '../../pipeline/property-expression.ts';
import { comparisonKey, sortOrder } from '../../pipeline/sort-order.ts';
import { bare, elementsOf, PsObject, printed, type Value, WithMembers } from '../../pipeline/value.ts';
import { netText } from '../../print/format-string.ts';
import { hasWildcard, sameText, Wildcard } from '../../text/wildcard.ts';
import { expressionsOf, INPUT_OBJECT, pipedObjects, propertyParameter } from './object-input.ts';

const PARAMETERS = [
  propertyParameter(
    "Properties to keep, in this order; wildcards take all that match; @{n='Label';e={…}} calculates one.",
  ),
  {
    name: 'ExcludeProperty',
    type: 'strings',
    completes: 'property',
    help: 'Properties to leave out, wildcards included; alone it keeps all the others.',
  },
  {
    name: 'ExpandProperty',
    type: 'string',
    completes: 'property',
    help: 'Gives the value of this property instead of the object; a list is taken apart.',
  },
  { name: 'First', type: 'int', help: 'The first N objects.' },
  { name: 'Last', type: 'int', help: 'The last N objects.' },
  { name: 'Skip', type: 'int', help: 'Leaves out the first N (with -Last, the last N).' },
  { name: 'SkipLast', type: 'int', help: 'Leaves out the last N.' },
  { name: 'Index', type: 'value', placeholder: 'N[,N]', help: 'The objects at these places, counted from 0.' },
  { name: 'SkipIndex', type: 'value', placeholder: 'N[,N]', help: 'All but the objects at these places.' },
  { name: 'Unique', type: 'switch', help: 'Each only once; letters differ by case.' },
  { name: 'CaseInsensitive', type: 'switch', help: 'With -Unique: upper and lower case are the same.' },
  { name: 'Wait', type: 'switch', help: 'Lets the commands before it run to their end even when enough was taken.' },
  INPUT_OBJECT,
] as const satisfies readonly Parameter[];

type OwnCall = Call<(typeof PARAMETERS)[number]>;

export const selectObject = defineCmdlet({
  name: 'Select-Object',
  aliases: ['select'],
  group: 'objects',
  summary: 'Keep some properties of the piped objects, or some of the objects',
  input: 'needed',
  parameters: PARAMETERS,
  sets: [['First', 'Last', 'Skip'], ['Skip', 'SkipLast'], ['Index'], ['SkipIndex']],
  examples: [
    {
      command: 'rc get | rc select Name,MaxInbound*',
      language: 'Get-ReceiveConnector | Select Name,MaxInbound*',
      does: 'Shows the connection limits.',
    },
    {
      command: 'rc get | rc select --first 1',
      language: 'Get-ReceiveConnector | Select -First 1',
      does: 'Gives the first connector.',
    },
    {
      command: 'rc get | rc select --expand-property RemoteIPRanges',
      language: 'Get-ReceiveConnector | Select -ExpandProperty RemoteIPRanges',
      does: 'Gives every remote range.',
    },
    {
      command: 'rc get | rc select Name,\'@{n="MB";e={$_.MaxMessageSize.ToMB()}}\'',
      language: "Get-ReceiveConnector | Select Name,@{n='MB';e={$_.MaxMessageSize.ToMB()}}",
      does: 'Adds a property that is calculated.',
    },
  ],
  async *run(call) {
    const shape = await shaper(call);
    const unique = call.arguments.Unique;
    const isNew = firsts(!call.arguments.CaseInsensitive);
    for await (const object of chosen(call)) {
      for await (const value of shape(object)) {
        if (!unique || isNew(value)) yield value;
      }
    }
  },
});

/**
 * Is nothing equal there yet? A value is compared with each that was given, and decides how the other is read (Select-Object.cs):
 * `$true` is equal to any text but ''. Values of one type are looked up.
 */
function firsts(caseSensitive: boolean): (value: Value) => boolean {
  const seen = new Set<string>();
  const given: Value[] = [];
  const types = new Set<string>();
  return (value) => {
    const key = comparisonKey(value, caseSensitive);
    if (seen.has(key)) return false;
    types.add(typeof value);
    if (types.size > 1 && given.some((one) => sortOrder(value, one, caseSensitive) === 0)) return false;
    seen.add(key);
    given.push(value);
    return true;
  };
}

type Shaper = (object: Value) => Iterable<Value> | AsyncIterable<Value>;

async function shaper(call: OwnCall): Promise<Shaper> {
  const { arguments: args, context } = call;
  const excluded = exclusion(args.ExcludeProperty ?? []);
  let properties = await expressionsOf(call, call.arguments.Property);
  if (excluded && !properties.length) properties = [new PropertyExpression('*')];
  const expand = args.ExpandProperty;
  if (expand !== undefined) {
    const expression = new PropertyExpression(expand);
    return async function* (object) {
      try {
        yield* await expanded(object, expression, properties.length ? await picked(object, properties, excluded) : {});
      } catch (error) {
        if (!(error instanceof CmdletError)) throw error;
        context.error(error);
      }
    };
  }
  if (!properties.length) return (object) => [object];
  return async function* (object) {
    yield new PsObject(selectedType(object), await picked(object, properties, excluded));
  };
}

function selectedType(object: Value): string {
  const type = object instanceof PsObject ? object.type : typeof object;
  return type.startsWith('Selected.') ? type : `Selected.${type}`;
}

/** A test for names that are left out; `undefined` when none are. */
export function exclusion(names: readonly string[]): ((name: string) => boolean) | undefined {
  if (!names.length) return undefined;
  const tests = names.map((name) => {
    if (!hasWildcard(name)) return (other: string) => sameText(name, other);
    const pattern = new Wildcard(name);
    return (other: string) => pattern.matches(other);
  });
  return (name) => tests.some((test) => test(name));
}

/** Properties of one object, in the order asked for; the first of a name wins. A name that is not there is empty. */
async function picked(
  object: Value,
  properties: readonly PropertyExpression[],
  excluded: ((name: string) => boolean) | undefined,
): Promise<Record<string, Value>> {
  const kept: Record<string, Value> = {};
  for (const property of properties) {
    for (const { name, value } of property.resolve(object)) {
      if (Object.hasOwn(kept, name) || excluded?.(name)) continue;
      const read = value();
      kept[name] = (read instanceof Promise ? await read : read) ?? null;
    }
  }
  return kept;
}

async function expanded(
  object: Value,
  expression: PropertyExpression,
  more: Readonly<Record<string, Value>>,
): Promise<readonly Value[]> {
  const found = expression.resolve(object);
  if (found.length > 1)
    throw new CmdletError(`Multiple properties match "${expression.name}"; only one can be expanded.`, {
      id: 'MutlipleExpandProperties',
      target: expression.name,
    });
  const value = found.length ? await found[0]!.value() : undefined;
  if (value === undefined)
    throw new CmdletError(`Property "${expression.name}" cannot be found.`, {
      id: 'ExpandPropertyNotFound',
      category: 'InvalidArgument',
      target: netText(object),
      targetType: 'PSObject',
    });
  if (value === null) return [];
  const values = Array.isArray(value) ? (value as readonly Value[]).filter((item) => item !== null) : [value];
  if (!Object.keys(more).length) return values;
  return values.map((item) =>
    item instanceof PsObject
      ? new PsObject(item.type, { ...item.properties, ...more })
      : new WithMembers(bare(item), { ...(item instanceof WithMembers ? item.members : {}), ...more }),
  );
}

/** The objects that -First, -Last, -Skip, -SkipLast and -Index choose; stops reading when it has them all. */
async function* chosen(call: OwnCall): AsyncGenerator<Value> {
  const { arguments: args } = call;
  const objects = pipedObjects(call);
  const at = placesOf(call, 'Index');
  const not = placesOf(call, 'SkipIndex');
  if (at && not) throw usage('Select-Object takes -Index or -SkipIndex, not both.');
  const first = args.First;
  const last = args.Last;
  let skip = args.Skip ?? 0;
  const skipLast = args.SkipLast;
  if (at || not) {
    const most = at ? Math.max(...at) : Number.POSITIVE_INFINITY;
    let place = 0;
    for await (const object of objects) {
      if (at ? at.has(place) : !not!.has(place)) yield object;
      if (place++ >= most && !args.Wait) return;
    }
    return;
  }
  const held: Value[] = [];
  if (last !== undefined && first === undefined) {
    for await (const object of objects) {
      held.push(object);
      if (held.length > last + skip) held.shift();
    }
    yield* held.slice(0, Math.max(0, held.length - skip));
    return;
  }
  if (skipLast !== undefined) {
    for await (const object of objects) {
      if (skip > 0) skip--;
      else if (held.push(object) > skipLast) yield held.shift()!;
    }
    return;
  }
  let given = 0;
  if (first === 0 && last === undefined) return;
  for await (const object of objects) {
    if (skip > 0) skip--;
    else if (first === undefined || given < first) {
      given++;
      yield object;
      if (given === first && last === undefined && !args.Wait) return;
    } else if (last !== undefined && held.push(object) > last) held.shift();
  }
  yield* held;
}

function placesOf(call: OwnCall, parameter: 'Index' | 'SkipIndex'): ReadonlySet<number> | undefined {
  const given = call.arguments[parameter];
  if (given === undefined) return undefined;
  const texts = elementsOf(given).flatMap((value) => printed(value).split(','));
  return new Set(
    texts.map((text) => {
      if (!/^\d+$/.test(text.trim()))
        throw usage(`${call.spell(parameter)}: "${text}" is not a whole number of at least 0`);
      return Number(text);
    }),
  );
}

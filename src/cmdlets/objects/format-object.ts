/** Format-Table, Format-List and Format-Wide: how the objects are to be laid out; the place that prints them does it. */
import { type Call, defineCmdlet } from '../../pipeline/cmdlet.ts';
import { usage } from '../../pipeline/error.ts';
import type { Parameter } from '../../pipeline/parameter.ts';
import type { PropertyExpression, PropertyKey } from '../../pipeline/property-expression.ts';
import type { Value } from '../../pipeline/value.ts';
import { records, type ViewRequest } from '../../print/object-view.ts';
import { Formatted } from '../../print/record.ts';
import { expressionsOf, INPUT_OBJECT, pipedObjects, propertyParameter } from './object-input.ts';
import { exclusion } from './select-object.ts';

const KEYS: readonly PropertyKey[] = ['name', 'label', 'expression', 'width', 'alignment', 'formatstring'];

const SHARED = [
  {
    name: 'ExcludeProperty',
    type: 'strings',
    completes: 'property',
    help: 'Properties to leave out, wildcards included.',
  },
  {
    name: 'GroupBy',
    type: 'properties',
    completes: 'property',
    placeholder: 'NAME',
    help: 'Objects that follow each other with the same value stand together under it; sort them first.',
  },
  { name: 'View', type: 'string', placeholder: 'NAME', help: 'Accepted; a type has one view.' },
  { name: 'Force', type: 'switch', help: 'Accepted.' },
  { name: 'ShowError', type: 'switch', help: 'Accepted.' },
  { name: 'DisplayError', type: 'switch', help: 'Accepted.' },
  { name: 'Expand', type: 'string', values: ['EnumOnly', 'CoreOnly', 'Both'], help: 'Accepted.' },
  INPUT_OBJECT,
] as const satisfies readonly Parameter[];

async function request(
  call: Call<(typeof SHARED)[number] | ReturnType<typeof propertyParameter>>,
  shape: 'table' | 'list' | 'wide',
): Promise<ViewRequest> {
  const { arguments: args } = call;
  const keys = shape === 'list' ? KEYS.filter((key) => !['width', 'alignment'].includes(key)) : KEYS;
  const properties = await expressionsOf(call, call.arguments.Property, keys);
  const [groupBy, ...more] = await expressionsOf(call, call.arguments.GroupBy, [
    'name',
    'label',
    'expression',
    'formatstring',
  ]);
  if (more.length) throw usage(`${call.spell('GroupBy')} takes one property.`);
  const excluded = exclusion(args.ExcludeProperty ?? []);
  return {
    shape,
    groupBy,
    exclude: excluded,
    limit: call.context.host.enumerationLimit,
    ...(properties.length ? { properties } : {}),
  };
}

async function* formatted(call: Call, view: ViewRequest): AsyncGenerator<Value> {
  for await (const record of records(pipedObjects(call, 'taken'), view)) yield new Formatted(record);
}

export const formatTable = defineCmdlet({
  name: 'Format-Table',
  aliases: ['ft'],
  group: 'output',
  summary: 'Show the piped objects as a table',
  input: 'needed',
  parameters: [
    propertyParameter(
      "Columns, in this order; wildcards take all that match; @{n='Label';e={…};width=10;align='right';format='N0'} makes one.",
    ),
    { name: 'AutoSize', type: 'switch', help: 'Sizes the columns by all rows, not only by those that come first.' },
    { name: 'Wrap', type: 'switch', help: 'Breaks long values into lines instead of cutting them.' },
    { name: 'HideTableHeaders', type: 'switch', help: 'No titles.' },
    { name: 'RepeatHeader', type: 'switch', help: 'The titles again on every screen.' },
    { name: 'Border', type: 'switch', help: 'Lines around the cells.' },
    ...SHARED,
  ],
  examples: [
    {
      command: 'rc get | rc ft Name,MessageRateLimit',
      language: 'Get-ReceiveConnector | ft Name, MessageRateLimit',
      does: 'Shows two columns.',
    },
    {
      command: 'rc get | rc sort Enabled | rc ft Name,Bindings --group-by Enabled',
      language: 'Get-ReceiveConnector | sort Enabled | ft Name,Bindings -GroupBy Enabled',
      does: 'Shows a table for each value of Enabled.',
    },
  ],
  async *run(call) {
    const { arguments: args } = call;
    yield* formatted(call, {
      ...(await request(call, 'table')),
      autoSize: args.AutoSize,
      wrap: args.Wrap,
      hideHeaders: args.HideTableHeaders,
      repeatHeader: args.RepeatHeader,
      border: args.Border,
    });
  },
});

export const formatList = defineCmdlet({
  name: 'Format-List',
  aliases: ['fl'],
  group: 'output',
  summary: 'Show the piped objects as lists, a property a line',
  input: 'needed',
  parameters: [propertyParameter('Properties to show, in this order; wildcards take all that match.'), ...SHARED],
  examples: [
    {
      command: 'rc get | rc fl Name,Bindings,AuthMechanism,PermissionGroups,RemoteIPRanges',
      language: 'Get-ReceiveConnector | fl Name,Bindings,AuthMechanism,PermissionGroups,RemoteIPRanges',
      does: 'Shows who may use which connector.',
    },
  ],
  async *run(call) {
    yield* formatted(call, await request(call, 'list'));
  },
});

export const formatWide = defineCmdlet({
  name: 'Format-Wide',
  aliases: ['fw'],
  group: 'output',
  summary: 'Show one property of the piped objects, several to a line',
  input: 'needed',
  parameters: [
    propertyParameter('The property to show; without it, what names the object.', { rest: false, placeholder: 'NAME' }),
    { name: 'Column', type: 'int', help: 'Columns; 2 when it is not said.' },
    { name: 'AutoSize', type: 'switch', help: 'As many columns as fit.' },
    ...SHARED,
  ],
  examples: [
    {
      command: 'rc get | rc fw Name --column 3',
      language: 'Get-ReceiveConnector | fw Name -Column 3',
      does: 'Shows the names in three columns.',
    },
  ],
  async *run(call) {
    const { arguments: args } = call;
    const column = args.Column;
    if (column === 0) throw usage(`${call.spell('Column')} is at least 1.`);
    if (column !== undefined && args.AutoSize)
      throw usage(`Format-Wide takes ${call.spell('Column')} or ${call.spell('AutoSize')}, not both.`);
    const view = await request(call, 'wide');
    const properties: readonly PropertyExpression[] = view.properties ?? [];
    if (properties.length > 1) throw usage('Format-Wide shows one property.');
    yield* formatted(call, { ...view, columns: column, autoSize: args.AutoSize });
  },
});

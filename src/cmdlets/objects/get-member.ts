/** Get-Member: the properties that piped objects have, a type at a time. */

import { SETTINGS, settingNamed } from '../../domain/settings.ts';
import { Binding, ByteSize, Flags, IpRange, TimeSpan, Unlimited } from '../../domain/value.ts';
import { defineCmdlet } from '../../pipeline/cmdlet.ts';
import { textOrder } from '../../pipeline/comparands.ts';
import { CmdletError } from '../../pipeline/error.ts';
import { integerTypeOf, isFigure } from '../../pipeline/number.ts';
import { property, propertyNames } from '../../pipeline/property-expression.ts';
import { CONNECTOR_TYPE, Hashtable, isScriptBlock, PsObject, printed, type Value } from '../../pipeline/value.ts';
import { INPUT_OBJECT, pipedObjects } from './object-input.ts';
import { exclusion } from './select-object.ts';

const TYPES = ['Property', 'NoteProperty', 'Properties', 'All'] as const;

export const getMember = defineCmdlet({
  name: 'Get-Member',
  aliases: ['gm'],
  group: 'objects',
  summary: 'Show which properties the piped objects have',
  input: 'needed',
  gives: 'MemberDefinition',
  parameters: [
    {
      name: 'Name',
      type: 'strings',
      position: 0,
      rest: true,
      completes: 'property',
      placeholder: 'NAME',
      help: 'Only these, wildcards included.',
    },
    { name: 'MemberType', aliases: ['Type'], type: 'string', values: TYPES, help: 'Only members of this kind.' },
    { name: 'View', type: 'string', placeholder: 'NAME', help: 'Accepted.' },
    { name: 'Static', type: 'switch', help: 'Accepted; there are none.' },
    { name: 'Force', type: 'switch', help: 'Accepted.' },
    INPUT_OBJECT,
  ],
  examples: [
    {
      command: 'rc get | rc gm "Max*"',
      language: 'Get-ReceiveConnector | gm Max*',
      does: 'Shows the limits there are, and what kind of value each takes.',
    },
  ],
  async *run(call) {
    const { arguments: args } = call;
    const wanted = exclusion(args.Name ?? []);
    const kind = args.MemberType;
    const seen = new Set<string>();
    let isEmpty = true;
    for await (const object of pipedObjects(call)) {
      const type = typeName(object);
      if (object !== null) isEmpty = false;
      if (object === null || seen.has(type)) continue;
      seen.add(type);
      // What a cmdlet gives has properties of its type; what was selected or read has notes.
      const memberType = object instanceof PsObject && isNote(object.type) ? 'NoteProperty' : 'Property';
      if (kind === 'Property' || kind === 'NoteProperty') if (kind !== memberType) continue;
      const names = propertyNames(object).filter((name) => !wanted || wanted(name));
      for (const name of names.sort((a, b) => textOrder(a, b, false))) {
        const value = property(object, name) ?? null;
        const shown =
          memberType === 'NoteProperty'
            ? `${typeName(value ?? null)} ${name}=${value === null ? 'null' : printed(value)}`
            : `${kindName(name, value ?? null)} ${name} {get;set;}`;
        yield new PsObject('MemberDefinition', {
          TypeName: type.replace(/(?<=^|\.)ReceiveConnector$/, CONNECTOR_TYPE),
          Name: name,
          MemberType: memberType,
          Definition: shown,
        });
      }
    }
    if (isEmpty)
      call.context.error(
        new CmdletError('You must specify an object for the Get-Member cmdlet.', {
          id: 'NoObjectInGetMember',
          category: 'CloseError',
          type: 'System.InvalidOperationException',
        }),
      );
  },
});

function isNote(type: string): boolean {
  return type === 'PSCustomObject' || type.startsWith('Selected.') || type.startsWith('CSV:');
}

/** What a setting takes, in the catalogue's words; else the type of the value. */
function kindName(name: string, value: Value): string {
  const setting = settingNamed(name);
  if (!setting) return typeName(value);
  const { kind } = SETTINGS[setting];
  const names: Readonly<Record<string, string>> = {
    bool: 'bool',
    int: 'int',
    count: 'Unlimited[int]',
    size: 'ByteQuantifiedSize',
    span: 'EnhancedTimeSpan',
    string: 'string',
    fqdn: 'string',
    enum: 'enum',
    flags: 'flags',
  };
  return kind.name === 'list'
    ? `MultiValuedProperty[${kind.element?.name ?? 'string'}]`
    : (names[kind.name] ?? kind.name);
}

/** C#'s names of numbers, where they are not ours. */
const SHORT = {
  sbyte: 'sbyte',
  byte: 'byte',
  int16: 'short',
  uint16: 'ushort',
  int: 'int',
  uint32: 'uint',
  long: 'long',
  uint64: 'ulong',
  double: 'double',
} as const;

function typeName(value: Value): string {
  if (value === null) return 'object';
  switch (typeof value) {
    case 'string':
      return 'string';
    case 'boolean':
      return 'bool';
  }
  if (isFigure(value)) return SHORT[integerTypeOf(value) ?? 'double'];
  if (value instanceof PsObject) return value.type;
  if (Array.isArray(value)) return 'object[]';
  if (value instanceof Date) return 'datetime';
  if (value instanceof ByteSize) return 'ByteQuantifiedSize';
  if (value instanceof TimeSpan) return 'EnhancedTimeSpan';
  if (value instanceof Unlimited) return 'Unlimited[int]';
  if (value instanceof Binding) return 'IPBinding';
  if (value instanceof IpRange) return 'IPRange';
  if (value instanceof Flags) return 'flags';
  if (value instanceof Hashtable) return 'hashtable';
  return isScriptBlock(value) ? 'scriptblock' : 'object';
}

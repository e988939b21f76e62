/** `[int]` as a value, and what .NET calls the types. */
import { INTEGER_TYPES, INTEGERS } from '../../pipeline/number.ts';
import { PsObject, printed, type Value } from '../../pipeline/value.ts';
import { genericList } from './growing-list.ts';
import { typeNamed } from './types.ts';

const FULL: Readonly<Record<string, string>> = {
  ...Object.fromEntries(INTEGER_TYPES.map((own) => [own, `System.${INTEGERS[own].name}`])),
  double: 'System.Double',
  string: 'System.String',
  char: 'System.Char',
  bool: 'System.Boolean',
  array: 'System.Array',
  object: 'System.Object',
  pscustomobject: 'System.Management.Automation.PSObject',
  ordered: 'System.Collections.Specialized.OrderedDictionary',
  hashtable: 'System.Collections.Hashtable',
  scriptblock: 'System.Management.Automation.ScriptBlock',
  timespan: 'System.TimeSpan',
  datetime: 'System.DateTime',
  void: 'System.Void',
  arraylist: 'System.Collections.ArrayList',
  guid: 'System.Guid',
  ipaddress: 'System.Net.IPAddress',
  regex: 'System.Text.RegularExpressions.Regex',
  math: 'System.Math',
  convert: 'System.Convert',
  environment: 'System.Environment',
  stringbuilder: 'System.Text.StringBuilder',
  stringcomparison: 'System.StringComparison',
  version: 'System.Version',
  iprange: 'Microsoft.Exchange.Data.IPRange',
  bytequantifiedsize: 'Microsoft.Exchange.Data.ByteQuantifiedSize',
  bitconverter: 'System.BitConverter',
  securityidentifier: 'System.Security.Principal.SecurityIdentifier',
  ntaccount: 'System.Security.Principal.NTAccount',
  pscredential: 'System.Management.Automation.PSCredential',
  stopwatch: 'System.Diagnostics.Stopwatch',
  path: 'System.IO.Path',
  choicedescription: 'System.Management.Automation.Host.ChoiceDescription',
};

/** The .NET name of a type of types.ts. */
export function fullTypeName(type: string): string {
  if (type.endsWith('[]')) return `${fullTypeName(type.slice(0, -2))}[]`;
  if (type.startsWith('exception ')) return type.slice('exception '.length);
  const list = genericList(type);
  if (list) return list.name;
  if (type.startsWith('dictionary[')) return 'System.Collections.Generic.Dictionary`2';
  return FULL[type] ?? type;
}

class TypeObject extends PsObject {
  constructor(readonly of: string) {
    const full = fullTypeName(of);
    super('System.RuntimeType', { Name: full.slice(full.lastIndexOf('.') + 1), FullName: full });
  }
  override toString(): string {
    return this.of.length && !this.of.includes(' ') ? fullTypeName(this.of) : printed(this.properties.FullName);
  }
}

export function typeObject(type: string): PsObject {
  return new TypeObject(type);
}

/** The type that a value names: `[int]` or 'int'. */
export function typeOfObject(value: Value): string | undefined {
  if (value instanceof TypeObject) return value.of;
  return typeof value === 'string' ? typeNamed(value) : undefined;
}

/** The type names that casts, -is and -as know. */
import { INTEGERS } from '../../pipeline/number.ts';

const ALIASES: Readonly<Record<string, string>> = {
  ...integers(),
  double: 'double',
  float: 'double',
  single: 'double',
  decimal: 'double',
  'system.double': 'double',
  string: 'string',
  'system.string': 'string',
  char: 'char',
  bool: 'bool',
  boolean: 'bool',
  'system.boolean': 'bool',
  switch: 'bool',
  array: 'array',
  object: 'object',
  'system.object': 'object',
  pscustomobject: 'pscustomobject',
  psobject: 'pscustomobject',
  ordered: 'ordered',
  hashtable: 'hashtable',
  'system.collections.hashtable': 'hashtable',
  scriptblock: 'scriptblock',
  timespan: 'timespan',
  'system.timespan': 'timespan',
  datetime: 'datetime',
  'system.datetime': 'datetime',
  void: 'void',
  'system.decimal': 'double',
  'system.single': 'double',
  'system.char': 'char',
  'system.array': 'array',
  'system.collections.arraylist': 'arraylist',
  'collections.arraylist': 'arraylist',
  arraylist: 'arraylist',
  'system.collections.specialized.ordereddictionary': 'ordered',
  'system.management.automation.psobject': 'pscustomobject',
  'system.management.automation.pscustomobject': 'pscustomobject',
  'system.management.automation.scriptblock': 'scriptblock',
  switchparameter: 'bool',
  'system.management.automation.switchparameter': 'bool',
  guid: 'guid',
  'system.guid': 'guid',
  ipaddress: 'ipaddress',
  'system.net.ipaddress': 'ipaddress',
  'net.ipaddress': 'ipaddress',
  regex: 'regex',
  'system.text.regularexpressions.regex': 'regex',
  'text.regularexpressions.regex': 'regex',
  math: 'math',
  'system.math': 'math',
  convert: 'convert',
  'system.convert': 'convert',
  environment: 'environment',
  'system.environment': 'environment',
  'system.text.stringbuilder': 'stringbuilder',
  'text.stringbuilder': 'stringbuilder',
  stringbuilder: 'stringbuilder',
  stringcomparison: 'stringcomparison',
  'system.stringcomparison': 'stringcomparison',
  stringcomparer: 'stringcomparer',
  'system.stringcomparer': 'stringcomparer',
  stringsplitoptions: 'stringsplitoptions',
  'system.stringsplitoptions': 'stringsplitoptions',
  midpointrounding: 'midpointrounding',
  'system.midpointrounding': 'midpointrounding',
  cultureinfo: 'cultureinfo',
  'system.globalization.cultureinfo': 'cultureinfo',
  'globalization.cultureinfo': 'cultureinfo',
  version: 'version',
  'system.version': 'version',
  'microsoft.exchange.data.iprange': 'iprange',
  'microsoft.exchange.data.bytequantifiedsize': 'bytequantifiedsize',
  bitconverter: 'bitconverter',
  'system.bitconverter': 'bitconverter',
  'system.security.principal.securityidentifier': 'securityidentifier',
  'security.principal.securityidentifier': 'securityidentifier',
  'system.security.principal.ntaccount': 'ntaccount',
  'security.principal.ntaccount': 'ntaccount',
  'system.management.automation.host.choicedescription': 'choicedescription',
  'management.automation.host.choicedescription': 'choicedescription',
  'system.diagnostics.stopwatch': 'stopwatch',
  'diagnostics.stopwatch': 'stopwatch',
  'system.io.path': 'path',
  'io.path': 'path',
  ref: 'ref',
  pscredential: 'pscredential',
  'system.management.automation.pscredential': 'pscredential',
  'management.automation.pscredential': 'pscredential',
  // passwords are handed on as they are
  securestring: 'object',
  'system.security.securestring': 'object',
};

/** `int`, `int32` and `System.Int32`, and so on; PowerShell's own short names of the unsigned ones are `uint`, `ushort`, `ulong`. */
function integers(): Record<string, string> {
  const names = Object.entries(INTEGERS).flatMap(([own, { name }]) => [
    [own, own],
    [name.toLowerCase(), own],
    [`system.${name.toLowerCase()}`, own],
  ]);
  return { ...Object.fromEntries(names), short: 'int16', ushort: 'uint16', uint: 'uint32', ulong: 'uint64' };
}

/** Generic types, with the types of their elements behind them. */
const GENERICS: Readonly<Record<string, string>> = {
  'system.collections.generic.list': 'list',
  'collections.generic.list': 'list',
  list: 'list',
  'system.collections.generic.queue': 'queue',
  'collections.generic.queue': 'queue',
  'system.collections.generic.hashset': 'hashset',
  'collections.generic.hashset': 'hashset',
  'system.collections.generic.dictionary': 'dictionary',
  'collections.generic.dictionary': 'dictionary',
  dictionary: 'dictionary',
  nullable: 'nullable',
  'system.nullable': 'nullable',
};

/**
 * The type's own name, with `[]` when it is a list of them; `list[string]`, `dictionary[string,int]`,
 * `exception System.ArgumentException`; `undefined` when it is not known.
 */
export function typeNamed(written: string): string | undefined {
  const isList = written.endsWith('[]');
  const bare = (isList ? written.slice(0, -2) : written).toLowerCase();
  const name = Object.hasOwn(ALIASES, bare)
    ? ALIASES[bare]
    : (generic(bare) ?? exception(isList ? written.slice(0, -2) : written));
  return name && (isList ? `${name}[]` : name);
}

function generic(written: string): string | undefined {
  const m = /^([\w.]+)(?:`\d)?\[(.*)\]$/.exec(written);
  const name = m && Object.hasOwn(GENERICS, m[1]!) ? GENERICS[m[1]!] : undefined;
  if (!name) return undefined;
  const inner = m![2]!.split(',').map((one) => typeNamed(one.replace(/^\[|\]$/g, '')));
  if (inner.some((one) => one === undefined)) return undefined;
  return name === 'nullable' ? `nullable[${inner[0]}]` : `${name}[${inner.join(',')}]`;
}

function exception(written: string): string | undefined {
  if (!/^[\w.]*Exception$/i.test(written)) return undefined;
  return `exception ${/^system\./i.test(written) || written.includes('.') ? written : `System.${written}`}`;
}

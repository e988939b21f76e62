/** The type names that casts, -is and -as know. */

const ALIASES: Readonly<Record<string, string>> = {
  int: 'int',
  int32: 'int',
  'system.int32': 'int',
  long: 'long',
  int64: 'long',
  'system.int64': 'long',
  uint32: 'long',
  uint64: 'long',
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
};

export const TYPE_NAMES: readonly string[] = [
  ...['int', 'long', 'double', 'string', 'char', 'bool', 'array', 'object', 'pscustomobject', 'ordered'],
  ...['hashtable', 'scriptblock', 'timespan', 'datetime', 'void'],
];

/** The type's own name, with `[]` when it is a list of them; `undefined` when it is not known. */
export function typeNamed(written: string): string | undefined {
  const isList = written.endsWith('[]');
  const name = ALIASES[(isList ? written.slice(0, -2) : written).toLowerCase()];
  return name && (isList ? `${name}[]` : name);
}

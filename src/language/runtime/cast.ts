/** [type]value, -as and -is, for PowerShell's own types and those of .NET that there are. */
import { parseSize } from '../../domain/size.ts';
import { ByteSize, IpRange, TimeSpan } from '../../domain/value.ts';
import { Char } from '../../pipeline/char.ts';
import { asRange } from '../../pipeline/comparands.ts';
import { CmdletError } from '../../pipeline/error.ts';
import {
  double,
  type Figure,
  INTEGERS,
  type IntegerType,
  integer,
  integerTypeOf,
  isFigure,
  isIntegerType,
  roundHalfEven,
} from '../../pipeline/number.ts';
import { WRONG_REGEX } from '../../pipeline/safe-regex.ts';
import { bare, Hashtable, isScriptBlock, PsObject, printed, type Value, WithMembers } from '../../pipeline/value.ts';
import { netText } from '../../print/format-string.ts';
import { accountOf } from './accounts.ts';
import { cannotConvert, cannotConvertNull, elements, toBool, toDate, toNumber, toSpan } from './convert.ts';
import { Credential, credentialFrom } from './credential.ts';
import { ExceptionObject } from './exceptions.ts';
import { failure } from './failure.ts';
import { genericList, growingKind, growingList, isGrowing } from './growing-list.ts';
import { Guid, guidOf, IpAddress, ipAddressOf, Reference, Regex, StringBuilder } from './net-objects.ts';
import { becomeSet } from './queue-and-set.ts';
import type { Result } from './runnable.ts';
import { Stopwatch } from './stopwatch.ts';
import { fullTypeName } from './type-objects.ts';
import { Version, versionOf } from './version.ts';

/** [type]value. @throws CmdletError */
export function cast(type: string, written: Value): Value {
  const value = bare(written);
  if (type.endsWith('[]')) return castList(type.slice(0, -2), value);
  if (isIntegerType(type)) return castWhole(type, value);
  switch (type) {
    case 'double':
      return double(toNumber(value));
    case 'string':
      return printed(value);
    case 'char':
      return castChar(value);
    case 'bool':
      return toBool(value);
    case 'array':
      return value === null ? null : Array.isArray(value) ? value : [value];
    case 'pscustomobject':
      return value instanceof Hashtable ? new PsObject('PSCustomObject', Object.fromEntries(value.entries)) : value;
    case 'ordered':
      if (value instanceof Hashtable) return orderedOf(value);
      throw cannotConvert(value, fullTypeName(type));
    case 'hashtable':
      if (value instanceof Hashtable || value === null) return value;
      throw cannotConvert(value, fullTypeName(type));
    case 'timespan':
      return toSpan(value);
    case 'datetime':
      return toDate(value);
    case 'scriptblock':
      if (isScriptBlock(value) || value === null) return value;
      throw cannotConvert(value, fullTypeName(type));
    default:
      return castToNet(type, value);
  }
}

/** [type] of a pipeline that gave nothing: what a variable of the type holds before anything is put into it. */
export function castResult(type: string, value: Result): Result {
  if (value !== undefined) return cast(type, value);
  if (type === 'pscustomobject') return undefined;
  return OF_NOTHING.has(type) ? OF_NOTHING.get(type)!() : cast(type, null);
}
const OF_NOTHING: ReadonlyMap<string, () => Value> = new Map<string, () => Value>([
  ['string', () => null],
  ['scriptblock', () => null],
  ['datetime', () => toDate(0)],
  ['timespan', () => new TimeSpan(0)],
  ['guid', () => guidOf('00000000-0000-0000-0000-000000000000')!],
]);

/** `[ordered]` stands before a literal only, so the copy is nobody else's. */
function orderedOf(table: Hashtable): Hashtable {
  const ordered = new Hashtable(true);
  for (const [key, value] of table.entries) ordered.set(key, value);
  return ordered;
}

function castList(element: string, value: Value): Value {
  if (value === null) return null;
  if (element === 'char' && typeof value === 'string') return [...value].map((one) => new Char(one.charCodeAt(0)));
  if (Array.isArray(value)) return (value as Value[]).map((item) => cast(element, item));
  try {
    return [cast(element, value)];
  } catch (error) {
    if (!(error instanceof CmdletError)) throw error;
    throw cannotConvert(
      value,
      fullTypeName(`${element}[]`),
      typeof value === 'string' || isFigure(value) ? error.message : undefined,
    );
  }
}

function castWhole(type: IntegerType, value: Value): Figure {
  const { name, bits, low, high, said } = INTEGERS[type];
  const amount = toNumber(value, `System.${name}`);
  // the bits of hexadecimal digits are those of the type
  const isBits = low === 0 && amount < 0 && typeof value === 'string' && /^\s*0x/i.test(value);
  // .NET's Convert rounds halves to the even number
  const whole = isBits ? Number(BigInt.asUintN(bits, BigInt(amount))) : roundHalfEven(amount);
  if (whole >= low && whole <= high) return integer(whole, type);
  // a text is told as what it is no integer's
  if (typeof value === 'string' && !/^\s*(?:[+-]?\d+|0x\w+)\s*$/i.test(value))
    throw cannotConvert(value, `System.${name}`);
  // it makes an Int32 of a Double before anything smaller
  const isBeyond = isFigure(value) && !integerTypeOf(value) && (whole < INTEGERS.int.low || whole > INTEGERS.int.high);
  const what = isBeyond && bits < 32 ? INTEGERS.int.said : said;
  throw cannotConvert(value, `System.${name}`, `Value was either too large or too small for ${what}.`);
}

function castChar(value: Value): Char {
  if (value instanceof Char) return value;
  if (value === null) return new Char(0);
  if (isFigure(value) && integerTypeOf(value)) {
    const code = Number(value);
    if (code >= 0 && code <= 0xffff) return new Char(code);
    throw cannotConvert(value, 'System.Char', 'Value was either too large or too small for a character.');
  }
  if (isFigure(value)) throw cannotConvert(value, 'System.Char', "Invalid cast from 'Double' to 'Char'.");
  if (typeof value !== 'string') throw cannotConvert(value, 'System.Char');
  if (value.length !== 1) throw cannotConvert(value, 'System.Char', 'String must be exactly one character long.');
  return new Char(value.charCodeAt(0));
}

/** `[type]` of -as: the value, or nothing when it cannot be. */
function castOrNull(type: string, value: Value): Value {
  try {
    // -as says dates as our culture has them, a cast as the invariant one
    if (value instanceof Date && /^string(?:\[\])?$/.test(type))
      return type === 'string' ? netText(value) : [netText(value)];
    return type === 'bool' ? toBool(value) : cast(type, value);
  } catch {
    return null;
  }
}

/** Is the value of this type (-is)? */
function isOfType(value: Value | undefined, type: string): boolean {
  if (value instanceof WithMembers) return isOfType(value.value, type);
  if (value === null || value === undefined) return false;
  if (type.endsWith('[]')) return Array.isArray(value);
  if (isIntegerType(type)) return isFigure(value) && integerTypeOf(value) === type;
  switch (type) {
    case 'double':
      return isFigure(value) && !integerTypeOf(value);
    case 'string':
      return typeof value === 'string';
    case 'char':
      return value instanceof Char;
    case 'bool':
      return typeof value === 'boolean';
    case 'array':
      return Array.isArray(value);
    case 'hashtable':
      return value instanceof Hashtable && !value.isOrdered;
    case 'pscustomobject':
      return value instanceof PsObject;
    case 'scriptblock':
      return isScriptBlock(value);
    case 'timespan':
      return value instanceof TimeSpan;
    case 'datetime':
      return value instanceof Date;
    case 'object':
      return true;
    default:
      return isOfNetType(value, type);
  }
}

/** A growing list whose elements are what its type says. @param type `arraylist`, or `list[string]` */
export function growing(type: string, items: readonly Value[]): Value[] {
  const element = genericList(type)?.element;
  return growingList(type, items, element && element !== 'object' ? (value) => cast(element, value) : undefined);
}

/** @param given elements, a StringComparer */
export function newSet(type: string, given: readonly Value[]): Value[] {
  const list = growing(type, []);
  const { element } = growingKind(list)!;
  return becomeSet(list, (value) => (element ? element(value ?? null) : (value ?? null)), given);
}

/** To .NET types beyond PowerShell's own. */
function castToNet(type: string, value: Value): Value {
  if (type.startsWith('hashset[')) return newSet(type, value === null ? [] : [elements(value)]);
  if (genericList(type)) return growing(type, value === null ? [] : elements(value));
  if (type.startsWith('dictionary[')) return value;
  if (type.startsWith('nullable[')) return value === null ? null : cast(type.slice(9, -1), value);
  if (type.startsWith('exception ')) {
    return value instanceof ExceptionObject
      ? value
      : new ExceptionObject(type.slice('exception '.length), printed(value));
  }
  switch (type) {
    case 'arraylist':
      return isGrowing(value, type) ? value : growing(type, value === null ? [] : elements(value));
    case 'ref':
      if (value instanceof Reference) return value;
      throw failure('RuntimeException', 'Reference type is expected in argument.');
    case 'guid': {
      if (value === null) throw cannotConvertNull('System.Guid');
      const guid = guidOf(value);
      if (!guid) throw cannotConvert(value, 'System.Guid', ofText(value, 'Unrecognized Guid format.'));
      return guid;
    }
    case 'ipaddress': {
      if (value === null) return null;
      const address = ipAddressOf(value);
      if (!address)
        throw cannotConvert(value, 'System.Net.IPAddress', ofText(value, 'An invalid IP address was specified.'));
      return address;
    }
    case 'regex':
      if (value === null) return null;
      return value instanceof Regex ? value : regexFrom(value);
    case 'stringbuilder':
      return new StringBuilder(printed(value));
    case 'version': {
      if (value === null) return null;
      const version = versionOf(value);
      if (typeof version === 'string') throw cannotConvert(value, 'System.Version', version);
      return version;
    }
    case 'iprange': {
      const range = asRange(value);
      if (range) return range;
      throw cannotConvert(value, fullTypeName(type));
    }
    case 'bytequantifiedsize': {
      const size = value instanceof ByteSize ? value : parseSize(printed(value));
      if (size) return size;
      throw cannotConvert(value, fullTypeName(type));
    }
    case 'securityidentifier':
    case 'ntaccount':
      return accountIn(type, value);
    case 'pscredential':
      return credentialFrom(value);
    case 'choicedescription':
      return value instanceof PsObject
        ? value
        : new PsObject('ChoiceDescription', { Label: printed(value), HelpMessage: '' });
    default:
      return value;
  }
}

/** What the type's Parse says; truth values and dates never come to it. */
function ofText(value: Value, why: string): string | undefined {
  return typeof value === 'boolean' || value instanceof Date ? undefined : why;
}

function regexFrom(value: Value): Regex {
  try {
    return new Regex(printed(value));
  } catch (error) {
    if (!(error instanceof CmdletError) || error.id !== WRONG_REGEX) throw error;
    throw cannotConvert(value, 'System.Text.RegularExpressions.Regex', error.message);
  }
}

function accountIn(type: 'securityidentifier' | 'ntaccount', value: Value): Value {
  try {
    return accountOf(type, value);
  } catch (error) {
    throw cannotConvert(value, fullTypeName(type), (error as Error).message);
  }
}

function isOfNetType(value: Value, type: string): boolean {
  if (type.endsWith('[]')) return Array.isArray(value);
  if (type.startsWith('exception ')) return value instanceof ExceptionObject;
  if (genericList(type)) return isGrowing(value, type);
  if (type === 'ordered') return value instanceof Hashtable && value.isOrdered;
  if (type.startsWith('dictionary[')) return value instanceof Hashtable;
  if (type === 'arraylist') return isGrowing(value, type);
  const own = CLASSES.get(type);
  return own ? value instanceof own : value instanceof PsObject && value.type === type;
}

/** Types whose values are of a class of ours. */
const CLASSES = new Map(
  Object.entries({
    guid: Guid,
    ipaddress: IpAddress,
    regex: Regex,
    pscredential: Credential,
    stopwatch: Stopwatch,
    stringbuilder: StringBuilder,
    version: Version,
    iprange: IpRange,
    bytequantifiedsize: ByteSize,
  }),
);

/** -is, -isnot and -as. */
export function typeTest(operator: string, type: string): (left: Result) => Result {
  if (operator === '-is') return (left) => isOfType(left, type);
  if (operator === '-isnot') return (left) => !isOfType(left, type);
  return (left) => castOrNull(type, left ?? null);
}

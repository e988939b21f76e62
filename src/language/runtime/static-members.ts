/**
 * Static members of .NET types, from a closed list: nothing here reaches files, programs or the network. What is not in it is
 * refused by name.
 */
import { newGuid } from '../../domain/guid.ts';
import { TimeSpan } from '../../domain/value.ts';
import { CmdletError } from '../../pipeline/error.ts';
import {
  double,
  INTEGER_TYPES,
  INTEGERS,
  type IntegerType,
  integer,
  integerTypeOf,
  isFigure,
} from '../../pipeline/number.ts';
import { SafeRegex } from '../../pipeline/safe-regex.ts';
import { Hashtable, PsObject, printed, type Value } from '../../pipeline/value.ts';
import { nearest } from '../../text/suggest.ts';
import { calledBlock } from './block.ts';
import { cast, growing, newSet } from './cast.ts';
import { compiledText } from './compiled-text.ts';
import { cannotConvert, elements, toBool, toDate } from './convert.ts';
import { newException } from './exceptions.ts';
import { failure } from './failure.ts';
import { genericList } from './growing-list.ts';
import { repeated } from './limits.ts';
import { forStatic } from './method-signatures.ts';
import { argumentOutOfRange, called, NetException, parsed } from './net-exception.ts';
import { Guid, guidOf, IpAddress, ipAddressOf, isSameValue, Regex, StringBuilder } from './net-objects.ts';
import type { Result } from './runnable.ts';
import type { Session } from './session.ts';
import { DATETIME, DATETIME_PROPERTIES, TIMESPAN } from './static-dates.ts';
import { type Method, type Methods, n, type Properties, t, tried } from './static-method.ts';
import { ENUMS, MORE_METHODS, MORE_PROPERTIES } from './static-more.ts';
import { formatText, joined, unescaped } from './text-operators.ts';
import { fullTypeName } from './type-objects.ts';

const unary =
  (f: (x: number) => number): Method =>
  ([x]) =>
    double(f(n(x)));

/** .NET rounds halves to the even neighbour unless it is told to round them away from zero. */
function rounded([x, second, third]: readonly Value[]): number {
  const value = n(x);
  const digits = typeof second === 'number' ? second : 0;
  // a whole number is a Decimal to .NET, when it is rounded
  const most = wholeType(x) ? 28 : 15;
  if (digits < 0 || digits > most)
    throw argumentOutOfRange(
      most === 28
        ? "Decimal can only round to between 0 and 28 digits of precision. (Parameter 'decimals')"
        : "Rounding digits must be between 0 and 15, inclusive. (Parameter 'digits')",
    );
  const awayFromZero = [second, third].some((one) => typeof one === 'string' && /awayfromzero|^1$/i.test(one));
  const scale = 10 ** digits;
  // through the decimal text, so that 2.675 is what is written and not what is stored
  const scaled = Number(`${Math.abs(value)}e${digits}`);
  if (!Number.isFinite(scaled)) return value;
  const floor = Math.floor(scaled);
  const rest = scaled - floor;
  const up = rest > 0.5 || (rest === 0.5 && (awayFromZero || floor % 2 === 1));
  return (Math.sign(value) * (floor + (up ? 1 : 0))) / scale || 0;
}

function wholeType(value: Value | undefined): IntegerType | undefined {
  return isFigure(value) ? integerTypeOf(value) : undefined;
}

/** An unsigned number is taken as of the next type that has a sign. */
const SIGNED: Readonly<Partial<Record<IntegerType, IntegerType>>> = { byte: 'int16', uint16: 'int', uint32: 'long' };

function absolute([x]: readonly Value[]): Value {
  const type = wholeType(x);
  return type && type !== 'uint64' ? integer(Math.abs(n(x)), SIGNED[type] ?? type) : double(Math.abs(n(x)));
}

/** The first says of which type both are: [math]::Max(9, 20.5) is 20; of two whole ones the greater type does. */
function chosen(of: (a: number, b: number) => number, x: Value | undefined, y: Value | undefined): Value {
  const [first, second] = [wholeType(x), wholeType(y)];
  if (!first) return double(of(n(x), n(y)));
  const isGreater = second && INTEGERS[first].bits >= 32 && INTEGERS[second].bits > INTEGERS[first].bits;
  const type = isGreater ? second : first;
  return integer(of(n(x), n(cast(type, y ?? null))), type);
}

const MATH: Methods = {
  Abs: absolute,
  Ceiling: unary(Math.ceil),
  Floor: unary(Math.floor),
  Truncate: unary(Math.trunc),
  Sign: ([x]) => Math.sign(n(x)),
  Sqrt: unary(Math.sqrt),
  Exp: unary(Math.exp),
  Log10: unary(Math.log10),
  Log2: unary(Math.log2),
  Log: ([x, base]) => double(base === undefined ? Math.log(n(x)) : Math.log(n(x)) / Math.log(n(base))),
  Sin: unary(Math.sin),
  Cos: unary(Math.cos),
  Tan: unary(Math.tan),
  Pow: ([x, y]) => double(n(x) ** n(y)),
  Max: ([x, y]) => chosen(Math.max, x, y),
  Min: ([x, y]) => chosen(Math.min, x, y),
  Round: (args) => double(rounded(args)),
  DivRem: ([x, y]) => Math.trunc(n(x) / n(y)),
};

function formattedText(args: readonly Value[]): string {
  const [format, ...values] = args;
  try {
    return formatText(format ?? '', values.length === 1 ? elements(values[0]) : values);
  } catch (error) {
    const why = error instanceof CmdletError && /^Error formatting a string: ([\s\S]*?)\.?$/.exec(error.message)?.[1];
    if (!why) throw error;
    throw new NetException('FormatException', `${why}${why.endsWith('.') ? '' : '.'}`);
  }
}

const STRING: Methods = {
  Join: ([separator, ...values]) => joined(values.length === 1 ? elements(values[0]) : values, t(separator)),
  Format: (args) => formattedText(args),
  Concat: (values) => joined(values.length === 1 ? elements(values[0]) : values, ''),
  IsNullOrEmpty: ([text]) => t(text) === '',
  IsNullOrWhiteSpace: ([text]) => t(text).trim() === '',
  Equals: ([a, b, how]) => (/ignorecase/i.test(t(how)) ? t(a).toLowerCase() === t(b).toLowerCase() : t(a) === t(b)),
  Compare: ([a, b, how]) => {
    const ignoreCase = how === true || /ignorecase/i.test(t(how));
    const [x, y] = ignoreCase ? [t(a).toLowerCase(), t(b).toLowerCase()] : [t(a), t(b)];
    return x === y ? 0 : new Intl.Collator('en').compare(x, y) < 0 ? -1 : 1;
  },
  CompareOrdinal: ([a, b]) => (t(a) === t(b) ? 0 : t(a) < t(b) ? -1 : 1),
  new: ([what, count]) => repeated(t(what), count === undefined ? 1 : n(count)),
};

const is =
  (pattern: RegExp): Method =>
  ([c, at]) =>
    pattern.test(at === undefined ? (t(c)[0] ?? '') : (t(c)[n(at)] ?? ''));
const CHAR: Methods = {
  IsDigit: is(/\p{Nd}/u),
  IsNumber: is(/\p{N}/u),
  IsLetter: is(/\p{L}/u),
  IsLetterOrDigit: is(/[\p{L}\p{Nd}]/u),
  IsWhiteSpace: is(/\s/),
  IsUpper: is(/\p{Lu}/u),
  IsLower: is(/\p{Ll}/u),
  IsPunctuation: is(/\p{P}/u),
  ToUpper: ([c]) => t(c).toUpperCase(),
  ToLower: ([c]) => t(c).toLowerCase(),
};

/** .NET's Convert knows these. */
function baseOf(value: Value): number {
  const base = n(value);
  if (![2, 8, 10, 16].includes(base)) throw new NetException('ArgumentException', 'Invalid Base.');
  return base;
}

const based =
  (type: IntegerType): Method =>
  ([value, base]) => {
    if (base === undefined) return ofText(type, value ?? null);
    const radix = baseOf(base);
    const digits = radix === 16 ? t(value).replace(/^0x/i, '') : t(value);
    const number = Number.parseInt(digits, radix);
    if (Number.isNaN(number) || !new RegExp(`^[${'0123456789abcdef'.slice(0, radix)}]+$`, 'i').test(digits))
      throw new NetException('FormatException', 'Could not find any recognizable digits.');
    const { low, high, bits, said } = INTEGERS[type];
    if (number >= 2 ** bits)
      throw new NetException('OverflowException', `Value was either too large or too small for ${said}.`);
    return integer(low < 0 && number > high ? Number(BigInt.asIntN(bits, BigInt(number))) : number, type);
  };
/** What a text says: an empty one says nothing. */
function ofText(type: IntegerType | 'double', value: Value): Value {
  if (typeof value !== 'string') return parsed(() => cast(type, value));
  return parsed(() => {
    if (value.trim() === '' || (type !== 'double' && !/^\s*[+-]?\d+\s*$/.test(value)))
      throw cannotConvert(value, 'System.Int32', `The input string '${value}' was not in a correct format.`);
    return cast(type, value);
  });
}

const CONVERT: Methods = {
  ...Object.fromEntries(INTEGER_TYPES.map((type) => [`To${INTEGERS[type].name}`, based(type)] as const)),
  ToDouble: ([value]) => ofText('double', value ?? null),
  ToDecimal: ([value]) => ofText('double', value ?? null),
  ToBoolean: ([value]) => (typeof value === 'string' ? parsedBool(value) : toBool(value)),
  ToChar: ([value]) => parsed(() => cast('char', value ?? null)),
  ToString: ([value, base]) => (isFigure(base) ? inBase(n(value), baseOf(base), wholeType(value)) : t(value)),
  ToDateTime: ([value]) => parsed(() => toDate(value ?? null)),
  ToBase64String: ([bytes]) => Buffer.from(elements(bytes).map((one) => n(one))).toString('base64'),
  FromBase64String: ([text]) => bytesIn(t(text)),
};

function bytesIn(base64: string): Value {
  const text = base64.replace(/\s/g, '');
  if (text.length % 4 || !/^[a-z0-9+/]*={0,2}$/i.test(text))
    throw new NetException(
      'FormatException',
      'The input is not a valid Base-64 string as it contains a non-base 64 character, more than two padding characters, or an illegal character among the padding characters.',
    );
  return Array.from(Buffer.from(text, 'base64'), (byte) => integer(byte, 'byte'));
}

/** Negative numbers in another base than ten are their two's complement. */
function inBase(value: number, base: number, type: IntegerType = 'int'): string {
  if (value >= 0 || base === 10) return value.toString(base);
  return BigInt.asUintN(INTEGERS[type].bits, BigInt(value)).toString(base);
}

function parsedBool(text: string): boolean {
  if (/^\s*true\s*$/i.test(text)) return true;
  if (/^\s*false\s*$/i.test(text)) return false;
  throw new NetException('FormatException', `String '${text}' was not recognized as a valid Boolean.`);
}

const numeric = (type: IntegerType | 'double'): Methods => ({
  Parse: ([text]) => ofText(type, t(text)),
  TryParse: ([text, ref]) => tried([ref ?? null], () => ofText(type, t(text)), cast(type, 0)),
});
const ofIntegers = <T>(of: (type: IntegerType) => T): Record<string, T> =>
  Object.fromEntries(INTEGER_TYPES.map((type) => [type, of(type)]));

const REGEX: Methods = {
  IsMatch: ([text, pattern, how]) => regexOf(pattern, how).methods().IsMatch!([text ?? '']),
  Match: ([text, pattern, how]) => regexOf(pattern, how).methods().Match!([text ?? '']),
  Matches: ([text, pattern, how]) => regexOf(pattern, how).methods().Matches!([text ?? '']),
  Replace: ([text, pattern, by, how]) => regexOf(pattern, how).methods().Replace!([text ?? '', by ?? '']),
  Split: ([text, pattern, how]) => regexOf(pattern, how).methods().Split!([text ?? '']),
  // the characters that .NET escapes
  Escape: ([text]) => t(text).replace(/[\\*+?|{[()^$.#\s]/g, (c) => ESCAPED[c] ?? `\\${c}`),
  Unescape: ([text]) => unescaped(t(text)),
  new: ([pattern, how]) => regexOf(pattern, how),
};
const ESCAPED: Readonly<Record<string, string>> = { '\n': '\\n', '\r': '\\r', '\t': '\\t', '\f': '\\f' };

export function regexOf(pattern: Value | undefined, how?: Value): Regex {
  if (pattern instanceof Regex) return pattern;
  SafeRegex.of(t(pattern), true);
  return new Regex(t(pattern), /ignorecase/i.test(t(how)));
}

const METHODS: Readonly<Record<string, Methods>> = {
  math: MATH,
  string: STRING,
  char: CHAR,
  datetime: DATETIME,
  timespan: TIMESPAN,
  convert: CONVERT,
  regex: REGEX,
  ...ofIntegers(numeric),
  double: numeric('double'),
  bool: {
    Parse: ([text]) => parsedBool(t(text)),
    TryParse: ([text, ref]) => tried([ref ?? null], () => parsedBool(t(text)), false),
  },
  guid: {
    NewGuid: () => new Guid(newGuid()),
    Parse: ([text]) => parsedGuid(t(text)),
    TryParse: ([text, ref]) => tried([ref ?? null], () => guidOf(t(text))),
    new: ([text]) => (text === undefined ? new Guid() : parsedGuid(t(text))),
  },
  ipaddress: {
    Parse: ([text]) => parsed(() => cast('ipaddress', t(text))),
    TryParse: ([text, ref]) => tried([ref ?? null], () => ipAddressOf(t(text))),
    IsLoopback: ([address]) => /^(?:127\.|::1$)/.test(t(address)),
    new: ([text]) => cast('ipaddress', t(text)),
  },
  stringbuilder: { new: ([text]) => new StringBuilder(typeof text === 'string' ? text : '') },
  arraylist: { new: ([items]) => growing('arraylist', Array.isArray(items) ? (items as Value[]) : []) },
  hashtable: { new: () => new Hashtable() },
  ordered: { new: () => new Hashtable(true) },
  pscustomobject: { new: () => new PsObject('PSCustomObject', {}) },
  array: {
    IndexOf: ([list, item]) => elements(list).findIndex((one) => isSameValue(one, item ?? null)),
    Reverse: ([list]) => void (Array.isArray(list) && (list as Value[]).reverse()),
    Sort: ([list]) => void (Array.isArray(list) && (list as Value[]).sort((a, b) => (t(a) < t(b) ? -1 : 1))),
  },
  scriptblock: {
    Create: ([text], session) =>
      calledBlock({ name: '', body: compiledText(t(text), session), kind: 'block' }, session),
  },
  ...MORE_METHODS,
};
function parsedGuid(text: string): Guid {
  const guid = guidOf(text);
  if (guid) return guid;
  throw new NetException('FormatException', 'Unrecognized Guid format.');
}

const PROPERTIES: Readonly<Record<string, Properties>> = {
  math: { PI: () => Math.PI, E: () => Math.E },
  string: { Empty: () => '' },
  ...ofIntegers((type) => ({
    MaxValue: () => integer(INTEGERS[type].high, type),
    MinValue: () => integer(INTEGERS[type].low, type),
  })),
  double: { MaxValue: () => Number.MAX_VALUE, MinValue: () => -Number.MAX_VALUE },
  datetime: DATETIME_PROPERTIES,
  timespan: { Zero: () => new TimeSpan(0) },
  guid: { Empty: () => new Guid() },
  ipaddress: {
    Any: () => new IpAddress('0.0.0.0', 4),
    Loopback: () => new IpAddress('127.0.0.1', 4),
    Broadcast: () => new IpAddress('255.255.255.255', 4),
    None: () => new IpAddress('255.255.255.255', 4),
    IPv6Any: () => new IpAddress('::', 6),
    IPv6Loopback: () => new IpAddress('::1', 6),
  },
  ...MORE_PROPERTIES,
  environment: {
    MachineName: (session) => printed(session.get('env:COMPUTERNAME')),
    NewLine: () => '\n',
    UserName: (session) => session.host.env.USER ?? session.host.env.LOGNAME ?? session.host.env.USERNAME ?? '',
  },
};

/** A member, with its name as the type has it. */
function declared<T>(
  table: Readonly<Record<string, T>> | undefined,
  written: string,
): { readonly name: string; readonly of: T } | undefined {
  const lower = written.toLowerCase();
  const name = table && Object.keys(table).find((one) => one.toLowerCase() === lower);
  return name === undefined ? undefined : { name, of: table![name]! };
}

/** The names of a type's static members, for messages and completion. */
export function staticNames(type: string): string[] {
  return [...Object.keys(PROPERTIES[type] ?? {}), ...Object.keys(METHODS[base(type)] ?? {}), ...(ENUMS[type] ?? [])];
}

function base(type: string): string {
  return genericList(type) || type.startsWith('dictionary[') ? type.slice(0, type.indexOf('[')) : type;
}

/** `[math]::PI`. @throws CmdletError */
export function staticProperty(type: string, name: string, session: Session): Value {
  const property = declared(PROPERTIES[type], name);
  if (property) return property.of(session);
  const named = ENUMS[type]?.find((one) => one.toLowerCase() === name.toLowerCase());
  if (named !== undefined) return named;
  throw unknownMember(type, name);
}

/** `[math]::Round(1.5)`, `[guid]::new()`. @throws CmdletError */
export function callStatic(type: string, name: string, args: readonly Value[], session: Session): Result {
  if (name.toLowerCase() === 'new') return made(type, args, session);
  const method = declared(METHODS[type], name);
  if (!method) throw unknownMember(type, name);
  const given = forStatic(type, method.name, args);
  return called(method.name, args.length, () => method.of(given, session));
}

/** A new object of the type. @throws CmdletError when there are none of it */
export function made(type: string, args: readonly Value[], session: Session): Value {
  if (type.startsWith('hashset[')) return newSet(type, args);
  if (genericList(type)) return growing(type, Array.isArray(args[0]) ? (args[0] as Value[]) : []);
  if (type.startsWith('dictionary[')) return new Hashtable(false, true);
  if (type.startsWith('exception ')) return newException(type.slice('exception '.length), args);
  const make = METHODS[type]?.new;
  if (make) {
    const given = forStatic(type, 'new', args);
    return called('.ctor', args.length, () => make(given, session)) as Value;
  }
  throw failure(
    'MethodNotFound',
    `Objects of the type [${fullTypeName(type)}] cannot be made here; of these they can: ${MAKEABLE}.`,
  );
}
const MAKEABLE =
  'pscustomobject, hashtable, System.Collections.ArrayList, System.Collections.Generic.List[…], Queue[…], HashSet[…], Dictionary[…], System.Text.StringBuilder, datetime, timespan, guid, regex, ipaddress, string';

function unknownMember(type: string, name: string): CmdletError {
  const names = staticNames(type);
  const close = nearest(name, names);
  const hint = close
    ? ` Did you mean ${close}?`
    : names.length
      ? ` It has: ${names.filter((one) => one !== 'new').join(', ')}.`
      : '';
  return failure('MethodNotFound', `[${fullTypeName(type)}] has no static member '${name}' here.${hint}`);
}

/** Is there such a member? Asked when a text is compiled, so that it is named before anything runs. */
export function hasStatic(type: string, name: string): boolean {
  if (name.toLowerCase() === 'new') return true;
  return staticNames(type).some((one) => one.toLowerCase() === name.toLowerCase());
}

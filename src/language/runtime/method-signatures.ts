/**
 * What .NET's methods take: a row a type, the overloads of each method behind its name, in their own names, which
 * PowerShell's errors say. `Substring: 'startIndex:int | startIndex:int,length:int'`; a parameter without a type takes
 * anything, `…` the rest. A method that has no row takes what it is given.
 */
import { CmdletError } from '../../pipeline/error.ts';
import { INTEGER_TYPES, INTEGERS, Integer, integerTypeOf, isFigure } from '../../pipeline/number.ts';
import type { Value } from '../../pipeline/value.ts';
import { cast } from './cast.ts';
import { argumentProblem, noOverload } from './net-exception.ts';
import { fullTypeName } from './type-objects.ts';

type Signatures = Readonly<Record<string, string>>;

const TO_STRING = ' | format | format,provider';
const TRY_PARSE = 's,result | s,provider,result | s,style,provider,result';
const PARSE = 's | s,provider | s,style,provider';
const OF_LISTS: Signatures = {
  Add: 'item',
  Insert: 'index:int,item',
  RemoveAt: 'index:int',
  RemoveRange: 'index:int,count:int',
  GetRange: 'index:int,count:int',
  Clear: '',
};
const OF_NUMBERS: Signatures = { ToString: TO_STRING };

const OF_PARSED: Signatures = { Parse: PARSE, TryParse: TRY_PARSE };
const INTEGER_NAMES = Object.values(INTEGERS).map(({ name }) => name);

const OF_ANY: Signatures = { GetType: '' };

/** Of values, by .NET's names of their types. */
const INSTANCE: Readonly<Record<string, Signatures>> = {
  ...Object.fromEntries(INTEGER_NAMES.map((name) => [`System.${name}`, OF_NUMBERS])),
  'System.Double': OF_NUMBERS,
  'System.String': { ToString: ' | provider:provider' },
  'System.Boolean': { ToString: ' | provider:provider' },
  'System.DateTime': {
    AddDays: 'value:double',
    AddHours: 'value:double',
    AddMinutes: 'value:double',
    AddSeconds: 'value:double',
    AddMilliseconds: 'value:double',
    AddTicks: 'value:long',
    AddMonths: 'months:int',
    AddYears: 'value:int',
    Add: 'value:timespan',
    Subtract: 'value',
    ToString: TO_STRING,
    ToShortDateString: '',
    ToLongDateString: '',
    ToShortTimeString: '',
    ToLongTimeString: '',
    ToUniversalTime: '',
    ToLocalTime: '',
  },
  'System.TimeSpan': { Add: 'ts:timespan', Subtract: 'ts:timespan', Negate: '', Duration: '', ToString: TO_STRING },
  'System.Collections.Hashtable': { Add: 'key,value', Remove: 'key', ContainsKey: 'key', Contains: 'key', Clear: '' },
  'System.Collections.ArrayList': { ...OF_LISTS, Add: 'value', Insert: 'index:int,value' },
  'System.Collections.Generic.List`1': OF_LISTS,
  'System.Text.StringBuilder': { Remove: 'startIndex:int,length:int', Clear: '' },
};

/** Of types, by our names of them; `new` is the constructor. */
const STATIC: Readonly<Record<string, Signatures>> = {
  math: {
    Abs: 'value:number',
    Ceiling: 'a:double',
    Floor: 'd:double',
    Truncate: 'd:double',
    Sign: 'value:number',
    Sqrt: 'd:double',
    Exp: 'd:double',
    Log10: 'd:double',
    Log2: 'x:double',
    Log: 'd:double | a:double,newBase:double',
    Sin: 'a:double',
    Cos: 'd:double',
    Tan: 'a:double',
    Pow: 'x:double,y:double',
    Max: 'val1:number,val2:number',
    Min: 'val1:number,val2:number',
    Round: 'a:number | a:number,digits:digits | a:number,digits:int,mode',
    DivRem: 'a:number,b:number',
  },
  string: {
    IsNullOrEmpty: 'value',
    IsNullOrWhiteSpace: 'value',
    CompareOrdinal: 'strA,strB | strA,indexA:int,strB,indexB:int,length:int',
  },
  datetime: {
    Parse: PARSE,
    ParseExact: 's,format,provider | s,format,provider,style',
    DaysInMonth: 'year:int,month:int',
    IsLeapYear: 'year:int',
    new: ' | ticks:long | year:int,month:int,day:int | year:int,month:int,day:int,hour:int,minute:int,second:int | year:int,month:int,day:int,hour:int,minute:int,second:int,millisecond:int',
  },
  timespan: {
    FromDays: 'value:double',
    FromHours: 'value:double',
    FromMinutes: 'value:double',
    FromSeconds: 'value:double',
    FromMilliseconds: 'value:double',
    FromTicks: 'value:long',
    Parse: 's | input,formatProvider',
    new: ' | ticks:long | hours:int,minutes:int,seconds:int | days:int,hours:int,minutes:int,seconds:int | days:int,hours:int,minutes:int,seconds:int,milliseconds:int',
  },
  convert: {
    ...Object.fromEntries(INTEGER_NAMES.map((name) => [`To${name}`, 'value | value,fromBase:int'])),
    ToDouble: 'value | value,provider',
    FromBase64String: 's',
  },
  regex: {
    IsMatch: 'input,pattern | input,pattern,options',
    Match: 'input,pattern | input,pattern,options',
    Matches: 'input,pattern | input,pattern,options',
    Replace: 'input,pattern,replacement | input,pattern,replacement,options',
    Split: 'input,pattern | input,pattern,options',
    Escape: 'str',
    Unescape: 'str',
    new: 'pattern | pattern,options',
  },
  ...Object.fromEntries(INTEGER_TYPES.map((type) => [type, OF_PARSED])),
  double: OF_PARSED,
  bool: { Parse: 'value', TryParse: 'value,result' },
  guid: { Parse: 'input', TryParse: 'input,result', NewGuid: '', new: ' | g' },
  ipaddress: { Parse: 'ipString', TryParse: 'ipString,address', IsLoopback: 'address', new: 'newAddress:address' },
};

/** The arguments as the method of a value takes them. @throws CmdletError when it takes none such */
export function forMethod(type: string, method: string, args: readonly Value[]): readonly Value[] {
  const overloads = INSTANCE[type]?.[method] ?? OF_ANY[method];
  return overloads === undefined ? args : bound(method, overloads, args);
}

/** The arguments as the static method takes them; of the constructor with the name `new`. @throws CmdletError when it takes none such */
export function forStatic(type: string, method: string, args: readonly Value[]): readonly Value[] {
  const overloads = STATIC[type]?.[method];
  return overloads === undefined ? args : bound(method, overloads, args);
}

/** @param overloads as in the tables above */
export function bound(method: string, overloads: string, args: readonly Value[]): readonly Value[] {
  const parameters = overloads
    .split('|')
    .map((one) => (one.trim() === '' ? [] : one.trim().split(',')))
    .find((one) => one.length === args.length);
  if (!parameters) throw noOverload(method, args.length);
  return args.map((value, at) => argument(method, parameters[at]!, value, args));
}

function argument(method: string, parameter: string, value: Value, all: readonly Value[]): Value {
  const [name, kind] = parameter.split(':');
  const type = typeFor(kind, value, all);
  if (!type) return value;
  if (type === 'provider') throw noOverload(method, all.length);
  try {
    const given = cast(type, value);
    return given instanceof Integer ? given.value : given;
  } catch (error) {
    if (!(error instanceof CmdletError)) throw error;
    throw argumentProblem(name!, value, method === 'new' ? '.ctor' : method, fullTypeName(type), error);
  }
}

/** The type that the argument becomes; `undefined`: it stays what it is. */
function typeFor(kind: string | undefined, value: Value, all: readonly Value[]): string | undefined {
  const isNumber = isFigure(value);
  // overloads for all kinds of numbers: the other argument says which
  if (kind === 'number') {
    if (isNumber) return undefined;
    return all.some((one) => isFigure(one) && integerTypeOf(one)) ? 'int' : 'double';
  }
  if (kind === 'digits')
    return typeof value === 'string' && /^(?:toeven|awayfromzero)$/i.test(value) ? undefined : 'int';
  // bytes, or a number
  if (kind === 'address') return Array.isArray(value) ? undefined : 'long';
  if (kind === 'provider') return typeof value === 'string' || isNumber ? 'provider' : undefined;
  return kind === 'double' && isNumber ? undefined : kind;
}

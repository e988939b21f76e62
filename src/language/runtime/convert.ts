/** Conversions as PowerShell makes them (LanguagePrimitives): what counts as true, texts to numbers, spans and dates, and the words when there is none. */

import { Binding, ByteSize, Flags, IpRange, TimeSpan, Unlimited } from '../../domain/value.ts';
import { Char } from '../../pipeline/char.ts';
import type { CmdletError } from '../../pipeline/error.ts';
import {
  type Double,
  double,
  type Figure,
  hexadecimal,
  INTEGERS,
  integerTypeOf,
  isFigure,
  whyNoInteger,
} from '../../pipeline/number.ts';
import { readDateValue } from '../../pipeline/read-date-value.ts';
import { readSpan } from '../../pipeline/read-span.ts';
import { Hashtable, isScriptBlock, PsObject, printed, type Value, WithMembers } from '../../pipeline/value.ts';
import { netText } from '../../print/format-string.ts';
import { dateText } from '../../text/date.ts';
import { failure } from './failure.ts';
import { growingType } from './growing-list.ts';

/** $null, 0, '' and empty lists are false, a list of one is what its element is (about_Booleans). */
export function toBool(value: Value | undefined): boolean {
  if (value === null || value === undefined) return false;
  if (typeof value === 'boolean') return value;
  if (isFigure(value)) return Number(value) !== 0;
  if (typeof value === 'string') return value !== '';
  if (Array.isArray(value)) {
    if (value.length !== 1) return value.length > 0;
    const [only] = value;
    // a list in it is true when anything is in that (LanguagePrimitives.IsTrue)
    return Array.isArray(only) ? only.length > 0 : toBool(only as Value);
  }
  if (value instanceof WithMembers) return toBool(value.value);
  return value instanceof Char ? value.code !== 0 : true;
}

const NUMERIC_TEXT =
  /^\s*([+-]?)(?:0x([0-9a-f]*)|((?:\d[\d,]*\.?\d*|\.\d+)(?:e[+-]?\d+)?))(?:u?[lsy]|[du]|)\s*(kb|mb|gb|tb|pb|)\s*$/i;
const UNITS: Readonly<Record<string, number>> = {
  '': 1,
  kb: 2 ** 10,
  mb: 2 ** 20,
  gb: 2 ** 30,
  tb: 2 ** 40,
  pb: 2 ** 50,
};

/** The number a text says, `10`, `0x1F`, `1.5MB`, `1,000`; '' is 0; `undefined` when it says none. */
export function numberIn(text: string): number | Double | undefined {
  const trimmed = text.trim();
  if (trimmed === '') return 0;
  const m = NUMERIC_TEXT.exec(text);
  if (!m)
    return /^[+-]?(?:infinity|∞)$/i.test(trimmed)
      ? trimmed.startsWith('-')
        ? -Infinity
        : Infinity
      : /^nan$/i.test(trimmed)
        ? Number.NaN
        : undefined;
  const sign = m[1] === '-' ? -1 : 1;
  const unit = UNITS[m[4]!.toLowerCase()]!;
  if (m[2] !== undefined) return sign * hexadecimal(m[2] || '0') * unit;
  const digits = m[3]!.replaceAll(',', '');
  const amount = sign * Number(digits) * unit;
  return /[.e]/i.test(digits) || !Number.isSafeInteger(amount) ? double(amount) : amount;
}

/** A value as an operand of arithmetic. @throws CmdletError when it is no number */
export function numeric(value: Value, type = 'System.Int32'): Figure {
  if (isFigure(value)) return value;
  if (value === null) return 0;
  if (typeof value === 'boolean') return value ? 1 : 0;
  if (value instanceof ByteSize) return value.bytes;
  if (value instanceof Char) return value.code;
  if (typeof value === 'string') {
    const number = numberIn(value);
    if (number !== undefined) return number;
  }
  throw cannotConvert(value, type);
}

/** @throws CmdletError when the value is no number */
export function toNumber(value: Value | undefined, type = 'System.Double'): number {
  if (typeof value === 'number') return value;
  if (value === null || value === undefined) return 0;
  if (typeof value === 'boolean') return value ? 1 : 0;
  if (value instanceof ByteSize) return value.bytes;
  if (isFigure(value)) return value.value;
  if (value instanceof Char) return value.code;
  if (typeof value === 'string') {
    const number = numberIn(value);
    if (number !== undefined) return Number(number);
  }
  throw cannotConvert(value, type);
}

/** PowerShell's sentence when a value cannot be of a type. @param type .NET's name of it */
export function cannotConvert(value: Value, type: string, why?: string): CmdletError {
  const reason = why ?? reasonAgainst(value, type);
  const id = castId(value, type);
  // .NET's Convert says a figure with all its digits, what is parsed was made a text before
  const said = isFigure(value) && id === 'InvalidCastIConvertible' ? netText(value) : shown(value);
  return reason === undefined
    ? failure(
        'ConvertToFinalInvalidCastException',
        `Cannot convert the "${isFigure(value) ? netText(value) : netName(value)}" value of type "${typeName(value)}" to type "${type}".`,
        'InvalidArgument',
      )
    : failure(id, `Cannot convert value "${said}" to type "${type}". Error: "${reason}"`, 'InvalidArgument');
}

/** PowerShell's id by the way it tried, which the two types decide (LanguagePrimitives.cs). @param type .NET's name */
function castId(value: Value, type: string): string {
  if (typeof value === 'boolean' || value instanceof Date) return 'InvalidCastIConvertible';
  if (type.endsWith('[]')) return 'InvalidCastExceptionScalarToArray';
  if (typeof value !== 'string' && !/^System\.(?:DateTime|TimeSpan|Guid)$/.test(type)) return 'InvalidCastIConvertible';
  if (type === 'System.DateTime' && Number.isInteger(value)) return 'InvalidCastConstructorException';
  return OF_TEXT.find(([types]) => types.test(type))?.[1] ?? 'InvalidCastParseTargetInvocation';
}
const OF_TEXT: readonly (readonly [types: RegExp, id: string])[] = [
  [/^System\.U?(?:Int\d+|S?Byte)$/, 'InvalidCastFromStringToInteger'],
  [/^System\.(?:Double|Single)$/, 'InvalidCastFromStringToDoubleOrSingle'],
  [/^System\.(?:DateTime|TimeSpan|Guid)$/, 'InvalidCastParseTargetInvocationWithFormatProvider'],
  [/\.Regex$/, 'InvalidCastFromStringToRegex'],
];

function shown(value: Value): string {
  return value instanceof Date ? dateText(value) : printed(value);
}

function netName(value: Value): string {
  return Array.isArray(value) ? 'System.Object[]' : shown(value);
}

/** Types that .NET's Convert knows, by their short names. */
const CONVERTIBLE = /^System\.(U?Int\d+|S?Byte|Double|Char|DateTime)$/;

function reasonAgainst(value: Value, type: string): string | undefined {
  if (typeof value === 'string')
    return /^System\.(?:U?Int\d+|S?Byte|Double)$/.test(type)
      ? type === 'System.Double'
        ? `The input string '${value}' was not in a correct format.`
        : whyNoInteger(value.trim())
      : undefined;
  if (typeof value !== 'boolean' && !(value instanceof Date)) return undefined;
  const [from, to] = [typeName(value), CONVERTIBLE.exec(type)?.[1]];
  return to
    ? `Invalid cast from '${from.replace('System.', '')}' to '${to}'.`
    : `Invalid cast from '${from}' to '${type}'.`;
}

/** A value's elements: a list's own, nothing for nothing, else itself. */
export function elements(value: Value | undefined): readonly Value[] {
  if (value === undefined) return [];
  return Array.isArray(value) ? (value as readonly Value[]) : [value];
}

/** What a pipeline's output is as one value: nothing, the one object, or a list. */
export function collected(values: readonly Value[]): Value | undefined {
  return values.length === 0 ? undefined : values.length === 1 ? values[0]! : values;
}

export function toSpan(value: Value): TimeSpan {
  if (value instanceof TimeSpan) return value;
  if (isFigure(value) && integerTypeOf(value)) return new TimeSpan(Number(value) / 1e7); // ticks, as in .NET
  if (value === null) throw cannotConvertNull('System.TimeSpan');
  if (typeof value === 'string' || isFigure(value)) {
    const text = printed(value);
    const span = readSpan(text);
    if (typeof span !== 'string') return span;
    throw cannotConvert(value, 'System.TimeSpan', span);
  }
  throw cannotConvertTo(value, 'System.TimeSpan');
}

/** @param now what a time of day is of */
export function toDate(value: Value, now?: () => Date): Date {
  if (value === null) throw cannotConvertNull('System.DateTime');
  const date = readDateValue(value, now);
  if (date instanceof Date) return date;
  throw date === undefined ? cannotConvertTo(value, 'System.DateTime') : cannotConvert(value, 'System.DateTime', date);
}

export function cannotConvertNull(type: string): CmdletError {
  return failure('nullToObjectInvalidCast', `Cannot convert null to type "${type}".`, 'InvalidArgument');
}

/** A hashtable is taken for the properties of a new object. */
function cannotConvertTo(value: Value, type: string): CmdletError {
  if (!(value instanceof Hashtable) || value.entries.size === 0) return cannotConvert(value, type);
  const [key] = value.entries.keys();
  return failure(
    'ObjectCreationError',
    `Cannot create object of type "${type}". The property '${key}' was not found for the '${type}' object. There is no settable property available.`,
    'InvalidArgument',
  );
}

/** Without its name space: `Int32`. */
export function shortTypeName(value: Value | undefined): string {
  const type = typeName(value);
  return type.slice(type.lastIndexOf('.') + 1);
}

/** The .NET or Exchange name of a value's type, for messages and GetType(). */
export function typeName(value: Value | undefined): string {
  if (value instanceof WithMembers) return typeName(value.value);
  if (value === null || value === undefined) return 'null';
  if (typeof value === 'string') return 'System.String';
  if (typeof value === 'boolean') return 'System.Boolean';
  if (isFigure(value)) {
    const whole = integerTypeOf(value);
    return `System.${whole ? INTEGERS[whole].name : 'Double'}`;
  }
  if (value instanceof Char) return 'System.Char';
  if (Array.isArray(value)) return growingType(value as Value) ?? 'System.Object[]';
  if (value instanceof Date) return 'System.DateTime';
  if (value instanceof Hashtable) return String(value);
  if (isScriptBlock(value)) return 'System.Management.Automation.ScriptBlock';
  if (value instanceof ByteSize) return 'Microsoft.Exchange.Data.ByteQuantifiedSize';
  if (value instanceof TimeSpan) return 'System.TimeSpan';
  if (value instanceof Unlimited) return 'Microsoft.Exchange.Data.Unlimited';
  if (value instanceof IpRange) return 'Microsoft.Exchange.Data.IPRange';
  if (value instanceof Binding) return 'Microsoft.Exchange.Data.IPBinding';
  if (value instanceof Flags) return 'System.Enum';
  return value instanceof PsObject ? value.type : 'System.Object';
}

/** The same in full where it is an object put together in a script. */
export function fullNameOfType(value: Value): string {
  const name = typeName(value);
  return name === 'PSCustomObject' ? `System.Management.Automation.${name}` : name;
}

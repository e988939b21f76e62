/** Conversions as PowerShell makes them: what counts as true, texts to numbers, casts. */

import { parseSpan } from '../../domain/kind.ts';
import { Binding, ByteSize, Flags, IpRange, TimeSpan, Unlimited } from '../../domain/value.ts';
import { show } from '../../domain/value-error.ts';
import { Hashtable, isScriptBlock, PsObject, printed, type Value } from '../../pipeline/value.ts';
import { failure } from './failure.ts';

/** $null, 0, '' and empty lists are false, a list of one is what its element is (about_Booleans). */
export function toBool(value: Value | undefined): boolean {
  if (value === null || value === undefined) return false;
  if (typeof value === 'boolean') return value;
  if (typeof value === 'number') return value !== 0;
  if (typeof value === 'string') return value !== '';
  if (Array.isArray(value)) {
    if (value.length === 0) return false;
    return value.length > 1 || toBool(value[0] as Value);
  }
  return true;
}

const NUMERIC_TEXT =
  /^\s*([+-]?)(?:0x([0-9a-f]+)|(\d+\.?\d*(?:e[+-]?\d+)?|\.\d+(?:e[+-]?\d+)?))\s*(kb|mb|gb|tb|pb|)\s*$/i;
const UNITS: Readonly<Record<string, number>> = {
  '': 1,
  kb: 2 ** 10,
  mb: 2 ** 20,
  gb: 2 ** 30,
  tb: 2 ** 40,
  pb: 2 ** 50,
};

/** The number a text says, `10`, `0x1F`, `1.5MB`; '' is 0; `undefined` when it says none. */
export function numberIn(text: string): number | undefined {
  if (text.trim() === '') return 0;
  const m = NUMERIC_TEXT.exec(text);
  if (!m) return undefined;
  const digits = m[2] === undefined ? Number(m[3]) : Number.parseInt(m[2], 16);
  return (m[1] === '-' ? -1 : 1) * digits * UNITS[m[4]!.toLowerCase()]!;
}

/** @throws CmdletError when the value is no number */
export function toNumber(value: Value | undefined, type = 'System.Double'): number {
  if (typeof value === 'number') return value;
  if (value === null || value === undefined) return 0;
  if (typeof value === 'boolean') return value ? 1 : 0;
  if (value instanceof ByteSize) return value.bytes;
  if (typeof value === 'string') {
    const number = numberIn(value);
    if (number !== undefined) return number;
  }
  if (Array.isArray(value) && value.length === 1) return toNumber(value[0] as Value, type);
  throw cannotConvert(value, type);
}

export function cannotConvert(value: Value, type: string): Error {
  return failure(
    'InvalidCastFromStringToInteger',
    `Cannot convert value ${show(printed(value))} to type "${type}".`,
    'InvalidArgument',
  );
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

const WHOLE_LIMITS = {
  int: [-2147483648, 2147483647],
  long: [Number.MIN_SAFE_INTEGER, Number.MAX_SAFE_INTEGER],
} as const;

/** [type]value. @throws CmdletError */
export function cast(type: string, value: Value): Value {
  if (type.endsWith('[]')) {
    if (value === null) return null;
    const element = type.slice(0, -2);
    return (Array.isArray(value) ? (value as Value[]) : [value]).map((item) => cast(element, item));
  }
  switch (type) {
    case 'int':
    case 'long': {
      // .NET's Convert rounds halves to the even number
      const whole = roundHalfEven(toNumber(value, type === 'int' ? 'System.Int32' : 'System.Int64'));
      const [low, high] = WHOLE_LIMITS[type];
      if (whole < low || whole > high)
        throw failure(
          'InvalidCast',
          `Cannot convert value ${show(printed(value))} to type "System.${type === 'int' ? 'Int32' : 'Int64'}". Error: "Value was either too large or too small for ${type === 'int' ? 'an Int32' : 'an Int64'}."`,
          'InvalidArgument',
        );
      return whole;
    }
    case 'double':
      return toNumber(value);
    case 'string':
      return printed(value);
    case 'char': {
      const text = typeof value === 'number' ? String.fromCodePoint(value) : printed(value);
      if ([...text].length !== 1) throw cannotConvert(value, 'System.Char');
      return text;
    }
    case 'bool':
      return toBool(value);
    case 'array':
      return value === null ? null : Array.isArray(value) ? value : [value];
    case 'pscustomobject':
      return value instanceof Hashtable ? new PsObject('PSCustomObject', Object.fromEntries(value.entries)) : value;
    case 'hashtable':
    case 'ordered':
      if (value instanceof Hashtable || value === null) return value;
      throw cannotConvert(value, 'System.Collections.Hashtable');
    case 'timespan':
      return toSpan(value);
    case 'datetime':
      return toDate(value);
    case 'scriptblock':
      if (isScriptBlock(value)) return value;
      throw cannotConvert(value, 'System.Management.Automation.ScriptBlock');
    default:
      return value;
  }
}

function roundHalfEven(n: number): number {
  const floor = Math.floor(n);
  const rest = n - floor;
  if (rest !== 0.5) return Math.round(n);
  return floor % 2 === 0 ? floor : floor + 1;
}

export function toSpan(value: Value): TimeSpan {
  if (value instanceof TimeSpan) return value;
  if (typeof value === 'number') return new TimeSpan(value / 1e7); // ticks, as in .NET
  const text = printed(value).trim();
  const span =
    parseSpan(text.replace(/^-/, '')) ?? (/^\d+$/.test(text) ? new TimeSpan(Number(text) * 86400) : undefined);
  if (!span) throw cannotConvert(value, 'System.TimeSpan');
  return text.startsWith('-') ? new TimeSpan(-span.seconds) : span;
}

export function toDate(value: Value): Date {
  if (value instanceof Date) return value;
  const date = new Date(printed(value));
  if (Number.isNaN(date.getTime())) throw cannotConvert(value, 'System.DateTime');
  return date;
}

/** Is the value of this type (-is)? */
export function isOfType(value: Value | undefined, type: string): boolean {
  if (value === null || value === undefined) return false;
  if (type.endsWith('[]')) return Array.isArray(value);
  switch (type) {
    case 'int':
      return typeof value === 'number' && Number.isInteger(value) && Math.abs(value) <= 2147483647;
    case 'long':
      return typeof value === 'number' && Number.isInteger(value) && Math.abs(value) > 2147483647;
    case 'double':
      return typeof value === 'number' && !Number.isInteger(value);
    case 'string':
      return typeof value === 'string';
    case 'bool':
      return typeof value === 'boolean';
    case 'array':
      return Array.isArray(value);
    case 'hashtable':
      return value instanceof Hashtable;
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
      return false;
  }
}

/** The .NET or Exchange name of a value's type, for messages and GetType(). */
export function typeName(value: Value | undefined): string {
  if (value === null || value === undefined) return 'null';
  if (typeof value === 'string') return 'System.String';
  if (typeof value === 'boolean') return 'System.Boolean';
  if (typeof value === 'number')
    return !Number.isInteger(value) ? 'System.Double' : Math.abs(value) > 2147483647 ? 'System.Int64' : 'System.Int32';
  if (Array.isArray(value)) return 'System.Object[]';
  if (value instanceof Date) return 'System.DateTime';
  if (value instanceof Hashtable) return 'System.Collections.Hashtable';
  if (isScriptBlock(value)) return 'System.Management.Automation.ScriptBlock';
  if (value instanceof ByteSize) return 'Microsoft.Exchange.Data.ByteQuantifiedSize';
  if (value instanceof TimeSpan) return 'Microsoft.Exchange.Data.EnhancedTimeSpan';
  if (value instanceof Unlimited) return 'Microsoft.Exchange.Data.Unlimited';
  if (value instanceof IpRange) return 'Microsoft.Exchange.Data.IPRange';
  if (value instanceof Binding) return 'Microsoft.Exchange.Data.IPBinding';
  if (value instanceof Flags) return 'System.Enum';
  return value instanceof PsObject ? value.type : 'System.Object';
}

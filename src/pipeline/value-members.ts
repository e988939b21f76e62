/**
 * Members of values that are not objects: a size has a .Value, a range its bounds. `.LowerBound` in the language and
 * `Select LowerBound` are the same members.
 */

import { addressText } from '../domain/address.ts';
import { Binding, ByteSize, IpRange, TimeSpan, Unlimited } from '../domain/value.ts';
import { CmdletError } from './error.ts';
import type { Value } from './value.ts';

/** The properties that a list of such values is shown, exported and described by. */
export function memberNames(value: Value): string[] {
  if (typeof value === 'string') return ['Length'];
  if (value instanceof IpRange) return ['LowerBound', 'UpperBound', 'CIDRLength', 'RangeFormat', 'Size', 'Expression'];
  if (value instanceof Binding) return ['AddressFamily', 'Address', 'Port'];
  return [];
}

/** A member of such a value; `undefined` when it has none of that name. @param lower the name in lower case */
export function memberOfValue(value: Value, lower: string): Value | undefined {
  if (typeof value === 'string') return lower === 'length' ? value.length : undefined;
  if (typeof value === 'number') return limitMember(value, lower, false);
  if (value instanceof ByteSize) return limitMember(value, lower, false);
  if (value instanceof Unlimited) return limitMember(value, lower, true);
  if (value instanceof TimeSpan) return spanMember(value, lower);
  if (value instanceof Date) return dateMember(value, lower);
  if (value instanceof IpRange) return rangeMember(value, lower);
  if (value instanceof Binding) {
    if (lower === 'address') return value.address;
    if (lower === 'port') return value.port;
    return lower === 'addressfamily' ? (value.family === 6 ? 'InterNetworkV6' : 'InterNetwork') : undefined;
  }
  return undefined;
}

/** Exchange's Unlimited<T>: .IsUnlimited and .Value. */
function limitMember(value: Value, lower: string, isUnlimited: boolean): Value | undefined {
  if (lower === 'isunlimited') return isUnlimited;
  if (lower !== 'value') return undefined;
  if (isUnlimited)
    throw new CmdletError('The value is Unlimited, so it has no .Value; ask .IsUnlimited first.', {
      id: 'InvalidOperationException',
      category: 'InvalidOperation',
    });
  return value;
}

function spanMember({ seconds }: TimeSpan, lower: string): Value | undefined {
  const whole = (unit: number, of: number) => Math.trunc(seconds / unit) % of;
  switch (lower) {
    case 'totaldays':
      return seconds / 86400;
    case 'totalhours':
      return seconds / 3600;
    case 'totalminutes':
      return seconds / 60;
    case 'totalseconds':
      return seconds;
    case 'totalmilliseconds':
      return seconds * 1000;
    case 'days':
      return Math.trunc(seconds / 86400);
    case 'hours':
      return whole(3600, 24);
    case 'minutes':
      return whole(60, 60);
    case 'seconds':
      return Math.trunc(seconds) % 60;
    case 'milliseconds':
      return Math.round((seconds % 1) * 1000);
    case 'ticks':
      return seconds * 1e7;
    default:
      return undefined;
  }
}

const WEEKDAYS = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'];

function dateMember(date: Date, lower: string): Value | undefined {
  switch (lower) {
    case 'year':
      return date.getFullYear();
    case 'month':
      return date.getMonth() + 1;
    case 'day':
      return date.getDate();
    case 'hour':
      return date.getHours();
    case 'minute':
      return date.getMinutes();
    case 'second':
      return date.getSeconds();
    case 'millisecond':
      return date.getMilliseconds();
    case 'dayofweek':
      return WEEKDAYS[date.getDay()]!;
    case 'date':
      return new Date(date.getFullYear(), date.getMonth(), date.getDate());
    default:
      return undefined;
  }
}

function rangeMember(range: IpRange, lower: string): Value | undefined {
  const address = (n: bigint) => addressText(range.family, n);
  switch (lower) {
    case 'lowerbound':
      return address(range.low);
    case 'upperbound':
      return address(range.high);
    case 'rangeformat':
      return range.text.includes('/') ? 'CIDR' : range.text.includes('-') ? 'LoHi' : 'SingleAddress';
    case 'cidrlength':
      return range.text.includes('/') ? Number(range.text.split('/')[1]) : null;
    case 'expression':
      return range.text;
    case 'size':
      return range.size <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(range.size) : String(range.size);
    default:
      return undefined;
  }
}

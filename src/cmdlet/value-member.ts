/** Members that values which are no objects have: `.Port` of a binding, `.TotalMinutes` of a time span, `.IsUnlimited` of a limit. */
import { addressText } from '../connector/address.ts';
import { Binding, ByteSize, IpRange, TimeSpan, Unlimited } from '../connector/value.ts';
import { CmdletError } from './error.ts';
import type { Value } from './value.ts';

/** The member's value, by its name in any case; `undefined` when the value has no such member. @throws CmdletError for the .Value of Unlimited */
export function valueMember(value: Value, name: string): Value | undefined {
  const lower = name.toLowerCase();
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
    case 'expression':
      return range.text;
    case 'size':
      return range.size <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(range.size) : String(range.size);
    default:
      return undefined;
  }
}

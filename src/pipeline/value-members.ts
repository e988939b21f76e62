/**
 * Members of values that are not objects: a size has a .Value, a range its bounds. `.LowerBound` in the language and
 * `Select LowerBound` are the same members.
 */

import { addressText } from '../domain/address.ts';
import { Binding, ByteSize, IpRange, TimeSpan, Unlimited } from '../domain/value.ts';
import { fromWall, PlainDate, partsOf, ticksOf, UtcDate, wallOf } from '../text/date.ts';
import { CmdletError } from './error.ts';
import { double } from './number.ts';
import type { Value } from './value.ts';

/** The properties that a list of such values is shown, exported and described by. */
export function memberNames(value: Value): string[] {
  if (typeof value === 'string') return ['Length'];
  if (value instanceof IpRange)
    return ['LowerBound', 'UpperBound', 'Netmask', 'CIDRLength', 'RangeFormat', 'Size', 'Expression'];
  if (value instanceof Binding) return ['AddressFamily', 'Address', 'Port'];
  return [];
}

/** A member of such a value; `undefined` when it has none of that name. @param lower the name in lower case */
export function memberOfValue(value: Value, lower: string): Value | undefined {
  if (typeof value === 'string') return lower === 'length' ? value.length : undefined;
  // a switch is a yes or no here
  if (typeof value === 'boolean') return lower === 'ispresent' ? value : undefined;
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
  const ticks = Math.round(seconds * 1e7);
  const whole = (unit: number, of: number) => Math.trunc(ticks / (unit * 1e7)) % of;
  const total = (unit: number) => double(ticks / (unit * 1e7));
  switch (lower) {
    case 'totaldays':
      return total(86400);
    case 'totalhours':
      return total(3600);
    case 'totalminutes':
      return total(60);
    case 'totalseconds':
      return total(1);
    case 'totalmilliseconds':
      return double(ticks / 1e4);
    case 'days':
      return Math.trunc(ticks / 864e9) + 0;
    case 'hours':
      return whole(3600, 24) + 0;
    case 'minutes':
      return whole(60, 60) + 0;
    case 'seconds':
      return whole(1, 60) + 0;
    case 'milliseconds':
      return (Math.trunc(ticks / 1e4) % 1000) + 0;
    case 'ticks':
      return ticks;
    default:
      return undefined;
  }
}

const WEEKDAYS = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'];

function dateMember(date: Date, lower: string): Value | undefined {
  const at = partsOf(date);
  const midnight = () => fromWall(Math.floor(wallOf(date) / 86400_000) * 86400_000, date) ?? date;
  switch (lower) {
    case 'year':
      return at.y;
    case 'month':
      return at.mo + 1;
    case 'day':
      return at.d;
    case 'hour':
      return at.h;
    case 'minute':
      return at.mi;
    case 'second':
      return at.s;
    case 'millisecond':
      return at.ms;
    case 'dayofweek':
      return WEEKDAYS[at.weekday]!;
    case 'dayofyear':
      return Math.floor((wallOf(date) - Date.UTC(at.y, 0, 1)) / 86400_000) + 1;
    case 'date':
      return midnight();
    case 'timeofday':
      return new TimeSpan((wallOf(date) - wallOf(midnight())) / 1000);
    case 'ticks':
      return ticksOf(date);
    case 'kind':
      return date instanceof UtcDate ? 'Utc' : date instanceof PlainDate ? 'Unspecified' : 'Local';
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
    case 'netmask': // of ranges that are written with one, which nobody has here
      return null;
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

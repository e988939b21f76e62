/** What two values are compared as: quantities of one unit, moments, ranges, bindings, names, texts. */
import { binding } from '../domain/address-kind.ts';
import { parseRange } from '../domain/range.ts';
import { parseSize } from '../domain/size.ts';
import { parseSpan } from '../domain/span.ts';
import { Binding, ByteSize, Flags, IpRange, TimeSpan, UNLIMITED, Unlimited } from '../domain/value.ts';
import { ValueError } from '../domain/value-error.ts';
import { wallOf } from '../text/date.ts';
import { foldText } from '../text/wildcard.ts';
import { hexadecimal, isFigure } from './number.ts';
import { readDateValue } from './read-date-value.ts';
import { printed, type Value } from './value.ts';

export const isList = (value: Value): value is readonly Value[] => Array.isArray(value);

export function isTyped(value: Value): boolean {
  return (
    value instanceof ByteSize ||
    value instanceof TimeSpan ||
    value instanceof Unlimited ||
    value instanceof Flags ||
    value instanceof IpRange ||
    value instanceof Binding ||
    value instanceof Date
  );
}

/** Both sides as numbers of one unit, the left deciding which; `undefined` when the right cannot be read so. */
export function asQuantities(left: Value, right: Value): readonly [number, number] | undefined {
  const read =
    left instanceof TimeSpan
      ? asSeconds
      : left instanceof Date
        ? asMoment
        : typeof left === 'number' || left instanceof ByteSize || left instanceof Unlimited
          ? asNumber
          : undefined;
  const other = read?.(right);
  return other === undefined ? undefined : [left instanceof Date ? wallOf(left) : Number(left), other];
}

function asNumber(value: Value): number | undefined {
  if (value instanceof ByteSize || value instanceof Unlimited || isFigure(value)) return Number(value);
  if (typeof value === 'boolean') return value ? 1 : 0;
  if (isList(value)) return undefined;
  if (typeof value !== 'string') return undefined;
  const text = value.trim();
  if (text === '') return 0;
  if (/^unlimited$/i.test(text)) return Number(UNLIMITED);
  if (/^0x[0-9a-f]+$/i.test(text)) return hexadecimal(text.slice(2));
  if (/^[+-]?(?:\d+(?:\.\d*)?(?:e[+-]?\d+)?|\.\d+)$/i.test(text)) return Number(text);
  return parseSize(text.replaceAll(/(?<=\d),(?=\d{3}\b)(?=[^(]*$)/g, ''))?.bytes;
}

function asSeconds(value: Value): number | undefined {
  if (value instanceof TimeSpan) return value.seconds;
  if (typeof value === 'string') return parseSpan(value.trim())?.seconds ?? asNumber(value);
  return value instanceof ByteSize ? undefined : asNumber(value);
}

function asMoment(value: Value): number | undefined {
  const moment = readDateValue(value);
  return moment instanceof Date ? wallOf(moment) : undefined;
}

export function asRange(value: Value): IpRange | undefined {
  if (value instanceof IpRange) return value;
  return typeof value === 'string' ? read(() => parseRange(value)) : undefined;
}

export function asBinding(value: Value): Binding | undefined {
  if (value instanceof Binding) return value;
  return typeof value === 'string' ? read(() => binding.parse(value)) : undefined;
}

function read<T>(parse: () => T): T | undefined {
  try {
    return parse();
  } catch (error) {
    if (error instanceof ValueError) return undefined;
    throw error;
  }
}

export function rangeOrder(a: IpRange, b: IpRange): number {
  if (a.family !== b.family) return a.family - b.family;
  if (a.low !== b.low) return a.low < b.low ? -1 : 1;
  return a.high === b.high ? 0 : a.high < b.high ? -1 : 1;
}

/** The same names, in whatever order and case. */
export function flagsEqual(left: Flags, right: Value, cs: boolean): boolean {
  const given = right instanceof Flags ? right.names : isList(right) ? right.map(printed) : printed(right).split(',');
  const fold = (name: string) => (cs ? name.trim() : foldText(name.trim()));
  const other = new Set(given.map(fold));
  other.delete(fold('None'));
  other.delete('');
  if (typeof right === 'string' && right.trim() === '') return false;
  return other.size === left.names.length && left.names.every((name) => other.has(fold(name)));
}

let collators: readonly [insensitive: Intl.Collator, sensitive: Intl.Collator] | undefined;

/** Texts in dictionary order, as .NET's culture comparison: case decides only when it counts and all else is equal. */
export function textOrder(a: string, b: string, caseSensitive: boolean): number {
  if (a === b) return 0;
  collators ??= [
    new Intl.Collator('en', { sensitivity: 'accent' }),
    new Intl.Collator('en', { sensitivity: 'variant' }),
  ];
  return collators[caseSensitive ? 1 : 0]!.compare(a, b);
}

/** Methods of values, as far as one-liners use them. Names are case-insensitive; an unknown one is refused in PowerShell's words. */

import { parseAddress } from '../../domain/address.ts';
import { Binding, ByteSize, Flags, IpRange, TimeSpan, Unlimited } from '../../domain/value.ts';
import { compareEqual } from '../../pipeline/compare.ts';
import { CmdletError } from '../../pipeline/error.ts';
import { Hashtable, isScriptBlock, PsObject, printed, type Value, WithMembers } from '../../pipeline/value.ts';
import { formatDate } from '../../print/format-date.ts';
import { formatted, netText } from '../../print/format-string.ts';
import { addMonths, fromWall, toLocal, toUtc, wallOf } from '../../text/date.ts';
import { nearest } from '../../text/suggest.ts';
import { add, subtract } from './arithmetic.ts';
import { toNumber, toSpan, typeName } from './convert.ts';
import { failure } from './failure.ts';
import { elementKind, parseElement } from './members.ts';
import { netMethod } from './net-objects.ts';
import type { Result } from './runnable.ts';
import { exception, STRING_METHOD_NAMES, stringMethod } from './string-methods.ts';

type Method<T> = (self: T, args: readonly Value[]) => Result;
type Methods<T> = Readonly<Record<string, Method<T>>>;

const OF_ANY: Methods<Value> = {
  ToString: (self, [format]) => (format === undefined ? netText(self) : formatted(self, printed(format))),
  GetType: (self) => new PsObject('RuntimeType', { Name: typeName(self).split('.').at(-1)!, FullName: typeName(self) }),
  Equals: (self, [other]) => compareEqual(self, other ?? null, true),
  CompareTo: (self, [other]) => {
    const [a, b] = [printed(self), printed(other)];
    return a === b ? 0 : a < b ? -1 : 1;
  },
};

const OF_SIZE: Methods<ByteSize> = {
  ToBytes: (self) => self.bytes,
  // whole units, as ByteQuantifiedSize gives them
  ToKB: (self) => Math.floor(self.bytes / 1024),
  ToMB: (self) => Math.floor(self.bytes / 1024 ** 2),
  ToGB: (self) => Math.floor(self.bytes / 1024 ** 3),
  ToTB: (self) => Math.floor(self.bytes / 1024 ** 4),
};

const OF_SPAN: Methods<TimeSpan> = {
  Add: (self, [other]) => new TimeSpan(self.seconds + toSpan(other ?? null).seconds),
  Subtract: (self, [other]) => new TimeSpan(self.seconds - toSpan(other ?? null).seconds),
  Negate: (self) => new TimeSpan(0 - self.seconds),
  Duration: (self) => new TimeSpan(Math.abs(self.seconds)),
};

const addTo =
  (unit: number): Method<Date> =>
  (self, [amount]) =>
    within(fromWall(wallOf(self) + Math.round(toNumber(amount) * unit), self), amount);

function within(date: Date | undefined, amount: Value | undefined): Date {
  if (date) return date;
  throw failure(
    'ArgumentOutOfRangeException',
    `The value ${printed(amount)} leads to no date between the years 1 and 9999.`,
    'NotSpecified',
  );
}

const OF_DATE: Methods<Date> = {
  AddDays: addTo(86400_000),
  AddHours: addTo(3600_000),
  AddMinutes: addTo(60_000),
  AddSeconds: addTo(1000),
  AddMilliseconds: addTo(1),
  AddTicks: addTo(1e-4),
  AddMonths: (self, [n]) => within(addMonths(self, toNumber(n)), n),
  AddYears: (self, [n]) => within(addMonths(self, toNumber(n) * 12), n),
  Add: (self, [span]) => add(self, span ?? null),
  Subtract: (self, [other]) => subtract(self, other instanceof Date ? other : toSpan(other ?? null)),
  ToShortDateString: (self) => formatDate(self, 'd'),
  ToLongDateString: (self) => formatDate(self, 'D'),
  ToShortTimeString: (self) => formatDate(self, 't'),
  ToLongTimeString: (self) => formatDate(self, 'T'),
  ToUniversalTime: (self) => toUtc(self),
  ToLocalTime: (self) => toLocal(self),
};

const OF_FLAGS: Methods<Flags> = {
  HasFlag: (self, [flag]) => self.names.some((name) => name.toLowerCase() === printed(flag).toLowerCase()),
};

const OF_RANGE: Methods<IpRange> = {
  Contains: (self, [other]) => {
    if (other instanceof IpRange) return self.covers(other);
    const address = parseAddress(printed(other));
    return address !== undefined && self.contains(address.family, address.value);
  },
};

const OF_HASH: Methods<Hashtable> = {
  ContainsKey: (self, [key]) => self.get(printed(key)) !== undefined,
  Contains: (self, [key]) => self.get(printed(key)) !== undefined,
  ContainsValue: (self, [value]) => [...self.entries.values()].some((v) => compareEqual(v, value ?? null)),
  Add: (self, [key, value]) => {
    if (self.get(printed(key)) !== undefined)
      throw exception(
        'Add',
        [key ?? null, value ?? null],
        `Item has already been added. Key in dictionary: '${printed(key)}'  Key being added: '${printed(key)}'`,
      );
    self.set(printed(key), value ?? null);
    return undefined;
  },
  Remove: (self, [key]) => {
    self.delete(printed(key));
    return undefined;
  },
  Clear: (self) => {
    self.clear();
    return undefined;
  },
  GetEnumerator: (self) =>
    [...self.entries].map(([Name, Value]) => new PsObject('DictionaryEntry', { Name, Key: Name, Value })),
};

/** Lists that are properties of a connector grow and shrink in place; others are arrays, which have a fixed size. */
const OF_LIST: Methods<Value[]> = {
  Add: (self, [item]) => {
    growing(self, 'Add');
    const element = parseElement(self, item ?? null);
    if (!self.some((one) => compareEqual(one, element))) self.push(element);
    return undefined;
  },
  Remove: (self, [item]) => {
    growing(self, 'Remove');
    const element = parseElement(self, item ?? null);
    const at = self.findIndex((one) => compareEqual(one, element));
    if (at >= 0) self.splice(at, 1);
    return at >= 0;
  },
  Clear: (self) => {
    growing(self, 'Clear');
    self.length = 0;
    return undefined;
  },
  Contains: (self, [item]) => self.some((one) => compareEqual(one, item ?? null)),
  IndexOf: (self, [item]) => self.findIndex((one) => compareEqual(one, item ?? null)),
  GetEnumerator: (self) => self,
  ToArray: (self) => [...self],
};

function growing(list: readonly Value[], method: string): void {
  if (elementKind(list)) return;
  throw failure(
    'MethodInvocationException',
    `Exception calling "${method}" with "1" argument(s): "Collection was of a fixed size." Use += to make a longer list.`,
    'NotSpecified',
  );
}

/** Methods that a value has, and whose they are. */
interface Own {
  readonly names: readonly string[];
  method(name: string): ((args: readonly Value[]) => Result) | undefined;
}

function own<T>(self: T, methods: Methods<T>): Own {
  return {
    names: Object.keys(methods),
    method(name) {
      const lower = name.toLowerCase();
      const found = this.names.find((key) => key.toLowerCase() === lower);
      return found === undefined ? undefined : (args) => methods[found]!(self, args);
    },
  };
}

const NONE = own(undefined, {});

function methodsOf(value: Value): Own {
  if (value instanceof ByteSize) return own(value, OF_SIZE);
  if (value instanceof TimeSpan) return own(value, OF_SPAN);
  if (value instanceof Date) return own(value, OF_DATE);
  if (value instanceof Flags) return own(value, OF_FLAGS);
  if (value instanceof IpRange) return own(value, OF_RANGE);
  if (value instanceof Hashtable) return own(value, OF_HASH);
  if (Array.isArray(value)) return own(value as Value[], OF_LIST);
  return NONE;
}

/**
 * The Exchange Management Shell is a remote session: sizes, limits, flags, ranges and bindings arrive in it as text, and
 * scripts are written so: `$_.MaxMessageSize.Split('(')`, `$_.AuthMechanism.Contains('Tls')`.
 */
function arrivesAsText(value: Value): boolean {
  return (
    value instanceof ByteSize ||
    value instanceof Unlimited ||
    value instanceof TimeSpan ||
    value instanceof Flags ||
    value instanceof IpRange ||
    value instanceof Binding
  );
}

/** Calls a method. On a list without such a method, on each of its elements. @throws CmdletError */
export function callMethod(target: Result, name: string, args: readonly Value[]): Result {
  if (target instanceof WithMembers) return callMethod(target.value, name, args);
  if (target === null || target === undefined)
    throw failure('InvokeMethodOnNull', 'You cannot call a method on a null-valued expression.');
  const ofNet = netMethod(target, name);
  if (ofNet) return ofNet(args);
  if (Array.isArray(target)) {
    const ofList = methodsOf(target).method(name);
    if (ofList) return ofList(args);
    const lower = name.toLowerCase();
    if (lower === 'gettype') return OF_ANY.GetType!(target, args);
    if (!target.length)
      throw failure(
        'MethodNotFound',
        `Method invocation failed because [System.Object[]] does not contain a method named '${name}'.`,
      );
    const given = (target as Value[]).map((item) => callMethod(item, name, args));
    // what the elements give is one flat list, and a single value is itself (EnumerableOps.MethodInvoker in MiscOps.cs)
    const values = given.flat().filter((value) => value !== undefined) as Value[];
    return values.length === 1 ? values[0]! : values;
  }
  const method = methodsOf(target).method(name) ?? own(target, OF_ANY).method(name);
  const ofString = typeof target === 'string' ? stringMethod(name) : undefined;
  if (ofString) return ofString(target as string, args);
  if (method) return called(name, args, () => method(args));
  if (arrivesAsText(target)) {
    const ofText = stringMethod(name);
    if (ofText) return ofText(printed(target), args);
  }
  if (target instanceof Hashtable || target instanceof PsObject) {
    const entry = target.get(name);
    if (isScriptBlock(entry)) throw failure('MethodNotFound', `'${name}' is a script block, not a method.`);
  }
  const known = [
    ...(typeof target === 'string' ? STRING_METHOD_NAMES : methodsOf(target).names),
    ...Object.keys(OF_ANY),
  ];
  const close = nearest(name, known);
  throw failure(
    'MethodNotFound',
    `Method invocation failed because [${typeName(target)}] does not contain a method named '${name}'.${close ? ` Did you mean ${close}?` : ''}`,
  );
}

/** What a format says of itself is said of the call, as .NET's exceptions are. */
function called(name: string, args: readonly Value[], call: () => Result): Result {
  try {
    return call();
  } catch (error) {
    if (!(error instanceof CmdletError) || error.id !== 'FormatError') throw error;
    throw failure(
      'FormatException',
      `Exception calling "${name}" with "${args.length}" argument(s): "${error.message}"`,
      'NotSpecified',
    );
  }
}

/** The names of a value's methods, for completion. */
export function methodNames(value: Value): string[] {
  const names = typeof value === 'string' ? STRING_METHOD_NAMES : methodsOf(value).names;
  return [...names, 'ToString'];
}

export function hasMethod(value: Value, name: string): boolean {
  const lower = name.toLowerCase();
  return methodNames(value).some((one) => one.toLowerCase() === lower);
}

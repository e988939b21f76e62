/** Methods of values, as far as one-liners use them. Names are case-insensitive; an unknown one is refused in PowerShell's words. */

import { parseAddress } from '../../domain/address.ts';
import { Binding, ByteSize, Flags, IpRange, TimeSpan, Unlimited } from '../../domain/value.ts';
import { Char } from '../../pipeline/char.ts';
import { compareEqual, order } from '../../pipeline/compare.ts';
import { Hashtable, isScriptBlock, PsObject, printed, type Value, WithMembers } from '../../pipeline/value.ts';
import { formatDate } from '../../print/format-date.ts';
import { formatted, netText } from '../../print/format-string.ts';
import { addMonths, fromWall, toLocal, toUtc, wallOf } from '../../text/date.ts';
import { nearest } from '../../text/suggest.ts';
import { add, subtract } from './arithmetic.ts';
import { fullNameOfType, shortTypeName, toNumber, toSpan, typeName } from './convert.ts';
import { failure } from './failure.ts';
import { genericList, growingKind, growingList } from './growing-list.ts';
import { elementKind, elementOf, parseElement } from './members.ts';
import { forMethod } from './method-signatures.ts';
import { AMBIGUOUS, argumentOutOfRange, called, NetException, noOverload } from './net-exception.ts';
import { isSameValue, netMethod, Reference } from './net-objects.ts';
import { addProperty, isPropertyList, MembersOf, matchingProperties, removeProperty } from './ps-object.ts';
import type { Result } from './runnable.ts';
import { STRING_METHOD_NAMES, stringMethod } from './string-methods.ts';
import { fullTypeName } from './type-objects.ts';

type Method<T> = (self: T, args: readonly Value[]) => Result;
type Methods<T> = Readonly<Record<string, Method<T>>>;

const OF_ANY: Methods<Value> = {
  ToString: (self, [format]) => {
    if (self instanceof PsObject && self.isCustom()) return '';
    return format === undefined ? netText(self) : formatted(self, printed(format));
  },
  GetType: (self) => new PsObject('RuntimeType', { Name: shortTypeName(self), FullName: typeName(self) }),
  Equals: (self, [other]) => compareEqual(self, other ?? null, true),
  CompareTo: (self, [other]) => {
    if (other === null || other === undefined) return 1;
    if (typeName(other) !== typeName(self))
      throw new NetException('ArgumentException', `Object must be of type ${shortTypeName(self)}.`);
    if (self instanceof Char) return self.code - (other as Char).code;
    return Math.sign(order(self, other, true));
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
  (self, [amount]) => {
    const milliseconds = toNumber(amount) * unit;
    if (Math.abs(milliseconds) > MOST_MILLISECONDS)
      throw argumentOutOfRange("Value to add was out of range. (Parameter 'value')");
    return within(fromWall(wallOf(self) + Math.round(milliseconds), self), 'value');
  };

/** Ten thousand years and some: more is never a date (DateTime.cs). */
const MOST_MILLISECONDS = 315_537_897_600_000;

function within(date: Date | undefined, parameter: string): Date {
  if (date) return date;
  throw argumentOutOfRange(
    `The added or subtracted value results in an un-representable DateTime. (Parameter '${parameter}')`,
  );
}

function monthsLater(date: Date, months: number, parameter: 'months' | 'value'): Date {
  if (Math.abs(months) > 120_000)
    throw argumentOutOfRange(
      parameter === 'months'
        ? "Months value must be between +/-120000. (Parameter 'months')"
        : "Years value must be between +/-10000. (Parameter 'value')",
    );
  return within(addMonths(date, months), parameter);
}

const OF_DATE: Methods<Date> = {
  AddDays: addTo(86400_000),
  AddHours: addTo(3600_000),
  AddMinutes: addTo(60_000),
  AddSeconds: addTo(1000),
  AddMilliseconds: addTo(1),
  AddTicks: addTo(1e-4),
  AddMonths: (self, [n]) => monthsLater(self, toNumber(n), 'months'),
  AddYears: (self, [n]) => monthsLater(self, toNumber(n) * 12, 'value'),
  Add: (self, [span]) => add(self, span ?? null),
  Subtract: (self, [other]) => {
    if (other instanceof Date || other instanceof TimeSpan) return subtract(self, other);
    throw noOverload('Subtract', 1, AMBIGUOUS);
  },
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

/** The key of the table that is the same but for its case. */
function keyLike(table: Hashtable, key: string): string {
  return [...table.entries.keys()].find((one) => one.toLowerCase() === key.toLowerCase()) ?? key;
}

const OF_HASH: Methods<Hashtable> = {
  ContainsKey: (self, [key]) => self.get(printed(key)) !== undefined,
  Contains: (self, [key]) => self.get(printed(key)) !== undefined,
  ContainsValue: (self, [value]) => [...self.entries.values()].some((v) => compareEqual(v, value ?? null)),
  Add: (self, [key, value]) => {
    if (self.get(printed(key)) !== undefined)
      throw new NetException(
        'ArgumentException',
        self.isCaseSensitive
          ? `An item with the same key has already been added. Key: ${printed(key)}`
          : `Item has already been added. Key in dictionary: '${keyLike(self, printed(key))}'  Key being added: '${printed(key)}'`,
      );
    self.set(printed(key), value ?? null);
    return undefined;
  },
  Remove: (self, [key]) => {
    const was = self.get(printed(key)) !== undefined;
    self.delete(printed(key));
    return self.isCaseSensitive ? was : undefined; // a Dictionary says whether it was there
  },
  // of a Dictionary
  TryGetValue: (self, [key, ref]) => {
    const found = self.get(printed(key));
    if (ref instanceof Reference) ref.place.set(found ?? null);
    return found !== undefined;
  },
  Clear: (self) => {
    self.clear();
    return undefined;
  },
  // of ordered tables
  Insert: (self, [at, key, value]) => {
    const index = toNumber(at, 'System.Int32');
    const { size } = self.entries;
    if (index < 0 || index > size)
      throw new NetException(
        'ArgumentOutOfRangeException',
        index < 0
          ? `index ('${index}') must be a non-negative value. (Parameter 'index')\nActual value was ${index}.`
          : `index ('${index}') must be less than or equal to '${size}'. (Parameter 'index')\nActual value was ${index}.`,
      );
    const behind = [...self.entries].slice(index);
    OF_HASH.Add!(self, [key ?? null, value ?? null]);
    for (const [name, one] of behind) {
      self.delete(name);
      self.set(name, one);
    }
    return undefined;
  },
  GetEnumerator: (self) =>
    [...self.entries].map(([Name, Value]) => new PsObject('DictionaryEntry', { Name, Key: Name, Value })),
};

/** Ordered tables and Dictionaries have no Clone. */
const OF_PLAIN_HASH: Methods<Hashtable> = {
  ...OF_HASH,
  Clone: (self) => {
    const copy = new Hashtable();
    for (const [key, value] of self.entries) copy.set(key, value);
    return copy;
  },
};

/** Lists that are properties of a connector grow and shrink in place; others are arrays, which have a fixed size. */
const OF_LIST: Methods<Value[]> = {
  Add: (self, [item]) => {
    growing(self);
    const element = parseElement(self, item ?? null);
    if (!self.some((one) => compareEqual(one, element))) self.push(element);
    return undefined;
  },
  Remove: (self, [item]) => {
    growing(self);
    const element = parseElement(self, item ?? null);
    const at = self.findIndex((one) => compareEqual(one, element));
    if (at >= 0) self.splice(at, 1);
    return at >= 0;
  },
  Insert: fixed,
  RemoveAt: fixed,
  // an array's elements become nothing; the list of a setting has none
  Clear: (self) => {
    if (elementKind(self)) self.length = 0;
    else self.fill(null);
    return undefined;
  },
  Contains: (self, [item]) => self.some(like(self, item ?? null)),
  IndexOf: (self, [item]) => self.findIndex(like(self, item ?? null)),
  GetEnumerator: (self) => self,
  ToArray: (self) => [...self],
  Clone: (self) => {
    const kind = growingKind(self);
    return kind ? growingList(kind.type, self, kind.element) : [...self];
  },
};

/** The list that `.PSObject.Properties` is. */
const OF_PROPERTIES: Methods<Value[]> = {
  Add: (self, [property]) => addProperty(self, property ?? null),
  Remove: (self, args) => {
    if (args.length !== 1) throw noOverload('Remove', args.length);
    return removeProperty(self, printed(args[0]!));
  },
  Item: (self, [name]) => elementOf(self, name ?? null),
  Match: (self, [pattern]) => matchingProperties(self, printed(pattern ?? null)),
  GetEnumerator: (self) => self,
};

const OF_PSOBJECT: Methods<MembersOf> = { Copy: (self) => self.copy() };

/** Is an element the value? To .NET a text is never a number; what a setting's list holds is compared as what it is. */
function like(list: readonly Value[], value: Value): (one: Value) => boolean {
  return elementKind(list) ? (one) => compareEqual(one, value) : (one) => isSameValue(one, value);
}

function growing(list: readonly Value[]): void {
  if (!elementKind(list)) fixed();
}

function fixed(): never {
  throw new NetException('NotSupportedException', 'Collection was of a fixed size.', 'Use += to make a longer list.');
}

/** What .NET's ToString() gives for a list: its type. */
function listName(list: readonly Value[]): string {
  const element = genericList(growingKind(list)?.type ?? '')?.element;
  return element ? `${typeName(list)}[${fullTypeName(element)}]` : typeName(list);
}

/** Methods that a value has, and whose they are. */
interface Own {
  readonly names: readonly string[];
  /** With its name as the type has it. */
  method(name: string): { readonly name: string; run(args: readonly Value[]): Result } | undefined;
}

function own<T>(self: T, methods: Methods<T>): Own {
  return {
    names: Object.keys(methods),
    method(name) {
      const lower = name.toLowerCase();
      const found = this.names.find((key) => key.toLowerCase() === lower);
      return found === undefined ? undefined : { name: found, run: (args) => methods[found]!(self, args) };
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
  if (value instanceof Hashtable) return own(value, value.isOrdered || value.isCaseSensitive ? OF_HASH : OF_PLAIN_HASH);
  if (Array.isArray(value)) return own(value as Value[], isPropertyList(value) ? OF_PROPERTIES : OF_LIST);
  if (value instanceof MembersOf) return own(value, OF_PSOBJECT);
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
  if (ofNet) {
    const given = forMethod(typeName(target as Value), ofNet.name, args);
    return called(ofNet.name, args.length, () => ofNet.run(given));
  }
  if (Array.isArray(target)) {
    const ofList = methodsOf(target).method(name);
    if (ofList) return called(ofList.name, args.length, () => ofList.run(args));
    const lower = name.toLowerCase();
    if (lower === 'gettype') return OF_ANY.GetType!(target, args);
    // of a setting's list its elements', as of the text that it is in the Exchange Management Shell
    if (lower === 'tostring' && !args.length && !elementKind(target as Value[])) return listName(target as Value[]);
    if (lower === 'equals') return target === args[0];
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
  if (method) {
    const given = forMethod(typeName(target as Value), method.name, args);
    return called(method.name, args.length, () => method.run(given));
  }
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
  const isCustom = target instanceof PsObject && target.type === 'PSCustomObject';
  throw failure(
    'MethodNotFound',
    `Method invocation failed because [${fullNameOfType(target)}] does not contain a method named '${name}'.${close ? ` Did you mean ${close}?` : ''}`,
    'InvalidOperation',
    isCustom ? { target: name } : {},
  );
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

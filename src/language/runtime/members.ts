/**
 * Properties and elements of values: `$x.Name`, `$list.Name` (of every element), `$x[0]`, `$x[-1]`, `$x[0..2]`, and
 * setting them. A setting of a connector that is set is read as its kind says: `$rc.RemoteIPRanges += '10.0.0.1'`.
 */

import { UNSET_IS_NULL } from '../../domain/connector.ts';
import type { Kind } from '../../domain/kind.ts';
import { SETTINGS, settingNamed } from '../../domain/settings.ts';
import { Binding, IpRange, type Scalar } from '../../domain/value.ts';
import { ValueError } from '../../domain/value-error.ts';
import { Char } from '../../pipeline/char.ts';
import { CmdletError } from '../../pipeline/error.ts';
import { roundHalfEven } from '../../pipeline/number.ts';
import { Hashtable, isScriptBlock, PsObject, printed, type Value, WithMembers } from '../../pipeline/value.ts';
import { memberOfValue } from '../../pipeline/value-members.ts';
import { show } from '../../text/printable.ts';
import { sameText } from '../../text/wildcard.ts';
import { elements, numberIn, toNumber, typeName } from './convert.ts';
import { failure } from './failure.ts';
import { capacityOf } from './growing-list.ts';
import { PropertyOf, psObjectOf } from './ps-object.ts';
import type { Result } from './runnable.ts';

/** Lists of settings that may be changed in place, with the kind of their elements. */
const TYPED_LISTS = new WeakMap<readonly Value[], Kind<Scalar>>();

/** The kind of a typed list's elements; `undefined` for a list of anything. */
export function elementKind(list: readonly Value[]): Kind<Scalar> | undefined {
  return TYPED_LISTS.get(list);
}

export function memberOf(target: Result, name: string): Result {
  if (target === null || target === undefined) return /^(?:count|length)$/i.test(name) ? 0 : null;
  if (target instanceof WithMembers) return target.get(name) ?? memberOf(target.value, name);
  if (target instanceof PsObject) {
    const own = target.nameOf(name);
    if (own !== undefined) return named(target, own);
  } else if (target instanceof Hashtable) {
    const entry = target.get(name);
    if (entry !== undefined) return entry;
  }
  const lower = name.toLowerCase();
  if (Array.isArray(target)) return memberOfList(target as readonly Value[], name, lower);
  const special = specialMember(target, lower);
  if (special !== undefined) return special;
  // everything counts as a list of one (about_Properties, "Properties of scalar objects")
  return lower === 'count' || lower === 'length' ? 1 : null;
}

/** Texts of a connector that are objects in Exchange: an ADObjectId has a .Name, an Fqdn a .Domain. */
const OBJECTS: Readonly<Record<string, (text: string) => Readonly<Record<string, Value>>>> = {
  Server: (text) => ({ Name: text }),
  Identity: (text) => ({ Name: text.slice(text.lastIndexOf('\\') + 1) }),
  Fqdn: (text) => ({ Domain: text }),
};

function named(object: PsObject, name: string): Value {
  const value = owned(object, name);
  const members = object.type === 'ReceiveConnector' && typeof value === 'string' ? OBJECTS[name] : undefined;
  return members && value !== '' ? new WithMembers(value, members(value as string)) : value;
}

/** An IPAddress, which is a text here. */
function address(value: Value): Value {
  const family = printed(value).includes(':') ? 'InterNetworkV6' : 'InterNetwork';
  return new WithMembers(value, { IPAddressToString: value, AddressFamily: family });
}

/** A list property gets a list of its own before anybody can change it: the store's is shared. */
function owned(object: PsObject, name: string): Value {
  const value = object.properties[name] ?? null;
  if (!Array.isArray(value) || object.type !== 'ReceiveConnector' || TYPED_LISTS.has(value as Value[])) return value;
  const setting = settingNamed(name);
  const element = setting && SETTINGS[setting].kind.element;
  if (!element) return value;
  const copy = [...(value as Value[])];
  TYPED_LISTS.set(copy, element);
  put(object, name, copy);
  return copy;
}

function put(object: PsObject, name: string, value: Value): void {
  (object.properties as Record<string, Value>)[name] = value;
}

function memberOfList(list: readonly Value[], name: string, lower: string): Result {
  if (lower === 'count' || lower === 'length' || lower === 'longlength') return list.length;
  if (lower === 'capacity') {
    const capacity = capacityOf(list);
    if (capacity !== undefined) return capacity;
  }
  if (lower === 'isreadonly') return false;
  if (lower === 'rank') return 1;
  if (lower === 'isfixedsize') return true;
  if (lower === 'psobject') return psObjectOf(list);
  const values: Value[] = [];
  for (const item of list) {
    if (!hasMember(item, name, lower)) continue;
    const value = memberOf(item, name);
    if (Array.isArray(value)) values.push(...(value as Value[]));
    else if (value !== undefined) values.push(value);
  }
  return values.length === 0 ? null : values.length === 1 ? values[0]! : values;
}

function hasMember(item: Value, name: string, lower: string): boolean {
  if (item instanceof PsObject) return item.nameOf(name) !== undefined;
  if (item instanceof Hashtable) return item.get(name) !== undefined || specialMember(item, lower) !== undefined;
  return item !== null && (Array.isArray(item) || specialMember(item, lower) !== undefined);
}

function specialMember(value: Value, lower: string): Result {
  if (lower === 'psobject') return psObjectOf(value);
  if (value instanceof Hashtable) {
    if (lower === 'keys') return [...value.entries.keys()];
    if (lower === 'values') return [...value.entries.values()];
    return lower === 'count' ? value.entries.size : undefined;
  }
  const member = memberOfValue(value, lower);
  if (
    (value instanceof Binding && lower === 'address') ||
    (value instanceof IpRange && /^(?:lower|upper)bound$/.test(lower))
  )
    return address(member ?? null);
  return member;
}

/** Properties that a list has itself. */
const OF_LISTS = /^(?:count|length|longlength|rank|isreadonly|isfixedsize|issynchronized|syncroot)$/;

/** Sets a property. @throws CmdletError when it cannot be set, or the value is not what the setting allows */
export function setMember(target: Result, name: string, value: Value): void {
  if (target instanceof Hashtable) {
    target.set(name, value);
    return;
  }
  if (target instanceof PsObject) {
    const own = target.nameOf(name);
    if (own === undefined)
      throw failure(
        'ExceptionWhenSetting',
        `Exception setting "${name}": "The property '${name}' cannot be found on this object. Verify that the property exists and can be set."`,
        'NotSpecified',
      );
    const isConnector = target.type === 'ReceiveConnector';
    const setting = isConnector ? settingNamed(own) : undefined;
    if (isConnector ? !setting && own !== 'Name' : isReadOnly(target, own))
      throw failure('PropertyAssignmentException', `'${own}' is a ReadOnly property.`);
    if (target instanceof PropertyOf && own === 'Value' && target.owner) setMember(target.owner, target.name, value);
    if (setting) put(target, own, settingValue(own, SETTINGS[setting].kind, value));
    else setOwn(target, own, value);
    return;
  }
  const nothing = target === null || target === undefined;
  const lower = name.toLowerCase();
  const isThere = Array.isArray(target) ? OF_LISTS.test(lower) : !nothing && hasMember(target, name, lower);
  if (!isThere)
    throw failure(
      nothing ? 'PropertyNotFound' : 'PropertyAssignmentException',
      `The property '${name}' cannot be found on this object. Verify that the property exists and can be set.`,
    );
  throw failure('PropertyAssignmentException', `'${name}' is a ReadOnly property.`);
}

function setOwn(target: PsObject, own: string, value: Value): void {
  try {
    put(target, own, value);
  } catch (error) {
    if (!(error instanceof CmdletError)) throw error;
    throw failure('ExceptionWhenSetting', `Exception setting "${own}": "${error.message}"`, 'NotSpecified');
  }
}

/** Objects of .NET and of PowerShell say what they are; what was added to them can be set. */
function isReadOnly(object: PsObject, name: string): boolean {
  return READ_ONLY.some(([types, names]) => types.test(object.type) && names.test(name));
}
const READ_ONLY: readonly (readonly [types: RegExp, names: RegExp])[] = [
  [/^System\.Guid$/, /^Guid$/],
  [/^System\.Security\.SecureString$/, /^Length$/],
  [/^System\.Net\.IPAddress$/, /^(?:Address\w*|IPAddressToString|Is\w+)$/],
  [/^System\.Text\.Regular/, /^(?:Success|Value|Index|Length|Groups|Captures|Name|Options|RightToLeft|MatchTimeout)$/],
  [/^System\.Version$/, /^(?:Major|Minor|Build|Revision)$/],
  [/^System\..*Exception$/, /^(?:Message|InnerException|StackTrace)$/],
  [/^ErrorRecord$/, /^(?:Exception|TargetObject|CategoryInfo|FullyQualifiedErrorId|InvocationInfo|ScriptStackTrace)$/],
  [/^ErrorCategoryInfo$/, /^Category$/],
  [
    /^(?:File|Directory)Info$/,
    /^(?:PS\w+|\w*Name|Length|Extension|Directory|Exists|Mode|(?:LastWrite|Creation)Time\w*)$/,
  ],
  [/^GroupInfo/, /^(?:Count|Name|Group|Values)$/],
  [/^CommandInfo$/, /^(?:CommandType|Name|Parameters)$/],
];

function settingValue(name: string, kind: Kind, value: Value): Value {
  try {
    const parsed = kind.parse(value) as Value;
    const list = Array.isArray(parsed) ? [...(parsed as Value[])] : undefined;
    if (list && kind.element) TYPED_LISTS.set(list, kind.element);
    return list ?? (parsed === '' && UNSET_IS_NULL.includes(name) ? null : parsed);
  } catch (error) {
    if (!(error instanceof ValueError)) throw error;
    throw failure('SetValueInvocationException', `Exception setting "${name}": ${error.message}`, 'InvalidArgument');
  }
}

/** `target[index]` */
export function elementOf(target: Result, index: Result): Result {
  if (target === null || target === undefined) throw failure('NullArray', 'Cannot index into a null array.');
  if (index === null || index === undefined)
    throw failure('NullArrayIndex', 'Index operation failed; the array index evaluated to null.');
  if (target instanceof Hashtable)
    return Array.isArray(index)
      ? (index as Value[]).map((key) => entryOf(target, key))
      : entryOf(target, index as Value);
  if (Array.isArray(index)) {
    // places that are not there give nothing (ArrayOps.GetMDArrayValueOrSlice), of a single value none is
    if (!Array.isArray(target) && typeof target !== 'string') return [];
    const { length } = target as { length: number };
    return (index as Value[]).filter((at) => isWithin(at, length)).map((at) => elementOf(target, at) ?? null);
  }
  const list: readonly Value[] | string =
    typeof target === 'string' ? target : Array.isArray(target) ? (target as Value[]) : [target];
  if (isScriptBlock(target) || (target instanceof PsObject && typeof index === 'string' && !/^-?\d+$/.test(index)))
    throw failure('CannotIndex', `Unable to index into an object of type "${typeName(target)}".`);
  // an index that is no number finds nothing, but a property's name in .PSObject.Properties
  if (typeof index === 'string' && numberIn(index) === undefined) return propertyNamed(list, index);
  const at = roundHalfEven(toNumber(index, 'System.Int32'));
  const found = list[at < 0 ? list.length + at : at];
  return typeof target === 'string' && found !== undefined ? new Char(printed(found).charCodeAt(0)) : (found ?? null);
}

function propertyNamed(list: readonly Value[] | string, name: string): Value {
  if (typeof list === 'string') return null;
  const is = (one: Value) => one instanceof PropertyOf && sameText(one.name, name);
  return list.find(is) ?? null;
}

function entryOf(table: Hashtable, key: Value): Value {
  const found = table.get(printed(key));
  if (table.isOrdered && typeof key === 'number') return [...table.entries.values()].at(key) ?? null;
  return found ?? null;
}

function isWithin(index: Value, length: number): boolean {
  if (typeof index === 'string' && numberIn(index) === undefined) return false;
  const at = roundHalfEven(toNumber(index, 'System.Int32'));
  return at < length && at >= -length;
}

/** `target[index] = value` */
export function setElement(target: Result, index: Result, value: Value): void {
  if (target === null || target === undefined) throw failure('NullArray', 'Cannot index into a null array.');
  if (index === null || index === undefined)
    throw failure('NullArrayIndex', 'Index operation failed; the array index evaluated to null.');
  if (target instanceof Hashtable) {
    target.set(printed(index), value);
    return;
  }
  if (!Array.isArray(target))
    throw failure('CannotIndex', `Unable to index into an object of type "${typeName(target)}".`);
  const list = target as Value[];
  const given = toNumber(index, 'System.Int32');
  const at = given < 0 ? list.length + given : given;
  if (!Number.isInteger(at) || at < 0 || at >= list.length)
    throw failure('System.IndexOutOfRangeException', 'Index was outside the bounds of the array.', 'OperationStopped');
  list[at] = parseElement(list, value);
}

/** A value as an element of this list: of a connector's list, read as the setting's kind says. */
export function parseElement(list: readonly Value[], value: Value): Value {
  const kind = TYPED_LISTS.get(list);
  if (!kind) return value;
  try {
    return kind.parse(value) as Value;
  } catch (error) {
    if (!(error instanceof ValueError)) throw error;
    throw failure(
      'MethodInvocationException',
      `${show(printed(value))} cannot be an element of this list: ${error.message}`,
      'InvalidArgument',
    );
  }
}

/** A connector's list without the elements that are given, read as the setting says; `undefined` for any other value. */
export function without(list: Result, given: Result): Value[] | undefined {
  if (!Array.isArray(list) || !TYPED_LISTS.has(list as Value[])) return undefined;
  const gone = new Set(elements(given).map((one) => printed(parseElement(list as Value[], one))));
  return (list as Value[]).filter((one) => !gone.has(printed(one)));
}

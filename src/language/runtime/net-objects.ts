/** Values of .NET types beyond PowerShell's own: lists that grow, StringBuilder, regex and its matches, IP addresses, [ref]. */
import { addressText, parseAddress } from '../../domain/address.ts';
import { compareEqual } from '../../pipeline/compare.ts';
import { CmdletError } from '../../pipeline/error.ts';
import { roundHalfEven } from '../../pipeline/number.ts';
import { SafeRegex } from '../../pipeline/safe-regex.ts';
import { sortOrder } from '../../pipeline/sort-order.ts';
import { Hashtable, isScriptBlock, PsObject, printed, type Value } from '../../pipeline/value.ts';
import { elements, toNumber, typeName } from './convert.ts';
import { genericList, growingKind, growingList } from './growing-list.ts';
import { checkList, checkText, repeated } from './limits.ts';
import {
  argumentOutOfRange,
  argumentProblem,
  badIndex,
  emptyOldValue,
  NetException,
  outOfRange,
} from './net-exception.ts';
import { queueMethods, setMethods } from './queue-and-set.ts';
import type { Result } from './runnable.ts';
import { formatText, namedGroups, numbered, replaced, split } from './text-operators.ts';
import { fullTypeName } from './type-objects.ts';

type Methods = Readonly<Record<string, (args: readonly Value[]) => Result>>;

/** A method of such a value, with its name as the type has it; `undefined` when it is none, or has none of that name. */
export function netMethod(
  target: Result,
  name: string,
): { readonly name: string; run(args: readonly Value[]): Result } | undefined {
  if (target === null || target === undefined) return undefined;
  const methods = Array.isArray(target)
    ? listMethods(target as Value[])
    : target instanceof NetObject
      ? target.methods()
      : undefined;
  const lower = name.toLowerCase();
  const key = methods && Object.keys(methods).find((one) => one.toLowerCase() === lower);
  return key === undefined ? undefined : { name: key, run: methods![key]! };
}

/** .NET's Equals: of the same type, and equal. */
export function isSameValue(a: Value, b: Value): boolean {
  return typeName(a) === typeName(b) && compareEqual(a, b, true);
}

function listMethods(list: Value[]): Methods | undefined {
  const kind = growingKind(list);
  if (!kind) return undefined;
  const { element } = kind;
  const isArrayList = kind.type === 'arraylist';
  const item = (value: Value | undefined): Value => {
    if (!element) return value ?? null;
    try {
      return element(value ?? null);
    } catch (error) {
      if (!(error instanceof CmdletError)) throw error;
      const name = kind.type.startsWith('queue[') ? 'Enqueue' : 'Add';
      throw argumentProblem('item', value ?? null, name, fullTypeName(genericList(kind.type)!.element), error);
    }
  };
  if (kind.type.startsWith('queue[')) return queueMethods(list, item);
  if (kind.type.startsWith('hashset[')) return setMethods(list, item);
  const position = (value: Value | undefined, inclusive: boolean): number => {
    const at = toNumber(value ?? null);
    if (at >= 0 && at <= list.length - (inclusive ? 0 : 1)) return at;
    throw inclusive && !isArrayList
      ? argumentOutOfRange("Index must be within the bounds of the List. (Parameter 'index')")
      : badIndex('index', inclusive);
  };
  /** Where a part of the list begins, and how long it is. */
  const part = (at: Value | undefined, count: Value | undefined): [from: number, length: number] => {
    const [from, length] = [toNumber(at ?? null), toNumber(count ?? null)];
    if (from >= 0 && length >= 0 && from + length <= list.length) return [from, length];
    throw new NetException(
      'ArgumentException',
      'Offset and length were out of bounds for the array or count is greater than the number of elements from index to the end of the source collection.',
    );
  };
  const grown = () => {
    checkList(list.length);
    return undefined;
  };
  return {
    Add: ([value]) => {
      list.push(item(value));
      grown();
      return isArrayList ? list.length - 1 : undefined;
    },
    AddRange: ([values]) => {
      for (const value of elements(values)) list.push(item(value));
      return grown();
    },
    Insert: ([at, value]) => {
      list.splice(position(at, true), 0, item(value));
      return grown();
    },
    InsertRange: ([at, values]) => {
      list.splice(position(at, true), 0, ...elements(values).map(item));
      return grown();
    },
    Remove: ([value]) => {
      const at = list.findIndex((one) => isSameValue(one, value ?? null));
      if (at >= 0) list.splice(at, 1);
      return isArrayList ? undefined : at >= 0;
    },
    RemoveAt: ([at]) => void list.splice(position(at, false), 1),
    RemoveRange: ([at, count]) => void list.splice(...part(at, count)),
    Clear: () => {
      list.length = 0;
      return undefined;
    },
    Contains: ([value]) => list.some((one) => isSameValue(one, value ?? null)),
    IndexOf: ([value]) => list.findIndex((one) => isSameValue(one, value ?? null)),
    Sort: () => void list.sort((a, b) => sortOrder(a, b)),
    Reverse: () => void list.reverse(),
    ToArray: () => [...list],
    GetRange: ([at, count]) => {
      const [from, length] = part(at, count);
      return growingList(kind.type, list.slice(from, from + length), element);
    },
  };
}

/** An object with methods of its own. */
export abstract class NetObject extends PsObject {
  abstract methods(): Methods;
}

export class StringBuilder extends NetObject {
  #parts: string[] = [];
  #length = 0;

  constructor(text = '') {
    super('System.Text.StringBuilder', {});
    this.#add(text);
    // .Length is asked for rarely, and must be right then
    Object.defineProperty(this.properties, 'Length', {
      enumerable: true,
      get: () => this.#length,
      set: (value: Value) => this.#resize(roundHalfEven(toNumber(value, 'System.Int32'))),
    });
  }
  #add(text: string): this {
    this.#length += text.length;
    checkText({ length: this.#length } as string);
    this.#parts.push(text);
    return this;
  }
  #become(text: string): this {
    this.#parts = [];
    this.#length = 0;
    return this.#add(text);
  }
  /** Cut, or filled up with characters of the number 0. */
  #resize(n: number): void {
    if (n < 0) throw outOfRange('value', n);
    checkText({ length: n } as string);
    this.#become(this.toString().slice(0, n).padEnd(n, '\0'));
  }
  methods(): Methods {
    return {
      Append: ([value, count]) =>
        this.#add(count === undefined ? printed(value) : repeated(printed(value), toNumber(count), 'repeatCount')),
      AppendLine: ([value]) => this.#add(`${printed(value)}\n`),
      AppendFormat: ([format, ...values]) => this.#add(formatText(format ?? '', values)),
      Insert: ([at, value]) => {
        const text = this.toString();
        const n = toNumber(at ?? null);
        if (n < 0 || n > text.length) throw badIndex('index', true);
        return this.#become(text.slice(0, n) + printed(value) + text.slice(n));
      },
      Remove: ([at, count]) => {
        const text = this.toString();
        const [n, length] = [toNumber(at ?? null), toNumber(count ?? null)];
        if (n < 0) throw outOfRange('startIndex', n);
        if (length < 0) throw outOfRange('length', length);
        if (n + length > text.length) throw badIndex('length', true);
        return this.#become(text.slice(0, n) + text.slice(n + length));
      },
      Replace: ([old, by]) => {
        if (printed(old) === '') throw emptyOldValue();
        return this.#become(this.toString().replaceAll(printed(old), () => printed(by)));
      },
      Clear: () => this.#become(''),
      ToString: () => this.toString(),
    };
  }
  override toString(): string {
    if (this.#parts.length > 1) this.#parts = [this.#parts.join('')];
    return this.#parts[0] ?? '';
  }
}

export class Guid extends NetObject {
  /** Without a text the one that is all zeros. */
  constructor(readonly text = '00000000-0000-0000-0000-000000000000') {
    super('System.Guid', { Guid: text });
  }
  methods(): Methods {
    return {
      ToString: ([format]) => {
        const how = printed(format).toUpperCase();
        if (how === 'N') return this.text.replaceAll('-', '');
        if (how === 'B') return `{${this.text}}`;
        return how === 'P' ? `(${this.text})` : this.text;
      },
      Equals: ([other]) => printed(other).toLowerCase() === this.text,
    };
  }
  override toString(): string {
    return this.text;
  }
}

const GUID_TEXT = /^[{(]?([0-9a-f]{8})-?([0-9a-f]{4})-?([0-9a-f]{4})-?([0-9a-f]{4})-?([0-9a-f]{12})[})]?$/i;

export function guidOf(value: Value): Guid | undefined {
  if (value instanceof Guid) return value;
  const m = GUID_TEXT.exec(printed(value).trim());
  return m ? new Guid(m.slice(1).join('-').toLowerCase()) : undefined;
}

export class IpAddress extends NetObject {
  constructor(
    readonly text: string,
    family: 4 | 6,
  ) {
    super('System.Net.IPAddress', {
      AddressFamily: family === 4 ? 'InterNetwork' : 'InterNetworkV6',
      IPAddressToString: text,
      IsIPv6LinkLocal: family === 6 && /^fe[89ab]/i.test(text),
      IsIPv4MappedToIPv6: /^::ffff:/i.test(text),
      // .NET has the bytes in the order of the machine
      Address: family === 4 ? Buffer.from(bytesOf(text) as number[]).readUInt32LE() : null,
    });
  }
  methods(): Methods {
    return {
      ToString: () => this.text,
      Equals: ([other]) => printed(other).toLowerCase() === this.text.toLowerCase(),
      GetAddressBytes: () => bytesOf(this.text),
    };
  }
  override toString(): string {
    return this.text;
  }
}

function bytesOf(text: string): Value[] {
  const { family, value } = parseAddress(text)!;
  const count = family === 4 ? 4 : 16;
  return Array.from({ length: count }, (_, i) => Number((value >> BigInt(8 * (count - 1 - i))) & 255n));
}

/** `[ipaddress]67305985` is 1.2.3.4 as the machine has its bytes, `[ipaddress]'16909060'` as the network has them. */
function fromBytes(number: number, isOfMachine: boolean): IpAddress | undefined {
  if (!Number.isInteger(number) || number < 0 || number > 0xffffffff) return undefined;
  const bytes = Buffer.alloc(4);
  if (isOfMachine) bytes.writeUInt32LE(number);
  else bytes.writeUInt32BE(number);
  return new IpAddress(bytes.join('.'), 4);
}

export function ipAddressOf(value: Value): IpAddress | undefined {
  if (value instanceof IpAddress) return value;
  if (typeof value === 'number') return fromBytes(value, true);
  if (typeof value === 'string' && /^\d+$/.test(value.trim())) return fromBytes(Number(value), false);
  const found = parseAddress(printed(value).trim());
  return found && new IpAddress(addressText(found.family, found.value), found.family);
}

/** [regex] */
export class Regex extends NetObject {
  readonly #regex: SafeRegex;
  constructor(
    readonly pattern: string,
    ignoreCase = false,
  ) {
    super('System.Text.RegularExpressions.Regex', { Options: ignoreCase ? 'IgnoreCase' : 'None' });
    this.#regex = SafeRegex.of(pattern, !ignoreCase);
  }
  methods(): Methods {
    return {
      IsMatch: ([text]) => this.#regex.exec(printed(text)) !== null,
      Match: ([text]) => matchObject(this.#regex.exec(printed(text)), this.pattern),
      Matches: ([text]) => [...this.#regex.all(printed(text))].map((found) => matchObject(found, this.pattern)),
      Replace: ([text, by, most]) =>
        this.replace(printed(text), by ?? '', most === undefined ? undefined : toNumber(most)),
      Split: ([text]) => split([printed(text)], [this.pattern], true),
      ToString: () => this.pattern,
    };
  }
  /** @param most so many matches at most */
  replace(text: string, by: Value, most?: number): Value {
    if (isScriptBlock(by))
      throw new CmdletError(
        'A script block as the replacement of a method is not part of this language. Write it behind the operator, where $_ is the match: $text -replace $pattern, { $_.Value.ToUpper() }',
        {
          id: 'NotPartOfThisLanguage',
        },
      );
    return replaced(text, [this.pattern, printed(by)], this.properties.Options !== 'IgnoreCase', most) ?? null;
  }
  override toString(): string {
    return this.pattern;
  }
}

/** Success, Value, Index, Length and Groups of a match. */
export function matchObject(found: RegExpExecArray | null, pattern = ''): PsObject {
  const groups = new Hashtable(true); // by place and by name
  const group = (text: string | undefined, index: number) =>
    new MatchObject('System.Text.RegularExpressions.Group', {
      Success: text !== undefined,
      Value: text ?? '',
      Index: index,
      Length: text?.length ?? 0,
    });
  if (found) {
    const names = Object.keys(found.groups ?? {});
    const unnamed = found.length - names.length; // .NET numbers the named ones behind the others
    const all = names.length ? numbered(found, namedGroups(pattern)) : found;
    for (const [i, text] of all.entries())
      groups.set(
        i < unnamed ? String(i) : names[i - unnamed]!,
        group(text, i === 0 ? found.index : found.index + Math.max(0, found[0].indexOf(text ?? ''))),
      );
  }
  return new MatchObject('System.Text.RegularExpressions.Match', {
    Groups: groups,
    Success: found !== null,
    Index: found?.index ?? 0,
    Length: found?.[0].length ?? 0,
    Value: found?.[0] ?? '',
  });
}

class MatchObject extends PsObject {
  override toString(): string {
    return printed(this.properties.Value);
  }
}

/** Where a variable is, to be read and set from wherever the reference goes. */
interface ReferredPlace {
  get(): Value;
  set(value: Value): void;
}

/** `[ref]$x`: what TryParse puts its result in, and what a function sets by `.Value`. */
export class Reference extends PsObject {
  constructor(readonly place: ReferredPlace) {
    super('System.Management.Automation.PSReference`1', {
      get Value() {
        return place.get();
      },
      set Value(value: Value) {
        place.set(value);
      },
    });
  }
}

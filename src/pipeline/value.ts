/** What flows through a pipeline: settings' values, and objects with named properties. */
import type { Scalar } from '../domain/value.ts';
import { invariantDate } from '../text/date.ts';
import type { Char } from './char.ts';
import { CmdletError } from './error.ts';
import { type Figure, numberText } from './number.ts';

/** A block of the command language, `{ $_.Name -like 'x*' }`; calling it needs the evaluator that made it. */
export interface ScriptBlock {
  readonly kind: 'scriptblock';
  /** Its text, without the braces. */
  readonly text: string;
  /** Runs it with `$_` set; the values it gives. */
  call(dollarUnderscore: Value): Promise<Value[]>;
  /** The same, each value as it is made: what came before an error, a `break` or a line for the reader keeps its place. */
  stream(dollarUnderscore: Value): AsyncIterable<Value>;
  /**
   * What it works out of an object in a level of its own: a calculated property, a key, a check.
   * @param fails an error of an expression in it is told and it goes on, or it leaves the block @throws CmdletError
   */
  evaluate(dollarUnderscore: Value, fails: 'tells' | 'throws'): Promise<Value[]>;
}

/** Entries of one table, as elements of one list. */
const MOST_ENTRIES = 1_000_000;

/** `@{ Name = value }`. Keys are case-insensitive and keep their order. */
export class Hashtable {
  readonly #entries = new Map<string, Value>();
  /** Keys as they were first written, by their lower case. */
  readonly #keys = new Map<string, string>();

  /** @param isOrdered it was made as `[ordered]@{…}`: a number finds the entry at that place @param isCaseSensitive it is a Dictionary[string,…] */
  constructor(
    readonly isOrdered = false,
    readonly isCaseSensitive = false,
  ) {}

  #fold(key: string): string {
    return this.isCaseSensitive ? key : key.toLowerCase();
  }

  /** In the order in which the keys came. */
  get entries(): ReadonlyMap<string, Value> {
    return this.#entries;
  }

  get(key: string): Value | undefined {
    const known = this.#keys.get(this.#fold(key));
    return known === undefined ? undefined : this.#entries.get(known);
  }

  /** A key of an ordered table is as it was set last. */
  #rename(known: string, key: string): void {
    const all = [...this.#entries];
    this.#entries.clear();
    for (const [one, value] of all) this.#entries.set(one === known ? key : one, value);
    this.#keys.set(this.#fold(key), key);
  }

  /** @throws CmdletError when it would have more than a million entries */
  set(key: string, value: Value): void {
    const lower = this.#fold(key);
    const known = this.#keys.get(lower);
    if (known === undefined) {
      if (this.#keys.size >= MOST_ENTRIES)
        throw new CmdletError(`The table would have more than ${MOST_ENTRIES} entries.`, {
          id: 'ScriptTooComplicated',
          category: 'LimitsExceeded',
        });
      this.#keys.set(lower, key);
    } else if (this.isOrdered && known !== key) this.#rename(known, key);
    this.#entries.set(this.isOrdered ? key : (known ?? key), value);
  }

  delete(key: string): void {
    const lower = this.#fold(key);
    const known = this.#keys.get(lower);
    if (known !== undefined) this.#entries.delete(known);
    this.#keys.delete(lower);
  }

  clear(): void {
    this.#entries.clear();
    this.#keys.clear();
  }

  toString(): string {
    return this.isOrdered ? 'System.Collections.Specialized.OrderedDictionary' : 'System.Collections.Hashtable';
  }
}

export type Value = Scalar | Figure | Char | WithMembers | readonly Value[] | PsObject | Hashtable | ScriptBlock;

/** What Exchange calls the type of a connector; here it is ReceiveConnector. */
export const CONNECTOR_TYPE = 'Microsoft.Exchange.Data.Directory.SystemConfiguration.ReceiveConnector';

/** An object with properties in a fixed order; names are case-insensitive. `type` chooses its default view. */
export class PsObject {
  constructor(
    readonly type: string,
    readonly properties: Readonly<Record<string, Value>>,
  ) {}

  /** The property's own spelling, or `undefined`. */
  nameOf(name: string): string | undefined {
    if (Object.hasOwn(this.properties, name)) return name;
    const lower = name.toLowerCase();
    for (const key in this.properties) if (key.length === lower.length && key.toLowerCase() === lower) return key;
    return undefined;
  }

  /** The property's value, or `undefined` when there is none of that name. */
  get(name: string): Value | undefined {
    const key = this.nameOf(name);
    return key === undefined ? undefined : this.properties[key];
  }

  /** The same object with one property set (added at the end when it is new). */
  with(name: string, value: Value): PsObject {
    return new PsObject(this.type, { ...this.properties, [this.nameOf(name) ?? name]: value });
  }

  /** Put together in a script: [pscustomobject]@{…}, Select-Object. */
  isCustom(): boolean {
    return this.type === 'PSCustomObject' || this.type.startsWith('Selected.');
  }

  /** A connector is its Identity, as in Exchange. */
  #identity(): string | undefined {
    const { Identity } = this.properties;
    return !this.isCustom() && typeof Identity === 'string' ? Identity : undefined;
  }

  /** As text within another object's: nothing, as in PowerShell, unless it has an identity. An object may hold itself. */
  nested(): string {
    return this.#identity() ?? '';
  }

  /** Objects without an identity show their properties. @param textOf what they are as texts */
  toString(textOf: (value: Value) => string = printed): string {
    const identity = this.#identity();
    if (identity !== undefined) return identity;
    const pairs = Object.entries(this.properties).map(
      ([k, v]) => `${k}=${Array.isArray(v) ? 'System.Object[]' : v instanceof PsObject ? v.nested() : textOf(v)}`,
    );
    return pairs.length ? `@{${pairs.join('; ')}}` : '';
  }
}

/** What was said on a stream, as an object: where it is printed it is its lines, unless properties are asked for. */
export abstract class Said extends PsObject {
  /** Safe to write; without a line break at its end. */
  abstract shown(): string;
}

export function isScriptBlock(value: unknown): value is ScriptBlock {
  return typeof value === 'object' && value !== null && (value as ScriptBlock).kind === 'scriptblock';
}

/** A value as text on one line: what string interpolation, lists and CSV show. */
export function printed(value: Value | undefined): string {
  if (value === null || value === undefined) return '';
  if (typeof value === 'boolean') return value ? 'True' : 'False';
  if (typeof value === 'number') return numberText(value);
  if (Array.isArray(value)) return value.map((item) => printedWithin(item as Value)).join(' ');
  if (value instanceof Date) return invariantDate(value);
  if (isScriptBlock(value)) return value.text;
  if (value instanceof WithMembers) return printed(value.value);
  return String(value);
}

/** A value as text within a list's: of an object put together in a script there is nothing, as PSObject.ToString has it without recursion. */
export function printedWithin(value: Value): string {
  if (Array.isArray(value)) return 'System.Object[]';
  return value instanceof PsObject && value.isCustom() ? '' : printed(value);
}

/** The elements of a list; anything else is one element, and what was not given is none. */
export function elementsOf(value: Value | undefined): readonly Value[] {
  return value === undefined ? [] : Array.isArray(value) ? (value as Value[]) : [value as Value];
}

/**
 * A value that is more than it prints: `$c.Server` is a text that has a .Name, an address has an .IPAddressToString, and what
 * `Select Server,Name -ExpandProperty RemoteIPRanges` gives are ranges that know their Server and Name. To all that compares or
 * prints it is its value.
 */
export class WithMembers {
  constructor(
    readonly value: Value,
    readonly members: Readonly<Record<string, Value>>,
  ) {}

  /** Its own member of that name; `undefined` when it has none. */
  get(name: string): Value | undefined {
    const lower = name.toLowerCase();
    const key = Object.keys(this.members).find((one) => one.toLowerCase() === lower);
    return key === undefined ? undefined : this.members[key];
  }
  toString(): string {
    return String(this.value);
  }
  toJSON(): unknown {
    return this.value;
  }
}

/** An object that has an order among its like: a version. */
export abstract class ComparableObject extends PsObject {
  /** Below zero: it comes before the other; a text: why the other is nothing it could be compared with, in PowerShell's words. */
  abstract against(other: Value): number | string;
}

/** The value itself, without what was added to it. */
export function bare(value: Value): Value {
  return value instanceof WithMembers ? value.value : value;
}

/**
 * Properties as -Property takes them: names, wildcards, script blocks, and calculated properties `@{n='x';e={…}}`.
 * Keys and their unambiguous prefixes: about_Calculated_Properties.
 */
import { SETTINGS } from '../domain/settings.ts';
import { hasWildcard, Wildcard } from '../text/wildcard.ts';
import { CmdletError, usage } from './error.ts';
import { Hashtable, isScriptBlock, PsObject, printed, type ScriptBlock, type Value, WithMembers } from './value.ts';
import { memberNames, memberOfValue } from './value-members.ts';

/** What a calculated property may say. */
export type PropertyKey =
  | 'name'
  | 'label'
  | 'expression'
  | 'width'
  | 'alignment'
  | 'formatstring'
  | 'ascending'
  | 'descending'
  | 'depth';

/** One property of one object. */
interface Resolved {
  readonly name: string;
  /** `undefined` when the object has no such property. */
  value(): Value | undefined | Promise<Value>;
}

/**
 * Of a connector, a wildcard takes Exchange's settings, and ours only where it matches none of those (or everything): what
 * `Select Name,MaxInbound*` gives stays what it gives in Exchange, whatever settings we add.
 */
function exchangesFirst(object: Value, pattern: string, names: readonly string[]): readonly string[] {
  if (!(object instanceof PsObject) || object.type !== 'ReceiveConnector' || /^\*+$/.test(pattern)) return names;
  const settings: Readonly<Record<string, { readonly extension?: boolean } | undefined>> = SETTINGS;
  const exchanges = names.filter((name) => !settings[name]?.extension);
  return exchanges.length ? exchanges : names;
}

export class PropertyExpression {
  readonly #pattern: Wildcard | undefined;
  constructor(
    /** A property's name, a wildcard, or a script block. */
    readonly expression: string | ScriptBlock,
    readonly options: ReadonlyMap<PropertyKey, Value> = new Map(),
  ) {
    this.#pattern = typeof expression === 'string' && hasWildcard(expression) ? new Wildcard(expression) : undefined;
  }

  get isBlock(): boolean {
    return typeof this.expression !== 'string';
  }

  get isWildcard(): boolean {
    return this.#pattern !== undefined;
  }

  /** The label that was given; else `undefined`. */
  get label(): string | undefined {
    const label = this.options.get('name') ?? this.options.get('label');
    return label === undefined ? undefined : printed(label);
  }

  /** What it is called when no object says otherwise. */
  get name(): string {
    return this.label ?? (typeof this.expression === 'string' ? this.expression : this.expression.text);
  }

  /** The properties it means on this object: several for a wildcard, one otherwise, there or not. */
  resolve(object: Value): Resolved[] {
    const { expression } = this;
    if (typeof expression !== 'string') {
      return [{ name: this.name, value: () => evaluated(expression, object) }];
    }
    if (this.#pattern) {
      const pattern = this.#pattern;
      const matching = propertyNames(object).filter((name) => pattern.matches(name));
      return exchangesFirst(object, expression, matching).map((name) => ({
        name: this.label ?? name,
        value: () => property(object, name),
      }));
    }
    const lower = expression.toLowerCase();
    const own =
      object instanceof PsObject
        ? object.nameOf(expression)
        : memberNames(object).find((name) => name.toLowerCase() === lower);
    return [{ name: this.label ?? own ?? expression, value: () => property(object, own ?? expression) }];
  }

  /** The value of the first property it means; `undefined` when there is none. @param fails what an expression that fails does */
  first(object: Value, fails?: 'throws'): Value | undefined | Promise<Value> {
    if (typeof this.expression !== 'string') return evaluated(this.expression, object, fails);
    if (!this.#pattern) return property(object, this.expression);
    return this.resolve(object)[0]?.value();
  }
}

async function evaluated(block: ScriptBlock, object: Value, fails: 'tells' | 'throws' = 'tells'): Promise<Value> {
  try {
    const values = await block.evaluate(object, fails);
    return values.length === 0 ? null : values.length === 1 ? values[0]! : values;
  } catch (error) {
    // An expression that fails gives an empty property, as in PowerShell; mistakes in the command itself are said.
    if (fails === 'tells' && error instanceof CmdletError && error.kind !== 'usage') return null;
    throw error;
  }
}

/** The property names of a value, in order. */
export function propertyNames(value: Value): string[] {
  if (value instanceof PsObject) return Object.keys(value.properties);
  if (value instanceof Hashtable) return [...value.entries.keys()];
  if (value instanceof WithMembers) return [...propertyNames(value.value), ...Object.keys(value.members)];
  return memberNames(value);
}

/** A property of a value, by name, case-insensitively; `undefined` when there is none. */
export function property(value: Value, name: string): Value | undefined {
  if (value instanceof WithMembers) return value.get(name) ?? property(value.value, name);
  if (value instanceof PsObject) return value.get(name);
  if (value instanceof Hashtable) return value.get(name) ?? tableMember(value, name.toLowerCase());
  if (Array.isArray(value) && /^(?:count|length)$/i.test(name)) return value.length;
  return memberOfValue(value, name.toLowerCase());
}

function tableMember(table: Hashtable, lower: string): Value | undefined {
  if (lower === 'keys') return [...table.entries.keys()];
  if (lower === 'values') return [...table.entries.values()];
  return lower === 'count' ? table.entries.size : undefined;
}

const KEYS: readonly PropertyKey[] = [
  'name',
  'label',
  'expression',
  'width',
  'alignment',
  'formatstring',
  'ascending',
  'descending',
  'depth',
];

/**
 * Reads what was given for -Property. Text from a command line may hold several, `Name,MaxInbound*`, and `{…}` or `@{…}`.
 * @param compile turns `{ … }` text into a script block (context.host.compile)
 * @param allowed keys that a calculated property may have here
 * @throws CmdletError (usage)
 */
export async function readProperties(
  given: readonly Value[],
  compile: (text: string) => ScriptBlock,
  allowed: readonly PropertyKey[] = ['name', 'label', 'expression'],
): Promise<PropertyExpression[]> {
  const read: PropertyExpression[] = [];
  for (const value of given) {
    if (typeof value === 'string') {
      for (const part of splitProperties(value)) read.push(await fromText(part, compile, allowed));
    } else read.push(fromValue(value, allowed));
  }
  return read;
}

async function fromText(
  text: string,
  compile: (text: string) => ScriptBlock,
  allowed: readonly PropertyKey[],
): Promise<PropertyExpression> {
  if (text.startsWith('{') && text.endsWith('}')) return new PropertyExpression(compile(text.slice(1, -1)));
  if (text.startsWith('@{')) {
    const [table] = await compile(text).call(null);
    if (table !== undefined) return fromValue(table, allowed);
  }
  return new PropertyExpression(text);
}

function fromValue(value: Value, allowed: readonly PropertyKey[]): PropertyExpression {
  if (isScriptBlock(value)) return new PropertyExpression(value);
  if (!(value instanceof Hashtable)) return new PropertyExpression(printed(value));
  const options = new Map<PropertyKey, Value>();
  for (const [typed, entry] of value.entries) options.set(keyOf(typed, allowed), entry);
  const expression = options.get('expression') ?? options.get('name') ?? options.get('label');
  if (expression === undefined || expression === null)
    throw usage("A calculated property needs an expression: @{Name='Limit'; Expression={$_.MaxInboundConnection}}.");
  return new PropertyExpression(isScriptBlock(expression) ? expression : printed(expression), options);
}

function keyOf(typed: string, allowed: readonly PropertyKey[]): PropertyKey {
  const wanted = typed.toLowerCase();
  const found = KEYS.filter((key) => allowed.includes(key) && key.startsWith(wanted));
  if (wanted !== '' && found.length === 1) return found[0]!;
  const exact = found.find((key) => key === wanted);
  if (exact) return exact;
  const names = allowed.map((key) => key[0]!.toUpperCase() + key.slice(1)).join(', ');
  throw usage(`The ${typed} key is not valid. Possible here: ${names}.`);
}

/** `Name,@{n='a,b';e={…}}` into its parts: commas within quotes and braces do not separate. */
function splitProperties(text: string): string[] {
  if (!/[{}'"]/.test(text)) {
    return text
      .split(',')
      .map((part) => part.trim())
      .filter((part) => part !== '');
  }
  const parts: string[] = [];
  let depth = 0;
  let quote = '';
  let start = 0;
  for (let k = 0; k < text.length; k++) {
    const char = text[k]!;
    if (quote) {
      if (char === quote) quote = '';
    } else if (char === "'" || char === '"') quote = char;
    else if (char === '{' || char === '(') depth++;
    else if (char === '}' || char === ')') depth--;
    else if (char === ',' && depth === 0) {
      parts.push(text.slice(start, k));
      start = k + 1;
    }
  }
  parts.push(text.slice(start));
  return parts.map((part) => part.trim()).filter((part) => part !== '');
}

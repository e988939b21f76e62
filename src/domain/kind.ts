/**
 * Value kinds: how a setting's text or JSON becomes a value, what is allowed, and how it is stored.
 * `parse` takes argv text, JSON or an already typed value; printing is the value's own `toString`.
 */
import { parseSize, sizeProblem } from './size.ts';
import { parseSpan, spanProblem } from './span.ts';
import {
  ByteSize,
  type Count,
  Flags,
  IpRange,
  type Scalar,
  type SettingValue,
  TimeSpan,
  UNLIMITED,
  Unlimited,
} from './value.ts';
import { ValueError } from './value-error.ts';

export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

export interface Kind<T extends SettingValue = SettingValue> {
  readonly name:
    | 'bool'
    | 'int'
    | 'count'
    | 'size'
    | 'span'
    | 'enum'
    | 'flags'
    | 'string'
    | 'fqdn'
    | 'binding'
    | 'range'
    | 'list';
  /** What is allowed, as one phrase that ends a sentence: `1 to 10000, or Unlimited`. */
  readonly allowed: string;
  /** How help names the value: COUNT, SIZE, TIMESPAN. */
  readonly placeholder: string;
  /** A legal value to show in errors and help. */
  readonly example: string;
  /** Members, for enums and flags (completion, schema). */
  readonly members?: readonly string[];
  /** The element's kind, for lists. */
  readonly element?: Kind<Scalar>;
  /** @throws ValueError */
  parse(input: unknown): T;
  /**
   * For what holds several: the value of these elements, none twice. @param given what they were read from, for the error
   * @throws ValueError when there must be one and is none
   */
  join?(elements: readonly Scalar[], given?: unknown): T;
  /** As it stands in store.json. */
  store(value: T): Json;
  readonly schema: { readonly [key: string]: Json };
}

/** What a person typed, or a value as text, without blanks around it. */
export function textInput(input: unknown): string {
  if (input === null || input === undefined) return '';
  if (typeof input === 'object' && (Array.isArray(input) || Object.getPrototypeOf(input) === Object.prototype)) {
    return JSON.stringify(input);
  }
  return String(input).trim();
}

const BOOLS: ReadonlyMap<string, boolean> = new Map([
  ['true', true],
  ['$true', true],
  ['yes', true],
  ['1', true],
  ['on', true],
  ['false', false],
  ['$false', false],
  ['no', false],
  ['0', false],
  ['off', false],
]);

export const bool: Kind<boolean> = {
  name: 'bool',
  allowed: 'true or false (also $true, $false, yes, no, 1, 0)',
  placeholder: 'BOOL',
  example: 'true',
  members: ['true', 'false'],
  parse(input) {
    if (typeof input === 'boolean') return input;
    const found = BOOLS.get(textInput(input).toLowerCase());
    if (found === undefined) throw new ValueError(input, 'is not a yes or no', this.allowed);
    return found;
  },
  store: (value) => value,
  schema: { type: 'boolean' },
};

function isUnlimited(input: unknown): boolean {
  return input === UNLIMITED || textInput(input).toLowerCase() === 'unlimited';
}

function alwaysLimited(input: unknown, allowed: string): ValueError {
  return new ValueError(input, 'is not possible here, this setting always has a limit', allowed);
}

function wholeNumber(input: unknown, kind: { allowed: string }, min: number, max: number): number {
  const text = textInput(input);
  // A number of JSON or of the language is what it is; a text is digits only, so that 1e3 and 0x10 are nobody's surprise.
  if (typeof input !== 'number' && !/^[+-]?\d+$/.test(text)) {
    const problem = /^[+-]?\d*\.\d+$/.test(text) ? 'is not a whole number' : 'is not a number';
    throw new ValueError(input, problem, kind.allowed);
  }
  const n = Number(text);
  if (Number.isNaN(n)) throw new ValueError(input, 'is not a number', kind.allowed);
  if (n < min || n > max) throw new ValueError(input, 'is out of range', kind.allowed);
  if (!Number.isInteger(n)) throw new ValueError(input, 'is not a whole number', kind.allowed);
  return n === 0 ? 0 : n; // not -0
}

/** A whole number from `min` to `max`. */
export function int(min: number, max: number): Kind<number> {
  return {
    name: 'int',
    allowed: `a whole number from ${min} to ${max}`,
    placeholder: 'N',
    example: String(Math.min(max, Math.max(min, 10))),
    parse(input) {
      if (isUnlimited(input)) throw alwaysLimited(input, this.allowed);
      return wholeNumber(input, this, min, max);
    },
    store: (value) => value,
    schema: { type: 'integer', minimum: min, maximum: max },
  };
}

/** A whole number from `min` to `max`, or Unlimited. */
export function count(min: number, max: number): Kind<Count> {
  return {
    name: 'count',
    allowed: `a whole number from ${min} to ${max}, or Unlimited`,
    placeholder: 'COUNT',
    example: String(Math.min(max, Math.max(min, 100))),
    members: ['Unlimited'],
    parse(input) {
      if (isUnlimited(input)) return UNLIMITED;
      return wholeNumber(input, this, min, max);
    },
    store: (value) => (value instanceof Unlimited ? 'Unlimited' : value),
    schema: { anyOf: [{ type: 'integer', minimum: min, maximum: max }, { const: 'Unlimited' }] },
  };
}

/** A ByteQuantifiedSize from `min` to `max` bytes. */
export function size(min: number, max: number): Kind<ByteSize> {
  const short = (n: number) => {
    const text = new ByteSize(n).toShort();
    return typeof text === 'number' ? `${text} bytes` : text;
  };
  return {
    name: 'size',
    get allowed() {
      return `a size from ${short(min)} to ${short(max)}, such as 36MB, 36M, 512KiB or a number of bytes`;
    },
    placeholder: 'SIZE',
    example: '36MB',
    parse(input) {
      if (isUnlimited(input)) throw alwaysLimited(input, this.allowed);
      const text = textInput(input);
      const value = input instanceof ByteSize ? input : parseSize(text);
      if (!value) throw new ValueError(input, sizeProblem(text), this.allowed);
      if (value.bytes < min || value.bytes > max) throw new ValueError(input, 'is out of range', this.allowed);
      if (!Number.isInteger(value.bytes))
        throw new ValueError(input, `is not a whole number of bytes but ${value.bytes}`, this.allowed);
      return value;
    },
    store: (value) => value.toShort(),
    schema: { type: ['integer', 'string'], pattern: '^[0-9]' },
  };
}

/** A ByteQuantifiedSize from `min` to `max` bytes, or Unlimited. */
export function sizeOrUnlimited(min: number, max: number): Kind<ByteSize | Unlimited> {
  const limited = size(min, max);
  return {
    ...limited,
    get allowed() {
      return `${limited.allowed}, or Unlimited`;
    },
    members: ['Unlimited'],
    parse: (input) => {
      if (isUnlimited(input)) return UNLIMITED;
      try {
        return limited.parse(input);
      } catch (error) {
        if (!(error instanceof ValueError)) throw error;
        throw new ValueError(error.value, error.problem, `${limited.allowed}, or Unlimited`);
      }
    },
    store: (value) => (value instanceof Unlimited ? 'Unlimited' : value.toShort()),
    schema: { anyOf: [limited.schema, { const: 'Unlimited' }] },
  };
}

/** An EnhancedTimeSpan from `min` to `max` seconds, in steps of one second. */
export function span(min: number, max: number): Kind<TimeSpan> {
  return {
    name: 'span',
    get allowed() {
      return `a time span from ${new TimeSpan(min)} to ${new TimeSpan(max)}, as hh:mm:ss, d.hh:mm:ss or with units: 90s, 10m, 1h30m, 2d`;
    },
    placeholder: 'TIMESPAN',
    example: '00:10:00',
    parse(input) {
      if (isUnlimited(input)) throw alwaysLimited(input, this.allowed);
      const value = input instanceof TimeSpan ? input : parseSpan(textInput(input));
      if (!value) throw new ValueError(input, spanProblem(textInput(input)), this.allowed);
      if (value.seconds < min || value.seconds > max) throw new ValueError(input, 'is out of range', this.allowed);
      return value;
    },
    store: (value) => value.toString(),
    schema: {
      anyOf: [
        {
          type: 'string',
          pattern: '^(([0-9]+\\.)?[0-9]{1,2}:[0-9]{1,2}(:[0-9]{1,2})?|0|([0-9]+(\\.[0-9]+)? *[A-Za-z]+ *)+)$',
        },
        { const: 0 },
      ],
    },
  };
}

function memberNamed<T extends string>(text: string, members: readonly T[]): T | undefined {
  const wanted = text.toLowerCase();
  const exact = members.find((member) => member.toLowerCase() === wanted);
  if (exact !== undefined || wanted === '') return exact;
  // PowerShell takes a beginning that only one name has: -TransportRole Frontend
  const beginning = members.filter((member) => member.toLowerCase().startsWith(wanted));
  return beginning.length === 1 ? beginning[0] : undefined;
}

/** One of the names, case-insensitively. */
export function oneOf<const T extends string>(...members: readonly T[]): Kind<T> {
  return {
    name: 'enum',
    allowed: members.join(', '),
    placeholder: 'NAME',
    example: members.at(-1)!,
    members,
    parse(input) {
      const found = memberNamed(textInput(input), members);
      if (!found) throw new ValueError(input, 'is not one of the names', this.allowed);
      return found;
    },
    store: (value) => value,
    schema: { enum: [...members] },
  };
}

/** A set of the names, `A, B` or a list; `None` is the empty set and stands only alone. */
export function flags<const T extends string>(...members: readonly T[]): Kind<Flags<T>> {
  return {
    name: 'flags',
    allowed: `None, or one or more of ${members.join(', ')}, separated by commas`,
    placeholder: 'NAME[,NAME]',
    example: members[0]!,
    members: ['None', ...members],
    parse(input) {
      // Nothing at all is more often a variable that was empty than a wish for nobody: None says that.
      if (!Array.isArray(input) && !(input instanceof Flags) && textInput(input) === '')
        throw new ValueError(input, 'names nothing', this.allowed);
      // an element may be several names itself: -PermissionGroups ($c.PermissionGroups, 'Partners')
      const parts = (Array.isArray(input) ? (input as unknown[]) : [input]).flatMap((one) =>
        one instanceof Flags ? one.names : splitList(Array.isArray(one) ? one : textInput(one)),
      );
      const given = parts.map(textInput).filter((part) => part !== '');
      const names = given.map((part) => {
        const found = memberNamed(part, ['None', ...members]);
        if (!found) throw new ValueError(part, 'is not one of the names', this.allowed);
        return found;
      });
      if (names.includes('None') && names.some((name) => name !== 'None')) {
        throw new ValueError(given.join(','), 'mixes None with other names', 'None alone, or the names without None');
      }
      return this.join!(names);
    },
    join: (names) => new Flags(members.filter((member) => (names as readonly unknown[]).includes(member))),
    store: (value) => value.toString(),
    schema: { type: 'string' },
  };
}

/** Text without control characters; `check` gives a problem or nothing. */
export function text(
  options: { max?: number; allowed?: string; example?: string; check?: (text: string) => string | undefined } = {},
): Kind<string> {
  const max = options.max ?? 4096;
  return {
    name: 'string',
    allowed: options.allowed ?? `text of at most ${max} characters on one line`,
    placeholder: 'TEXT',
    example: options.example ?? 'text',
    parse(input) {
      if (typeof input === 'object' && input !== null) throw new ValueError(input, 'is not a text', this.allowed);
      const value = input === null || input === undefined ? '' : String(input);
      if (/[\u0000-\u001f\u007f-\u009f\u2028\u2029]/.test(value))
        throw new ValueError(value, 'has a control character', this.allowed);
      if (/[\u202a-\u202e\u2066-\u2069\ufeff]/.test(value))
        throw new ValueError(value, 'has a character that reorders or hides text', this.allowed);
      if (!value.isWellFormed()) throw new ValueError(value, 'is not valid Unicode', this.allowed);
      if ([...value].length > max) throw new ValueError(value, `is longer than ${max} characters`, this.allowed);
      const problem = options.check?.(value);
      if (problem) throw new ValueError(value, problem, this.allowed);
      return value;
    },
    store: (value) => value,
    schema: { type: 'string', maxLength: max },
  };
}

const LABEL = /^[a-z0-9_](?:[a-z0-9_-]*[a-z0-9])?$/i;

/** Is this a host name of letters, digits, `-` and `_`, labels to 63 and the whole to 255 characters (RFC 1035 section 2.3.1)? */
export function isDomain(name: string): boolean {
  return name.length <= 255 && name.split('.').every((label) => label.length <= 63 && LABEL.test(label));
}

/** A domain name, or nothing. */
export function fqdn(): Kind<string> {
  return {
    name: 'fqdn',
    allowed: 'a domain name such as mail.contoso.com (letters, digits, - and dots, at most 255 characters), or empty',
    placeholder: 'FQDN',
    example: 'mail.contoso.com',
    parse(input) {
      const value = textInput(input);
      if (value === '') return '';
      if (!isDomain(value)) throw new ValueError(input, 'is not a domain name', this.allowed);
      return value;
    },
    store: (value) => value,
    schema: { type: 'string', maxLength: 255 },
  };
}

/** Separates `a,b`, keeps an array as it is, and takes nothing or the empty text for the empty list. */
export function splitList(input: unknown): readonly unknown[] {
  if (input === null || input === undefined || input === '') return [];
  if (Array.isArray(input)) return input.flatMap((item) => (typeof item === 'string' ? splitList(item) : [item]));
  if (typeof input !== 'string') return [input];
  const inside = /^\s*\{(.*)\}\s*$/s.exec(input)?.[1] ?? input; // a list as it prints: {a, b}
  return inside
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '');
}

/** Equal for elements that are the same: 10.1.2.0/24 and 10.1.2.0-10.1.2.255 are one range. */
export function sameKey(value: unknown): string {
  return value instanceof IpRange ? `${value.family} ${value.low}-${value.high}` : String(value).toLowerCase();
}

/** A MultiValuedProperty: no element twice, order kept. `split` says how one text holds several. */
export function listOf<T extends Scalar>(
  element: Kind<T>,
  options: { needed?: boolean; split?: (input: unknown) => readonly unknown[] } = {},
): Kind<readonly T[]> {
  const split = options.split ?? splitList;
  return {
    name: 'list',
    allowed: `a list (a,b,c), each ${element.allowed}`,
    placeholder: `${element.placeholder}[,…]`,
    example: element.example,
    element: element as Kind<Scalar>,
    members: element.members,
    parse(input) {
      return this.join!(
        split(input).map((item) => element.parse(item)),
        input ?? '',
      );
    },
    join(elements, given = []) {
      const seen = new Set<string>();
      const values = (elements as readonly T[]).filter((value) => {
        const key = sameKey(value);
        return !seen.has(key) && seen.add(key);
      });
      if (options.needed && values.length === 0)
        throw new ValueError(given, 'is an empty list', `at least one: ${element.allowed}`);
      return values;
    },
    store: (value) => value.map((item) => element.store(item)),
    schema: { type: 'array', items: element.schema, ...(options.needed ? { minItems: 1 } : {}) },
  };
}

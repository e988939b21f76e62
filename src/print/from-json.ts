/**
 * The way back: what was printed becomes typed values again, by the name of the property (the settings catalogue) and by
 * printed form, so that `rc get | rc where MaxMessageSize -gt 30MB` compares sizes, not texts.
 */

import type { Kind } from '../domain/kind.ts';
import { besideWhich, machineForm } from '../domain/machine-form.ts';
import { SETTINGS, settingNamed } from '../domain/settings.ts';
import { parseSize } from '../domain/size.ts';
import { parseSpan } from '../domain/span.ts';
import { type SettingValue, UNLIMITED } from '../domain/value.ts';
import { ValueError } from '../domain/value-error.ts';
import { usage } from '../pipeline/error.ts';
import { Hashtable, PsObject, type Value } from '../pipeline/value.ts';
import { readDate } from '../text/read-date.ts';

const DATES = new Set(['WhenCreated', 'WhenChanged', 'WhenCreatedUTC', 'WhenChangedUTC']);
const ISO_DATE = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d+)?(?:Z|[+-]\d{2}:\d{2})?$/;
const PRINTED_SIZE = /^-?[\d.]+ [KMGT]?B \([\d,]+ bytes\)$/;
const PRINTED_SPAN = /^(?:\d+\.)?\d{2}:\d{2}:\d{2}$/;

/** The value of a property as it was before it was printed. Text that cannot be what its name says stays text. */
export function typedProperty(name: string, value: Value): Value {
  if (value === null || value instanceof PsObject || value instanceof Hashtable) return value;
  const type = typeOfProperty(name);
  if (type === 'text') return value;
  if (type === 'date') return typeof value === 'string' ? moment(value) : value;
  if (type === 'unknown') {
    if (Array.isArray(value)) return value.map((item) => typedProperty('', item));
    return typeof value === 'string' ? byPrintedForm(value) : value;
  }
  return type.read(value);
}

/** What is known of a property by its name. */
type PropertyType = 'text' | 'date' | 'unknown' | SettingReader;
const TYPES = new Map<string, PropertyType>();

function typeOfProperty(name: string): PropertyType {
  const known = TYPES.get(name);
  if (known) return known;
  const setting = settingNamed(name);
  const kind = setting && SETTINGS[setting].kind;
  const type = !kind
    ? DATES.has(name)
      ? 'date'
      : 'unknown'
    : kind.name === 'string' || kind.name === 'fqdn'
      ? 'text'
      : new SettingReader(kind);
  if (TYPES.size < 1000) TYPES.set(name, type);
  return type;
}

/** Parses a setting's values; most connectors have the same ones, and values never change, so they are shared. */
class SettingReader {
  readonly #seen = new Map<string | number | boolean, Value>();
  constructor(readonly kind: Kind) {}

  read(value: Value): Value {
    const key =
      typeof value === 'object' && value !== null
        ? Array.isArray(value) && value.every((item) => typeof item === 'string')
          ? `\0${value.join('\n')}`
          : undefined
        : value;
    if (key === undefined || key === null) return this.#parsed(value);
    const seen = this.#seen.get(key);
    if (seen !== undefined) return seen;
    const parsed = this.#parsed(value);
    if (this.#seen.size >= 1000) this.#seen.clear();
    this.#seen.set(key, parsed);
    return parsed;
  }

  #parsed(value: Value): Value {
    // An empty text is no value: nothing that is printed empty is a number, a size or a list with something in it.
    if (value === '' && this.kind.name !== 'list') return value;
    try {
      return this.kind.parse(value) as SettingValue;
    } catch (error) {
      if (error instanceof ValueError) return value;
      throw error;
    }
  }
}

/** The moment that a text says, as local time. */
function moment(text: string): Value {
  const read = readDate(text);
  return read ? new Date(read.getTime()) : text;
}

function byPrintedForm(text: string): Value {
  if (text === 'Unlimited') return UNLIMITED;
  if (PRINTED_SIZE.test(text)) return parseSize(text) ?? text;
  if (PRINTED_SPAN.test(text)) return parseSpan(text) ?? text;
  if (ISO_DATE.test(text)) return readDate(text) ?? text;
  return text;
}

/** A connector, when the properties can only be one's; else a plain object. */
export function typedObject(properties: Readonly<Record<string, Value>>, type?: string): PsObject {
  const typed: Record<string, Value> = {};
  for (const name of Object.keys(properties)) define(typed, name, typedProperty(name, properties[name] ?? null));
  return new PsObject(type ?? typeByProperties(typed), typed);
}

/** Properties that only one type of ours has together: text carries no type names, and a type brings its default view. */
const MARKS: readonly (readonly [type: string, ...properties: string[]])[] = [
  ['ReceiveConnector', 'Guid', 'Bindings', 'RemoteIPRanges', 'AuthMechanism'],
  ['AcceptedDomain', 'DomainName', 'DomainType', 'Default', 'Guid'],
  ['ADPermission', 'User', 'Deny', 'IsInherited', 'ExtendedRights'],
  ['MessageTrackingEvent', 'Timestamp', 'EventId', 'MessageId', 'InternalMessageId'],
  ['ReceiveConnectorSession', 'Id', 'Connector', 'Source', 'Helo', 'Messages'],
  ['ReceiveConnectorSource', 'Connector', 'Source', 'Open', 'Rule', 'RefusedHour'],
  ['ReceiveConnectorUsage', 'Connector', 'Source', 'PercentUsed', 'ConnectorLimit'],
  ['HistoryEntry', 'Generation', 'When', 'Who', 'Command', 'Changes'],
];

function typeByProperties(properties: Readonly<Record<string, Value>>): string {
  const known = MARKS.find(([, ...names]) => names.every((name) => Object.hasOwn(properties, name)));
  return known?.[0] ?? 'PSCustomObject';
}

/** Levels of JSON within JSON that are taken: far more than anything of ours has, far less than the stack bears. */
export const DEEPEST_JSON = 1024;

/** Does it only say again what the property that it stands beside says? */
function isMachineForm(name: string, value: unknown, json: object): boolean {
  const own = (key: string) => Object.hasOwn(json, key);
  const beside = besideWhich(name, own);
  if (beside === undefined || settingNamed(name)) return false;
  if (settingNamed(beside)) return true;
  const printed = (json as Record<string, unknown>)[beside];
  if (typeof printed !== 'string') return false;
  const form = machineForm(beside, byPrintedForm(printed));
  return form ? form[1] === value : Array.isArray(value) && (value.join(', ') || 'None') === printed;
}

/**
 * JSON to a value; objects within become objects, with their properties typed.
 * @throws CmdletError (usage) when it is nested deeper than 1024 levels
 */
export function fromJson(json: unknown, level = 0): Value {
  if (json === null || typeof json === 'boolean' || typeof json === 'number' || typeof json === 'string') return json;
  if (level >= DEEPEST_JSON) throw usage(`The JSON text is nested deeper than ${DEEPEST_JSON} levels.`);
  if (Array.isArray(json)) return json.map((item) => fromJson(item, level + 1));
  if (typeof json !== 'object') return null;
  const properties: Record<string, Value> = {};
  for (const [name, value] of Object.entries(json))
    if (!isMachineForm(name, value, json)) define(properties, name, fromJson(value, level + 1));
  return typedObject(properties);
}

function define(object: Record<string, Value>, name: string, value: Value): void {
  if (name === '__proto__')
    Object.defineProperty(object, name, { value, enumerable: true, configurable: true, writable: true });
  else object[name] = value;
}

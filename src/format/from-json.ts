/**
 * The way back: what was printed becomes typed values again, by the name of the property (the settings catalogue) and by
 * printed form, so that `rc get | rc where MaxMessageSize -gt 30MB` compares sizes, not texts.
 */

import { readDate } from '../cmdlet/compare.ts';
import { Hashtable, PsObject, type Value } from '../cmdlet/value.ts';
import { parseSize, parseSpan } from '../connector/kind.ts';
import { SETTINGS, type SettingName, settingNamed } from '../connector/settings.ts';
import { type SettingValue, UNLIMITED } from '../connector/value.ts';
import { ValueError } from '../connector/value-error.ts';

const DATES = new Set(['WhenCreated', 'WhenChanged', 'WhenCreatedUTC', 'WhenChangedUTC']);
const ISO_DATE = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d+)?(?:Z|[+-]\d{2}:\d{2})$/;
const PRINTED_SIZE = /^-?[\d.]+ [KMGT]?B \([\d,]+ bytes\)$/;
const PRINTED_SPAN = /^(?:\d+\.)?\d{2}:\d{2}:\d{2}$/;

/** The value of a property as it was before it was printed. Text that cannot be what its name says stays text. */
export function typedProperty(name: string, value: Value): Value {
  if (value === null || value instanceof PsObject || value instanceof Hashtable) return value;
  const setting = settingNamed(name);
  if (setting) return asSetting(setting, value);
  if (typeof value !== 'string') return Array.isArray(value) ? value.map((item) => typedProperty('', item)) : value;
  if (DATES.has(name)) return readDate(value) ?? value;
  return byPrintedForm(value);
}

function asSetting(setting: SettingName, value: Value): Value {
  const { kind } = SETTINGS[setting];
  if (kind.name === 'string' || kind.name === 'fqdn') return value;
  // An empty text is no value: nothing that is printed empty is a number, a size or a list with something in it.
  if (value === '' && kind.name !== 'list') return value;
  try {
    return kind.parse(value) as SettingValue;
  } catch (error) {
    if (error instanceof ValueError) return value;
    throw error;
  }
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
  ['ReceiveConnectorSession', 'SessionId', 'Connector', 'Remote', 'Helo'],
  ['ReceiveConnectorUsage', 'Connector', 'Source', 'PercentUsed', 'ConnectorLimit'],
  ['HistoryEntry', 'Generation', 'When', 'Who', 'Command', 'Changes'],
];

function typeByProperties(properties: Readonly<Record<string, Value>>): string {
  const known = MARKS.find(([, ...names]) => names.every((name) => Object.hasOwn(properties, name)));
  return known?.[0] ?? 'PSCustomObject';
}

/** JSON to a value; objects within become objects, with their properties typed. */
export function fromJson(json: unknown): Value {
  if (json === null || typeof json === 'boolean' || typeof json === 'number' || typeof json === 'string') return json;
  if (Array.isArray(json)) return json.map(fromJson);
  if (typeof json !== 'object') return null;
  const properties: Record<string, Value> = {};
  for (const [name, value] of Object.entries(json)) define(properties, name, fromJson(value));
  return typedObject(properties);
}

/** One line of NDJSON back to a value. @throws SyntaxError when it is no JSON */
export function fromJsonLine(line: string): Value {
  return fromJson(JSON.parse(line));
}

function define(object: Record<string, Value>, name: string, value: Value): void {
  if (name === '__proto__')
    Object.defineProperty(object, name, { value, enumerable: true, configurable: true, writable: true });
  else object[name] = value;
}

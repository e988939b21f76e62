/**
 * A configuration as it travels: a whole export, a part of one, or a plain list of connectors. Everything in it is read with
 * the catalogue's kinds, so printed forms (`36 MB (37,748,736 bytes)`) are as good as stored ones, and every problem is
 * told with its place.
 */

import { type Grant, isGuid, READ_ONLY, type Violation } from '../domain/connector.ts';
import { isDomain, type Json } from '../domain/kind.ts';
import { besideWhich } from '../domain/machine-form.ts';
import {
  DOMAIN_ALLOWED,
  domainLabelProblem,
  domainProblem,
  domainTypeProblem,
  serverNameProblem,
  USER_NAME_ALLOWED,
  userNameProblem,
} from '../domain/names.ts';
import { readOverrides, type StoredOverride } from '../domain/override.ts';
import { importedHashProblem } from '../domain/password-hash.ts';
import type { Setting } from '../domain/setting.ts';
import { SETTINGS, settingNamed } from '../domain/settings.ts';
import { readTemporary, type TemporarySetting } from '../domain/temporary.ts';
import { transportSettingNamed } from '../domain/transport.ts';
import { TRANSPORT_SETTINGS } from '../domain/transport-settings.ts';
import { ValueError } from '../domain/value-error.ts';
import { SCHEMA_VERSION } from '../store/document.ts';
import { isRecord } from '../text/is-record.ts';
import { show } from '../text/printable.ts';
import { didYouMean } from '../text/suggest.ts';
import type { Path } from './source.ts';

/** A connector in a file: only the settings that are written there, in their stored form. */
export interface GivenConnector {
  readonly name: string;
  /** The server it says that it belongs to. */
  readonly server: string | undefined;
  readonly guid: string | undefined;
  readonly settings: Readonly<Record<string, Json>>;
  readonly grants: readonly Grant[] | undefined;
  /** Settings that end by themselves; `undefined` where the file says nothing of them. */
  readonly temporary: readonly TemporarySetting[] | undefined;
  /** Limits of single addresses and ranges; `undefined` where the file says nothing of them. */
  readonly overrides: readonly StoredOverride[] | undefined;
  readonly path: Path;
}

/** A domain or user in a file. */
export interface GivenItem {
  readonly name: string;
  readonly guid: string | undefined;
  readonly values: Readonly<Record<string, Json>>;
  readonly path: Path;
}

/** Another server in a file. */
interface GivenServer {
  readonly name: string;
  readonly fqdn: string;
  readonly transport: Readonly<Record<string, Json>> | undefined;
  readonly path: Path;
}

/** Sections that are not in the file are `undefined`. */
export interface Configuration {
  readonly server?: { readonly name: string; readonly fqdn: string };
  readonly servers?: readonly GivenServer[];
  readonly connectors?: readonly GivenConnector[];
  readonly acceptedDomains?: readonly GivenItem[];
  readonly users?: readonly GivenItem[];
  readonly transport?: Readonly<Record<string, Json>>;
}

type Problem = (path: Path, message: string) => void;
type Item = Readonly<Record<string, unknown>>;

const SECTIONS = [
  '$schema',
  'schemaVersion',
  'generation',
  'server',
  'servers',
  'connectors',
  'acceptedDomains',
  'users',
  'transport',
];
const NOT_SETTINGS = new Set<string>([...READ_ONLY, 'Grants', 'Temporary', 'Overrides']);

/** Reads what a file says; every problem goes into the list. */
export function readConfiguration(value: unknown): { configuration: Configuration; violations: Violation[] } {
  const violations: Violation[] = [];
  const problem: Problem = (path, message) => violations.push({ path: pathText(path, value), message, at: path });
  const list = Array.isArray(value) ? value : isRecord(value) && 'Name' in value ? [value] : undefined;
  if (list) {
    const connectors = list.flatMap((item, i) => connector(item, item === value ? [] : [i], problem) ?? []);
    refuseTwins(connectors, problem);
    return { configuration: { connectors }, violations };
  }
  if (!isRecord(value)) {
    problem([], 'is no configuration: an object with "connectors", or a list of connectors, is expected');
    return { configuration: {}, violations };
  }
  for (const key of Object.keys(value)) {
    if (!SECTIONS.includes(key)) problem([key], `is not a part of a configuration${didYouMean(key, SECTIONS)}`);
  }
  if (value.schemaVersion !== undefined && !(Number(value.schemaVersion) <= SCHEMA_VERSION))
    problem(['schemaVersion'], `is ${show(value.schemaVersion)}; this rc knows up to ${SCHEMA_VERSION}`);
  const all = <T>(key: string, read: (item: unknown, path: Path, problem: Problem) => T | undefined) => {
    const items = value[key];
    if (items === undefined || items === null) return undefined;
    if (Array.isArray(items)) return items.flatMap((item, i) => read(item, [key, i], problem) ?? []);
    problem([key], 'is not a list');
    return undefined;
  };
  const configuration: Configuration = {
    server: serverOf(value.server, ['server'], problem),
    servers: all('servers', givenServer),
    connectors: all('connectors', connector),
    acceptedDomains: all('acceptedDomains', acceptedDomain),
    users: all('users', user),
    transport: isRecord(value.transport)
      ? settings(value.transport, ['transport'], TRANSPORT_SETTINGS, transportSettingNamed, new Set(), problem)
      : undefined,
  };
  refuseTwins(
    (configuration.servers ?? []).map((one) => ({ ...one, guid: undefined })),
    problem,
    'name',
  );
  for (const items of [configuration.connectors, configuration.acceptedDomains, configuration.users])
    refuseTwins(items ?? [], problem);
  return { configuration, violations };
}

/** Two objects of one name or Guid in a file: which of them is meant cannot be told. */
function refuseTwins(
  items: readonly { name: string; guid: string | undefined; path: Path; server?: string | undefined }[],
  problem: Problem,
  nameKey = 'Name',
): void {
  const seen = new Map<string, string>();
  for (const { name, guid, path, server = '' } of items) {
    for (const [key, value, within] of [
      [nameKey, name, server.toLowerCase()],
      ['Guid', guid, ''],
    ] as const) {
      if (value === undefined) continue;
      const id = `${key} ${within}\\${value.toLowerCase()}`;
      if (seen.has(id)) problem([...path, key], `${show(value)} stands twice in the file`);
      seen.set(id, name);
    }
  }
}

function pathText(path: Path, root: unknown): string {
  let text = '';
  let value: unknown = root;
  for (const step of path) {
    value = (value as Record<string | number, unknown> | undefined)?.[step];
    if (typeof step === 'number') {
      const name = isRecord(value) && typeof value.Name === 'string' ? ` ${show(value.Name)} ` : '';
      text += `[${step}]${name}`;
    } else text += text === '' || text.endsWith(' ') ? step : `.${step}`;
  }
  return text.trim() || 'the file';
}

/** One of the other servers, with its transport settings. */
function givenServer(value: unknown, path: Path, problem: Problem): GivenServer | undefined {
  const server = serverOf(value, path, problem);
  if (!server) {
    if (value === undefined) problem(path, 'has no name and fqdn');
    return undefined;
  }
  const { transport } = value as Item;
  const read = isRecord(transport)
    ? settings(transport, [...path, 'transport'], TRANSPORT_SETTINGS, transportSettingNamed, new Set(), problem)
    : undefined;
  return { ...server, transport: read, path };
}

function serverOf(value: unknown, path: Path, problem: Problem): Configuration['server'] {
  if (value === undefined) return undefined;
  if (isRecord(value) && typeof value.name === 'string' && typeof value.fqdn === 'string') {
    const { name, fqdn } = value;
    const wrong = serverNameProblem(name);
    if (wrong) problem([...path, 'name'], `${show(name)} ${wrong}`);
    if (fqdn !== '' && !isDomain(fqdn)) problem([...path, 'fqdn'], `${show(fqdn)} is not a domain`);
    return { name, fqdn };
  }
  problem(path, 'has no name and fqdn');
  return undefined;
}

function named(
  item: unknown,
  path: Path,
  problem: Problem,
): { name: string; guid: string | undefined; item: Item } | undefined {
  if (!isRecord(item)) {
    problem(path, 'is not an object');
    return undefined;
  }
  if (typeof item.Name !== 'string' || item.Name === '') {
    problem(path, 'has no Name');
    return undefined;
  }
  let guid: string | undefined;
  if (typeof item.Guid === 'string' && isGuid(item.Guid)) guid = item.Guid;
  else if (item.Guid !== undefined && item.Guid !== null)
    problem([...path, 'Guid'], `${show(item.Guid)} is not a GUID`);
  return { name: item.Name, guid, item };
}

function connector(value: unknown, path: Path, problem: Problem): GivenConnector | undefined {
  const found = named(value, path, problem);
  if (!found) return undefined;
  const { name, guid, item } = found;
  const grants = grantsOf(item.Grants, [...path, 'Grants'], problem);
  const { Server } = item;
  if (Server !== undefined && Server !== null && typeof Server !== 'string')
    problem([...path, 'Server'], `${show(Server)} is not the name of a server`);
  const server = typeof Server === 'string' && Server !== '' ? Server : undefined;
  return {
    name,
    server,
    guid,
    grants,
    temporary:
      item.Temporary === undefined || item.Temporary === null
        ? undefined
        : readTemporary(item.Temporary, (key, message) => problem([...path, key], message)),
    overrides:
      item.Overrides === undefined || item.Overrides === null
        ? undefined
        : readOverrides(item.Overrides, (key, message) => problem([...path, key], message)).map(({ stored }) => stored),
    settings: settings(item, path, SETTINGS, settingNamed, NOT_SETTINGS, problem),
    path,
  };
}

function settings(
  item: Item,
  path: Path,
  catalogue: Readonly<Record<string, Setting>>,
  spelled: (name: string) => string | undefined,
  others: ReadonlySet<string>,
  problem: Problem,
): Record<string, Json> {
  const read: Record<string, Json> = {};
  for (const [key, value] of Object.entries(item)) {
    if (others.has(key)) continue;
    const name = spelled(key);
    if (name === undefined) {
      if (besideWhich(key, (beside) => Object.hasOwn(item, beside) && spelled(beside) !== undefined)) continue;
      problem([...path, key], `is not a setting${didYouMean(key, Object.keys(catalogue))}`);
      continue;
    }
    try {
      const { kind } = catalogue[name]!;
      read[name] = kind.store(kind.parse(value));
    } catch (error) {
      if (!(error instanceof ValueError)) throw error;
      problem([...path, key], error.message);
    }
  }
  return read;
}

function grantsOf(value: unknown, path: Path, problem: Problem): readonly Grant[] | undefined {
  if (value === undefined || value === null) return undefined;
  const good = (g: unknown): g is Grant =>
    isRecord(g) &&
    typeof g.User === 'string' &&
    typeof g.Deny === 'boolean' &&
    Array.isArray(g.ExtendedRights) &&
    g.ExtendedRights.every((right) => typeof right === 'string');
  if (Array.isArray(value) && value.every(good)) return value;
  problem(path, 'is not a list of {User, ExtendedRights, Deny}');
  return undefined;
}

function acceptedDomain(value: unknown, path: Path, problem: Problem): GivenItem | undefined {
  const found = named(value, path, problem);
  if (!found) return undefined;
  const { DomainName, DomainType = 'Authoritative', Default } = found.item;
  const domain = typeof DomainName === 'string' ? DomainName.trim().toLowerCase() : '';
  const tell = (key: string, given: unknown, wrong: string | undefined) =>
    wrong && problem([...path, key], `${show(given)} ${wrong}`);
  tell('Name', found.name, domainLabelProblem(found.name));
  const noDomain = domainProblem(domain);
  tell('DomainName', DomainName, noDomain && `${noDomain}; allowed: ${DOMAIN_ALLOWED}`);
  tell('DomainType', DomainType, domainTypeProblem(domain, DomainType));
  if (Default !== undefined && typeof Default !== 'boolean') tell('Default', Default, 'is not true or false');
  const values = {
    DomainName: domain,
    DomainType: String(DomainType),
    ...(Default === true ? { Default } : {}),
  };
  return { name: found.name, guid: found.guid, values, path };
}

function user(value: unknown, path: Path, problem: Problem): GivenItem | undefined {
  const found = named(value, path, problem);
  if (!found) return undefined;
  const { PasswordHash, Enabled = true } = found.item;
  const noName = userNameProblem(found.name);
  if (noName) problem([...path, 'Name'], `${show(found.name)} ${noName}; allowed: ${USER_NAME_ALLOWED}`);
  const cheap = PasswordHash === undefined ? undefined : importedHashProblem(PasswordHash);
  if (cheap) problem([...path, 'PasswordHash'], cheap);
  if (typeof Enabled !== 'boolean') problem([...path, 'Enabled'], 'is not true or false');
  const values = {
    ...(PasswordHash === undefined ? {} : { PasswordHash: String(PasswordHash) }),
    Enabled: Enabled === true,
  };
  return { name: found.name, guid: found.guid, values, path };
}

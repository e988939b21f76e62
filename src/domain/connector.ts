/** A receive connector: its settings, what it is called, and how it stands in the store (only what differs from defaults). */

import { isDate } from '../text/is-date.ts';
import { show } from '../text/printable.ts';
import { type Edit, editSettings, type Report, readInto, readSettings, template } from './catalogue.ts';
import { distinguishedName } from './identity.ts';
import { text } from './kind.ts';
import { nameProblem } from './names.ts';
import { type Override, readOverrides, type StoredOverride } from './override.ts';
import type { Grant } from './permissions.ts';
import type { Site } from './setting.ts';
import { SETTING_NAMES, SETTINGS, type SettingName, type Settings } from './settings.ts';
import { readTemporary, type TemporarySetting, temporaryAfter } from './temporary.ts';
import { Flags } from './value.ts';

export { type Edit, sameJson } from './catalogue.ts';
export type { Grant } from './permissions.ts';

/** A connector as it stands in store.json: identity, dates, grants, and the settings that differ from their defaults. */
export interface StoredConnector {
  readonly Name: string;
  readonly Guid: string;
  /** The server it belongs to; this home's own when it is not said. */
  readonly Server?: string;
  readonly WhenCreated: string;
  readonly WhenChanged: string;
  readonly Grants?: readonly Grant[];
  /** Settings that end by themselves. */
  readonly Temporary?: readonly TemporarySetting[];
  /** Limits of single addresses and ranges. */
  readonly Overrides?: readonly StoredOverride[];
  readonly [setting: string]: unknown;
}

/** A connector with everything it shows, in Format-List's order. Values are typed; nothing is parsed again. */
export interface Connector extends Settings {
  readonly Server: string;
  readonly Name: string;
  readonly Identity: string;
  readonly Id: string;
  readonly DistinguishedName: string;
  readonly Guid: string;
  readonly AdminDisplayName: string;
  readonly ExchangeVersion: string;
  readonly ObjectClass: readonly string[];
  readonly ObjectState: string;
  readonly IsValid: boolean;
  readonly WhenCreated: Date;
  readonly WhenChanged: Date;
  readonly WhenCreatedUTC: Date;
  readonly WhenChangedUTC: Date;
  readonly Grants: readonly Grant[];
  readonly Temporary: readonly TemporarySetting[];
  /** The most specific first. */
  readonly Overrides: readonly Override[];
  /** In the settings of one source: the override that they are by. */
  readonly Override?: Override;
}

/** Properties nobody sets, in the order they show behind the settings. */
export const READ_ONLY = [
  'Server',
  'Name',
  'Identity',
  'Id',
  'DistinguishedName',
  'Guid',
  'AdminDisplayName',
  'ExchangeVersion',
  'ObjectClass',
  'ObjectState',
  'IsValid',
  'WhenCreated',
  'WhenChanged',
  'WhenCreatedUTC',
  'WhenChangedUTC',
] as const;

/** What is wrong with a document or an edit, one line each; `path` leads to the place: `connectors[2].MaxHopCount`. */
export interface Violation {
  readonly path: string;
  readonly message: string;
  /** The same place as keys and indexes, for line and column. */
  readonly at?: readonly (string | number)[];
}

/** The name of a connector: 1 to 64 characters, none of them a control character, and no wildcard. */
export const connectorName = text({
  max: 64,
  allowed: '1 to 64 characters on one line, none of them * ? [ ] or \\',
  example: 'Relay',
  check: (value) => {
    if (value.trim() === '') return 'is empty';
    if (value !== value.trim()) return 'begins or ends with a space';
    if (/[*?[\]\\]/.test(value)) return 'has a wildcard or backslash, which a name cannot have';
    return nameProblem(value);
  },
});

const GUID = /^[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$/;
export function isGuid(value: string): boolean {
  return GUID.test(value);
}

const STORED_KEYS = new Set([
  'Name',
  'Guid',
  'Server',
  'WhenCreated',
  'WhenChanged',
  'Grants',
  'Overrides',
  'Temporary',
]);

/**
 * Reads a connector from the store; every problem goes to `report`, with the key it is about.
 * @param site the server that it belongs to
 */
export function readConnector(
  stored: StoredConnector,
  site: Site,
  report: (key: string, message: string) => void,
): Connector {
  const connector: Mutable<Connector> = { ...blankFor(site) };
  readInto(connector as Record<string, unknown>, SETTINGS, stored, report, STORED_KEYS);
  try {
    connectorName.parse(stored.Name);
  } catch (error) {
    report('Name', (error as Error).message);
  }
  checkRecord(stored, ['Guid', 'WhenCreated', 'WhenChanged'], report);
  connector.Overrides = readOverrides(stored.Overrides, report);
  connector.Temporary = readTemporary(stored.Temporary, report);
  complete(connector, stored, readGrants(stored.Grants, report), site);
  return connector;
}

/** Checks what rc keeps of every object that it stores: which one it is, and when it was made or changed. */
export function checkRecord(
  stored: object,
  keys: readonly ('Guid' | 'WhenCreated' | 'WhenChanged')[],
  report: (key: string, message: string) => void,
): void {
  for (const key of keys) {
    const value: unknown = Reflect.get(stored, key);
    if (key === 'Guid') {
      if (value === undefined)
        report(key, 'is missing; make one with uuidgen, or let rc make it: rc new, or rc import of a file without it');
      else if (typeof value !== 'string' || !GUID.test(value)) report(key, `${show(value)} is not a GUID`);
    } else if (!isDate(value)) report(key, `${show(value)} is not a date`);
  }
}

function readGrants(input: unknown, report: (key: string, message: string) => void): readonly Grant[] {
  if (input === undefined) return [];
  const good = (grant: unknown): grant is Grant => {
    const g = grant as Partial<Grant> | null;
    return (
      typeof g?.User === 'string' &&
      Array.isArray(g.ExtendedRights) &&
      g.ExtendedRights.every((r) => typeof r === 'string') &&
      typeof g.Deny === 'boolean'
    );
  };
  if (Array.isArray(input) && input.every(good)) return input;
  report('Grants', 'is not a list of {User, ExtendedRights, Deny}');
  return [];
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

let blank: { site: string; connector: Connector } | undefined;

/** A connector with every setting at its default, in Format-List's order. To be copied, not changed (see `template`). */
function blankFor(site: Site): Connector {
  const key = `${site.server}\0${site.fqdn}`;
  if (blank?.site !== key) {
    const connector = template<Mutable<Connector>>([
      ...SETTING_NAMES,
      ...READ_ONLY,
      'Grants',
      'Overrides',
      'Temporary',
    ]);
    Object.assign(
      connector,
      readSettings(SETTINGS, {}, site, () => {}),
    );
    connector.Server = site.server;
    connector.AdminDisplayName = '';
    connector.ExchangeVersion = '0.1 (8.0.535.0)';
    connector.ObjectClass = ['top', 'msExchSmtpReceiveConnector'];
    connector.ObjectState = 'Unchanged';
    connector.IsValid = true;
    blank = { site: key, connector };
  }
  return blank.connector;
}

/** Fills in what is no setting. */
function complete(c: Mutable<Connector>, stored: StoredConnector, grants: readonly Grant[], site: Site): void {
  // "Custom" shows when single rights were added (Exchange documentation, PermissionGroups).
  c.PermissionGroups = withCustom(c.PermissionGroups, grants.length > 0);
  c.Name = stored.Name;
  c.Identity = `${site.server}\\${stored.Name}`;
  c.Id = c.Identity;
  c.DistinguishedName = distinguishedName(stored.Name, site.server);
  c.Guid = stored.Guid;
  c.WhenCreated = new Date(stored.WhenCreated);
  c.WhenChanged = new Date(stored.WhenChanged);
  c.WhenCreatedUTC = c.WhenCreated;
  c.WhenChangedUTC = c.WhenChanged;
  c.Grants = grants;
}

function withCustom(groups: Settings['PermissionGroups'], custom: boolean): Settings['PermissionGroups'] {
  return custom && !groups.has('Custom') ? new Flags([...groups.names, 'Custom']) : groups;
}

export type Edits = ReadonlyMap<SettingName, Edit>;

/** What is no setting of a connector but its own. */
export type Own = Partial<Pick<StoredConnector, 'Name' | 'Guid' | 'WhenCreated' | 'WhenChanged'>>;

/** A connector both ways: as it stands in the store, and its values. */
export interface BothForms {
  readonly stored: StoredConnector;
  readonly connector: Connector;
}

/**
 * The connector with the edits made, and what is its own (`own`) changed. Values that equal the default are not
 * stored. Edits that cannot be go to `report`.
 * @param until the moment until which they hold, ISO 8601; for good when it is left out
 */
export function editConnector(
  before: BothForms,
  edits: Edits,
  site: Site,
  report: Report,
  own: Own = {},
  until?: string,
): BothForms {
  const stored: Record<string, unknown> = { ...before.stored, ...own };
  const connector: Mutable<Connector> = { ...before.connector };
  editSettings(SETTINGS, { stored, values: connector as Record<string, unknown> }, edits, site, report);
  const temporary = temporaryAfter(before.stored, stored, edits.keys(), until);
  connector.Temporary = temporary;
  if (temporary.length) stored.Temporary = temporary;
  else delete stored.Temporary;
  const ordered = orderKeys(stored) as StoredConnector;
  complete(connector, ordered, connector.Grants, site);
  return { stored: ordered, connector };
}

const KEY_ORDER = [
  'Name',
  'Guid',
  'Server',
  'WhenCreated',
  'WhenChanged',
  ...SETTING_NAMES,
  'Grants',
  'Overrides',
  'Temporary',
];
const KEY_RANK = new Map<string, number>(KEY_ORDER.map((key, index) => [key, index]));

/** Keys in the catalogue's order, so that two documents with the same content are the same text. */
export function orderKeys(stored: Record<string, unknown>): Record<string, unknown> {
  const keys = Object.keys(stored).sort((a, b) => (KEY_RANK.get(a) ?? 999) - (KEY_RANK.get(b) ?? 999));
  return Object.fromEntries(keys.map((key) => [key, stored[key]]));
}

/** Objects in Exchange (SmtpX509Identifier, ADObjectId, Fqdn): where there is none the property is $null; `''` in a store. */
export const UNSET_IS_NULL: readonly string[] = ['TlsCertificateName', 'DefaultDomain', 'ServiceDiscoveryFqdn'];

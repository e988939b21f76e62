/** A document as it is exported: without what changes by itself (generation, dates), keys in a fixed order, secrets only when asked. */
import { defaultIn } from '../domain/catalogue.ts';
import { orderKeys, type StoredConnector } from '../domain/connector.ts';
import type { Json } from '../domain/kind.ts';
import { SETTING_NAMES, SETTINGS, type Setting, type Site } from '../domain/settings.ts';
import { TRANSPORT_SETTINGS } from '../domain/transport.ts';
import { SCHEMA_URL, SCHEMA_VERSION, type StoreDocument } from '../store/document.ts';
import type { Draft } from '../store/draft.ts';

interface ExportOptions {
  /** GUIDs of the connectors wanted; `undefined`: the whole document. */
  readonly only?: ReadonlySet<string>;
  /** Settings at their defaults too. */
  readonly allSettings?: boolean;
  /** Password hashes of users. */
  readonly secrets?: boolean;
}

export function exported(draft: Draft, { only, allSettings, secrets }: ExportOptions): Record<string, Json> {
  const { document } = draft;
  const connectors = document.connectors
    .filter((c) => !only || only.has(c.Guid))
    .map((stored) => orderKeys(connector(stored, draft.site, allSettings ?? false)) as Record<string, Json>);
  const head = { $schema: SCHEMA_URL, schemaVersion: SCHEMA_VERSION, server: { ...document.server } };
  if (only) return { ...head, connectors };
  return {
    ...head,
    connectors,
    acceptedDomains: document.acceptedDomains.map(({ WhenChanged: _, ...domain }) => ({ ...domain }) as Json),
    users: users(document, secrets ?? false),
    transport: transport(document, allSettings ?? false),
  };
}

/** Settings in their stored form, however they were written by hand; Custom among the groups follows from the grants. */
function connector(stored: StoredConnector, site: Site, all: boolean): Record<string, Json> {
  const { WhenCreated: _, WhenChanged: __, ...kept } = stored;
  const values = { ...kept } as Record<string, Json>;
  for (const name of SETTING_NAMES) {
    const setting = SETTINGS[name];
    if (stored[name] !== undefined) values[name] = setting.kind.store(setting.kind.parse(stored[name]));
    else if (all) values[name] = setting.kind.store(defaultIn(setting, site));
  }
  return values;
}

function users(document: StoreDocument, secrets: boolean): Json {
  return document.users.map(({ WhenChanged: _, PasswordHash, ...user }) =>
    secrets ? { ...user, PasswordHash } : { ...user },
  );
}

function transport(document: StoreDocument, all: boolean): Json {
  const site = { server: document.server.name, fqdn: document.server.fqdn };
  const given = document.transport as Record<string, Json>;
  const values: Record<string, Json> = {};
  for (const [name, setting] of Object.entries(TRANSPORT_SETTINGS as Readonly<Record<string, Setting>>)) {
    if (given[name] !== undefined) values[name] = given[name];
    else if (all) values[name] = setting.kind.store(defaultIn(setting, site));
  }
  return values;
}

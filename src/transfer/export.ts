/** A document as it is exported: without what changes by itself (generation, dates), keys in a fixed order, secrets only when asked. */
import { defaultIn } from '../domain/catalogue.ts';
import { orderKeys, type StoredConnector } from '../domain/connector.ts';
import type { Json } from '../domain/kind.ts';
import type { Setting, Site } from '../domain/setting.ts';
import { SETTING_NAMES, SETTINGS } from '../domain/settings.ts';
import { TRANSPORT_SETTINGS } from '../domain/transport-settings.ts';
import {
  SCHEMA_URL,
  type StoreDocument,
  type StoredServer,
  type StoredTransport,
  versionOf,
} from '../store/document.ts';
import type { Draft } from '../store/draft.ts';
import { sameText } from '../text/wildcard.ts';

interface ExportOptions {
  /** GUIDs of the connectors wanted, and nothing but them; `undefined`: the whole document. */
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
    .map(
      (stored) => orderKeys(connector(stored, draft.servers.of(stored), allSettings ?? false)) as Record<string, Json>,
    );
  const servers = (document.servers ?? []).filter(
    ({ name }) => !only || connectors.some(({ Server }) => typeof Server === 'string' && sameText(Server, name)),
  );
  const site = ({ name, fqdn }: StoredServer): Site => ({ server: name, fqdn });
  const others = servers.map(({ name, fqdn, transport: given = {} }) => {
    const settings = only ? {} : transport(given, site({ name, fqdn }), allSettings ?? false);
    return { name, fqdn, ...(Object.keys(settings).length ? { transport: settings } : {}) };
  });
  const head = {
    $schema: SCHEMA_URL,
    schemaVersion: versionOf({ servers, connectors }),
    server: { ...document.server },
    ...(others.length ? { servers: others } : {}),
  };
  if (only) return { ...head, connectors };
  return {
    ...head,
    connectors,
    acceptedDomains: document.acceptedDomains.map(({ WhenChanged: _, ...domain }) => ({ ...domain }) as Json),
    users: users(document, secrets ?? false),
    transport: transport(document.transport, draft.site, allSettings ?? false),
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

function transport(stored: StoredTransport, site: Site, all: boolean): Record<string, Json> {
  const given = stored as Record<string, Json>;
  const values: Record<string, Json> = {};
  for (const [name, setting] of Object.entries(TRANSPORT_SETTINGS as Readonly<Record<string, Setting>>)) {
    if (given[name] !== undefined) values[name] = given[name];
    else if (all) values[name] = setting.kind.store(defaultIn(setting, site));
  }
  return values;
}

/** The lowdb document, store.json: what is in it, its version, and how a new one looks. Readable, and editable by hand. */
import type { StoredConnector } from '../domain/connector.ts';
import { Servers } from '../domain/servers.ts';

/**
 * Version of the document's form, the newest that is known. A newer one is refused, never guessed at.
 * 1: one server. 2: with `servers`, others beside this home's own. 3: with settings that end by themselves, or overrides. Each is written only
 * where there are some.
 */
export const SCHEMA_VERSION = 3;
export const SCHEMA_URL = 'https://receive-connector.example/store.schema.json';

export interface StoredServer {
  /** As in `SERVER\Name`. */
  readonly name: string;
  /** The host's own name: the default of Fqdn. */
  readonly fqdn: string;
}

/** Another server of the fleet, as this home knows it. */
export interface StoredPeer extends StoredServer {
  /** Settings of its transport service; only those that differ from their defaults. */
  readonly transport?: StoredTransport;
}

/** A domain we accept mail for; `*.contoso.com` covers its subdomains too (Exchange's accepted domains). */
export interface StoredAcceptedDomain {
  readonly Name: string;
  readonly DomainName: string;
  readonly DomainType: 'Authoritative' | 'InternalRelay' | 'ExternalRelay';
  readonly Default?: boolean;
  readonly Guid: string;
  readonly WhenChanged: string;
}

/** A user for AUTH; the password only as a scrypt hash `scrypt$N$r$p$salt$hash`. */
export interface StoredUser {
  readonly Name: string;
  readonly PasswordHash: string;
  readonly Enabled: boolean;
  readonly Guid: string;
  readonly WhenChanged: string;
}

/** Settings of the transport service; only those that differ from their defaults. */
export type StoredTransport = Readonly<Record<string, unknown>>;

export interface StoreDocument {
  readonly $schema: string;
  readonly schemaVersion: number;
  /** Grows by one with every change. */
  readonly generation: number;
  /** This home's own. */
  readonly server: StoredServer;
  /** The others; a connector with their name in `Server` is theirs, one without `Server` is this home's. */
  readonly servers?: readonly StoredPeer[];
  readonly connectors: readonly StoredConnector[];
  readonly acceptedDomains: readonly StoredAcceptedDomain[];
  readonly users: readonly StoredUser[];
  readonly transport: StoredTransport;
}

/** What the history of a new store begins from. */
export const NOTHING: StoreDocument = {
  $schema: SCHEMA_URL,
  schemaVersion: 1,
  generation: 0,
  server: { name: '', fqdn: '' },
  connectors: [],
  acceptedDomains: [],
  users: [],
  transport: {},
};

/** The form that a document needs: one without other servers is what every rc has read and written. */
export function versionOf({
  servers,
  connectors,
}: Pick<StoreDocument, 'servers'> & {
  readonly connectors: readonly { readonly Temporary?: unknown; readonly Overrides?: unknown }[];
}): number {
  if (connectors.some(({ Temporary, Overrides }) => Temporary !== undefined || Overrides !== undefined)) return 3;
  return servers?.length ? 2 : 1;
}

/** The document as it is written: its version, and other servers (if any) beside this one. */
export function laidOut(document: StoreDocument): StoreDocument {
  const schemaVersion = versionOf(document);
  if (document.servers === undefined)
    return document.schemaVersion === schemaVersion ? document : { ...document, schemaVersion };
  const { $schema, schemaVersion: _, generation, server, servers, ...rest } = document;
  return { $schema, schemaVersion, generation, server, ...(servers.length ? { servers } : {}), ...rest };
}

/** The servers whose connectors are in it. */
export function serversOf({ server, servers = [] }: Pick<StoreDocument, 'server' | 'servers'>): Servers {
  const site = ({ name, fqdn }: StoredServer) => ({ server: name, fqdn });
  return new Servers(site(server), servers.map(site));
}

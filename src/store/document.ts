/** The lowdb document, store.json: what is in it, its version, and how a new one looks. Readable, and editable by hand. */
import type { StoredConnector } from '../domain/connector.ts';

/** Version of the document's form. A newer one is refused, never guessed at. */
export const SCHEMA_VERSION = 1;
export const SCHEMA_URL = 'https://receive-connector.example/store.schema.json';

export interface StoredServer {
  /** As in `SERVER\Name`. */
  readonly name: string;
  /** The host's own name: the default of Fqdn. */
  readonly fqdn: string;
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
  readonly server: StoredServer;
  readonly connectors: readonly StoredConnector[];
  readonly acceptedDomains: readonly StoredAcceptedDomain[];
  readonly users: readonly StoredUser[];
  readonly transport: StoredTransport;
}

/** What the history of a new store begins from. */
export const NOTHING: StoreDocument = {
  $schema: SCHEMA_URL,
  schemaVersion: SCHEMA_VERSION,
  generation: 0,
  server: { name: '', fqdn: '' },
  connectors: [],
  acceptedDomains: [],
  users: [],
  transport: {},
};

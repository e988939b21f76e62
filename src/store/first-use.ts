/** The store that first use creates: two connectors, on loopback only, so that nothing is reachable from outside until told. */
import type { StoredConnector } from '../domain/connector.ts';
import { newGuid } from '../domain/guid.ts';
import { isDomain } from '../domain/kind.ts';
import { SCHEMA_URL, type StoreDocument } from './document.ts';

export function firstDocument(now: Date): StoreDocument {
  const host = process.getBuiltinModule('node:os').hostname();
  const label = host.split('.')[0]!.toUpperCase().slice(0, 40) || 'SERVER';
  const made = now.toISOString();
  const connector = (name: string, settings: Record<string, unknown>): StoredConnector => ({
    Name: name,
    Guid: newGuid(),
    WhenCreated: made,
    WhenChanged: made,
    ...settings,
  });
  return {
    $schema: SCHEMA_URL,
    schemaVersion: 1,
    generation: 1,
    server: { name: label, fqdn: isDomain(host) ? host.toLowerCase() : 'localhost' },
    connectors: [
      connector(`Default ${label}`, { Bindings: ['127.0.0.1:2525'], PermissionGroups: 'AnonymousUsers' }),
      connector(`Client ${label}`, {
        AuthMechanism: 'Tls, Integrated, BasicAuth, BasicAuthRequireTLS',
        Bindings: ['127.0.0.1:2587'],
        PermissionGroups: 'ExchangeUsers',
      }),
    ],
    acceptedDomains: [],
    users: [],
    transport: {},
  };
}

/**
 * What the servers of a fleet have in common, as no home in particular has it: every connector says whose it is. A home's
 * document is the same seen from one server: its own connectors do not say, and its own transport settings stand alone.
 */
import { orderKeys, type StoredConnector } from '../domain/connector.ts';
import { foldText, sameText } from '../text/wildcard.ts';
import {
  laidOut,
  SCHEMA_URL,
  type StoreDocument,
  type StoredAcceptedDomain,
  type StoredPeer,
  type StoredUser,
} from './document.ts';

export interface Organization {
  readonly generation: number;
  /** By name, in the order of `foldText`, so that every home makes the same text of the same content. */
  readonly servers: readonly StoredPeer[];
  /** Each with `Server`. */
  readonly connectors: readonly (StoredConnector & { readonly Server: string })[];
  readonly acceptedDomains: readonly StoredAcceptedDomain[];
  readonly users: readonly StoredUser[];
}

/** A home's document as its fleet has it. */
export function organizationOf(home: StoreDocument): Organization {
  const { generation, server, servers = [], connectors, acceptedDomains, users, transport } = home;
  return {
    generation,
    servers: sorted([peer({ ...server, transport }), ...servers.map(peer)]),
    connectors: connectors.map(
      (c) => orderKeys({ ...c, Server: c.Server ?? server.name }) as StoredConnector & { Server: string },
    ),
    acceptedDomains,
    users,
  };
}

/** The document of one server's home; `undefined` when the fleet has no such server. */
export function homeOf(organization: Organization, name: string): StoreDocument | undefined {
  const { generation, servers, connectors, acceptedDomains, users } = organization;
  const own = servers.find((one) => sameText(one.name, name));
  if (!own) return undefined;
  return laidOut({
    $schema: SCHEMA_URL,
    schemaVersion: 1,
    generation,
    server: { name: own.name, fqdn: own.fqdn },
    servers: sorted(servers.filter((one) => one !== own)),
    connectors: connectors.map(({ Server, ...rest }) =>
      sameText(Server, own.name)
        ? (rest as StoredConnector)
        : ({ ...orderKeys({ ...rest, Server }) } as StoredConnector),
    ),
    acceptedDomains,
    users,
    transport: own.transport ?? {},
  });
}

/** The document of one server alone, as it is in a home that knows no others. */
export function aloneOf(document: StoreDocument, name: string): StoreDocument | undefined {
  const home = homeOf(organizationOf(document), name);
  if (!home) return undefined;
  const { servers: _, ...rest } = home;
  return { ...rest, schemaVersion: 1, connectors: home.connectors.filter(({ Server }) => Server === undefined) };
}

function peer({ name, fqdn, transport = {} }: StoredPeer): StoredPeer {
  return { name, fqdn, ...(Object.keys(transport).length ? { transport } : {}) };
}

function sorted(servers: readonly StoredPeer[]): readonly StoredPeer[] {
  const order = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);
  return [...servers].sort((a, b) => order(foldText(a.name), foldText(b.name)));
}

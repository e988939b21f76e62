/** A configuration for another server: its name in connectors' names, its FQDN, and GUIDs of its own. */
import type { Json } from '../domain/kind.ts';
import { sameText } from '../text/wildcard.ts';
import type { Configuration, GivenConnector } from './configuration.ts';

interface ServerName {
  readonly name: string;
  readonly fqdn: string;
}

/** The FQDN a server of that name has in the same domain: EX02 beside ex01.contoso.com is ex02.contoso.com. */
export function fqdnBeside(name: string, fqdn: string): string {
  const dot = fqdn.indexOf('.');
  const label = name.toLowerCase().replace(/[^a-z0-9-]/g, '-');
  return dot < 0 ? label : label + fqdn.slice(dot);
}

/**
 * `Default EX01` becomes `Default EX02`; an Fqdn that is the old server's, and a banner that names it, become the new
 * one's; GUIDs go, because each server's objects have their own.
 */
export function movedTo(configuration: Configuration, from: ServerName, to: ServerName): Configuration {
  const { servers: _, ...own } = configuration;
  return {
    ...own,
    server: to,
    connectors: configuration.connectors
      ?.filter(({ server }) => server === undefined || sameText(server, from.name))
      .map((c) => ({ ...movedConnector(c, from, to), server: undefined })),
    acceptedDomains: configuration.acceptedDomains?.map((d) => ({ ...d, guid: undefined })),
    users: configuration.users?.map((u) => ({ ...u, guid: undefined })),
  };
}

/** Settings that hold the host's name. */
const NAMED_FOR_HOST: ReadonlySet<string> = new Set(['Fqdn', 'ServiceDiscoveryFqdn', 'Banner']);

const defined = (values: Record<string, Json | undefined>) =>
  Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as Record<string, Json>;

function movedConnector(connector: GivenConnector, from: ServerName, to: ServerName): GivenConnector {
  const settings = { ...connector.settings };
  for (const key of NAMED_FOR_HOST) {
    if (typeof settings[key] === 'string') settings[key] = replaced(settings[key], from.fqdn, to.fqdn);
  }
  const moved = (value: Json | undefined) => (typeof value === 'string' ? replaced(value, from.fqdn, to.fqdn) : value);
  const temporary = connector.temporary?.map((one) =>
    NAMED_FOR_HOST.has(one.Setting)
      ? { ...one, ...defined({ Value: moved(one.Value), Before: moved(one.Before) }) }
      : one,
  );
  return { ...connector, guid: undefined, name: replaced(connector.name, from.name, to.name), settings, temporary };
}

/** Replaces a whole name, not a part of a longer one, in any case. */
function replaced(text: string, from: string, to: string): string {
  if (from === '') return text;
  const escaped = from.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&');
  return text.replace(new RegExp(`(?<![\\w.-])${escaped}(?![\\w-]|\\.\\w)`, 'gi'), () => to);
}

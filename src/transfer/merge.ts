/** Putting a configuration into a document: merged into what is there, or in its place. */
import { defaultIn } from '../domain/catalogue.ts';
import { orderKeys, type StoredConnector, sameJson } from '../domain/connector.ts';
import { newGuid } from '../domain/guid.ts';
import type { Json } from '../domain/kind.ts';
import { SETTINGS, type Setting, type Site } from '../domain/settings.ts';
import { TRANSPORT_SETTINGS } from '../domain/transport.ts';
import type { StoreDocument } from '../store/document.ts';
import { sameText } from '../text/wildcard.ts';
import type { Configuration, GivenConnector, GivenItem } from './configuration.ts';
import type { Path } from './source.ts';

/**
 * merge: settings in the file are set, all else stays. replace: every section in the file becomes as in the file; what a
 * section does not name is removed or goes to its default. Sections the file does not have stay in both.
 */
export type Mode = 'merge' | 'replace';

/** GUIDs for new objects, by what they are; kept by the caller so that a repeated import gives the same ones. */
export type Guids = Map<string, string>;

export interface Merged {
  readonly document: StoreDocument;
  /** Where in the file each connector of the document came from, by Guid. */
  readonly origins: ReadonlyMap<string, Path>;
  /** Users in the file that are new and have no password there. */
  readonly withoutPassword: readonly string[];
}

/** @param byGuid an object of the file is that of the store with its GUID, even under another name: it is renamed */
export function merged(
  base: StoreDocument,
  given: Configuration,
  mode: Mode,
  now: string,
  guids: Guids,
  byGuid = false,
): Merged {
  const origins = new Map<string, Path>();
  const withoutPassword: string[] = [];
  const site: Site = { server: base.server.name, fqdn: base.server.fqdn };
  let document = base;
  if (given.connectors) {
    const connectors = placed(base.connectors, given.connectors, mode, byGuid, (item, old) => {
      const next = connectorFrom(item, old, mode, site, now, guids);
      origins.set(next.Guid, item.path);
      return next;
    });
    document = { ...document, connectors };
  }
  if (given.acceptedDomains) {
    const acceptedDomains = placed(base.acceptedDomains, given.acceptedDomains, mode, byGuid, (item, old) =>
      itemFrom(item, old, mode, now, guids),
    );
    document = { ...document, acceptedDomains };
  }
  if (given.users) {
    const users = placed(base.users, given.users, mode, byGuid, (item, old) => {
      if (!old && item.values.PasswordHash === undefined) withoutPassword.push(item.name);
      return itemFrom(item, old, 'merge', now, guids);
    });
    document = { ...document, users: users.filter((u) => u.PasswordHash !== undefined) };
  }
  if (given.transport) {
    const kept = mode === 'merge' ? base.transport : {};
    const transport = sparse({ ...kept, ...given.transport }, TRANSPORT_SETTINGS, site);
    document = { ...document, transport: sameJson(transport, base.transport) ? base.transport : transport };
  }
  return { document, origins, withoutPassword };
}

type Named = { readonly Name: string; readonly Guid: string };

/**
 * The list with the given ones in it: known by name, with `byGuid` by Guid first; new ones at the end, or all in the file's order.
 * A new one whose Guid another has that stays gets a Guid of its own.
 */
function placed<T extends Named, G extends { readonly name: string; readonly guid: string | undefined }>(
  list: readonly T[],
  given: readonly G[],
  mode: Mode,
  byGuids: boolean,
  make: (given: G, old: T | undefined) => T,
): readonly T[] {
  const byGuid = new Map(list.map((item) => [item.Guid.toLowerCase(), item]));
  const byName = new Map(list.map((item) => [item.Name.toLowerCase(), item]));
  const next = new Map<string, T>();
  const fresh: T[] = [];
  const names = new Set(given.map((item) => item.name.toLowerCase()));
  const stays = (guid: string) => {
    const holder = byGuid.get(guid.toLowerCase());
    return holder !== undefined && (mode === 'merge' || names.has(holder.Name.toLowerCase()));
  };
  for (const item of given) {
    const old =
      (byGuids && item.guid && byGuid.get(item.guid.toLowerCase())) ||
      byName.get(item.name.toLowerCase()) ||
      list.find((candidate) => sameText(candidate.Name, item.name));
    const taken = !old && item.guid !== undefined && stays(item.guid);
    const made = make(taken ? { ...item, guid: undefined } : item, old || undefined);
    if (old) next.set(old.Guid, made);
    if (!old || mode === 'replace') fresh.push(made);
  }
  if (mode === 'replace')
    return fresh.length === list.length && fresh.every((item, i) => item === list[i]) ? list : fresh;
  const kept = list.map((item) => next.get(item.Guid) ?? item);
  return fresh.length || kept.some((item, i) => item !== list[i]) ? [...kept, ...fresh] : list;
}

function guidFor(what: string, wanted: string | undefined, guids: Guids): string {
  const guid = wanted ?? guids.get(what) ?? newGuid();
  guids.set(what, guid);
  return guid;
}

function connectorFrom(
  given: GivenConnector,
  old: StoredConnector | undefined,
  mode: Mode,
  site: Site,
  now: string,
  guids: Guids,
): StoredConnector {
  const made = { WhenCreated: old?.WhenCreated ?? now, WhenChanged: old?.WhenChanged ?? now };
  const Guid = old?.Guid ?? guidFor(`connector ${given.name.toLowerCase()}`, given.guid, guids);
  const grants = given.grants ?? (mode === 'merge' ? old?.Grants : undefined);
  const settings = sparse({ ...(mode === 'merge' ? old : {}), ...given.settings }, SETTINGS, site);
  const next = orderKeys({
    ...settings,
    ...made,
    Name: given.name,
    Guid,
    ...(grants?.length ? { Grants: grants } : { Grants: undefined }),
  });
  if (next.Grants === undefined) delete next.Grants;
  if (old && sameJson(orderKeys(old), next)) return old;
  return { ...next, WhenChanged: now } as StoredConnector;
}

/** Without what equals its default. */
function sparse(
  values: Readonly<Record<string, unknown>>,
  catalogue: Readonly<Record<string, Setting>>,
  site: Site,
): Record<string, Json> {
  const kept: Record<string, Json> = {};
  for (const [name, setting] of Object.entries(catalogue)) {
    const value = values[name] as Json | undefined;
    if (value !== undefined && !sameJson(value, setting.kind.store(defaultIn(setting, site)))) kept[name] = value;
  }
  return kept;
}

function itemFrom<T extends Named & { readonly WhenChanged: string }>(
  given: GivenItem,
  old: T | undefined,
  mode: Mode,
  now: string,
  guids: Guids,
): T {
  const Guid = old?.Guid ?? guidFor(`item ${given.name.toLowerCase()}`, given.guid, guids);
  const values: Record<string, unknown> = { ...(mode === 'merge' ? old : {}), ...given.values, Name: given.name, Guid };
  const same =
    old &&
    Object.keys({ ...values, ...old }).every((k) => k === 'WhenChanged' || sameJson(values[k], old[k as keyof T]));
  return same ? old : ({ ...values, WhenChanged: now } as T);
}

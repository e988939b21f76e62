/** Putting a configuration into a document: merged into what is there, or in its place. */
import { defaultIn } from '../domain/catalogue.ts';
import { orderKeys, type StoredConnector, sameJson } from '../domain/connector.ts';
import { newGuid } from '../domain/guid.ts';
import type { Json } from '../domain/kind.ts';
import type { Servers } from '../domain/servers.ts';
import type { Setting, Site } from '../domain/setting.ts';
import { SETTINGS, type SettingName } from '../domain/settings.ts';
import { type TemporarySetting, temporaryOf } from '../domain/temporary.ts';
import { TRANSPORT_SETTINGS } from '../domain/transport-settings.ts';
import { type StoreDocument, serversOf } from '../store/document.ts';
import { Draft } from '../store/draft.ts';
import { foldText, sameText } from '../text/wildcard.ts';
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
  /** What the file has another value for than holds now, for that is temporary: the file's is what it will be. */
  readonly waiting: readonly Waiting[];
}

interface Waiting {
  readonly connector: string;
  readonly temporary: TemporarySetting;
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
  const waiting: Waiting[] = [];
  let document = withServers(base, given, mode);
  const servers = serversOf(document);
  const target = new TargetServers(servers, given);
  if (given.connectors) {
    const site = (server: string) => servers.of({ Server: server });
    const key = (server: string, name: string) => foldText(`${server}\\${name}`);
    const touched = given.servers ? undefined : target.touched;
    const connectors = placed(
      document.connectors,
      given.connectors,
      mode,
      byGuid,
      (item, old) => {
        const next = connectorFrom(item, old, mode, site(target.of(item)), servers, now, guids, waiting);
        origins.set(next.Guid, item.path);
        return next;
      },
      {
        ofItem: (item) => key(servers.of(item).server, item.Name),
        ofGiven: (item) => key(target.of(item), item.name),
        // a file of some servers says nothing about the connectors of the others
        inScope: (item) => !touched || touched.has(foldText(servers.of(item).server)),
      },
    );
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
  const draft = new Draft(document);
  const putTransport = (server: string, settings: Readonly<Record<string, Json>> | undefined) => {
    if (!settings) return;
    const site = servers.of({ Server: server });
    const before = draft.transportOf(site);
    const after = sparse({ ...(mode === 'merge' ? before : {}), ...settings }, TRANSPORT_SETTINGS, site);
    if (!sameJson(after, before)) draft.putTransport(site, after);
  };
  putTransport(target.whole, given.transport);
  for (const { name, transport } of given.servers ?? []) putTransport(name, transport);
  document = draft.document;
  return { document, origins, withoutPassword, waiting };
}

type Named = { readonly Name: string; readonly Guid: string };

/** How the objects of a list are told apart by their names, and which of them a file speaks of. */
interface Keys<T, G> {
  ofItem(item: T): string;
  ofGiven(given: G): string;
  inScope(item: T): boolean;
}

/** Whose a file's connectors are. */
class TargetServers {
  /** Whose they are when they do not say: the file's server where it is one of ours, else this home's. */
  readonly whole: string;
  readonly #servers: Servers;
  readonly #given: Configuration;

  constructor(servers: Servers, given: Configuration) {
    this.#servers = servers;
    this.#given = given;
    const from = given.server?.name;
    this.whole = from !== undefined && servers.has(from) ? servers.of({ Server: from }).server : servers.own.server;
  }

  /** A list of connectors from elsewhere (rc get > file) may name servers that are none of ours: then they become this home's. */
  of({ server }: GivenConnector): string {
    if (server === undefined) return this.whole;
    if (this.#servers.has(server)) return this.#servers.of({ Server: server }).server;
    const isFileOwn = this.#given.server !== undefined && sameText(this.#given.server.name, server);
    return isFileOwn || !this.#given.servers ? this.whole : server;
  }

  /** The servers that the file has connectors of, folded; that of the file itself among them. */
  get touched(): ReadonlySet<string> {
    const own = this.#given.connectors?.every(({ server }) => server !== undefined) ? [] : [this.whole];
    const named = (this.#given.connectors ?? []).map((item) => this.of(item));
    return new Set([...(named.length ? [] : [this.whole]), ...own, ...named].map(foldText));
  }
}

/** The document with the file's servers: new ones come, known ones take its FQDN; `replace` takes away those that it does not name. */
function withServers(base: StoreDocument, given: Configuration, mode: Mode): StoreDocument {
  if (!given.servers) return base;
  const own = base.server.name;
  const wanted = [...given.servers, ...(given.server ? [given.server] : [])].filter(({ name }) => !sameText(name, own));
  const before = base.servers ?? [];
  const named = (list: readonly { readonly name: string }[], name: string) =>
    list.some((one) => sameText(one.name, name));
  const kept = before
    .filter(({ name }) => mode === 'merge' || named(wanted, name))
    .map((one) => {
      const { fqdn } = wanted.find(({ name }) => sameText(name, one.name)) ?? one;
      return fqdn === one.fqdn ? one : { ...one, fqdn };
    });
  const fresh = wanted.filter(({ name }) => !named(before, name)).map(({ name, fqdn }) => ({ name, fqdn }));
  const servers = [...kept, ...fresh];
  const same = servers.length === before.length && servers.every((one, i) => one === before[i]);
  return same ? base : { ...base, servers };
}

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
  { ofItem, ofGiven, inScope }: Keys<T, G> = {
    ofItem: ({ Name }) => foldText(Name),
    ofGiven: ({ name }) => foldText(name),
    inScope: () => true,
  },
): readonly T[] {
  const byGuid = new Map(list.map((item) => [item.Guid.toLowerCase(), item]));
  const byName = new Map(list.map((item) => [ofItem(item), item]));
  const next = new Map<string, T>();
  const fresh: T[] = [];
  const names = new Set(given.map(ofGiven));
  const stays = (guid: string) => {
    const holder = byGuid.get(guid.toLowerCase());
    return holder !== undefined && (mode === 'merge' || !inScope(holder) || names.has(ofItem(holder)));
  };
  for (const item of given) {
    const old = (byGuids && item.guid && byGuid.get(item.guid.toLowerCase())) || byName.get(ofGiven(item));
    const taken = !old && item.guid !== undefined && stays(item.guid);
    const made = make(taken ? { ...item, guid: undefined } : item, old || undefined);
    if (old) next.set(old.Guid, made);
    if (!old || mode === 'replace') fresh.push(made);
  }
  if (mode === 'replace') {
    const scope = list.filter(inScope);
    if (fresh.length === scope.length && fresh.every((item, i) => item === scope[i])) return list;
    // What the file says nothing about stays where it stands. So does what it keeps in order, with new ones behind.
    const stay = scope.flatMap((item) => next.get(item.Guid) ?? []);
    const added = fresh.slice(stay.length);
    if (stay.every((item, i) => item === fresh[i]))
      return [...list.flatMap((item) => (inScope(item) ? (next.get(item.Guid) ?? []) : [item])), ...added];
    const queue = [...fresh];
    const placedAt = list.flatMap((item) => (inScope(item) ? queue.splice(0, 1) : [item]));
    return [...placedAt, ...queue];
  }
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
  servers: Servers,
  now: string,
  guids: Guids,
  waiting: Waiting[],
): StoredConnector {
  const made = { WhenCreated: old?.WhenCreated ?? now, WhenChanged: old?.WhenChanged ?? now };
  const Guid = old?.Guid ?? guidFor(`connector ${foldText(`${site.server}\\${given.name}`)}`, given.guid, guids);
  const grants = given.grants ?? (mode === 'merge' ? old?.Grants : undefined);
  const wanted = { ...(mode === 'merge' ? old : {}), ...given.settings };
  const temporary = withEnds(given, old, mode, site, wanted, Date.parse(now));
  const settings = sparse(wanted, SETTINGS, site);
  const overrides = given.overrides
    ? given.overrides.filter(({ Until }) => Until === undefined || Date.parse(Until) > Date.parse(now))
    : mode === 'merge'
      ? old?.Overrides
      : undefined;
  if (old && !given.temporary)
    for (const one of temporary)
      if (one.Setting in given.settings) waiting.push({ connector: given.name, temporary: one });
  const next = orderKeys({
    ...settings,
    ...(temporary.length ? { Temporary: temporary } : {}),
    ...(overrides?.length ? { Overrides: overrides } : {}),
    ...made,
    Name: given.name,
    Guid,
    ...(servers.isOwn({ Server: site.server }) ? {} : { Server: site.server }),
    ...(grants?.length ? { Grants: grants } : { Grants: undefined }),
  });
  if (next.Grants === undefined) delete next.Grants;
  if (old && sameJson(orderKeys(old), next)) return old;
  return { ...next, WhenChanged: now } as StoredConnector;
}

/**
 * What is temporary afterwards; `wanted` gets the values of that. A file with ends in it brings them along, as far as they are to
 * come. One without says what is to last: what is temporary now stays so while its value before is the file's.
 */
function withEnds(
  given: GivenConnector,
  old: StoredConnector | undefined,
  mode: Mode,
  site: Site,
  wanted: Record<string, unknown>,
  now: number,
): readonly TemporarySetting[] {
  const shown = (name: SettingName, value: Json | undefined) =>
    value ?? SETTINGS[name].kind.store(defaultIn(SETTINGS[name], site));
  const running = old ? temporaryOf(old) : [];
  if (given.temporary) {
    const come = given.temporary.filter(({ Setting, Value }) =>
      sameJson(shown(Setting, Value), shown(Setting, wanted[Setting] as Json)),
    );
    for (const { Setting, Until, Before } of come)
      if (Date.parse(Until) <= now) wanted[Setting] = shown(Setting, Before);
    const others = mode === 'merge' ? running.filter(({ Setting }) => !(Setting in given.settings)) : [];
    return [...others, ...come.filter(({ Until }) => Date.parse(Until) > now)];
  }
  return running.filter(({ Setting, Before, Value }) => {
    if (mode === 'merge' && !(Setting in given.settings)) return true;
    if (!sameJson(shown(Setting, wanted[Setting] as Json), shown(Setting, Before))) return false;
    wanted[Setting] = shown(Setting, Value);
    return true;
  });
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

/**
 * What differs between two documents, object by object and setting by setting, in a form that can be applied forwards and
 * backwards. One such list is what a line of the history holds. Dates of change are left out: they follow from the line.
 */
import { orderKeys, sameJson } from '../domain/connector.ts';
import type { Json } from '../domain/kind.ts';
import type { Servers } from '../domain/servers.ts';
import { sameText } from '../text/wildcard.ts';
import { type StoreDocument, type StoredPeer, serversOf } from './document.ts';
import { fingerprint, isSecret } from './secrets.ts';

/** Before and after of one setting; one that is missing was or is at its default. */
export interface SettingChange {
  readonly from?: Json;
  readonly to?: Json;
}

export type ObjectKind = 'ReceiveConnector' | 'AcceptedDomain' | 'SmtpUser' | 'Server' | 'TransportService';

export interface ObjectChange {
  readonly kind: ObjectKind;
  /** Its name after the change; before it, when it was removed. */
  readonly name: string;
  readonly guid?: string;
  /** Another server that it belongs to, or is; this home's own when it is not said. */
  readonly server?: string;
  readonly change: 'new' | 'set' | 'removed' | 'order';
  /** Its place in the list, for 'new' and 'removed'. */
  readonly at?: number;
  readonly settings: Readonly<Record<string, SettingChange>>;
}

type Named = Readonly<Record<string, unknown>> & { readonly Guid: string; readonly Name: string };

const LISTS = [
  ['ReceiveConnector', 'connectors'],
  ['AcceptedDomain', 'acceptedDomains'],
  ['SmtpUser', 'users'],
] as const;
const SINGLES = [
  ['Server', 'server'],
  ['TransportService', 'transport'],
] as const;

/** Not part of a change: it says when one was made. */
const DATES = new Set(['WhenChanged']);

export function difference(before: StoreDocument, after: StoreDocument): ObjectChange[] {
  const changes: ObjectChange[] = [];
  for (const [kind, key] of SINGLES) {
    const settings = settingsBetween(record(before[key]), record(after[key]));
    if (settings) changes.push({ kind, name: after.server.name, change: 'set', settings });
  }
  if (before.servers !== after.servers) changes.push(...serversDifference(before.servers ?? [], after.servers ?? []));
  const [was, is] = [serversOf(before), serversOf(after)];
  const whose = (item: Named, servers: Servers) => {
    const { Server } = item as { readonly Server?: string };
    return Server === undefined || servers.isOwn({ Server }) ? undefined : servers.of({ Server }).server;
  };
  for (const [kind, key] of LISTS) {
    if (before[key] === after[key]) continue;
    const found = listDifference(kind, named(before[key]), named(after[key]));
    changes.push(
      ...found.map(([change, item]) => {
        const server = item && whose(item, change.change === 'removed' ? was : is);
        return server === undefined ? change : { ...change, server };
      }),
    );
  }
  return changes;
}

const record = (value: unknown) => value as Readonly<Record<string, unknown>>;
const named = (list: unknown) => list as readonly Named[];

function settingsBetween(
  before: Readonly<Record<string, unknown>>,
  after: Readonly<Record<string, unknown>>,
): Record<string, SettingChange> | undefined {
  if (before === after) return undefined;
  const settings: Record<string, SettingChange> = {};
  let some = false;
  for (const key of new Set([...Object.keys(before), ...Object.keys(after)])) {
    if (DATES.has(key) || key === '__proto__') continue;
    const from = shown(key, before[key]);
    const to = shown(key, after[key]);
    if (from === undefined ? to === undefined : to !== undefined && sameJson(from, to)) continue;
    settings[key] = { ...(from === undefined ? {} : { from }), ...(to === undefined ? {} : { to }) };
    some = true;
  }
  return some ? settings : undefined;
}

function shown(key: string, value: unknown): Json | undefined {
  if (value === undefined) return undefined;
  return isSecret(key) && value !== '' && value !== null ? fingerprint(value) : (value as Json);
}

const NOTHING = {};

/** Changes of a list, each with the object as it is after it (before it, when it was removed). */
function listDifference(
  kind: ObjectKind,
  before: readonly Named[],
  after: readonly Named[],
): (readonly [ObjectChange, Named?])[] {
  const changes: (readonly [ObjectChange, Named?])[] = [];
  // The usual change touches one object of many and keeps the others as they are, in place.
  if (before.length === after.length && before.every((old, i) => old.Guid === after[i]!.Guid)) {
    before.forEach((old, i) => {
      const item = after[i]!;
      const settings = settingsBetween(old, item);
      if (settings) changes.push([{ kind, name: item.Name, guid: old.Guid, change: 'set', settings }, item]);
    });
    return changes;
  }
  const old = new Map(before.map((item) => [item.Guid, item]));
  const now = new Map(after.map((item) => [item.Guid, item]));
  before.forEach((item, at) => {
    if (now.has(item.Guid)) return;
    const settings = settingsBetween(item, NOTHING) ?? {};
    changes.push([{ kind, name: item.Name, guid: item.Guid, change: 'removed', at, settings }, item]);
  });
  after.forEach((item, at) => {
    const was = old.get(item.Guid);
    const settings = settingsBetween(was ?? NOTHING, item);
    const about = { kind, name: item.Name, guid: item.Guid };
    if (!was) changes.push([{ ...about, change: 'new', at, settings: settings ?? {} }, item]);
    else if (settings) changes.push([{ ...about, change: 'set', settings }, item]);
  });
  const from = before.filter((item) => now.has(item.Guid)).map((item) => item.Guid);
  const to = after.filter((item) => old.has(item.Guid)).map((item) => item.Guid);
  if (!sameJson(from, to)) {
    const order = { from: before.map((item) => item.Guid), to: after.map((item) => item.Guid) };
    changes.push([{ kind, name: '', change: 'order', settings: { order } }]);
  }
  return changes;
}

/** Other servers, known by their names; what is new or gone brings or takes its transport settings along. */
function serversDifference(before: readonly StoredPeer[], after: readonly StoredPeer[]): ObjectChange[] {
  const changes: ObjectChange[] = [];
  const find = (list: readonly StoredPeer[], name: string) => list.find((one) => sameText(one.name, name));
  const put = (kind: ObjectKind, name: string, change: ObjectChange['change'], settings: ObjectChange['settings']) =>
    changes.push({ kind, name, server: name, change, settings });
  const own = ({ fqdn }: StoredPeer) => ({ fqdn });
  for (const one of before)
    if (!find(after, one.name)) {
      const transport = settingsBetween(one.transport ?? NOTHING, NOTHING);
      if (transport) put('TransportService', one.name, 'set', transport);
      put('Server', one.name, 'removed', settingsBetween(own(one), NOTHING) ?? {});
    }
  for (const one of after) {
    const was = find(before, one.name);
    const settings = settingsBetween(was ? own(was) : NOTHING, own(one));
    if (!was) put('Server', one.name, 'new', settings ?? {});
    else if (settings) put('Server', one.name, 'set', settings);
    const transport = settingsBetween(was?.transport ?? NOTHING, one.transport ?? NOTHING);
    if (transport) put('TransportService', one.name, 'set', transport);
  }
  return changes;
}

/** The same change the other way round. */
export function reversed(changes: readonly ObjectChange[]): ObjectChange[] {
  return changes.map((c): ObjectChange => {
    const settings = Object.fromEntries(
      Object.entries(c.settings).map(([key, { from, to }]) => [
        key,
        { ...(to === undefined ? {} : { from: to }), ...(from === undefined ? {} : { to: from }) },
      ]),
    );
    const change = c.change === 'new' ? 'removed' : c.change === 'removed' ? 'new' : c.change;
    const name = c.change === 'set' && typeof c.settings.Name?.from === 'string' ? c.settings.Name.from : c.name;
    return { ...c, change, name, settings };
  });
}

/** The document with the changes made; what they say was before is not looked at. Secrets stay fingerprints. */
export function applied(document: StoreDocument, changes: readonly ObjectChange[]): StoreDocument {
  let next = document;
  for (const [kind, key] of SINGLES) {
    for (const c of changes)
      if (c.kind === kind && c.server === undefined) next = { ...next, [key]: withSettings(record(next[key]), c) };
  }
  const others = changes.filter((c) => c.server !== undefined && c.kind !== 'ReceiveConnector');
  if (others.length) {
    const servers = appliedToServers(next.servers ?? [], others);
    const { servers: _, ...rest } = next;
    next = servers.length ? { ...next, servers } : rest;
  }
  for (const [kind, key] of LISTS) {
    const ours = changes.filter((c) => c.kind === kind);
    if (ours.length) next = { ...next, [key]: appliedToList(kind, named(next[key]), ours) };
  }
  return next;
}

function appliedToList(kind: ObjectKind, list: readonly Named[], changes: readonly ObjectChange[]): readonly Named[] {
  const of = (change: ObjectChange['change']) => changes.filter((c) => c.change === change);
  const removed = new Set(of('removed').map((c) => c.guid));
  const set = new Map(of('set').map((c) => [c.guid, c]));
  let next = list
    .filter((item) => !removed.has(item.Guid))
    .map((item) => {
      const change = set.get(item.Guid);
      return change ? ordered(kind, withSettings(item, change)) : item;
    });
  for (const c of of('new').sort((a, b) => (a.at ?? Infinity) - (b.at ?? Infinity)))
    next = next.toSpliced(c.at ?? next.length, 0, ordered(kind, withSettings({}, c)));
  for (const c of of('order')) {
    const rank = new Map((c.settings.order?.to as string[] | undefined)?.map((guid, i) => [guid, i]));
    next = [...next].sort((a, b) => (rank.get(a.Guid) ?? Infinity) - (rank.get(b.Guid) ?? Infinity));
  }
  return next;
}

/** Servers that come go to the end, as where one stands means nothing. */
function appliedToServers(servers: readonly StoredPeer[], changes: readonly ObjectChange[]): readonly StoredPeer[] {
  let next = servers;
  for (const change of [...changes].sort((a, b) => rank(a) - rank(b))) {
    const name = change.server!;
    const at = next.findIndex((one) => sameText(one.name, name));
    const { transport = {}, ...server } = next[at] ?? { name, fqdn: '' };
    const made: StoredPeer =
      change.kind === 'Server'
        ? { name, fqdn: server.fqdn, ...withSettings(server, change), transport }
        : { ...server, transport: withSettings(transport, change) };
    const { transport: settings, ...bare } = made;
    const one = Object.keys(settings ?? {}).length ? made : bare;
    if (change.kind === 'Server' && change.change === 'removed') next = next.filter((_, i) => i !== at);
    else if (at >= 0) next = next.with(at, one);
    else if (change.kind === 'Server') next = [...next, one];
  }
  return next;
}

/** A server is there before its settings. */
function rank({ kind, change }: ObjectChange): number {
  return kind === 'Server' && change === 'new' ? 0 : kind === 'Server' && change === 'removed' ? 2 : 1;
}

function withSettings(item: Readonly<Record<string, unknown>>, change: ObjectChange): Record<string, unknown> {
  const next: Record<string, unknown> = { ...item };
  for (const [key, { to }] of Object.entries(change.settings)) {
    if (key === '__proto__') continue;
    if (to === undefined) delete next[key];
    else next[key] = to;
  }
  return next;
}

/** A connector made again from its history was changed when it was made, until somebody says otherwise. */
function ordered(kind: ObjectKind, item: Record<string, unknown>): Named {
  const dated = item.WhenChanged === undefined ? { ...item, WhenChanged: item.WhenCreated ?? '' } : item;
  return (kind === 'ReceiveConnector' ? orderKeys(dated) : dated) as Named;
}

/**
 * Taking a change back: what it changed goes back to what it was, and nothing else. A setting that was changed again since
 * is a conflict. Lists are taken back element by element, so an address added later stays.
 */
import { sameJson } from '../domain/connector.ts';
import type { Json } from '../domain/kind.ts';
import { applied, difference, type ObjectChange, reversed } from '../store/difference.ts';
import { NOTHING, type StoreDocument } from '../store/document.ts';
import type { HistoryEntry } from '../store/history-entry.ts';
import { isFingerprint } from '../store/secrets.ts';
import { foldText, sameText } from '../text/wildcard.ts';

/** A setting (or object) that cannot go back without losing a later change, or at all. */
export interface Conflict {
  readonly name: string;
  readonly setting: string;
  /** As a sentence's end: `was changed again since, from 30 to 50`. */
  readonly why: string;
  /** Nothing brings it back: a secret is not in the history. */
  readonly final: boolean;
}

interface Undoing {
  readonly document: StoreDocument;
  readonly conflicts: readonly Conflict[];
}

type Item = Readonly<Record<string, unknown>> & { readonly Guid?: string };

/** The document with the entry's changes taken back; conflicting settings go back all the same, and are told. */
export function undone(document: StoreDocument, entry: HistoryEntry): Undoing {
  const conflicts: Conflict[] = [];
  const back: ObjectChange[] = [];
  for (const change of reversed(entry.changes)) {
    const current = find(document, change);
    const conflict = (setting: string, why: string, final = false) =>
      conflicts.push({ name: change.name, setting, why, final });
    if (change.change === 'new') {
      if (current) conflict('', 'is there again');
      else back.push(withoutSecrets(change, conflict));
    } else if (change.change === 'removed') {
      if (!current) continue; // gone already
      for (const [key, { from }] of Object.entries(change.settings))
        if (!same(key, current[key], from)) conflict(key, 'was changed since it was made');
      for (const key of Object.keys(current))
        if (!(key in change.settings) && key !== 'WhenChanged') conflict(key, 'was changed since it was made');
      back.push(change);
    } else if (change.change === 'order') back.push(change);
    else if (!current) conflict('', 'was removed since');
    else back.push(setBack(change, current, conflict));
  }
  return { document: applied(document, back), conflicts };
}

function setBack(
  change: ObjectChange,
  current: Item,
  conflict: (setting: string, why: string, final?: boolean) => void,
): ObjectChange {
  const settings: Record<string, { from?: Json; to?: Json }> = {};
  // In the reversed change `from` is what the entry made of it, and `to` what it was before.
  for (const [key, { from, to }] of Object.entries(change.settings)) {
    const now = current[key] as Json | undefined;
    if (isFingerprint(to)) {
      conflict(key, 'is a secret, which the history does not keep; set it anew', true);
      continue;
    }
    if (same(key, now, from)) settings[key] = { ...(to === undefined ? {} : { to }) };
    else if (same(key, now, to))
      continue; // back already
    else if (Array.isArray(now) && Array.isArray(from) && Array.isArray(to)) {
      settings[key] = { to: elementwise(now, from, to) };
    } else {
      conflict(key, `was changed again since, to ${JSON.stringify(now ?? 'its default')}`);
      settings[key] = { ...(to === undefined ? {} : { to }) };
    }
  }
  return { ...change, settings };
}

/** What the change added goes, what it removed comes back, what came later stays. */
function elementwise(now: readonly Json[], from: readonly Json[], to: readonly Json[]): Json {
  const has = (list: readonly Json[], item: Json) => list.some((other) => sameJson(other, item));
  const kept = now.filter((item) => has(to, item) || !has(from, item));
  return [...kept, ...to.filter((item) => !has(from, item) && !has(kept, item))];
}

function withoutSecrets(
  change: ObjectChange,
  conflict: (setting: string, why: string, final?: boolean) => void,
): ObjectChange {
  for (const [key, { to }] of Object.entries(change.settings))
    if (isFingerprint(to)) conflict(key, 'is a secret, which the history does not keep; make the object anew', true);
  return change;
}

function same(key: string, now: unknown, then: Json | undefined): boolean {
  if (isFingerprint(then)) return difference(holding(key, now), holding(key, then)).length === 0;
  return now === undefined || then === undefined ? now === then : sameJson(now, then);
}

/** A document that holds one value, to compare secrets as the history does. */
function holding(key: string, value: unknown): StoreDocument {
  return { ...NOTHING, transport: { [key]: value } };
}

const LIST_OF = { ReceiveConnector: 'connectors', AcceptedDomain: 'acceptedDomains', SmtpUser: 'users' } as const;

function find(document: StoreDocument, change: ObjectChange): Item | undefined {
  if (change.kind === 'Server' || change.kind === 'TransportService') return serverPart(document, change);
  return (document[LIST_OF[change.kind]] as readonly Item[]).find((item) => item.Guid === change.guid);
}

/** A server without its name, by which it is found, or its transport settings. */
function serverPart(document: StoreDocument, { kind, server }: ObjectChange): Item | undefined {
  if (server === undefined) return (kind === 'Server' ? document.server : document.transport) as Item;
  const found = document.servers?.find((one) => sameText(one.name, server));
  if (!found || kind === 'TransportService') return found?.transport ?? (found && {});
  const { fqdn } = found;
  return { fqdn };
}

/**
 * The newest change that can be taken back: not one that takes back another, and not one taken back already. So undoing
 * again and again goes further and further back.
 * @param entries from the newest to the oldest
 * @param serverOf the server that a change is about
 * @param concerns of a change only these parts are to go back; all when it is not said
 */
export function lastUndoable(
  entries: Iterable<HistoryEntry>,
  serverOf: (change: ObjectChange) => string,
  concerns: (change: ObjectChange) => boolean = () => true,
): HistoryEntry | undefined {
  const taken = new Set<number>();
  const takenOn = new Set<string>();
  const key = (generation: number, server: string) => `${generation} ${foldText(server)}`;
  for (const entry of entries) {
    if (entry.undoes !== undefined) {
      // An undo that was itself taken back counts for nothing.
      if (taken.has(entry.generation)) continue;
      for (const server of entry.undoesOn ?? []) takenOn.add(key(entry.undoes, server));
      if (!entry.undoesOn) taken.add(entry.undoes);
    } else if (
      !taken.has(entry.generation) &&
      entry.changes.some((change) => concerns(change) && !takenOn.has(key(entry.generation, serverOf(change))))
    )
      return entry;
  }
  return undefined;
}

/**
 * Taking a change back: what it changed goes back to what it was, and nothing else. A setting that was changed again since
 * is a conflict. Lists are taken back element by element, so an address added later stays.
 */
import { sameJson } from '../domain/connector.ts';
import { overridesEnded } from '../domain/ends.ts';
import type { Json } from '../domain/kind.ts';
import { type TemporarySetting, temporaryIn } from '../domain/temporary.ts';
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

/** Lists that are not there when nothing is in them. */
const EMPTY_LISTS: ReadonlySet<string> = new Set(['Grants', 'Temporary', 'Overrides']);

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
    else if ([now, from, to].every((one) => Array.isArray(one) || (one === undefined && EMPTY_LISTS.has(key)))) {
      const [is, was, wanted] = [now, from, to].map((one) => (one ?? []) as readonly Json[]);
      const back = elementwise(is!, was!, wanted!);
      settings[key] = EMPTY_LISTS.has(key) && !back.length ? {} : { to: back };
    } else {
      conflict(key, `was changed again since, to ${JSON.stringify(now ?? 'its default')}`);
      settings[key] = { ...(to === undefined ? {} : { to }) };
    }
  }
  return { ...change, settings };
}

/** What the change added goes, what it removed comes back, what came later stays. */
function elementwise(now: readonly Json[], from: readonly Json[], to: readonly Json[]): readonly Json[] {
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
 * The changes that can be taken back, the newest first: not one that takes back another, and not one taken back already, so that
 * undoing again and again goes further and further back; and not the end of what was temporary, which nobody made.
 * @param entries from the newest to the oldest
 * @param serverOf the server that a change is about
 * @param concerns of a change only these parts are to go back; all when it is not said
 */
export function* undoable(
  entries: Iterable<HistoryEntry>,
  serverOf: (change: ObjectChange) => string,
  concerns: (change: ObjectChange) => boolean = () => true,
): Generator<HistoryEntry> {
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
      !isEnd(entry) &&
      entry.changes.some((change) => concerns(change) && !takenOn.has(key(entry.generation, serverOf(change))))
    )
      yield entry;
  }
}

/** Did it only end what was temporary, at its time? */
export function isEnd({ changes, undoes, time }: HistoryEntry): boolean {
  const now = Date.parse(time);
  const isEndOf = ({ kind, change, settings }: ObjectChange) => {
    const gone = temporaryIn(settings.Temporary?.from).filter(
      (one) => !temporaryIn(settings.Temporary?.to).some(({ Setting }) => Setting === one.Setting),
    );
    return (
      kind === 'ReceiveConnector' &&
      change === 'set' &&
      (gone.length > 0 || settings.Overrides !== undefined) &&
      gone.every(({ Until }) => Date.parse(Until) <= now) &&
      Object.entries(settings).every(([key, { to }]) => {
        if (key === 'Temporary') return true;
        if (key === 'Overrides') return overridesEnded(settings.Overrides?.from, settings.Overrides?.to, now);
        return gone.some(({ Setting, Before }) => Setting === key && sameJson(Before, to));
      })
    );
  };
  return undoes === undefined && changes.length > 0 && changes.every(isEndOf);
}

/** Did it only set what was temporary, and is that over, so that nothing is left of it to take back? */
export function isOver({ changes }: HistoryEntry, document: StoreDocument): boolean {
  return (
    changes.length > 0 &&
    changes.every((change) => {
      const { Temporary, Overrides, ...settings } = change.settings;
      const current =
        change.change === 'set' && change.kind === 'ReceiveConnector' ? find(document, change) : undefined;
      if (!current || (!Temporary && !Overrides)) return false;
      const before = temporaryIn(Temporary?.from);
      const begun = temporaryIn(Temporary?.to).filter((one) => !before.some((other) => sameJson(one, other)));
      const gone = ({ Setting, Value }: TemporarySetting) => !sameJson(current[Setting], Value);
      const made = listOf(Overrides?.to).filter((one) => !listOf(Overrides?.from).some((was) => sameJson(was, one)));
      const still = made.some((one) => listOf(current.Overrides as Json).some((is) => sameJson(is, one)));
      return (
        begun.length + made.length > 0 &&
        !still &&
        made.every((one) => (one as { Until?: string }).Until !== undefined) &&
        begun.every(gone) &&
        Object.keys(settings).every((key) => begun.some(({ Setting }) => Setting === key))
      );
    })
  );
}

function listOf(list: Json | undefined): readonly Json[] {
  return Array.isArray(list) ? list : [];
}

/**
 * Ends what is temporary, when its time has come: as a change like any other, with a line of the history of its own. Who does it is
 * the running listener, and without one the next command that changes something, or `rc serve` when it starts.
 */
import { defaultIn } from '../domain/catalogue.ts';
import type { StoredConnector } from '../domain/connector.ts';
import { type Ended, ended, firstEnd } from '../domain/ends.ts';
import type { Json } from '../domain/kind.ts';
import { checkConnector } from '../domain/rules.ts';
import type { Site } from '../domain/setting.ts';
import { SETTINGS, type SettingName } from '../domain/settings.ts';
import { withoutOver } from '../domain/temporary.ts';
import { NOTHING, type StoreDocument } from './document.ts';
import type { Draft } from './draft.ts';

/** What begins the line of the history, before what ended. */
const ENDED_BY_ITSELF = 'ended by itself: ';

/** What ended, and of which connector. */
interface EndedOf {
  readonly connector: string;
  /** A setting or an override; one that is gone has no values. */
  readonly what: string;
  readonly value: string;
  readonly before: string;
}

export interface EndedNow {
  readonly ended: readonly EndedOf[];
  readonly stuck: readonly Stuck[];
}

/** What could not be put back, and why: rules that it would break as things are now. */
interface Stuck {
  readonly connector: string;
  readonly what: string;
  readonly why: string;
}

/** Is something due, or over by an edit of the file? */
export function hasEnds({ connectors }: Pick<StoreDocument, 'connectors'>, now: number): boolean {
  return connectors.some((stored) => firstEnd(stored) <= now || withoutOver(stored) !== stored);
}

/** Ends what is due in the draft, connector by connector. */
export function endDue(draft: Draft, now: Date): EndedNow {
  const stuck: Stuck[] = [];
  const all: EndedOf[] = [];
  const { document } = draft;
  for (const stored of document.connectors) {
    const { stored: next, ended: over } = ended(stored, now.getTime());
    if (!over.length) continue;
    const label = draft.label(stored);
    const before = draft.document;
    const why = put(draft, { ...next, WhenChanged: now.toISOString() }, before);
    if (why === undefined) {
      const site = draft.servers.of(stored);
      all.push(...over.map((one) => ({ connector: label, what: one.what, ...valuesOf(one, site) })));
    } else {
      draft.document = before;
      stuck.push({ connector: label, what: over.map(({ what }) => what).join(', '), why });
    }
  }
  draft.document = settled(NOTHING, draft.document);
  if (all.length) draft.command = `${ENDED_BY_ITSELF}${all.map(endedText).join('; ')}`;
  else if (draft.document !== document) draft.command = '(what was temporary is over: store.json edited by hand)';
  return { ended: all, stuck };
}

/** `Relay MaxInboundConnectionPerSource 100 → 20` */
function endedText({ connector, what, value, before }: EndedOf): string {
  return `${connector} ${what}${value === before ? '' : ` ${value} → ${before}`}`;
}

function valuesOf({ setting, value, before }: Ended, site: Site): { value: string; before: string } {
  if (!setting) return { value: String(value ?? ''), before: String(before ?? '') };
  return { value: temporaryText(setting, value, site), before: temporaryText(setting, before, site) };
}

/** A value as it is stored, in words; one that is not is its default. */
export function temporaryText(setting: SettingName, value: Json | undefined, site: Site): string {
  const known = value ?? SETTINGS[setting].kind.store(defaultIn(SETTINGS[setting], site));
  return Array.isArray(known) ? known.join(', ') : String(known);
}

function put(draft: Draft, next: StoredConnector, before: StoreDocument): string | undefined {
  const problems: string[] = [];
  const connector = draft.connector(next, (key, message) => problems.push(`${key}: ${message}`));
  if (!problems.length) for (const { path, message } of checkConnector(connector)) problems.push(`${path}: ${message}`);
  if (!problems.length) {
    draft.putConnector(next);
    for (const { message } of draft.clashes(before)) problems.push(message);
  }
  return problems.length ? problems.join('; ') : undefined;
}

/** The document without what a change by hand made an end of, wherever it was made: undone, imported, written into the file. */
export function settled(before: StoreDocument, after: StoreDocument): StoreDocument {
  if (before.connectors === after.connectors) return after;
  let some = false;
  const connectors = after.connectors.map((stored) => {
    const still = withoutOver(stored);
    some ||= still !== stored;
    return still;
  });
  return some ? { ...after, connectors } : after;
}

/**
 * What was: where the history stands against the store, and documents of earlier generations. Read under the lock, so that
 * no commit is caught between its history line and its store.
 */
import { readFileSync } from 'node:fs';
import { sameJson } from '../domain/connector.ts';
import { applied, difference, reversed } from './difference.ts';
import type { StoreDocument } from './document.ts';
import { type HistoryEntry, previousOf } from './history-entry.ts';
import type { Journal } from './journal.ts';
import type { Snapshot } from './snapshot.ts';
import type { Stamp } from './stamp.ts';
import { StoreError } from './store-error.ts';

/** Where the history stands when a change is about to be written. */
export interface Standing {
  /** Is there a store.json already? */
  readonly exists: boolean;
  /** The last generation there was, pending ones included. */
  readonly generation: number;
  /** Bytes of history.ndjson that count; what is beyond never happened. */
  readonly size: number;
  /** Bytes when the base was written. */
  readonly base: number;
  /** Edits by hand that are in the store and not yet in the history. */
  readonly pending: readonly HistoryEntry[];
}

export function standingOf(journal: Journal, now: Snapshot, stamp: Stamp | undefined): Standing {
  const actual = journal.size();
  if (stamp?.file === now.identity && actual >= stamp.journal) {
    return { exists: true, generation: stamp.generation, size: stamp.journal, base: stamp.base, pending: [] };
  }
  return editedStanding(journal, now, stamp, actual);
}

/** The store is not the file that rc wrote last, or nothing says so: compare its content with what the history leads to. */
function editedStanding(journal: Journal, now: Snapshot, stamp: Stamp | undefined, actual: number): Standing {
  const base = stamp?.base ?? 0;
  const confirmed = confirmedSize(journal, now, stamp, actual);
  const known = journal.known(confirmed);
  const last = Math.max(known?.generation ?? lastGeneration(journal, confirmed), stamp?.generation ?? 0);
  const changes = known ? difference(known.document, now.document) : [];
  const written = now.document.generation;
  if (known && !changes.length && written <= last)
    return { exists: true, generation: last, size: confirmed, base, pending: [] };
  // A store that came without any history is taken as it is, at its own generation.
  const adopted = !known && last === 0;
  // Generations only grow, also when somebody wrote a larger one into the file.
  const generation = Math.max(last + 1, written);
  const edit: HistoryEntry = {
    generation,
    ...(generation === last + 1 || adopted ? {} : { after: last }),
    time: new Date(now.changed.time).toISOString(),
    user: ownerName(now.changed.uid),
    command: known
      ? '(store.json edited by hand)'
      : `(store.json found ${adopted ? 'without a history' : 'changed'}; what it held before is not known)`,
    origin: known ? 'edit' : 'gap',
    changes,
  };
  return { exists: true, generation, size: confirmed, base: known ? base : confirmed, pending: [edit] };
}

/** A commit adds at most two lines: an edit by hand, and its own. Those of a later one stand only where they were confirmed. */
const LINES_OF_A_COMMIT = 2;

/**
 * How much of the history belongs to written generations, when the stamp is older than the store, or lost. A commit that was
 * killed before its stamp counts when its store made it into place: then its line, which may have lines of other killed
 * commits after it, leads to exactly what stands there.
 */
function confirmedSize(journal: Journal, now: Snapshot, stamp: Stamp | undefined, actual: number): number {
  const whole = journal.wholeLines(actual);
  const stamped = stamp ? journal.wholeLines(Math.min(stamp.journal, whole)) : undefined;
  if (stamped === whole) return whole;
  const { generation } = now.document;
  const size = journal.sizeWith(generation, whole);
  const mayBe =
    size !== undefined &&
    (stamped === undefined ? lastGeneration(journal, whole) - generation <= LINES_OF_A_COMMIT : size > stamped);
  if (mayBe) {
    const latest = journal.known(size);
    if (latest && !difference(latest.document, now.document).length) return size;
  }
  return stamped ?? whole;
}

function lastGeneration(journal: Journal, size: number): number {
  return journal.backwards(size).next().value?.generation ?? 0;
}

/** The file's owner: the best guess at who edited it. */
function ownerName(uid: number): string {
  try {
    const line = readFileSync('/etc/passwd', 'utf8')
      .split('\n')
      .find((l) => l.split(':')[2] === String(uid));
    if (line) return line.split(':')[0]!;
  } catch {}
  return `uid ${uid}`;
}

/** The history as it was at one moment. */
export interface Generations {
  /** The store's document now, an unrecorded edit by hand included. */
  readonly document: StoreDocument;
  /** The generation of that document; a pending edit counts as one. */
  readonly generation: number;
  /** An edit by hand that the next change will record. */
  readonly pending: readonly HistoryEntry[];
  /** Entries from the newest to the oldest. */
  entries(): Iterable<HistoryEntry>;
  /** The entry of a generation. @throws StoreError when it is not kept or never was */
  entry(generation: number): HistoryEntry;
  /** The document as it was at a generation; secrets are fingerprints. @throws StoreError when it cannot be told */
  documentAt(generation: number): StoreDocument;
  /** Does the history lead to the store as it is? (rc doctor) */
  agrees(): boolean;
}

export class GenerationsReader implements Generations {
  readonly document: StoreDocument;
  readonly generation: number;
  readonly pending: readonly HistoryEntry[];
  readonly #journal: Journal;
  readonly #size: number;
  readonly #kept: HistoryEntry[] = [];
  readonly #rest: Iterator<HistoryEntry>;

  constructor(journal: Journal, now: Snapshot, stamp: Stamp | undefined) {
    const standing = standingOf(journal, now, stamp);
    this.document = now.document;
    this.pending = standing.pending;
    this.#journal = journal;
    this.#size = standing.size;
    this.#kept.push(...[...standing.pending].reverse());
    this.#rest = this.#journal.backwards(this.#size);
    this.generation = Math.max(standing.generation, now.document.generation);
  }

  *entries(): Generator<HistoryEntry> {
    for (let i = 0; ; i++) {
      if (i === this.#kept.length) {
        const { value, done } = this.#rest.next();
        if (done) return;
        this.#kept.push(value);
      }
      yield this.#kept[i]!;
    }
  }

  entry(generation: number): HistoryEntry {
    for (const entry of this.entries()) {
      if (entry.generation === generation) return entry;
      if (entry.generation < generation) break;
    }
    throw this.#notKept(generation);
  }

  documentAt(generation: number): StoreDocument {
    if (generation === this.generation) return this.document;
    if (generation > this.generation) throw this.#notKept(generation);
    let document = this.document;
    let expected = this.generation;
    for (const entry of this.entries()) {
      if (entry.generation !== expected) throw this.#gap(generation, expected);
      if (entry.origin === 'gap' || entry.origin === 'first use') throw this.#gap(generation, expected, entry.origin);
      document = applied(document, reversed(entry.changes));
      expected = previousOf(entry);
      if (expected <= generation) {
        if (expected < generation) throw this.#notKept(generation);
        return { ...document, generation };
      }
    }
    throw this.#notKept(generation);
  }

  agrees(): boolean {
    const known = this.#journal.known(this.#size);
    return known !== undefined && sameJson(difference(known.document, this.document), this.pending[0]?.changes ?? []);
  }

  #notKept(generation: number): StoreError {
    let oldest = this.generation;
    for (const entry of this.entries()) oldest = entry.generation;
    return new StoreError(
      'missing',
      `There is no generation ${generation} in the history; it goes from ${oldest} to ${this.generation}. See: rc history`,
    );
  }

  #gap(generation: number, at: number, origin?: HistoryEntry['origin']): StoreError {
    return new StoreError(
      'missing',
      `Generation ${generation} cannot be told: ${origin === 'first use' ? 'the store begins with' : 'the history has a gap at'} generation ${at}.`,
    );
  }
}

/**
 * The store: read it, change it. A change is a transaction: functions that edit a draft. They run at once, so that a
 * mistake is told at once; at commit the lock is taken, the document read again and, if somebody else changed it
 * meanwhile, the functions run again on the new one. The lock is never held while a person is asked something.
 *
 * A commit, in order: new text to a temp file, fsync; line to the history, fsync; rename; fsync of the folder; stamp. A
 * crash at any point leaves the old store or the new one, and never a history that says something else (journal.ts).
 */
import { LowSync } from 'lowdb';
import { shellWord } from '../text/shell-word.ts';
import { StoreFile } from './adapter.ts';
import { type Author, authorOf } from './author.ts';
import { refuseClashes } from './clashes.ts';
import type { Committer } from './committer.ts';
import { difference } from './difference.ts';
import { laidOut, NOTHING, type StoreDocument } from './document.ts';
import { Draft } from './draft.ts';
import { type EndedNow, endDue, hasEnds, settled } from './ends.ts';
import { type Files, realFiles } from './files.ts';
import { firstDocument } from './first-use.ts';
import { type Generations, GenerationsReader, type Standing, standingOf } from './generations.ts';
import { type HistoryEntry, previousOf } from './history-entry.ts';
import type { Home } from './home.ts';
import { Journal } from './journal.ts';
import { linkedStore } from './linked-store.ts';
import { sleepSync, sweepClaims, withLock } from './lock.ts';
import { monotonicMs } from './monotonic.ts';
import { NotConfirmed, sweepTemporaries } from './replace-file.ts';
import { keepAside, type Restored, restoration } from './restore.ts';
import type { Snapshot } from './snapshot.ts';
import { identityOf, RULES, readStamp, type Stamp, writeStamp } from './stamp.ts';
import { StoreError } from './store-error.ts';
import { makeHomeOrSay, withStoreErrors } from './store-failures.ts';
import { type Change, Transaction } from './transaction.ts';
import { validate } from './validate.ts';

export type { Author } from './author.ts';

/** An editor that truncates and writes, or renames the old file away first, is given this long to finish. */
const EDITOR_PATIENCE_MS = 250;

export class Store {
  readonly journal: Journal;
  /** store.json as lowdb's: everything that is read of it and written to it goes through here. */
  readonly #db: LowSync<StoreDocument>;
  readonly #file: StoreFile;
  /** When a store is made where there is none. Only 'with a change' that succeeds: in a home named with --home (docs/decisions/0142). */
  made: 'at once' | 'with a change' = 'at once';
  /** The store that first use would make, for changes that are made on it before it is there. */
  #imagined: StoreDocument | undefined;
  /** Hears that first use made the store. */
  onMade: (home: Home) => void = () => {};
  /** Whom changes are agreed with; asked at each commit, for a home may join a fleet meanwhile. */
  committer: () => Committer | undefined = () => undefined;
  /** Brings what others have changed, where that does not come by itself; asked before a statement. @returns what to say when it could not */
  newest: (why: 'look' | 'change') => Promise<string | undefined> | undefined = () => undefined;

  constructor(
    readonly home: Home,
    readonly clock: () => Date = () => new Date(),
    readonly files: Files = realFiles,
  ) {
    this.journal = new Journal(home, files);
    this.#file = new StoreFile(home.store, files);
    this.#db = new LowSync(this.#file, NOTHING);
  }

  /** What first use makes. */
  first: (now: Date) => StoreDocument = firstDocument;

  /** Reads and validates the document; first use creates it. @throws StoreError */
  read(): StoreDocument {
    return this.snapshot().document;
  }

  /** The same, with its text. @throws StoreError */
  snapshot(): Snapshot {
    return withStoreErrors(this.home, () => this.#load(false));
  }

  /** `toChange`: where nothing is made by reading, the changes are made on the store that first use would make. @throws StoreError */
  begin(toChange = false): Transaction {
    if (toChange && this.made === 'with a change' && this.#isEmpty()) return new Transaction(this, this.#imagine());
    const now = this.snapshot();
    const ending = toChange && !this.committer() ? this.#ending(now) : undefined;
    ending?.commit(authorOf(process.env, ''));
    return new Transaction(this, ending ? this.snapshot() : now);
  }

  /**
   * Ends what is temporary and due, as a change of its own; in a fleet its engine is asked.
   * @param now milliseconds since 1970, for who knows the fleet's time; else the clock of the change decides @throws StoreError
   */
  async endDue(now?: number): Promise<EndedNow> {
    let result: EndedNow = { ended: [], stuck: [] };
    const transaction = this.#ending(this.snapshot(), now, (ended) => {
      result = ended;
    });
    const author = authorOf(process.env, '');
    if (transaction) await (transaction.commitTogether(author) ?? transaction.commit(author));
    return result;
  }

  /** The change that ends what is due; `undefined` when nothing is. */
  #ending(snapshot: Snapshot, given?: number, tell: (ended: EndedNow) => void = () => {}): Transaction | undefined {
    const now = given ?? this.clock().getTime();
    if (!hasEnds(snapshot.document, now)) return undefined;
    const transaction = new Transaction(this, snapshot);
    transaction.change((draft) => tell(endDue(draft, new Date(given ?? now + draft.aheadMs))));
    return transaction;
  }

  /** First use now, for a change that writes beside store.json. @throws StoreError */
  make(): void {
    this.made = 'at once';
    this.snapshot();
  }

  /** What was: the history as of now, an edit by hand that no command has recorded yet included. @throws StoreError */
  generations(): Generations {
    const look = () => new GenerationsReader(this.journal, this.#load(true), readStamp(this.home.stamp, this.files));
    try {
      this.snapshot(); // first use happens outside the lock
      return withStoreErrors(this.home, () => withLock(this.home.lock, look, this.files));
    } catch (error) {
      if (!(error instanceof StoreError) || error.code !== 'unwritable') throw error;
      return withStoreErrors(this.home, look); // a home that can only be read
    }
  }

  /** @internal Writes what the changes make of the document as it is now; returns it as written. */
  commit(base: Snapshot, after: Draft, changes: readonly Change[], author: Author): Snapshot {
    if (base.text === '') {
      refuseClashes(after, base.document);
      this.make(); // until now it was only imagined
    }
    return this.#locked((stillOurs) => {
      const now = this.#stillThere(base) ? base : this.#load(true);
      const same = now.text === base.text;
      const before = same ? base.document : now.document;
      let draft = after;
      if (!same) {
        draft = new Draft(before);
        for (const change of changes) change(draft);
      }
      draft.document = settled(before, draft.document);
      const next = draft.document;
      if (next === before) return now;
      refuseClashes(draft, before);
      const made = difference(before, next);
      if (!made.length) return now;
      const standing = standingOf(this.journal, { ...now, document: before }, readStamp(this.home.stamp, this.files));
      const generation = standing.generation + 1;
      const entry: HistoryEntry = {
        generation,
        time: this.clock().toISOString(),
        user: author.user,
        ...(author.sudoUser === undefined ? {} : { sudoUser: author.sudoUser }),
        command: draft.command ?? author.command,
        ...(draft.undoes === undefined ? {} : { undoes: draft.undoes }),
        ...(draft.undoesOn === undefined ? {} : { undoesOn: draft.undoesOn }),
        changes: made,
      };
      const [found] = standing.pending;
      // Where the history cannot lead to what is there, it starts anew from it.
      if (found?.origin === 'gap') this.journal.writeBase({ ...before, generation: found.generation });
      return this.#write({ ...next, generation }, standing, [...standing.pending, entry], stillOurs);
    });
  }

  /** @internal The store as it is, with an edit by hand that no command has recorded yet. @throws StoreError */
  standing(): Snapshot & Pick<Standing, 'generation' | 'pending'> {
    return this.#locked(() => {
      const now = this.#load(true);
      const { generation, pending } = standingOf(this.journal, now, readStamp(this.home.stamp, this.files));
      return { ...now, generation, pending };
    });
  }

  /**
   * @internal Writes a document that was agreed on elsewhere, over an edit by hand too.
   * @param entries lines of history that lead to it; none when only an edit is taken back
   * @param seen text of the store that it takes the place of
   * @returns `undefined` when the store is another by now, or as new already @throws StoreError
   */
  adopt(document: StoreDocument, entries: readonly HistoryEntry[], seen: string): Snapshot | undefined {
    return this.#locked((stillOurs) => {
      const now = this.#load(true);
      const standing = standingOf(this.journal, now, readStamp(this.home.stamp, this.files));
      const [edit] = standing.pending;
      const last = edit ? previousOf(edit) : standing.generation;
      if (now.text !== seen || document.generation < last || (document.generation === last && !edit)) return undefined;
      const [first, ...rest] = entries;
      const line = first && { ...first, ...(previousOf(first) === last ? {} : { after: last }) };
      if (edit?.origin === 'gap') this.journal.writeBase({ ...now.document, generation: last });
      return this.#write(document, standing, line ? [line, ...rest] : [], stillOurs);
    });
  }

  /**
   * Puts back what rc wrote last, when the store is gone or cannot be read. What stands there is kept beside it.
   * @throws StoreError when the store is well, or the history does not lead to a document
   */
  restore(author: Author): Restored {
    this.#refuseEmpty();
    makeHomeOrSay(this.home);
    return this.#locked((stillOurs) => {
      const { standing, document, entry, lostUsers } = restoration(this, author);
      const aside = keepAside(this);
      this.#write(document, standing, [entry], stillOurs);
      return { generation: document.generation, aside, lostUsers };
    });
  }

  #locked<T>(work: (stillOurs: () => boolean) => T): T {
    return withStoreErrors(this.home, () =>
      withLock(
        this.home.lock,
        (stillOurs) => {
          this.#sweep();
          return work(stillOurs);
        },
        this.files,
      ),
    );
  }

  /** What killed writers left. */
  #sweep(): void {
    const { store, stamp, base, history, lock } = this.home;
    sweepClaims(lock, sweepTemporaries([store, stamp, base, history], this.files), this.files);
    try {
      const target = linkedStore(store, 'read', this.files);
      if (target !== store) sweepTemporaries([target], this.files);
    } catch {} // a link that leads nowhere, or to where nobody may look: nothing of ours is there
  }

  #write(
    next: StoreDocument,
    standing: Standing,
    entries: readonly HistoryEntry[],
    stillOurs: () => boolean,
  ): Snapshot {
    const { journal } = this;
    const document = laidOut(next);
    const file = this.#file;
    file.text = standing.exists ? ' ' : ''; // there is a file whose write permission counts
    let { size } = standing;
    file.beforeRename = () => {
      if (!stillOurs())
        throw new StoreError('locked', 'The store’s lock was lost while changing it. Nothing was changed; try again.');
      if (journal.size() !== standing.size) journal.cut(standing.size);
      size = journal.append(entries, standing.size);
    };
    let unconfirmed: unknown;
    try {
      this.#db.data = document;
      this.#db.write();
    } catch (error) {
      if (!(error instanceof StoreError && error.code === 'unconfirmed')) {
        if (size !== standing.size) journal.cut(standing.size);
        throw error;
      }
      unconfirmed = error;
    }
    this.#settle(document, file, size, standing.base);
    if (unconfirmed) throw unconfirmed;
    return { document, text: file.text, identity: file.identity, changed: file.changed };
  }

  /** After a written store: the stamp, and once in a while a new base and a shorter history. Failing here loses nothing. */
  #settle(document: StoreDocument, file: StoreFile, size: number, base: number): void {
    const stamp: Stamp = {
      generation: document.generation,
      file: file.identity,
      rules: RULES,
      journal: size,
      base,
    };
    try {
      writeStamp(this.home.stamp, stamp, this.files);
      if (!this.journal.outgrown(size, base, file.text.length)) return;
      this.journal.writeBase(document);
      const trimmed = this.journal.trim(size);
      writeStamp(this.home.stamp, { ...stamp, journal: trimmed, base: trimmed }, this.files);
    } catch (error) {
      if (!(error instanceof NotConfirmed) && (error as NodeJS.ErrnoException).code === undefined) throw error;
    }
  }

  /** Reads and checks the store; a file in the middle of an editor's save is read again. */
  #load(haveLock: boolean): Snapshot {
    this.expectHome();
    makeHomeOrSay(this.home);
    const file = this.#file;
    const db = this.#db;
    db.data = NOTHING; // lowdb keeps its data where there is no file
    for (const begun = monotonicMs(); ; sleepSync(20)) {
      const late = monotonicMs() - begun > EDITOR_PATIENCE_MS;
      try {
        db.read();
        if (db.data !== NOTHING) return this.#checked(db.data);
        if (readStamp(this.home.stamp, this.files)) {
          if (late) throw this.#gone();
        } else if (haveLock) return this.#firstUse();
        else return this.#locked(() => this.#load(true));
      } catch (error) {
        const age = Date.now() - file.changed.time;
        const beingSaved = error instanceof StoreError && error.code === 'corrupt' && Math.abs(age) < 1000;
        if (!beingSaved || late) throw error;
      }
    }
  }

  /**
   * Is the store the very file that was read before? Then it need not be read again. A file changed in the last moments is:
   * two changes within one tick of the file system's clock have one time.
   */
  #stillThere(base: Snapshot): boolean {
    try {
      const stat = this.files.statSync(this.home.store, { bigint: true });
      return identityOf(stat) === base.identity && Math.abs(Date.now() - base.changed.time) > 100;
    } catch {
      return false;
    }
  }

  #checked(document: StoreDocument): Snapshot {
    const file = this.#file;
    const stamp = readStamp(this.home.stamp, this.files);
    if (stamp?.file !== file.identity || stamp.rules !== RULES) validate(document, file.text, this.home.store);
    return { document, text: file.text, identity: file.identity, changed: file.changed };
  }

  /** For what reads other files of the home. @throws StoreError when there is no store and reading may not make one */
  expectHome(): void {
    if (this.made === 'with a change') this.#refuseEmpty();
  }

  #isEmpty(): boolean {
    const { store, stamp, history, base } = this.home;
    return ![store, stamp, history, base].some((path) => this.files.lstatSync(path, { throwIfNoEntry: false }));
  }

  #imagine(): Snapshot {
    this.#imagined ??= this.first(this.clock());
    return { document: this.#imagined, text: '', identity: '', changed: { time: 0, uid: 0 } };
  }

  /** @throws StoreError when there is neither store nor stamp */
  #refuseEmpty(): void {
    if (this.#isEmpty()) throw new StoreError('missing', this.#nothingThere());
  }

  #nothingThere(): string {
    const { folder } = this.home;
    const rc = `rc --home ${shellWord(folder)}`;
    return `Nothing is in ${folder}: there is no store.json. If the folder is meant, any change makes it, or: ${rc} init home, or ${rc} serve`;
  }

  /** What to say beside a change that failed on a store that was never made. */
  get notMade(): string | undefined {
    return this.#imagined && this.#isEmpty() ? this.#nothingThere() : undefined;
  }

  /** Under the lock, with neither store nor stamp: nothing was ever written here. */
  #firstUse(): Snapshot {
    const size = this.journal.wholeLines(this.journal.size());
    const [last, before] = this.journal.backwards(size);
    // One line alone is that of a first use that did not get to its end. More of them are a history worth keeping.
    const goesOn = last !== undefined && before !== undefined;
    const first = this.#imagined ?? this.first(this.clock());
    const document = goesOn ? { ...first, generation: last.generation + 1 } : first;
    const entry: HistoryEntry = {
      generation: document.generation,
      time: this.clock().toISOString(),
      user: authorOf(process.env, '').user,
      command: '(first use)',
      origin: 'first use',
      changes: difference(NOTHING, document),
    };
    const standing: Standing = {
      exists: false,
      generation: document.generation - 1,
      size: goesOn ? size : 0,
      base: 0,
      pending: [],
    };
    const made = this.#write(document, standing, [entry], () => true);
    this.onMade(this.home);
    return made;
  }

  #gone(): StoreError {
    return new StoreError(
      'missing',
      `The store ${this.home.store} is gone, though rc wrote it before. To get back what it held last: rc restore. To begin with an empty one, remove ${this.home.stamp} too.`,
    );
  }
}

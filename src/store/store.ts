/**
 * The store: read it, change it. A change is a transaction: functions that edit a draft. They run at once, so that a
 * mistake is told at once; at commit the lock is taken, the document read again and, if somebody else changed it
 * meanwhile, the functions run again on the new one. The lock is never held while a person is asked something.
 */
import { LowSync } from 'lowdb';
import { checkServer } from '../connector/rules.ts';
import { StoreFile } from './adapter.ts';
import type { StoreDocument } from './document.ts';
import { Draft } from './draft.ts';
import { firstDocument } from './first-use.ts';
import { type Home, makeHome } from './home.ts';
import { withLock } from './lock.ts';
import { StoreError } from './store-error.ts';

export type Change = (draft: Draft) => void;

/** Who changes the store and how, for the history. */
export interface Author {
  readonly user: string;
  readonly command: string;
}

export class Store {
  constructor(
    readonly home: Home,
    readonly clock: () => Date = () => new Date(),
  ) {}

  /** Reads and validates the document; first use creates it. @throws StoreError */
  read(): StoreDocument {
    return this.#open().data;
  }

  begin(): Transaction {
    return new Transaction(this, this.read());
  }

  /** @internal Writes what the changes make of the document as it is now; returns the new generation. */
  commit(base: StoreDocument, after: StoreDocument, changes: readonly Change[], _author: Author): StoreDocument {
    return withLock(this.home.lock, (stillOurs) => {
      const db = this.#open();
      const before = db.data;
      let next = after;
      if (before.generation !== base.generation || JSON.stringify(before) !== JSON.stringify(base)) {
        const draft = new Draft(before);
        for (const change of changes) change(draft);
        next = draft.document;
      }
      if (next === before) return before;
      if (Draft.mayClash(before, next)) refuseClashes(next);
      db.data = { ...next, generation: before.generation + 1 };
      if (!stillOurs())
        throw new StoreError('locked', 'The store’s lock was lost while changing it. Nothing was changed; try again.');
      db.write();
      return db.data;
    });
  }

  #open(): LowSync<StoreDocument> {
    makeHomeOrSay(this.home);
    const file = new StoreFile(this.home.store);
    const db = new LowSync<StoreDocument>(file, NOTHING);
    db.read();
    if (db.data === NOTHING) {
      withLock(this.home.lock, () => {
        db.read();
        if (db.data !== NOTHING) return;
        db.data = firstDocument(this.clock());
        db.write();
      });
    }
    validate(db.data, this.home.store);
    return db;
  }
}

const NOTHING = Object.freeze({}) as unknown as StoreDocument;

function makeHomeOrSay(home: Home): void {
  try {
    makeHome(home);
  } catch (error) {
    throw new StoreError(
      'unwritable',
      `The home folder ${home.folder} cannot be made (${(error as Error).message}). Choose another with --home or RC_HOME.`,
    );
  }
}

function validate(document: StoreDocument, path: string): void {
  const violations = new Draft(document).violations();
  if (!violations.length) return;
  const lines = violations.map((v) => `  ${v.path}: ${v.message}`);
  throw new StoreError(
    'invalid',
    `The store ${path} has settings that cannot be:\n${lines.join('\n')}\nIt was left untouched; mend the file by hand.`,
  );
}

function refuseClashes(document: StoreDocument): void {
  const draft = new Draft(document);
  const clashes = checkServer(document.connectors.map((stored) => draft.connector(stored)));
  if (clashes.length) throw new StoreError('conflict', clashes.map((v) => v.message).join('\n'));
}

/** The changes of one statement. Nothing is written before `commit`, and then all of it at once. */
export class Transaction {
  readonly #store: Store;
  #base: StoreDocument;
  #draft: Draft;
  #changes: Change[] = [];

  constructor(store: Store, base: StoreDocument) {
    this.#store = store;
    this.#base = base;
    this.#draft = new Draft(base);
  }

  /** The document with the changes made so far. */
  get draft(): Draft {
    return this.#draft;
  }

  get hasChanges(): boolean {
    return this.#changes.length > 0;
  }

  /** Makes a change in memory; when it throws, the draft is as before. The function may run again at commit. */
  change(change: Change): void {
    const { document } = this.#draft;
    try {
      change(this.#draft);
    } catch (error) {
      this.#draft.document = document;
      throw error;
    }
    this.#changes.push(change);
  }

  /** Writes all changes as one generation. @throws StoreError; then nothing was written */
  commit(author: Author): StoreDocument {
    if (!this.#changes.length) return this.#base;
    const written = this.#store.commit(this.#base, this.#draft.document, this.#changes, author);
    this.#base = written;
    this.#draft = new Draft(written);
    this.#changes = [];
    return written;
  }

  rollback(): void {
    this.#draft = new Draft(this.#base);
    this.#changes = [];
  }
}

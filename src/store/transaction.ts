/** A transaction: changes in memory, until they are written together or forgotten. */
import type { Author } from './author.ts';
import type { Committer } from './committer.ts';
import type { StoreDocument } from './document.ts';
import { Draft } from './draft.ts';
import type { Snapshot } from './snapshot.ts';

export type Change = (draft: Draft) => void;

/** What a store does with the changes: writes what they make of the document as it is now. */
interface Committing {
  commit(base: Snapshot, after: Draft, changes: readonly Change[], author: Author): Snapshot;
  /** Whom they are agreed with first, in a fleet. */
  committer(): Committer | undefined;
}

/** The changes of one statement. Nothing is written before `commit`, and then all of it at once. */
export class Transaction {
  readonly #store: Committing;
  #base: Snapshot;
  #draft: Draft;
  #changes: Change[] = [];

  constructor(store: Committing, base: Snapshot) {
    this.#store = store;
    this.#base = base;
    this.#draft = new Draft(base.document);
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

  /** Where it stands now. @returns what takes back the changes made after it */
  savepoint(): () => void {
    const { document } = this.#draft;
    const { length } = this.#changes;
    return () => {
      this.#draft.document = document;
      this.#changes.length = length;
    };
  }

  /** Writes all changes as one generation. @throws StoreError; then nothing was written */
  commit(author: Author): StoreDocument {
    if (!this.#changes.length) return this.#base.document;
    return this.#written(this.#store.commit(this.#base, this.#draft, this.#changes, author));
  }

  /** The same in a fleet, whose engine is asked first; `undefined` where there is none to ask. */
  commitTogether(author: Author): Promise<StoreDocument> | undefined {
    if (!this.#changes.length) return undefined;
    const agreed = this.#store.committer()?.commit(this.#changes, author);
    return agreed?.then((written) => this.#written(written));
  }

  #written(written: Snapshot): StoreDocument {
    this.#base = written;
    this.#draft = new Draft(written.document);
    this.#changes = [];
    return written.document;
  }

  rollback(): void {
    this.#draft = new Draft(this.#base.document);
    this.#changes = [];
  }
}

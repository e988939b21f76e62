/**
 * One statement is one transaction: everything its cmdlets change is written together when it ends, or not at all. When an
 * object failed nothing is written, unless the person said -ErrorAction Continue (docs/decisions/0002).
 */
import type { StoreDocument } from '../store/document.ts';
import type { Draft } from '../store/draft.ts';
import type { Author, Store } from '../store/store.ts';
import type { Change, Transaction } from '../store/transaction.ts';
import type { CmdletError } from './error.ts';

/** How a statement ended. */
interface Ended {
  readonly written: boolean;
  /** Changes were given up. */
  readonly dropped: boolean;
}

export class Statement {
  readonly #store: Store;
  #transaction: Transaction | undefined;
  #before: StoreDocument | undefined;
  readonly errors: CmdletError[] = [];
  /** Those of them that the person said do not matter: -ErrorAction SilentlyContinue. They keep nothing from being written. */
  readonly silenced = new Set<CmdletError>();
  /** Set by a cmdlet whose ErrorAction was given as Continue, SilentlyContinue or Ignore. */
  keepGoing = false;
  /** Set by a cmdlet that is about to change something: then a home that is not there yet may be made. */
  changes = false;
  /** Things to do once the change is written (new objects to print as stored). */
  generation: number | undefined;
  /** Exit code of `rc` when nothing failed: 1 for a comparison that found differences, as diff has it. */
  exitCode: number | undefined;

  constructor(store: Store) {
    this.#store = store;
  }

  /** Before it looks at the store: what others have changed comes here. @returns what to say when it could not; nothing to wait for, as a rule */
  newest(): Promise<string | undefined> | undefined {
    return this.#transaction ? undefined : this.#store.newest(this.changes ? 'change' : 'look');
  }

  #begin(): Transaction {
    this.#transaction ??= this.#store.begin(this.changes);
    this.#before ??= this.#transaction.draft.document;
    return this.#transaction;
  }

  /** The store as this statement sees it, with its own changes. */
  get draft(): Draft {
    return this.#begin().draft;
  }

  /** The document before its first change; `undefined` when it never looked at the store. */
  get before(): StoreDocument | undefined {
    return this.#before;
  }

  change(change: Change): void {
    this.#begin().change(change);
  }

  get hasChanges(): boolean {
    return this.#transaction?.hasChanges ?? false;
  }

  /** Where it stands now. @returns what takes back the changes made after it */
  savepoint(): () => void {
    return this.#transaction?.savepoint() ?? (() => this.#transaction?.rollback());
  }

  /** An error that the script itself caught keeps nothing from being written. */
  forgive(error: CmdletError): void {
    const at = this.errors.indexOf(error);
    if (at >= 0) this.errors.splice(at, 1);
  }

  /** Gives up its changes. @returns whether there were any */
  drop(): boolean {
    const { hasChanges } = this;
    this.#transaction?.rollback();
    return hasChanges;
  }

  /** Writes, or drops everything when an object failed. A promise in a fleet, whose engine is asked first. @throws StoreError */
  end(author: Author): Ended | Promise<Ended> {
    const transaction = this.#transaction;
    if (!transaction?.hasChanges) return { written: false, dropped: false };
    if (this.errors.some((error) => !this.silenced.has(error)) && !this.keepGoing) {
      transaction.rollback();
      return { written: false, dropped: true };
    }
    const before = transaction.draft.document.generation;
    const written = ({ generation }: StoreDocument): Ended => {
      this.generation = generation;
      return { written: generation !== before, dropped: false };
    };
    if (!this.#store.committer()) return written(transaction.commit(author));
    // What is due ends first, as a change of its own; in no fleet it has already, when the statement began.
    return this.#store
      .endDue()
      .then(async () => written((await transaction.commitTogether(author)) ?? transaction.commit(author)));
  }
}

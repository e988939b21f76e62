/** Back to what rc wrote last, for a store that is gone or cannot be read: base and history lead there. */
import type { Author } from './author.ts';
import type { StoreDocument } from './document.ts';
import type { Files } from './files.ts';
import type { Standing } from './generations.ts';
import type { HistoryEntry } from './history-entry.ts';
import type { Home } from './home.ts';
import { readToCopy } from './home-files.ts';
import type { Journal } from './journal.ts';
import { linkedStore } from './linked-store.ts';
import { replaceOwn } from './replace-file.ts';
import { fingerprint, isFingerprint } from './secrets.ts';
import type { Snapshot } from './snapshot.ts';
import { readStamp } from './stamp.ts';
import { isRestorable, StoreError } from './store-error.ts';

/** Of a store, what a restoration looks at. */
interface Restorable {
  readonly home: Home;
  readonly journal: Journal;
  readonly files: Files;
  clock(): Date;
  snapshot(): Snapshot;
}

export interface Restored {
  readonly generation: number;
  /** Where the broken file is kept; `undefined` when there was none. */
  readonly aside: string | undefined;
  /** Users whose passwords are in no file that can be read; they are left out. */
  readonly lostUsers: readonly string[];
}

/** What a restoration would write, and writes when it is under the lock. @throws StoreError */
export function restoration(
  store: Restorable,
  author: Author,
): { standing: Standing; document: StoreDocument; entry: HistoryEntry; lostUsers: string[] } {
  refuseWell(store);
  const { journal, home, files } = store;
  const stamp = readStamp(home.stamp, files);
  const whole = journal.wholeLines(journal.size());
  const size = journal.wholeLines(Math.min(stamp?.journal ?? whole, whole));
  const known = journal.known(size);
  if (!known)
    throw new StoreError(
      'missing',
      `Neither ${home.base} nor ${home.history} lead to what the store held. Mend store.json by hand, or take an export: rc import FILE`,
    );
  const { users, lost } = usersWithSecrets(store, known.document);
  const generation = Math.max(known.generation, stamp?.generation ?? 0) + 1;
  const entry: HistoryEntry = {
    generation,
    ...(known.generation === generation - 1 ? {} : { after: known.generation }),
    time: store.clock().toISOString(),
    ...author,
    changes: [],
  };
  const standing: Standing = { exists: false, generation: known.generation, size, base: stamp?.base ?? 0, pending: [] };
  return { standing, document: { ...known.document, generation, users }, entry, lostUsers: lost };
}

function refuseWell(store: Restorable): void {
  try {
    store.snapshot();
  } catch (error) {
    if (isRestorable(error)) return;
    throw error;
  }
  throw new StoreError('conflict', 'The store is well; there is nothing to restore. To take a change back: rc undo');
}

/** Password hashes from the base, or from the broken text as far as it can be read. */
function usersWithSecrets(
  store: Restorable,
  document: StoreDocument,
): { users: StoreDocument['users']; lost: string[] } {
  const hashes = new Map<string, string>();
  const remember = (hash: string) => hashes.set(fingerprint(hash), hash);
  if (document.users.some((user) => isFingerprint(user.PasswordHash))) {
    for (const user of store.journal.base()?.document.users ?? []) remember(user.PasswordHash);
    for (const [, hash] of brokenText(store).matchAll(/"(scrypt\$[^"\\]+)"/g)) remember(hash!);
  }
  const lost: string[] = [];
  const users = document.users.flatMap((user) => {
    const PasswordHash = isFingerprint(user.PasswordHash) ? hashes.get(user.PasswordHash) : user.PasswordHash;
    if (PasswordHash === undefined) lost.push(user.Name);
    return PasswordHash === undefined ? [] : [{ ...user, PasswordHash }];
  });
  return { users, lost };
}

function brokenText(store: Restorable): string {
  try {
    return readToCopy(linkedStore(store.home.store, 'read', store.files), store.files);
  } catch {
    return '';
  }
}

/** Copies what stands in the store's place to a file beside it. */
export function keepAside(store: Restorable): string | undefined {
  const text = brokenText(store);
  if (text === '') return undefined;
  const path = `${store.home.store}.broken-${store.clock().toISOString().replace(/[:.]/g, '-')}`;
  replaceOwn(path, text, { files: store.files, durable: true });
  return path;
}

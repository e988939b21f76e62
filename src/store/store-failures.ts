/** What the file system refuses, in the store's words. */
import { adviceFor } from './adapter.ts';
import type { Home } from './home.ts';
import { makeHomeFolder } from './home-folders.ts';
import { StoreError } from './store-error.ts';

/** The store as it is cannot be acted on. */
const UNREADABLE: ReadonlySet<StoreError['code']> = new Set(['corrupt', 'invalid', 'newer', 'missing']);

/** Failures of the file system, said as the store says them. Whatever changes the store has its own words for it. */
export function withStoreErrors<T>(home: Home, work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (error instanceof StoreError && UNREADABLE.has(error.code)) error.folder = home.folder;
    const { code, message } = error as NodeJS.ErrnoException;
    if (error instanceof StoreError || code === undefined) throw error;
    throw new StoreError(
      'unwritable',
      `The store in ${home.folder} cannot be used (${message}). Nothing was changed. ${adviceFor(error)}`,
    );
  }
}

/** @throws StoreError */
export function makeHomeOrSay(home: Home): void {
  try {
    makeHomeFolder(home.folder);
  } catch (error) {
    throw new StoreError(
      'unwritable',
      `The home folder ${home.folder} cannot be made (${(error as Error).message}). ${adviceFor(error)} Choose another with --home or RC_HOME.`,
    );
  }
}

/** Changes of a home that may be in a fleet: the fleet's code is loaded only when it is. */
import { statSync } from 'node:fs';
import type { Committer } from '../store/committer.ts';
import type { Home } from '../store/home.ts';
import type { Store } from '../store/store.ts';

export function isMember(home: Home): boolean {
  return statSync(home.fleet, { throwIfNoEntry: false }) !== undefined;
}

/** From now on the store's changes are agreed on with its fleet, whenever it is in one. */
export function agreeWithFleet(store: Store): void {
  store.committer = () => (isMember(store.home) ? lateCommitter(store) : undefined);
}

function lateCommitter(store: Store): Committer {
  return {
    async commit(changes, author) {
      const { committerOf } = await import('./committer.ts');
      return committerOf(store).commit(changes, author);
    },
  };
}

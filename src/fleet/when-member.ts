/** Changes of a home that may be in a fleet: the fleet's code is loaded only when it is. */
import { existsSync } from 'node:fs';
import type { Committer } from '../store/committer.ts';
import type { Home } from '../store/home.ts';
import type { Store } from '../store/store.ts';

/** A script with many statements asks no more often, and does not wait for an engine that is away at each of them. */
const AGAIN_MS = 1000;
const AWAY_AGAIN_MS = 30_000;

/** A home that cannot be looked into is in none: opening its store says what is wrong. */
export function isMember(home: Home): boolean {
  return existsSync(home.fleet);
}

/** From now on the store's changes are agreed on with its fleet, whenever it is in one. */
export function agreeWithFleet(store: Store): void {
  store.committer = () => (isMember(store.home) ? lateCommitter(store) : undefined);
}

/**
 * From now on who looks at the store sees what its fleet has, where nothing else brings it: a running listener does.
 * @param isFollowed does a listener follow it here?
 */
export function lookAtFleetFirst(store: Store, isFollowed: () => boolean): void {
  let askedAgain = Number.NEGATIVE_INFINITY;
  const ask = async (why: 'look' | 'change') => {
    const { bringNewest } = await import('./newest.ts');
    const behind = await bringNewest(store, why);
    askedAgain = performance.now() + (behind === undefined ? AGAIN_MS : AWAY_AGAIN_MS);
    return behind;
  };
  store.newest = (why) =>
    !isMember(store.home) || isFollowed() || performance.now() < askedAgain ? undefined : ask(why);
}

function lateCommitter(store: Store): Committer {
  return {
    async commit(changes, author) {
      const { committerOf } = await import('./committer.ts');
      return committerOf(store).commit(changes, author);
    },
  };
}

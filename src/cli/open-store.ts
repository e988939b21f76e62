/** The store that a command works on, and what a person is told when it is made. */
import { lstatSync } from 'node:fs';
import { hasListener } from '../control/control-address.ts';
import { agreeWithFleet, lookAtFleetFirst } from '../fleet/when-member.ts';
import type { Home } from '../store/home.ts';
import { Store } from '../store/store.ts';
import { streamKind, writeAll } from './terminal.ts';

/**
 * A home named with --home is made by a change that succeeds, never by reading: it may be a slip of the keyboard. In the usual place and with RC_HOME first
 * use makes it, and a terminal is told so. (docs/decisions/0142)
 */
export function openStore(home: Home, named: boolean, silent = false): Store {
  const store = new Store(home);
  agreeWithFleet(store);
  lookAtFleetFirst(store, () => hasListener(home));
  if (named) store.made = 'with a change';
  store.onMade = () => {
    if (!silent && streamKind(2) === 'terminal') writeAll(2, madeText(home));
  };
  return store;
}

function madeText(home: Home): string {
  return `A new store was made in ${home.folder}, with a connector on 127.0.0.1:2525 and one on 127.0.0.1:2587.\n`;
}

/** `rc init home`: makes it, or says that it is there. @throws StoreError */
export function makeHome(home: Home): string {
  const there = lstatSync(home.store, { throwIfNoEntry: false }) !== undefined;
  new Store(home).read();
  return there ? `There is a store in ${home.folder} already.\n` : madeText(home);
}

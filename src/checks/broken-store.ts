/** A store.json that cannot be acted on. */
import { lstatSync } from 'node:fs';
import type { Home } from '../store/home.ts';
import { isRestorable } from '../store/store-error.ts';
import type { CheckFinding } from './finding.ts';

/** @param error what reading it said */
export function brokenStore(home: Home, error: Error): CheckFinding {
  const nothing = ![home.store, home.stamp].some((path) => lstatSync(path, { throwIfNoEntry: false }));
  const found = { severity: 'Error', check: 'Store', about: home.store, problem: error.message } as const;
  if (nothing) return { ...found, mend: ['rc init home'] };
  // else the problem says what to do
  const mend = ['see every place: rc validate', 'go back to what was written last: rc restore'];
  return { ...found, mend: isRestorable(error) ? mend : [] };
}

/** A store.json that cannot be acted on. */
import { lstatSync } from 'node:fs';
import type { Home } from '../store/home.ts';
import type { CheckFinding } from './finding.ts';

/** @param reason what reading it said */
export function brokenStore(home: Home, reason: string): CheckFinding {
  const nothing = ![home.store, home.stamp].some((path) => lstatSync(path, { throwIfNoEntry: false }));
  if (nothing) return { severity: 'Error', check: 'Store', about: home.store, problem: reason, mend: ['rc init home'] };
  const mend = ['see every place: rc validate', 'go back to what was written last: rc restore'];
  return { severity: 'Error', check: 'Store', about: home.store, problem: reason, mend };
}

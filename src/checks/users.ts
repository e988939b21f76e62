/** Users whose passwords are easy to guess for whoever has read the store: rc makes no such hash, but a hand or an older import may have. */
import { parsePasswordHash, weaknessOf } from '../domain/password-hash.ts';
import type { StoreDocument } from '../store/document.ts';
import { shellWord } from '../text/shell-word.ts';
import type { CheckFinding } from './finding.ts';

export function userFindings({ users }: StoreDocument): CheckFinding[] {
  return users.flatMap(({ Name, PasswordHash }) => {
    const hash = parsePasswordHash(PasswordHash);
    const weakness = hash && weaknessOf(hash);
    if (!weakness) return [];
    const problem = `the hash of the password ${weakness}`;
    const mend = [`rc set-smtp-user ${shellWord(Name)} --password`];
    return [{ severity: 'Warning', check: 'Users', about: Name, problem, mend }];
  });
}

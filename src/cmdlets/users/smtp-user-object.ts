/** SMTP users: how they show, and what a name may be. The password hash never leaves the store. */

import { USER_NAME_ALLOWED, userNameProblem } from '../../domain/names.ts';
import { principalNamed, userPrincipal } from '../../domain/permissions.ts';
import { CmdletError } from '../../pipeline/error.ts';
import { PsObject } from '../../pipeline/value.ts';
import type { StoredUser } from '../../store/document.ts';
import type { Draft } from '../../store/draft.ts';
import { show } from '../../text/printable.ts';
import { shellWord } from '../../text/shell-word.ts';
import { sameText } from '../../text/wildcard.ts';
import type { NamedKind } from '../named-object.ts';

export const SMTP_USER: NamedKind<StoredUser> = {
  list: (draft) => draft.document.users,
  put: (draft, users) => {
    draft.document = { ...draft.document, users };
  },
};

export function smtpUserObject(user: StoredUser): PsObject {
  return new PsObject('SmtpUser', {
    Name: user.Name,
    Enabled: user.Enabled,
    Identity: user.Name,
    Guid: user.Guid,
    WhenChanged: new Date(user.WhenChanged),
  });
}

/** @throws CmdletError when it cannot be a name, or is taken */
export function checkUserName(draft: Draft, name: string, self?: string): void {
  const problem = userNameProblem(name);
  if (problem) {
    throw new CmdletError(`Name: ${show(name)} ${problem}; allowed: ${USER_NAME_ALLOWED}.`, {
      kind: 'usage',
      target: name,
    });
  }
  if (draft.document.users.some((user) => user.Guid !== self && sameText(user.Name, name))) {
    throw new CmdletError(
      `The name "${name}" is already taken by another SMTP user. To change its password: rc set-smtp-user ${shellWord(name)} --password`,
      { id: 'NameNotUnique', category: 'ResourceExists', target: name },
    );
  }
}

/** Connectors with single rights for this user. */
export function connectorsWithGrants(draft: Draft, name: string): string[] {
  const principal = userPrincipal(name);
  return draft.document.connectors
    .filter((c) => c.Grants?.some((grant) => principalNamed(grant.User) === principal))
    .map((c) => draft.label(c));
}

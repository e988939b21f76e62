/** Add-ADPermission: gives or denies single rights on a connector. */

import type { Grant, StoredConnector } from '../../domain/connector.ts';
import { principalNamed, RIGHT_PREFIX, type Right, rightNamed } from '../../domain/permissions.ts';
import { defineCmdlet } from '../../pipeline/cmdlet.ts';
import { usage } from '../../pipeline/error.ts';
import type { Draft } from '../../store/draft.ts';
import { targets } from '../connectors/connector-object.ts';
import { IDENTITY } from '../connectors/connector-parameters.ts';
import { permissionLacks } from '../exchange-parameters.ts';
import { makeChange } from '../make-change.ts';
import {
  ACCESS_RIGHTS,
  DENY,
  EXTENDED_RIGHTS,
  expectExtendedRights,
  permissionObject,
  rightsNamed,
  USER,
  userNamed,
} from './permission-object.ts';

export const addADPermission = defineCmdlet({
  name: 'Add-ADPermission',
  group: 'connectors',
  summary: 'Give or deny single rights on connectors',
  description:
    'A relay for printers and scanners: let NT AUTHORITY\\ANONYMOUS LOGON send to any recipient, on a connector whose RemoteIPRanges hold nothing but them.',
  changes: 'low',
  input: 'needed',
  gives: 'ADPermission',
  lacks: permissionLacks,
  parameters: [IDENTITY, { ...USER, mandatory: true }, { ...EXTENDED_RIGHTS, mandatory: true }, ACCESS_RIGHTS, DENY],
  examples: [
    {
      command:
        "rc add-ad-permission Relay --user 'NT AUTHORITY\\ANONYMOUS LOGON' --extended-rights ms-Exch-SMTP-Accept-Any-Recipient",
      language:
        "Get-ReceiveConnector Relay | Add-ADPermission -User 'NT AUTHORITY\\ANONYMOUS LOGON' -ExtendedRights ms-Exch-SMTP-Accept-Any-Recipient",
      does: 'Lets clients of the connector send to any recipient without authenticating.',
    },
  ],
  async *run(call) {
    const { arguments: args, context } = call;
    const { statement } = context;
    if (!args.User) throw usage(`Add-ADPermission needs a user: ${call.spell('User')} "NT AUTHORITY\\ANONYMOUS LOGON"`);
    const user = userNamed(statement.draft, args.User);
    const rights = rightsNamed(args.ExtendedRights ?? []);
    if (!rights.length)
      throw usage(`Add-ADPermission needs rights: ${call.spell('ExtendedRights')} ms-Exch-SMTP-Accept-Any-Recipient`);
    expectExtendedRights(args.AccessRights);
    const deny = args.Deny;
    const names = rights.map((right) => RIGHT_PREFIX + right);
    for await (const target of targets(call)) {
      const identity = statement.draft.identity(target);
      const what = `Adding Active Directory permission to "${identity}" for user "${user}": ${deny ? 'deny ' : ''}${names.join(', ')}.`;
      const now = context.host.clock().toISOString();
      let added: Right[] = [];
      const change = (draft: Draft): void => {
        added = add(draft, target, { user, rights, deny, now });
      };
      const told = (): void => {
        if (!added.length)
          context.warn(`"${user}" already has ${deny ? 'these denials' : 'these rights'} on "${identity}".`);
      };
      if (!(await makeChange(context, what, change, told))) continue;
      for (const right of added) yield permissionObject(statement.draft, target, user, RIGHT_PREFIX + right, deny);
    }
  },
});

/** Adds what is not there yet; the rights that were new. */
function add(
  draft: Draft,
  target: StoredConnector,
  entry: { user: string; rights: readonly Right[]; deny: boolean; now: string },
): Right[] {
  const stored = draft.byGuid(target.Guid) ?? target;
  const grants = stored.Grants ?? [];
  const principal = principalNamed(entry.user);
  const at = grants.findIndex((g) => g.Deny === entry.deny && principalNamed(g.User) === principal);
  const had = grants
    .filter((g) => g.Deny === entry.deny && principalNamed(g.User) === principal)
    .flatMap((g) => g.ExtendedRights.map(rightNamed));
  const added = entry.rights.filter((right) => !had.includes(right));
  if (!added.length) return [];
  const names = added.map((right) => RIGHT_PREFIX + right);
  const next: Grant =
    at < 0
      ? { User: entry.user, ExtendedRights: names, Deny: entry.deny }
      : { ...grants[at]!, ExtendedRights: [...grants[at]!.ExtendedRights, ...names] };
  draft.putConnector({
    ...stored,
    Grants: at < 0 ? [...grants, next] : grants.with(at, next),
    WhenChanged: entry.now,
  });
  return added;
}

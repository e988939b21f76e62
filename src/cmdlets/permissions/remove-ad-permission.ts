/** Remove-ADPermission: takes single rights away again. */

import type { Grant, StoredConnector } from '../../domain/connector.ts';
import { groupGrants, principalNamed, RIGHT_PREFIX, type Right, rightNamed } from '../../domain/permissions.ts';
import { type Call, defineCmdlet } from '../../pipeline/cmdlet.ts';
import { CmdletError, usage } from '../../pipeline/error.ts';
import type { Parameter } from '../../pipeline/parameter.ts';
import { PsObject, printed, type Value } from '../../pipeline/value.ts';
import type { Draft } from '../../store/draft.ts';
import { shellWord } from '../../text/shell-word.ts';
import { connectorsMeant } from '../connectors/connector-object.ts';
import { IDENTITY } from '../connectors/connector-parameters.ts';
import { permissionLacks } from '../exchange-parameters.ts';
import { makeChange } from '../make-change.ts';
import { ACCESS_RIGHTS, DENY, EXTENDED_RIGHTS, expectExtendedRights, rightsNamed, USER } from './permission-object.ts';

interface Entry {
  readonly user: string;
  readonly rights: readonly Right[];
  readonly deny: boolean;
}

const PARAMETERS = [IDENTITY, USER, EXTENDED_RIGHTS, ACCESS_RIGHTS, DENY] as const satisfies readonly Parameter[];

type OwnCall = Call<(typeof PARAMETERS)[number]>;

export const removeADPermission = defineCmdlet({
  name: 'Remove-ADPermission',
  group: 'connectors',
  summary: 'Take single rights on connectors away again',
  description:
    'Takes away what Add-ADPermission gave or denied, also as piped from Get-ADPermission. Rights of a permission group go with the group.',
  changes: 'high',
  input: 'needed',
  lacks: permissionLacks,
  parameters: PARAMETERS,
  examples: [
    {
      command:
        "rc remove-ad-permission Relay --user 'NT AUTHORITY\\ANONYMOUS LOGON' --extended-rights SMTP-Accept-Any-Recipient --confirm=false",
      language:
        "Remove-ADPermission Relay -User 'NT AUTHORITY\\ANONYMOUS LOGON' -ExtendedRights ms-Exch-SMTP-Accept-Any-Recipient -Confirm:$false",
      does: 'Ends the relay for clients that do not authenticate.',
    },
  ],
  async *run(call) {
    const { arguments: args, context } = call;
    expectExtendedRights(args.AccessRights);
    const { statement } = context;
    for await (const { connector, entry } of wanted(call)) {
      const identity = statement.draft.identity(connector);
      const names = entry.rights.map((right) => RIGHT_PREFIX + right).join(', ');
      const what = `Removing Active Directory permission from "${identity}" for user "${entry.user}": ${entry.deny ? 'deny ' : ''}${names}.`;
      const now = context.host.clock().toISOString();
      const change = (draft: Draft) => remove(draft, connector, entry, now);
      await makeChange(context, what, change);
    }
  },
});

/** Each connector with the entry to take from it: of the arguments, or of the piped object where they say nothing. */
async function* wanted(call: OwnCall): AsyncGenerator<{ connector: StoredConnector; entry: Entry }> {
  const { arguments: args, context, input } = call;
  const piped: AsyncIterable<Value> | Iterable<Value> | undefined = args.Identity !== undefined ? args.Identity : input;
  if (!piped) throw usage('Remove-ADPermission needs a connector, or entries piped from Get-ADPermission.');
  for await (const value of piped) {
    const object = value instanceof PsObject ? value : undefined;
    const user = args.User ?? printed(object?.get('User'));
    const given = args.ExtendedRights ?? listOf(object?.get('ExtendedRights'));
    if (!user || !given.length)
      throw usage('Remove-ADPermission needs to know whose rights and which: --user PRINCIPAL --extended-rights RIGHT');
    const deny = call.has('Deny') ? args.Deny : object?.get('Deny') === true;
    const entry = { user, rights: rightsNamed(given), deny };
    for (const connector of connectorsMeant(context, value)) yield { connector, entry };
  }
}

function listOf(value: Value | undefined): readonly string[] {
  if (value === undefined || value === null) return [];
  return (Array.isArray(value) ? (value as Value[]) : [value]).map(printed);
}

function remove(draft: Draft, target: StoredConnector, entry: Entry, now: string): void {
  const stored = draft.byGuid(target.Guid) ?? target;
  const principal = principalNamed(entry.user);
  const mine = (grant: Grant) => grant.Deny === entry.deny && principalNamed(grant.User) === principal;
  const had = new Set((stored.Grants ?? []).filter(mine).flatMap((grant) => grant.ExtendedRights.map(rightNamed)));
  const missing = entry.rights.filter((right) => !had.has(right));
  if (missing.length) throw notThere(draft, stored, entry, principal, missing);
  const kept = (stored.Grants ?? []).flatMap((grant) => {
    if (!mine(grant)) return [grant];
    const rights = grant.ExtendedRights.filter((name) => !entry.rights.includes(rightNamed(name)!));
    return rights.length ? [{ ...grant, ExtendedRights: rights }] : [];
  });
  const { Grants: _, ...rest } = stored;
  draft.putConnector({ ...rest, ...(kept.length ? { Grants: kept } : {}), WhenChanged: now } as StoredConnector);
}

function notThere(
  draft: Draft,
  stored: StoredConnector,
  entry: Entry,
  principal: string,
  missing: readonly Right[],
): CmdletError {
  const names = missing.map((right) => RIGHT_PREFIX + right).join(', ');
  const group = entry.deny
    ? undefined
    : groupGrants(draft.connector(stored)).find((g) => g.principal === principal && g.rights.includes(missing[0]!))
        ?.group;
  const why = group
    ? ` It comes from permission group ${group}: take the group away (rc set ${shellWord(stored.Name)} --remove-permission-groups ${group}), or deny the right (rc add-ad-permission … --deny).`
    : '';
  return new CmdletError(
    `"${entry.user}" has no single ${entry.deny ? 'denial of' : 'right'} ${names} on "${stored.Name}".${why}`,
    { id: 'PermissionNotPresent', category: 'ObjectNotFound', target: stored.Name },
  );
}

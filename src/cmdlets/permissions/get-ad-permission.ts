/** Get-ADPermission: who has which rights on a connector. */

import { principalNamed } from '../../domain/permissions.ts';
import { defineCmdlet } from '../../pipeline/cmdlet.ts';
import { printed } from '../../pipeline/value.ts';
import { targets } from '../connectors/connector-object.ts';
import { IDENTITY } from '../connectors/connector-parameters.ts';
import { permissionLacks } from '../exchange-parameters.ts';
import { permissionsOf, USER } from './permission-object.ts';

export const getADPermission = defineCmdlet({
  name: 'Get-ADPermission',
  words: ['permissions', 'grants'],
  group: 'connectors',
  summary: 'Show who has which rights on connectors',
  description: 'One object a right: those that come from permission groups, then those given or denied one by one.',
  input: 'needed',
  gives: 'ADPermission',
  lacks: permissionLacks,
  parameters: [IDENTITY, { ...USER, help: `Only entries of this principal. ${USER.help}` }],
  examples: [
    {
      command: "rc get-ad-permission Relay --user 'NT AUTHORITY\\ANONYMOUS LOGON' --select User,ExtendedRights",
      language: "Get-ADPermission Relay -User 'NT AUTHORITY\\ANONYMOUS LOGON' | Format-Table User,ExtendedRights",
      does: 'Shows what clients that do not authenticate may do.',
    },
  ],
  async *run(call) {
    const user = call.arguments.User;
    const wanted = user === undefined ? undefined : principalNamed(user);
    for await (const stored of targets(call)) {
      for (const permission of permissionsOf(call.context.statement.draft, stored)) {
        if (wanted === undefined || principalNamed(printed(permission.get('User'))) === wanted) yield permission;
      }
    }
  },
});

/** Set-AcceptedDomain: changes name, type or which one is the default. */

import { sameJson } from '../../domain/catalogue.ts';
import { defineCmdlet } from '../../pipeline/cmdlet.ts';
import { usage } from '../../pipeline/error.ts';
import type { StoredAcceptedDomain } from '../../store/document.ts';
import type { Draft } from '../../store/draft.ts';
import { domainLacks } from '../exchange-parameters.ts';
import { makeChange } from '../make-change.ts';
import { current, identityParameter, meant, put } from '../named-object.ts';
import { warnUnmodified } from '../warn-unmodified.ts';
import {
  ACCEPTED_DOMAIN,
  acceptedDomainObject,
  checkDomain,
  DOMAIN_TYPES,
  withDefault,
} from './accepted-domain-object.ts';

export const setAcceptedDomain = defineCmdlet({
  name: 'Set-AcceptedDomain',
  group: 'server',
  summary: 'Change an accepted domain',
  changes: 'low',
  input: 'needed',
  gives: 'AcceptedDomain',
  lacks: domainLacks,
  parameters: [
    identityParameter('accepted domain', 'domain'),
    { name: 'Name', type: 'string', help: 'A new name.' },
    {
      name: 'DomainType',
      type: 'string',
      values: DOMAIN_TYPES,
      placeholder: 'TYPE',
      help: 'What we are to the domain.',
    },
    { name: 'MakeDefault', type: 'bool', help: 'Makes it the default domain in place of the one that is.' },
    { name: 'PassThru', type: 'switch', help: 'Outputs the changed domains.' },
  ],
  examples: [
    {
      command: 'rc set-accepted-domain fabrikam.com --make-default true',
      language: 'Set-AcceptedDomain fabrikam.com -MakeDefault $true',
      does: 'Makes it the default domain.',
    },
  ],
  async *run(call) {
    const { arguments: args, context } = call;
    const { statement } = context;
    const name = args.Name?.trim();
    const type = args.DomainType as StoredAcceptedDomain['DomainType'] | undefined;
    const makeDefault = args.MakeDefault;
    if (makeDefault === false) throw usage('To take the default away from a domain, make another one the default.');
    for await (const target of meant(call, ACCEPTED_DOMAIN)) {
      const now = context.host.clock().toISOString();
      let modified = false;
      const change = (draft: Draft): void => {
        const before = current(draft, ACCEPTED_DOMAIN, target);
        const next = { ...before, Name: name ?? before.Name, DomainType: type ?? before.DomainType };
        checkDomain(draft, next);
        modified = !sameJson(before, next) || (makeDefault === true && !before.Default);
        if (!modified) return;
        put(draft, ACCEPTED_DOMAIN, { ...next, WhenChanged: now });
        if (makeDefault) ACCEPTED_DOMAIN.put(draft, withDefault(draft.document.acceptedDomains, target.Guid));
      };
      const told = () => void (modified || warnUnmodified(context, target.Name));
      if (!(await makeChange(context, `Setting Accepted domain "${target.Name}".`, change, told))) continue;
      if (args.PassThru) yield acceptedDomainObject(current(statement.draft, ACCEPTED_DOMAIN, target));
    }
  },
});

/** New-AcceptedDomain: one more domain that mail is accepted for. */

import { newGuid } from '../../domain/guid.ts';
import { defineCmdlet } from '../../pipeline/cmdlet.ts';
import { usage } from '../../pipeline/error.ts';
import type { StoredAcceptedDomain } from '../../store/document.ts';
import type { Draft } from '../../store/draft.ts';
import { domainLacks } from '../exchange-parameters.ts';
import { makeChange } from '../make-change.ts';
import { put } from '../named-object.ts';
import {
  ACCEPTED_DOMAIN,
  acceptedDomainObject,
  checkDomain,
  DOMAIN_TYPES,
  domainName,
} from './accepted-domain-object.ts';

export const newAcceptedDomain = defineCmdlet({
  name: 'New-AcceptedDomain',
  group: 'server',
  summary: 'Add a domain that mail is accepted for',
  description:
    'Clients that may not relay can send only to recipients in accepted domains. The first one becomes the default domain.',
  changes: 'low',
  gives: 'AcceptedDomain',
  lacks: domainLacks,
  parameters: [
    {
      name: 'Name',
      type: 'string',
      position: 0,
      mandatory: true,
      help: 'The name; when no DomainName is given, the domain as well.',
    },
    {
      name: 'DomainName',
      type: 'string',
      position: 1,
      placeholder: 'DOMAIN',
      help: 'contoso.com, or *.contoso.com for it and its subdomains.',
    },
    {
      name: 'DomainType',
      type: 'string',
      values: DOMAIN_TYPES,
      placeholder: 'TYPE',
      help: 'Authoritative (the default): all its mailboxes are ours, so that others may not send as it; InternalRelay and ExternalRelay: mail for it goes on to another system.',
    },
  ],
  examples: [
    {
      command: 'rc new-accepted-domain contoso.com',
      language: 'New-AcceptedDomain -Name contoso.com -DomainName contoso.com',
      does: 'Takes mail for contoso.com.',
    },
    {
      command: "rc new-accepted-domain Fabrikam '*.fabrikam.com' --domain-type InternalRelay",
      language: 'New-AcceptedDomain Fabrikam -DomainName *.fabrikam.com -DomainType InternalRelay',
      does: 'Takes mail for fabrikam.com and all its subdomains, for another system.',
    },
  ],
  async *run({ arguments: args, context }) {
    const { statement } = context;
    const name = args.Name;
    if (name === undefined) throw usage('New-AcceptedDomain needs a domain: rc new-accepted-domain contoso.com');
    const domain: StoredAcceptedDomain = {
      Name: name.trim(),
      DomainName: domainName(args.DomainName ?? name),
      DomainType: (args.DomainType as StoredAcceptedDomain['DomainType'] | undefined) ?? 'Authoritative',
      Guid: newGuid(),
      WhenChanged: context.host.clock().toISOString(),
    };
    const change = (draft: Draft): void => {
      checkDomain(draft, domain);
      const isFirst = !draft.document.acceptedDomains.some((other) => other.Default);
      put(draft, ACCEPTED_DOMAIN, isFirst ? { ...domain, Default: true } : domain);
    };
    const told = (): void => {
      if (domain.DomainName === '*')
        context.warn('Every domain is accepted now: clients that may submit mail can send to any recipient anywhere.');
    };
    if (!(await makeChange(context, `Creating Accepted domain "${domain.Name}".`, change, told))) return;
    yield acceptedDomainObject(statement.draft.document.acceptedDomains.find((d) => d.Guid === domain.Guid)!);
  },
});

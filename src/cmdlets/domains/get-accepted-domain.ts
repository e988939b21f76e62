/** Get-AcceptedDomain: the domains we take mail for. */
import { defineCmdlet } from '../../pipeline/cmdlet.ts';
import { identityParameter, meant } from '../named-object.ts';
import { ACCEPTED_DOMAIN, acceptedDomainObject } from './accepted-domain-object.ts';

export const getAcceptedDomain = defineCmdlet({
  name: 'Get-AcceptedDomain',
  words: ['domains'],
  group: 'server',
  summary: 'Show the domains that mail is accepted for',
  gives: 'AcceptedDomain',
  input: 'optional',
  parameters: [identityParameter('accepted domain', 'domain')],
  examples: [
    { command: 'rc get-accepted-domain', language: 'Get-AcceptedDomain', does: 'Shows all accepted domains.' },
    {
      command: "rc get-accepted-domain '*contoso*'",
      language: 'Get-AcceptedDomain *contoso*',
      does: 'Shows those with contoso in their name or domain.',
    },
  ],
  async *run(call) {
    if (call.arguments.Identity !== undefined || call.input) {
      for await (const domain of meant(call, ACCEPTED_DOMAIN)) yield acceptedDomainObject(domain);
    } else
      for (const domain of call.context.statement.draft.document.acceptedDomains) yield acceptedDomainObject(domain);
  },
});

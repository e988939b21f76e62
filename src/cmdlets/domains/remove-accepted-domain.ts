/** Remove-AcceptedDomain: mail for it is refused from then on; asks first. */
import { defineCmdlet } from '../../pipeline/cmdlet.ts';
import { CmdletError } from '../../pipeline/error.ts';
import type { StoredAcceptedDomain } from '../../store/document.ts';
import type { Draft } from '../../store/draft.ts';
import { sameText } from '../../text/wildcard.ts';
import { makeChange } from '../make-change.ts';
import { current, identityParameter, meant } from '../named-object.ts';
import { ACCEPTED_DOMAIN } from './accepted-domain-object.ts';

export const removeAcceptedDomain = defineCmdlet({
  name: 'Remove-AcceptedDomain',
  group: 'server',
  summary: 'Take away a domain that mail is accepted for',
  description:
    'Asks before each one unless told not to (--confirm=false). The default domain can go only as the last one.',
  changes: 'high',
  input: 'needed',
  parameters: [identityParameter('accepted domain', 'domain')],
  examples: [
    {
      command: 'rc remove-accepted-domain fabrikam.com --confirm=false',
      language: 'Remove-AcceptedDomain fabrikam.com -Confirm:$false',
      does: 'Takes no more mail for fabrikam.com.',
    },
  ],
  async *run(call) {
    const { context } = call;
    for await (const target of meant(call, ACCEPTED_DOMAIN)) {
      const change = (draft: Draft): void => {
        const domain = current(draft, ACCEPTED_DOMAIN, target);
        refuseNeeded(draft, domain);
        ACCEPTED_DOMAIN.put(
          draft,
          draft.document.acceptedDomains.filter((one) => one.Guid !== domain.Guid),
        );
      };
      const told = (): void => {
        if (!context.statement.draft.document.acceptedDomains.length)
          context.warn(
            'No accepted domain is left: mail for every domain is taken now, except where it would leave this machine.',
          );
      };
      await makeChange(context, `Removing Accepted domain "${target.Name}".`, change, told);
    }
  },
});

function refuseNeeded(draft: Draft, domain: StoredAcceptedDomain): void {
  const problem = (message: string) =>
    new CmdletError(message, { id: 'ObjectInUse', category: 'ResourceBusy', target: domain.Name });
  if (domain.Default && draft.document.acceptedDomains.length > 1) {
    throw problem(
      `"${domain.Name}" is the default domain. Make another one the default first: rc set-accepted-domain OTHER --make-default true`,
    );
  }
  const users = draft.document.connectors.filter((stored) => {
    const wanted = draft.connector(stored).DefaultDomain;
    return wanted !== '' && (sameText(wanted, domain.DomainName) || sameText(wanted, domain.Name));
  });
  if (users.length)
    throw problem(`"${domain.Name}" is the DefaultDomain of ${users.map((c) => `"${draft.label(c)}"`).join(', ')}.`);
}

/** Which of the accepted domains is the default: one, unless a store was edited by hand or imported. */
import type { StoreDocument } from '../store/document.ts';
import { shellWord } from '../text/shell-word.ts';
import type { CheckFinding } from './finding.ts';

export function defaultDomainFindings({ acceptedDomains }: StoreDocument): CheckFinding[] {
  const defaults = acceptedDomains.filter((domain) => domain.Default);
  const choices = defaults.length ? defaults : acceptedDomains.filter(({ DomainName }) => !DomainName.includes('*'));
  if (defaults.length === 1 || !choices.length) return [];
  const [first] = choices;
  const names = choices.map(({ Name }) => `"${Name}"`).join(', ');
  return [
    {
      severity: defaults.length ? 'Warning' : 'Information',
      check: 'AcceptedDomains',
      about: first!.Name,
      problem: defaults.length
        ? `the accepted domains ${names} are all the default, and one should be; the first is taken`
        : 'none of the accepted domains is the default: "postmaster" without a domain is of the connector’s Fqdn',
      mend: choices.slice(0, 5).map(({ Name }) => `rc set-accepted-domain ${shellWord(Name)} --make-default`),
    },
  ];
}

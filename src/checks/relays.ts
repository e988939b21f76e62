/** Who may relay through us, and who may submit what: open relays, trust given to the whole internet, passwords in the clear. */

import { isLoopback } from '../domain/address.ts';
import type { Connector } from '../domain/connector.ts';
import { ANONYMOUS, rightsOf } from '../domain/permissions.ts';
import type { IpRange } from '../domain/value.ts';
import { shellWord } from '../text/shell-word.ts';
import { deliveryMethod } from './delivery-methods.ts';
import type { CheckFinding, CheckInput } from './finding.ts';
import { isPrivate, isWide } from './networks.ts';

export function relayFindings({ connectors, document, transport }: CheckInput): CheckFinding[] {
  const findings: CheckFinding[] = [];
  const reachable = connectors.filter((c) => c.Enabled);
  for (const c of reachable) findings.push(...openRelay(c), ...trustsEverybody(c), ...clearPasswords(c));
  findings.push(...shortNames(reachable, { connectors, document, transport }));
  const anonymous = reachable.filter((c) => rightsOf(c, [ANONYMOUS]).has('SMTP-Submit'));
  const method = (c: Connector) => deliveryMethod(c, transport);
  if (!document.acceptedDomains.length) {
    for (const c of anonymous) {
      if (rightsOf(c, [ANONYMOUS]).has('SMTP-Accept-Any-Recipient')) continue;
      if (method(c) === 'Relay') findings.push(noDomainsToRelay(c));
      else if (method(c) === 'Maildir' && c.Bindings.some((b) => !isLoopback(b.address)))
        findings.push(everyDomainIsOurs(c));
    }
  }
  for (const domain of document.acceptedDomains) {
    const relays = anonymous.filter((c) => method(c) === 'Relay' && widest(c.RemoteIPRanges, isWide));
    if (domain.DomainName !== '*' || !relays.length) continue;
    findings.push({
      severity: 'Error',
      check: 'OpenRelay',
      about: domain.Name,
      problem: `the accepted domain "*" makes every domain ours, and ${relays.map((c) => `"${c.Name}"`).join(', ')} hands mail on for anybody: an open relay`,
      mend: [`rc remove-accepted-domain ${shellWord(domain.Name)}`],
    });
  }
  return findings;
}

/** Postfix with reject_non_fqdn_helo_hostname, and many a host like it, refuses every recipient of a client that has no full name. */
function shortNames(reachable: readonly Connector[], { document, transport }: CheckInput): CheckFinding[] {
  const relaying = reachable.filter((c) => deliveryMethod(c, transport) === 'Relay');
  const nameOf = (c: Connector) => transport.SmartHostFqdn || c.Fqdn || document.server.fqdn;
  const names = [...new Set(relaying.map(nameOf))].filter((name) => !name.includes('.'));
  return names.map((name) => ({
    severity: 'Warning',
    check: 'SmartHostName',
    about: relaying.find((c) => nameOf(c) === name)!.Name,
    problem: `gives the next host the name "${name}" at EHLO, which has no domain: hosts that check names refuse every message`,
    mend: ['rc set-transport-service --smart-host-fqdn mail.contoso.com'],
  }));
}

function widest(ranges: readonly IpRange[], fits: (range: IpRange) => boolean): IpRange | undefined {
  return ranges.filter(fits).sort((a, b) => (a.size > b.size ? -1 : a.size < b.size ? 1 : 0))[0];
}

/** Exchange's documentation warns of anonymous relay without narrow remote ranges ("Allow anonymous relay on Exchange servers"). */
function openRelay(c: Connector): CheckFinding[] {
  const rights = rightsOf(c, [ANONYMOUS]);
  if (!rights.has('SMTP-Submit') || !rights.has('SMTP-Accept-Any-Recipient')) return [];
  const wide = widest(c.RemoteIPRanges, isWide);
  if (!wide) return [];
  const open = !isPrivate(wide);
  return [
    {
      severity: open && c.Bindings.some((b) => !isLoopback(b.address)) ? 'Error' : 'Warning',
      check: 'OpenRelay',
      about: c.Name,
      problem: `relays for anybody in ${wide} without logon${open ? ': an open relay' : ''}`,
      mend: [
        `rc set ${shellWord(c.Name)} --remote-ip-ranges ADDRESSES-OF-YOUR-DEVICES`,
        `rc remove-ad-permission ${shellWord(c.Name)} --user ${shellWord(ANONYMOUS)} --extended-rights ms-Exch-SMTP-Accept-Any-Recipient`,
      ],
    },
  ];
}

function trustsEverybody(c: Connector): CheckFinding[] {
  if (!c.AuthMechanism.has('ExternalAuthoritative')) return [];
  const wide = widest(c.RemoteIPRanges, isWide);
  if (!wide) return [];
  return [
    {
      severity: isPrivate(wide) ? 'Warning' : 'Error',
      check: 'ExternallySecured',
      about: c.Name,
      problem: `trusts everybody in ${wide} like an Exchange server (ExternalAuthoritative): they may relay, and send as anybody`,
      mend: [`rc set ${shellWord(c.Name)} --remote-ip-ranges ADDRESSES-OF-THOSE-SERVERS`],
    },
  ];
}

function clearPasswords(c: Connector): CheckFinding[] {
  const { AuthMechanism: auth } = c;
  const outside = c.Bindings.some((b) => !isLoopback(b.address));
  if (!auth.has('BasicAuth') || auth.has('BasicAuthRequireTLS') || !outside) return [];
  const needed = auth.names.includes('Tls') ? auth.names : ['Tls', ...auth.names];
  return [
    {
      severity: 'Warning',
      check: 'ClearPasswords',
      about: c.Name,
      problem: 'takes passwords without TLS (BasicAuth without BasicAuthRequireTLS)',
      mend: [`rc set ${shellWord(c.Name)} --auth-mechanism ${[...needed, 'BasicAuthRequireTLS'].join(',')}`],
    },
  ];
}

function noDomainsToRelay(c: Connector): CheckFinding {
  return {
    severity: 'Warning',
    check: 'AcceptedDomains',
    about: c.Name,
    problem:
      'hands mail on to the next host, but no domain is accepted: it refuses every recipient of a client that has not logged on',
    mend: ['rc new-accepted-domain contoso.com'],
  };
}

function everyDomainIsOurs(c: Connector): CheckFinding {
  return {
    severity: 'Warning',
    check: 'AcceptedDomains',
    about: c.Name,
    problem: 'takes mail for every domain into the Maildir, because no domain is accepted',
    mend: ['rc new-accepted-domain contoso.com'],
  };
}

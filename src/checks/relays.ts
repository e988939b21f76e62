/** Who may relay through us, and who may submit what: open relays, trust given to the whole internet, passwords in the clear. */

import type { Connector } from '../domain/connector.ts';
import { ANONYMOUS, rightsOf } from '../domain/permissions.ts';
import type { IpRange } from '../domain/value.ts';
import { type Finding, type Patient, quoted } from './finding.ts';
import { isLoopback, isPrivate, isWide } from './networks.ts';

export function relayFindings({ connectors, document, transport }: Patient): Finding[] {
  const findings: Finding[] = [];
  const reachable = connectors.filter((c) => c.Enabled);
  for (const c of reachable) findings.push(...openRelay(c), ...trustsEverybody(c), ...clearPasswords(c));
  const anonymous = reachable.filter((c) => rightsOf(c, [ANONYMOUS]).has('SMTP-Submit'));
  const method = (c: Connector) => (c.DeliveryMethod === 'Default' ? transport.DeliveryMethod : c.DeliveryMethod);
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
      subject: domain.Name,
      problem: `the accepted domain "*" makes every domain ours, and ${relays.map((c) => `"${c.Name}"`).join(', ')} hands mail on for anybody: an open relay`,
      mend: `rc remove-accepted-domain ${quoted(domain.Name)}`,
    });
  }
  return findings;
}

function widest(ranges: readonly IpRange[], fits: (range: IpRange) => boolean): IpRange | undefined {
  return ranges.filter(fits).sort((a, b) => (a.size > b.size ? -1 : a.size < b.size ? 1 : 0))[0];
}

/** Exchange's documentation warns of anonymous relay without narrow remote ranges ("Allow anonymous relay on Exchange servers"). */
function openRelay(c: Connector): Finding[] {
  const rights = rightsOf(c, [ANONYMOUS]);
  if (!rights.has('SMTP-Submit') || !rights.has('SMTP-Accept-Any-Recipient')) return [];
  const wide = widest(c.RemoteIPRanges, isWide);
  if (!wide) return [];
  const open = !isPrivate(wide);
  return [
    {
      severity: open && c.Bindings.some((b) => !isLoopback(b.address)) ? 'Error' : 'Warning',
      check: 'OpenRelay',
      subject: c.Name,
      problem: `relays for anybody in ${wide} without logon${open ? ': an open relay' : ''}`,
      mend: `rc set ${quoted(c.Name)} --remote-ip-ranges ADDRESSES-OF-YOUR-DEVICES, or: rc remove-ad-permission ${quoted(c.Name)} --user "${ANONYMOUS}" --extended-rights ms-Exch-SMTP-Accept-Any-Recipient`,
    },
  ];
}

function trustsEverybody(c: Connector): Finding[] {
  if (!c.AuthMechanism.has('ExternalAuthoritative')) return [];
  const wide = widest(c.RemoteIPRanges, isWide);
  if (!wide) return [];
  return [
    {
      severity: isPrivate(wide) ? 'Warning' : 'Error',
      check: 'ExternallySecured',
      subject: c.Name,
      problem: `trusts everybody in ${wide} like an Exchange server (ExternalAuthoritative): they may relay, and send as anybody`,
      mend: `rc set ${quoted(c.Name)} --remote-ip-ranges ADDRESSES-OF-THOSE-SERVERS`,
    },
  ];
}

function clearPasswords(c: Connector): Finding[] {
  const { AuthMechanism: auth } = c;
  const outside = c.Bindings.some((b) => !isLoopback(b.address));
  if (!auth.has('BasicAuth') || auth.has('BasicAuthRequireTLS') || !outside) return [];
  const needed = auth.names.includes('Tls') ? auth.names : ['Tls', ...auth.names];
  return [
    {
      severity: 'Warning',
      check: 'ClearPasswords',
      subject: c.Name,
      problem: 'takes passwords without TLS (BasicAuth without BasicAuthRequireTLS)',
      mend: `rc set ${quoted(c.Name)} --auth-mechanism ${[...needed, 'BasicAuthRequireTLS'].join(',')}`,
    },
  ];
}

function noDomainsToRelay(c: Connector): Finding {
  return {
    severity: 'Warning',
    check: 'AcceptedDomains',
    subject: c.Name,
    problem:
      'hands mail on to the next host, but no domain is accepted: it refuses every recipient of a client that has not logged on',
    mend: 'rc new-accepted-domain contoso.com',
  };
}

function everyDomainIsOurs(c: Connector): Finding {
  return {
    severity: 'Warning',
    check: 'AcceptedDomains',
    subject: c.Name,
    problem: 'takes mail for every domain into the Maildir, because no domain is accepted',
    mend: 'rc new-accepted-domain contoso.com',
  };
}

/** Causes of refused senders and recipients: rights that are missing or denied, domains that are not ours, addresses that are none. */
import {
  holdsDomain,
  isAuthoritative,
  isReservedSecondLevel,
  isReservedTopLevel,
  isSingleLabel,
} from '../../domain/accepted-domain.ts';
import {
  ANONYMOUS,
  AUTHENTICATED,
  EXTERNALLY_SECURED,
  GROUP_RIGHTS,
  PARTNERS,
  type PermissionGroup,
  principalNamed,
  RIGHT_PREFIX,
  type Right,
  rightNamed,
} from '../../domain/permissions.ts';
import type { Cause } from '../../domain/rehearsal.ts';
import { show } from '../../domain/value-error.ts';
import { asciiDomain, readMailbox } from '../../smtp/path.ts';
import { shellWord } from '../../text/shell-word.ts';
import { longestAddress } from '../session/mail.ts';
import { type Scene, setting } from './scene.ts';

export function submitDenied(scene: Scene): Cause {
  const { settings, session } = scene;
  const anonymous = !session.isAuthenticated && !session.isTrusted;
  const missing = rightMissing(scene, 'SMTP-Submit');
  const groups = settings.PermissionGroups;
  const why = missing.denied
    ? missing.why
    : `PermissionGroups of ${settings.Name} is ${groups}, which lets ${who(session.principals())} submit nothing.`;
  return {
    why: anonymous ? `${why} The client has to log on (--user tries that), unless that is changed.` : why,
    mend: missing.mend,
  };
}

export function senderDenied(scene: Scene): Cause {
  const { session, server, script } = scene;
  const { domain = '' } = mailboxOf(script.mailFrom) ?? {};
  const ours = isAuthoritative(server.acceptedDomains, asciiDomain(domain));
  const right: Right = ours ? 'SMTP-Accept-Authoritative-Domain-Sender' : 'SMTP-Accept-Any-Sender';
  const missing = rightMissing(scene, right);
  const what = ours ? `${domain} is one of our own domains` : `${show(domain)} is no domain of ours`;
  const own = session.user === '' ? '' : `, and ${show(script.mailFrom)} is not the address of ${session.user}`;
  return { why: `${what}${own}. ${missing.why}`, mend: missing.mend };
}

export function recipientDenied(scene: Scene, address: string): Cause {
  const { settings, server } = scene;
  const mailbox = mailboxOf(address);
  const domain = asciiDomain(mailbox?.domain ?? '');
  const missing = rightMissing(scene, 'SMTP-Accept-Any-Recipient');
  const domains = server.acceptedDomains;
  const open = settings.RemoteIPRanges.some((range) => range.low === 0n && range.size >= 2n ** 32n);
  const warning = open
    ? ` With that right everybody could relay through it, for its RemoteIPRanges hold all addresses: give it on a connector of its own.`
    : '';
  const why = `${missing.why}${warning}`;
  const { mend } = missing;
  if (mailbox?.literal) return { why: `An address in brackets is no accepted domain. ${why}`, mend };
  if (domains.length && domains.some((d) => holdsDomain(d, domain)))
    return { why: `The name before the @ carries a route of its own. ${why}`, mend };
  const none =
    domains.length === 0
      ? `No accepted domain is configured, and mail of ${settings.Name} goes on to another host`
      : `${domain} is none of the accepted domains (${domains
          .slice(0, 5)
          .map((d) => d.DomainName)
          .join(', ')}${domains.length > 5 ? ' and others' : ''})`;
  if (/[%!@]/.test(mailbox?.local ?? '')) return { why: `${none}. ${why}`, mend };
  const choice = 'If that domain is yours, accept it; if mail is to go on to others, the client needs the right.';
  return { why: `${none}. ${why} ${choice}`, mend: [`rc new-accepted-domain ${domain}`, ...mend] };
}

export function recipientDomain(scene: Scene, address: string): Cause {
  const domain = asciiDomain(mailboxOf(address)?.domain || scene.settings.DefaultDomain);
  const s = scene.settings;
  const rules: [on: boolean, hit: boolean, setting: string, flag: string][] = [
    [
      s.RejectReservedTopLevelRecipientDomains,
      isReservedTopLevel(domain),
      'RejectReservedTopLevelRecipientDomains',
      '--reject-reserved-top-level-recipient-domains false',
    ],
    [
      s.RejectReservedSecondLevelRecipientDomains,
      isReservedSecondLevel(domain),
      'RejectReservedSecondLevelRecipientDomains',
      '--reject-reserved-second-level-recipient-domains false',
    ],
    [
      s.RejectSingleLabelRecipientDomains,
      isSingleLabel(domain),
      'RejectSingleLabelRecipientDomains',
      '--reject-single-label-recipient-domains false',
    ],
  ];
  const hit = rules.filter(([on, is]) => on && is);
  return {
    why: `${hit.map(([, , name]) => name).join(' and ')} of ${s.Name} is on, and ${show(domain)} is such a domain.`,
    mend: [setting(scene, ...hit.map(([, , , flag]) => flag))],
  };
}

/** An address that cannot be one here: without a domain, too long, not ASCII, or none at all. */
export function wrongAddress(scene: Scene, address: string): Cause {
  const { settings, server } = scene;
  const mailbox = mailboxOf(address);
  if (!mailbox) return { why: `${show(address)} is no address.`, mend: [] };
  if (/[^\x00-\x7f]/.test(address) && !settings.SmtpUtf8Enabled)
    return {
      why: 'SmtpUtf8Enabled is off: addresses are ASCII only.',
      mend: [setting(scene, '--smtp-utf8-enabled true')],
    };
  if (mailbox.address !== '' && mailbox.domain === '' && settings.DefaultDomain === '') {
    const [first] = server.acceptedDomains.filter((d) => !d.DomainName.includes('*'));
    return {
      why: `${show(address)} has no domain, and ${settings.Name} has no DefaultDomain.`,
      mend: first ? [setting(scene, `--default-domain ${shellWord(first.DomainName)}`)] : [],
    };
  }
  if (mailbox.address.length > longestAddress(settings))
    return {
      why: `The address is longer than ${longestAddress(settings)} characters.`,
      mend: settings.LongAddressesEnabled ? [] : [setting(scene, '--long-addresses-enabled true')],
    };
  return { why: `${show(address)} is no address that can be used here.`, mend: [] };
}

export function longLine(scene: Scene): Cause {
  return {
    why: 'The command is longer than a line may be.',
    mend: scene.settings.LongAddressesEnabled ? [] : [setting(scene, '--long-addresses-enabled true')],
  };
}

function mailboxOf(address: string): ReturnType<typeof readMailbox> {
  return readMailbox(address, true);
}

/** Who has to be given a right: the principal of a well-known kind that the client is. */
function principalOf(principals: readonly string[]): { principal: string; group: PermissionGroup } {
  if (principals.includes(EXTERNALLY_SECURED)) return { principal: EXTERNALLY_SECURED, group: 'ExchangeServers' };
  if (principals.includes(AUTHENTICATED)) return { principal: AUTHENTICATED, group: 'ExchangeUsers' };
  if (principals.includes(PARTNERS)) return { principal: PARTNERS, group: 'Partners' };
  return { principal: ANONYMOUS, group: 'AnonymousUsers' };
}

function who(principals: readonly string[]): string {
  return principalOf(principals).principal;
}

interface Missing extends Cause {
  /** Somebody took it away. */
  readonly denied: boolean;
}

/** Why the client has not got a right, and what gives it: its group where that holds the right, else a grant. */
function rightMissing({ settings, session, name }: Scene, right: Right): Missing {
  const principals = session.principals();
  const { principal, group } = principalOf(principals);
  const full = RIGHT_PREFIX + right;
  const denials = settings.Grants.filter(
    (g) =>
      g.Deny && principals.includes(principalNamed(g.User)) && g.ExtendedRights.some((r) => rightNamed(r) === right),
  );
  const take = denials.map(
    ({ User }) =>
      `rc remove-ad-permission ${name} --user ${shellWord(User)} --extended-rights ${full} --deny --confirm=false`,
  );
  const has =
    settings.PermissionGroups.names.some(
      (g) =>
        g !== 'Custom' && GROUP_RIGHTS[g].some((e) => principals.includes(e.principal) && e.rights.includes(right)),
    ) ||
    settings.Grants.some(
      (g) =>
        !g.Deny && principals.includes(principalNamed(g.User)) && g.ExtendedRights.some((r) => rightNamed(r) === right),
    );
  const groups = [...settings.PermissionGroups.names.filter((g) => g !== 'Custom'), group];
  const byGroup =
    right === 'SMTP-Submit' && GROUP_RIGHTS[group].some((e) => e.principal === principal && e.rights.includes(right));
  const give = byGroup
    ? `rc set ${name} --permission-groups ${groups.join(',')}`
    : `rc add-ad-permission ${name} --user ${shellWord(principal)} --extended-rights ${full}`;
  const mend = [...take, ...(has ? [] : [give])].join(' && ');
  const why = denials.length
    ? `On ${settings.Name} the right ${full} is denied to ${denials.map((g) => g.User).join(' and ')}.`
    : `${principal} has no ${full} on ${settings.Name}.`;
  return { why, mend: mend === '' ? [] : [mend], denied: denials.length > 0 };
}

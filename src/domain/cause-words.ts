/** A cause in words for who reads them, and the commands that change it. Pure. */

import { kebab } from '../text/flag-name.ts';
import { show } from '../text/printable.ts';
import { shellWord } from '../text/shell-word.ts';
import { holdsDomain } from './accepted-domain.ts';
import {
  type Cause,
  type Change,
  type DomainCause,
  FAULTS,
  type RightCause,
  type SelectionCause,
  type ServerSettingCause,
  type SettingCause,
  type UserCause,
} from './cause.ts';
import type { Connector } from './connector.ts';
import type { Finding } from './finding.ts';
import { countedBy, perWindow } from './message-rate.ts';
import type { Override } from './override.ts';
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
} from './permissions.ts';
import { endText } from './temporary.ts';
import { PRESSURE_RESOURCES } from './transport-pressure.ts';

/**
 * What stands behind a refusal (which setting, right or domain it is: one or two sentences), and the commands, each of which alone
 * would change it: none when it is the client's to change.
 */
export type Words = Pick<Finding, 'problem' | 'mend'>;

/** Connectors that could take a client nobody takes. */
const MOST_TOLD = 10;

export function causeWords(cause: Cause): Words {
  switch (cause.kind) {
    case 'setting':
      return { problem: settingWords(cause) + endWords(cause), mend: settingCommand(cause) };
    case 'server':
      return { problem: serverSettingWords(cause), mend: [`rc set-transport-service ${flags(cause.enough)}`] };
    case 'selection':
      return selectionWords(cause);
    case 'right':
      return rightWords(cause);
    case 'domain':
      return domainWords(cause);
    case 'user':
      return userWords(cause);
    case 'nextHost':
      return { problem: `The next host ${cause.host} said: ${cause.said}`, mend: [] };
    case 'fault': {
      const { why } = FAULTS[cause.fault];
      return { problem: cause.detail === '' ? why : `${why} ${cause.detail}`, mend: [] };
    }
  }
}

/** The command that makes a change; none for no change. */
function setCommand({ Name }: Connector, change: Change): string[] {
  return Object.keys(change).length === 0 ? [] : [`rc set ${shellWord(Name)} ${flags(change)}`];
}

function flags(change: Readonly<Record<string, string>>): string {
  return Object.entries(change)
    .map(([name, value]) => `--${kebab(name)} ${word(value)}`)
    .join(' ');
}

/** A value as a word of a shell command. */
function word(value: string): string {
  if (value === '') return '""';
  return /^[\w.,]+$/.test(value) ? value : shellWord(value);
}

function connections(count: number): string {
  return `${count} connection${count === 1 ? '' : 's'}`;
}

/** What is said of a setting beyond its name and value. */
const SETTING_WORDS: Partial<Record<SettingCause['setting'], (cause: SettingCause, c: Connector) => string>> = {
  MaxInboundConnection: ({ allowed, asked }, c) =>
    `${c.Name} has ${connections(Number(asked) - 1)}, and MaxInboundConnection is ${allowed}.`,
  MaxInboundConnectionPerSource: ({ allowed, asked, source }, c) =>
    `${source} has ${connections(Number(asked) - 1)} to ${c.Name}, and MaxInboundConnectionPerSource is ${allowed}.`,
  MaxInboundConnectionPercentagePerSource: ({ allowed, asked, source }, c) =>
    `${source} has ${connections(Number(asked) - 1)} to ${c.Name}, and MaxInboundConnectionPercentagePerSource, ${c.MaxInboundConnectionPercentagePerSource} % of the connections that others have not taken, is ${allowed} now.`,
  MaxInboundConnectionRatePerSource: ({ allowed, asked, source }, c) =>
    `${source} opened ${connections(Number(asked) - 1)} to ${c.Name} in the last minute, and MaxInboundConnectionRatePerSource is ${allowed}.`,
  EarlyTalkers: () => 'EarlyTalkers is Refuse, and the client spoke before it was greeted (RFC 5321 section 4.3.1).',
  RequireEHLODomain: ({ asked }) =>
    `RequireEHLODomain is on, and ${show(asked)} is neither a domain nor an address in brackets.`,
  AuthMechanism: ({ asked }, c) => {
    if (asked === 'STARTTLS')
      return `AuthMechanism of ${c.Name} is ${c.AuthMechanism}: without Tls there is no STARTTLS.`;
    if (!c.AuthMechanism.has('BasicAuth'))
      return `AuthMechanism of ${c.Name} is ${c.AuthMechanism}: without BasicAuth nobody can log on.`;
    return 'BasicAuthRequireTLS is among AuthMechanism: logging on is offered inside TLS only. The client has to say STARTTLS first (--tls tries that).';
  },
  TlsCertificateName: ({ allowed }) =>
    `TlsCertificateName is ${show(allowed)}, and no certificate in the home’s folder certificates has that name.`,
  RequireTLS: () =>
    'RequireTLS is on: mail is taken only inside TLS. The client has to say STARTTLS first (--tls tries that).',
  MaxMessageSize: (_, c) =>
    `MaxMessageSize is ${c.MaxMessageSize}, and the client has no right ms-Exch-Bypass-Message-Size-Limit.`,
  MessageRateLimit: (_, c) =>
    `MessageRateLimit is ${c.MessageRateLimit} messages ${perWindow(c)}, counted by ${countedBy(c)}.`,
  MaxRecipientsPerMessage: ({ allowed }) => `MaxRecipientsPerMessage is ${allowed}.`,
  MaxHeaderSize: (_, c) => `MaxHeaderSize is ${c.MaxHeaderSize}, and the header is over it.`,
  MaxHopCount: ({ allowed, asked }) =>
    `The message passed ${asked} hosts (Received), and MaxHopCount is ${allowed}: a loop, or a long way.`,
  MaxLocalHopCount: ({ allowed, asked }) =>
    `The message passed this server ${asked} times already, and MaxLocalHopCount is ${allowed}: a loop.`,
  MaxProtocolErrors: ({ allowed }) => `MaxProtocolErrors is ${allowed}, and the command is one mistake more.`,
  MaxLogonFailures: ({ allowed }) => `MaxLogonFailures is ${allowed}, and this logon failed too.`,
  BareLinefeedRejectionEnabled: () =>
    'BareLinefeedRejectionEnabled is on, and the message has a line feed without a carriage return before it.',
  SmtpUtf8Enabled: () => 'SmtpUtf8Enabled is off: addresses are ASCII only.',
  DefaultDomain: ({ asked, enough }, c) => {
    const none = `${show(asked)} has no domain, and ${c.Name} has no DefaultDomain.`;
    if (Object.keys(enough).length) return none;
    return `${none} It is one of the accepted domains, and there is none yet: rc new-accepted-domain YOURS, then rc set ${shellWord(c.Name)} --default-domain YOURS.`;
  },
  FaultRules: ({ allowed, asked }, c) =>
    `On purpose: FaultRules of ${c.Name} has "${allowed}", which acts at the stage ${asked}.`,
  LongAddressesEnabled: ({ allowed }) => `It is longer than ${allowed} characters, and LongAddressesEnabled is off.`,
  ConnectionTimeout: (_, c) => `ConnectionTimeout is ${c.ConnectionTimeout}, whatever the session does.`,
  ConnectionInactivityTimeout: (_, c) =>
    `ConnectionInactivityTimeout is ${c.ConnectionInactivityTimeout}, and the client said nothing for so long.`,
};

const REJECTED_DOMAIN: ReadonlySet<SettingCause['setting']> = new Set([
  'RejectReservedTopLevelRecipientDomains',
  'RejectReservedSecondLevelRecipientDomains',
  'RejectSingleLabelRecipientDomains',
]);

function settingWords(cause: SettingCause): string {
  const { setting, connector, asked, allowed, enough } = cause;
  const own = SETTING_WORDS[setting];
  if (own) return own(cause, connector);
  if (REJECTED_DOMAIN.has(setting))
    return `${Object.keys(enough).join(' and ')} of ${connector.Name} is on, and ${show(asked)} is such a domain.`;
  const value = allowed === 'true' ? 'on' : allowed === 'false' ? 'off' : allowed;
  return `${setting} of ${connector.Name} is ${value}, and ${show(asked)} was asked for.`;
}

function serverSettingWords({ setting, asked, allowed, source }: ServerSettingCause): string {
  if (setting === 'MaxConnectionRatePerMinute')
    return `${source} opened ${connections(Number(asked) - 1)} in the last minute, to all connectors together, and MaxConnectionRatePerMinute of the transport service is ${allowed}.`;
  const resource = PRESSURE_RESOURCES.find((one) => setting.startsWith(one));
  if (resource)
    return `Back pressure: ${asked}, and ${setting} of the transport service is ${allowed}. ${PRESSURE_ROOM[resource]} A higher threshold takes more mail now, and leaves less room before mail fails.`;
  return `${setting} of the transport service is ${allowed}, and ${show(asked)} was asked for.`;
}

/** What to do first about back pressure, which ends by itself then. */
const PRESSURE_ROOM: Readonly<Record<(typeof PRESSURE_RESOURCES)[number], string>> = {
  UsedDiskSpace: 'Make room on that volume, or a larger one, and mail is taken again by itself.',
  UsedMemory:
    'It passes when the machine has memory again: give it more, or let fewer in at once (MaxInboundConnection, MaxMessageSize).',
  EventLoopDelay:
    'It passes when the processor has time again: more workers (rc serve --workers), or fewer connections at once (MaxInboundConnection).',
};

/** Is a limit of one source by its override? */
function decides({ limits }: Override, setting: string): boolean {
  return Object.hasOwn(limits, setting);
}

/** What would let it pass: the connector's setting, or that of the override that decides. */
function settingCommand({ connector, setting, enough }: SettingCause): string[] {
  const { Override: override } = connector;
  if (!override || !decides(override, setting) || !Object.keys(enough).length) return setCommand(connector, enough);
  return [`rc new-override ${shellWord(connector.Name)} ${override.range} ${flags(enough)}`];
}

/** Until when the setting is so, where that is temporary. */
function endWords({ setting, connector }: SettingCause): string {
  const { Override: override } = connector;
  if (override && decides(override, setting)) {
    const end = override.stored.Until === undefined ? '' : `, until ${endText(override.stored.Until)}`;
    return ` So says its override of ${override.range}${end}.`;
  }
  const found = connector.Temporary.find(({ Setting }) => Setting === setting);
  return found ? ` It is so until ${endText(found.Until)}.` : '';
}

function selectionWords({ source, passed }: SelectionCause): Words {
  const disabled = passed.filter((p) => p.reason === 'disabled' && p.range !== undefined);
  // Another connector cannot have a range that a disabled one has on the same binding.
  const mend = disabled.length
    ? disabled.map(({ connector }) => `rc set ${shellWord(connector.Name)} --enabled true`)
    : passed
        .filter((p) => p.reason === 'range')
        .slice(0, MOST_TOLD)
        .map(({ connector }) => `rc set ${shellWord(connector.Name)} --add-remote-ip-ranges ${source}`);
  return { problem: `No connector that listens there takes ${source}.`, mend };
}

function rightWords(cause: RightCause): Words {
  const { connector, right, principals, asked, domain, ours, user } = cause;
  const missing = missingRight(connector, right, principals);
  if (right === 'SMTP-Submit') {
    const stranger = !principals.includes(AUTHENTICATED) && !principals.includes(EXTERNALLY_SECURED);
    const why = missing.denied
      ? missing.problem
      : `PermissionGroups of ${connector.Name} is ${connector.PermissionGroups}, which lets ${principalOf(principals).principal} submit nothing.`;
    return {
      problem: stranger ? `${why} The client has to log on (--user tries that), unless that is changed.` : why,
      mend: missing.mend,
    };
  }
  const what = ours ? `${domain} is one of our own domains` : `${show(domain)} is no domain of ours`;
  const own = user === '' ? '' : `, and ${show(asked)} is not the address of ${user}`;
  return { problem: `${what}${own}. ${missing.problem}`, mend: missing.mend };
}

function domainWords({ connector, principals, local, domain, literal, accepted }: DomainCause): Words {
  const missing = missingRight(connector, 'SMTP-Accept-Any-Recipient', principals);
  const open = connector.RemoteIPRanges.some((range) => range.low === 0n && range.size >= 2n ** 32n);
  const warning = open
    ? ` With that right everybody could relay through it, for its RemoteIPRanges hold all addresses: give it on a connector of its own.`
    : '';
  const why = `${missing.problem}${warning}`;
  const { mend } = missing;
  if (literal) return { problem: `An address in brackets is no accepted domain. ${why}`, mend };
  if (accepted.some((d) => holdsDomain(d, domain)))
    return { problem: `The name before the @ carries a route of its own. ${why}`, mend };
  const none =
    accepted.length === 0
      ? `No accepted domain is configured, and mail of ${connector.Name} goes on to another host`
      : `${domain} is none of the accepted domains (${accepted
          .slice(0, 5)
          .map((d) => d.DomainName)
          .join(', ')}${accepted.length > 5 ? ' and others' : ''})`;
  if (/[%!@]/.test(local)) return { problem: `${none}. ${why}`, mend };
  const choice = 'If that domain is yours, accept it; if mail is to go on to others, the client needs the right.';
  return { problem: `${none}. ${why} ${choice}`, mend: [`rc new-accepted-domain ${shellWord(domain)}`, ...mend] };
}

function userWords({ asked, user }: UserCause): Words {
  if (!user) return { problem: `There is no user ${show(asked)}.`, mend: [`rc new-smtp-user ${shellWord(asked)}`] };
  const name = shellWord(user.Name);
  if (!user.Enabled)
    return { problem: `The user ${user.Name} is disabled.`, mend: [`rc set-smtp-user ${name} --enabled=true`] };
  return { problem: `The password of ${user.Name} is another one.`, mend: [`rc set-smtp-user ${name} --password`] };
}

/** Who has to be given a right: the principal of a well-known kind that the client is. */
function principalOf(principals: readonly string[]): { principal: string; group: PermissionGroup } {
  if (principals.includes(EXTERNALLY_SECURED)) return { principal: EXTERNALLY_SECURED, group: 'ExchangeServers' };
  if (principals.includes(AUTHENTICATED)) return { principal: AUTHENTICATED, group: 'ExchangeUsers' };
  if (principals.includes(PARTNERS)) return { principal: PARTNERS, group: 'Partners' };
  return { principal: ANONYMOUS, group: 'AnonymousUsers' };
}

interface Missing extends Words {
  /** Somebody took it away. */
  readonly denied: boolean;
}

/** Why the client has not got a right, and what gives it: its group where that holds the right, else a grant. */
export function missingRight(settings: Connector, right: Right, principals: readonly string[]): Missing {
  const name = shellWord(settings.Name);
  const { principal, group } = principalOf(principals);
  const full = RIGHT_PREFIX + right;
  const mine = settings.Grants.filter(
    (g) => principals.includes(principalNamed(g.User)) && g.ExtendedRights.some((r) => rightNamed(r) === right),
  );
  const denials = mine.filter((g) => g.Deny);
  const take = denials.map(
    ({ User }) =>
      `rc remove-ad-permission ${name} --user ${shellWord(User)} --extended-rights ${full} --deny --confirm=false`,
  );
  const groups = settings.PermissionGroups.names.filter((g) => g !== 'Custom');
  const has =
    groups.some((g) => GROUP_RIGHTS[g].some((e) => principals.includes(e.principal) && e.rights.includes(right))) ||
    mine.some((g) => !g.Deny);
  const byGroup =
    right === 'SMTP-Submit' && GROUP_RIGHTS[group].some((e) => e.principal === principal && e.rights.includes(right));
  const give = byGroup
    ? `rc set ${name} --permission-groups ${[...groups, group].join(',')}`
    : `rc add-ad-permission ${name} --user ${shellWord(principal)} --extended-rights ${full}`;
  const mend = [...take, ...(has ? [] : [give])].join(' && ');
  const why = denials.length
    ? `On ${settings.Name} the right ${full} is denied to ${denials.map((g) => g.User).join(' and ')}.`
    : `${principal} has no ${full} on ${settings.Name}.`;
  return { problem: why, mend: mend === '' ? [] : [mend], denied: denials.length > 0 };
}

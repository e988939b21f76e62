/** The settings grouped by what an administrator is looking for: one order for help, the manual and docs/settings.md. */
import { SETTING_NAMES, SETTINGS, type SettingName } from './settings.ts';

export interface SettingTopic {
  readonly heading: string;
  readonly settings: readonly SettingName[];
}

/** In the order they are looked for most. Settings that the listener does not act on gather in the last group. */
const TOPICS: readonly SettingTopic[] = [
  {
    heading: 'Where it listens, whom it takes',
    settings: ['Enabled', 'Bindings', 'RemoteIPRanges', 'PermissionGroups', 'AuthMechanism'],
  },
  {
    heading: 'Limits on connections',
    settings: [
      'MaxInboundConnection',
      'MaxInboundConnectionPerSource',
      'MaxInboundConnectionPercentagePerSource',
      'MaxInboundConnectionSourcePrefix',
      'ConnectionTimeout',
      'ConnectionInactivityTimeout',
      'MaxProtocolErrors',
      'MaxLogonFailures',
      'TarpitInterval',
      'AuthTarpitInterval',
      'EarlyTalkers',
    ],
  },
  {
    heading: 'Limits on messages',
    settings: [
      'MaxMessageSize',
      'MaxRecipientsPerMessage',
      'MessageRateLimit',
      'MessageRateSource',
      'MaxHeaderSize',
      'MaxHopCount',
      'MaxLocalHopCount',
      'BareLinefeedRejectionEnabled',
      'RejectReservedTopLevelRecipientDomains',
      'RejectReservedSecondLevelRecipientDomains',
      'RejectSingleLabelRecipientDomains',
    ],
  },
  {
    heading: 'Names and logging',
    settings: ['Fqdn', 'Banner', 'Comment', 'DefaultDomain', 'ReplyDialect', 'ProtocolLoggingLevel', 'DeliveryMethod'],
  },
  {
    heading: 'TLS',
    settings: ['RequireTLS', 'TlsCertificateName', 'DomainSecureEnabled'],
  },
  {
    heading: 'What EHLO offers',
    settings: [
      'SizeEnabled',
      'PipeliningEnabled',
      'DeliveryStatusNotificationEnabled',
      'EnhancedStatusCodesEnabled',
      'EightBitMimeEnabled',
      'BinaryMimeEnabled',
      'ChunkingEnabled',
      'SmtpUtf8Enabled',
      'LongAddressesEnabled',
      'OrarEnabled',
      'RequireEHLODomain',
    ],
  },
];

export const KEPT_HEADING = 'Kept for Exchange’s sake';

function topics(): SettingTopic[] {
  const placed = new Set(TOPICS.flatMap((topic) => topic.settings));
  const rest = SETTING_NAMES.filter((name) => !placed.has(name));
  const kept = rest.filter((name) => SETTINGS[name].acts !== 'yes');
  const others = rest.filter((name) => SETTINGS[name].acts === 'yes');
  return [
    ...TOPICS,
    ...(others.length ? [{ heading: 'Other settings', settings: others }] : []),
    { heading: KEPT_HEADING, settings: kept },
  ];
}

/** Every setting, each in one group. */
export const SETTING_TOPICS: readonly SettingTopic[] = topics();

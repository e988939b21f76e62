/**
 * The settings catalogue: one row per setting of a receive connector, in the order Format-List shows them. From it come
 * the connector's type, parsing and printing, validation, `rc set` flags, parameters, completion, the store's schema and
 * docs/settings.md. Adding a setting = one row, plus the code that obeys it.
 * Defaults and ranges: Exchange's cmdlet reference of Set-ReceiveConnector (a Mailbox server's values).
 */

import { binding, range } from './address-kind.ts';
import { bool, count, flags, fqdn, int, listOf, oneOf, size, span, text } from './kind.ts';
import { ALL_ADDRESSES } from './range.ts';
import { row, type Setting, type Site } from './setting.ts';
import {
  banner,
  certificateName,
  domainCapabilities,
  faultRules,
  permissionGroups,
  sourcePrefix,
} from './setting-kinds.ts';
import { type Binding, ByteSize, Flags, TimeSpan, UNLIMITED } from './value.ts';

const MOST = 2147483647;
const KB = 1024;
const MB = 1024 * KB;
const DAY = 86400;

/** Table order is Format-List's order. */
const TABLE = {
  AuthMechanism: row(
    flags('Tls', 'Integrated', 'BasicAuth', 'BasicAuthRequireTLS', 'ExchangeServer', 'ExternalAuthoritative'),
    new Flags(['Tls'] as const),
    'next command',
    'How clients may authenticate: Tls offers STARTTLS, BasicAuth offers AUTH LOGIN and PLAIN, BasicAuthRequireTLS offers AUTH only inside TLS, ExternalAuthoritative trusts the source as an Exchange server; Integrated and ExchangeServer are Windows only and kept.',
    {
      topic: 'Where it listens, whom it takes',
      legal:
        'BasicAuthRequireTLS needs BasicAuth and Tls; ExternalAuthoritative goes with Tls only and needs PermissionGroups ExchangeServers',
    },
  ),
  Banner: row(
    banner,
    '',
    'next connection',
    'Greeting sent instead of the default "220 FQDN Microsoft ESMTP MAIL Service ready at DATE".',
    { topic: 'Names and logging' },
  ),
  BinaryMimeEnabled: row(bool, true, 'next EHLO', 'Offers BINARYMIME (RFC 3030).', {
    topic: 'What EHLO offers',
    legal: 'needs ChunkingEnabled',
  }),
  Bindings: row(
    listOf(binding, { needed: true }),
    [] as readonly Binding[],
    'rebind',
    'Local addresses and ports the connector listens on; 0.0.0.0 and [::] mean every address.',
    { topic: 'Where it listens, whom it takes', legal: 'unique on the server unless the remote ranges differ' },
  ),
  ChunkingEnabled: row(bool, true, 'next EHLO', 'Offers CHUNKING and takes BDAT (RFC 3030).', {
    topic: 'What EHLO offers',
  }),
  DefaultDomain: row(
    fqdn(),
    '',
    'next command',
    'Accepted domain that completes a sender or recipient without a domain.',
    { topic: 'Names and logging', legal: 'must be an accepted domain' },
  ),
  DeliveryStatusNotificationEnabled: row(bool, true, 'next EHLO', 'Offers DSN (RFC 3461).', {
    topic: 'What EHLO offers',
  }),
  EightBitMimeEnabled: row(bool, true, 'next EHLO', 'Offers 8BITMIME (RFC 6152).', { topic: 'What EHLO offers' }),
  SmtpUtf8Enabled: row(bool, true, 'next EHLO', 'Offers SMTPUTF8 (RFC 6531).', { topic: 'What EHLO offers' }),
  BareLinefeedRejectionEnabled: row(
    bool,
    false,
    'next message',
    'Refuses a message that has a line feed without a carriage return before it.',
    { topic: 'Limits on messages' },
  ),
  DomainSecureEnabled: row(
    bool,
    false,
    'next command',
    'Mutual TLS: asks the client for a certificate and verifies it.',
    { topic: 'TLS', legal: 'needs AuthMechanism Tls and forbids ExternalAuthoritative' },
  ),
  EnhancedStatusCodesEnabled: row(
    bool,
    true,
    'at once',
    'Offers ENHANCEDSTATUSCODES and puts the codes into replies (RFC 2034).',
    { topic: 'What EHLO offers' },
  ),
  LongAddressesEnabled: row(
    bool,
    false,
    'next EHLO',
    'Offers XLONGADDR: addresses to 1,860 characters instead of 571.',
    { topic: 'What EHLO offers' },
  ),
  OrarEnabled: row(bool, false, 'next EHLO', 'Offers XORAR, the originator-requested alternate recipient.', {
    topic: 'What EHLO offers',
  }),
  SuppressXAnonymousTls: row(bool, false, 'never', 'Suppresses X-ANONYMOUSTLS.', { acts: 'windows' }),
  AdvertiseClientSettings: row(bool, false, 'never', 'Shows the connector to users in their mail client settings.'),
  Fqdn: row(
    fqdn(),
    (site: Site) => site.fqdn,
    'next command',
    'Name in the banner, the HELO/EHLO reply, the Received header and for choosing the certificate.',
    { topic: 'Names and logging' },
  ),
  ServiceDiscoveryFqdn: row(fqdn(), '', 'never', 'Name for service discovery.'),
  TlsCertificateName: row(
    certificateName,
    '',
    'next command',
    'Certificate that STARTTLS presents, as <I>issuer<S>subject; empty chooses by Fqdn.',
    { topic: 'TLS', legal: 'must name a certificate in the listener’s certificate folder' },
  ),
  Comment: row(text({ max: 1024 }), '', 'next command', 'A note for administrators.', { topic: 'Names and logging' }),
  Enabled: row(bool, true, 'rebind', 'Whether the connector takes connections.', {
    topic: 'Where it listens, whom it takes',
  }),
  ConnectionTimeout: row(
    span(1, DAY),
    new TimeSpan(600),
    'at once',
    'Time after which a connection is closed even while data flows.',
    { topic: 'Limits on connections', legal: 'greater than ConnectionInactivityTimeout' },
  ),
  ConnectionInactivityTimeout: row(
    span(1, DAY),
    new TimeSpan(300),
    'at once',
    'Time without data after which a connection is closed.',
    { topic: 'Limits on connections', legal: 'less than ConnectionTimeout' },
  ),
  MessageRateLimit: row(
    count(1, MOST),
    UNLIMITED,
    'next message',
    'Messages from one source in a minute, or in what MessageRateLimitWindow says.',
    {
      topic: 'Limits on messages',
    },
  ),
  MessageRateSource: row(
    oneOf('None', 'IPAddress', 'User', 'All'),
    'IPAddress',
    'next message',
    'What one source of MessageRateLimit is: the host, the sender, or both.',
    { topic: 'Limits on messages' },
  ),
  MaxInboundConnection: row(count(1, MOST), 5000, 'next connection', 'Connections of this connector at one time.', {
    topic: 'Limits on connections',
  }),
  MaxInboundConnectionPerSource: row(
    count(1, 10000),
    20,
    'next connection',
    'Connections of one IP address at one time.',
    { topic: 'Limits on connections', aliases: ['MaxInboundPerSource'] },
  ),
  MaxInboundConnectionPercentagePerSource: row(
    int(1, 100),
    2,
    'next connection',
    'Connections of one IP address at one time, as a percentage of the connector’s remaining connections.',
    { topic: 'Limits on connections', aliases: ['MaxInboundPercentagePerSource'] },
  ),
  MaxHeaderSize: row(
    size(1, MOST),
    new ByteSize(256 * KB),
    'at once',
    'Size of a message’s header; over it the connection is closed.',
    { topic: 'Limits on messages' },
  ),
  MaxHopCount: row(int(1, 500), 60, 'at once', 'Received headers a message may have.', { topic: 'Limits on messages' }),
  MaxLocalHopCount: row(
    int(0, 50),
    12,
    'at once',
    'Received headers of this server a message may have; 0 never refuses.',
    { topic: 'Limits on messages' },
  ),
  MaxLogonFailures: row(int(0, 10), 3, 'at once', 'Failed AUTHs before the connection is closed; 0 never closes.', {
    topic: 'Limits on connections',
  }),
  MaxMessageSize: row(
    size(64 * KB, MOST),
    new ByteSize(36 * MB),
    'at once',
    'Size of a message, with its header; shown by SIZE (RFC 1870).',
    { topic: 'Limits on messages' },
  ),
  MaxProtocolErrors: row(count(0, MOST), 5, 'at once', 'Protocol errors before the connection is closed.', {
    topic: 'Limits on connections',
  }),
  MaxRecipientsPerMessage: row(int(1, 512000), 200, 'next command', 'Recipients of one message.', {
    topic: 'Limits on messages',
  }),
  PermissionGroups: row(
    permissionGroups,
    new Flags<'AnonymousUsers' | 'ExchangeUsers' | 'ExchangeServers' | 'ExchangeLegacyServers' | 'Partners' | 'Custom'>(
      [],
    ),
    'next command',
    'Groups that may submit mail, each with the rights it brings.',
    { topic: 'Where it listens, whom it takes' },
  ),
  PipeliningEnabled: row(bool, true, 'next EHLO', 'Offers PIPELINING (RFC 2920).', { topic: 'What EHLO offers' }),
  ProtocolLoggingLevel: row(
    oneOf('None', 'Verbose'),
    'None',
    'at once',
    'Verbose writes every session of the connector to the protocol log.',
    { topic: 'Names and logging' },
  ),
  RemoteIPRanges: row(
    listOf(range, { needed: true }),
    ALL_ADDRESSES,
    'next connection',
    'Client addresses the connector takes.',
    {
      topic: 'Where it listens, whom it takes',
      legal: 'ranges of connectors on one binding may overlap only when one lies wholly inside the other',
    },
  ),
  RequireEHLODomain: row(bool, false, 'next command', 'EHLO must carry a domain, or the connection is closed.', {
    topic: 'What EHLO offers',
  }),
  RequireTLS: row(bool, false, 'next command', 'MAIL FROM only inside TLS.', {
    topic: 'TLS',
    legal: 'needs AuthMechanism Tls',
  }),
  EnableAuthGSSAPI: row(bool, false, 'never', 'Offers AUTH GSSAPI.', { acts: 'windows' }),
  ExtendedProtectionPolicy: row(
    oneOf('None', 'Allow', 'Require'),
    'None',
    'never',
    'Extended Protection for Authentication.',
    { acts: 'windows' },
  ),
  LiveCredentialEnabled: row(bool, false, 'never', 'Reserved for Microsoft’s own use.'),
  TlsDomainCapabilities: row(
    domainCapabilities,
    [],
    'never',
    'Capabilities of domains that connect with a verified certificate, as domain:capability[,capability].',
  ),
  TransportRole: row(
    oneOf('FrontendTransport', 'HubTransport'),
    'FrontendTransport',
    'never',
    'Transport service the connector belongs to.',
  ),
  RejectReservedTopLevelRecipientDomains: row(
    bool,
    false,
    'next command',
    'Refuses recipients in .test, .example, .invalid and .localhost (RFC 2606).',
    { topic: 'Limits on messages' },
  ),
  RejectReservedSecondLevelRecipientDomains: row(
    bool,
    false,
    'next command',
    'Refuses recipients in example.com, example.net and example.org (RFC 2606).',
    { topic: 'Limits on messages' },
  ),
  RejectSingleLabelRecipientDomains: row(bool, false, 'next command', 'Refuses recipients in domains of one label.', {
    topic: 'Limits on messages',
  }),
  SizeEnabled: row(
    oneOf('Enabled', 'Disabled', 'EnabledWithoutValue'),
    'Enabled',
    'next EHLO',
    'Offers SIZE with its value, not at all, or without the value (RFC 1870).',
    { topic: 'What EHLO offers' },
  ),
  TarpitInterval: row(
    span(0, 600),
    new TimeSpan(5),
    'at once',
    'Delay before a 5xx reply to a client that is not authenticated; 00:00:00 is off.',
    { topic: 'Limits on connections' },
  ),
  AuthTarpitInterval: row(
    span(0, 600),
    new TimeSpan(5),
    'at once',
    'Delay before the reply to a failed AUTH; 00:00:00 is off.',
    { topic: 'Limits on connections' },
  ),
  MaxAcknowledgementDelay: row(
    span(0, 12 * 3600),
    new TimeSpan(30),
    'never',
    'Delayed acknowledgement (shadow redundancy) of Exchange.',
  ),
  DeliveryMethod: row(
    oneOf('Default', 'Maildir', 'Relay', 'Discard'),
    'Default',
    'next message',
    'Where messages of this connector go: the transport service’s method, the Maildir, the next host, or nowhere.',
    { topic: 'Names and logging', extension: true },
  ),
  FaultRules: row(
    faultRules,
    [] as readonly string[],
    'next command',
    'Faults on purpose, for testing what sends mail here: STAGE WHAT [WHEN], such as "rcpt 451 4.3.0 first 3".',
    { topic: 'Faults on purpose', extension: true },
  ),
  EarlyTalkers: row(
    oneOf('Serve', 'Refuse'),
    'Serve',
    'next connection',
    'Clients that speak before they are greeted: Serve greets them and answers what they said, as health checks expect; Refuse holds the greeting back for a moment and closes the connection of whoever speaks in it.',
    { topic: 'Limits on connections', extension: true },
  ),
  ReplyDialect: row(
    oneOf('Exchange2010', 'Exchange2019'),
    'Exchange2010',
    'at once',
    'Whose words replies have where versions of Exchange differ.',
    { topic: 'Names and logging', extension: true },
  ),
  LimitScope: row(
    oneOf('Server', 'Fleet'),
    'Server',
    'next connection',
    'Over what MaxInboundConnection, MaxInboundConnectionPerSource, MaxInboundConnectionPercentagePerSource and MessageRateLimit are counted: this server alone, or the connectors of this name on all servers of the fleet.',
    { topic: 'Limits on connections', extension: true },
  ),
  MaxInboundConnectionRatePerSource: row(
    count(1, MOST),
    UNLIMITED,
    'next connection',
    'Connections that one source may open to this connector in a minute. Over all connectors MaxConnectionRatePerMinute of the transport service holds too.',
    { topic: 'Limits on connections', aliases: ['MaxInboundRatePerSource'], extension: true },
  ),
  MessageRateLimitWindow: row(
    span(1, DAY),
    new TimeSpan(60),
    'next message',
    'Time over which MessageRateLimit counts: as many messages of one source in it. It slides; what was counted is kept in memory, and a restart begins anew.',
    { topic: 'Limits on messages', extension: true },
  ),
  MessageRateUser: row(
    oneOf('Sender', 'Account'),
    'Sender',
    'next message',
    'Who the user of MessageRateSource User and All is: Sender is the address of MAIL FROM; Account is the user who logged on, and the address of MAIL FROM where nobody did.',
    { topic: 'Limits on messages', extension: true },
  ),
  MaxInboundConnectionSourcePrefix: row(
    sourcePrefix,
    '32,64',
    'next connection',
    'What one source is to the limits per source: lengths of a network for IPv4 and IPv6. By default an IPv4 address, and of IPv6 a /64, which one host has to itself. Link-local and site-local addresses have no limit per source.',
    { topic: 'Limits on connections', extension: true },
  ),
} as const;

export type SettingName = keyof typeof TABLE;
export const SETTINGS = TABLE as Readonly<Record<SettingName, Setting>>;
export const SETTING_NAMES = Object.keys(TABLE) as readonly SettingName[];

type ValueOf<S> = S extends Setting<infer T> ? Widen<T> : never;
type Widen<T> = T extends boolean ? boolean : T;

/** Every setting with its value: the part of a connector that administrators set. */
export type Settings = { readonly [K in SettingName]: ValueOf<(typeof TABLE)[K]> };

const BY_LOWER_NAME = new Map<string, SettingName>(SETTING_NAMES.map((name) => [name.toLowerCase(), name]));

/** The catalogue's spelling of a setting's name, case-insensitively. */
export function settingNamed(name: string): SettingName | undefined {
  return BY_LOWER_NAME.get(name.toLowerCase());
}

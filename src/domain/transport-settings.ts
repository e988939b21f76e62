/**
 * Settings of the transport service (Get-/Set-TransportService): delivery, the next host, the logs and trusted front
 * ends. The same kind of table as settings.ts, and everything follows from it in the same way. Names and defaults of the
 * log settings: Exchange's cmdlet reference of Set-TransportService. Rows marked `extension` are ours.
 */

import { range } from './address-kind.ts';
import { eventSelector } from './event-selector.ts';
import { bool, count, fqdn, int, listOf, oneOf, size, sizeOrUnlimited, span, text } from './kind.ts';
import { parseSmartHost, parseSyslogPlace } from './next-host.ts';
import { row, type Setting } from './setting.ts';
import { PRESSURE_ROWS } from './transport-pressure.ts';
import { ByteSize, type IpRange, TimeSpan } from './value.ts';

const MB = 1024 ** 2;
const DAY = 86400;
/** The longest EnhancedTimeSpan that Exchange takes for the age of a log: 24855.03:14:07. */
const LONGEST_AGE = 2 ** 31 - 1;
const MOST_BYTES = 1024 ** 5;

const pathKind = (what: string) =>
  text({
    max: 1024,
    allowed: `empty, or the absolute path of ${what}`,
    example: '/var/log/rc',
    check: (value) => (value === '' || value.startsWith('/') ? undefined : 'is not an absolute path'),
  });

const hostKind = text({
  max: 262,
  allowed: 'empty, or host:port, IPv4:port or [IPv6]:port with a port from 1 to 65535, such as mail.contoso.com:25',
  example: 'mail.contoso.com:25',
  check: (value) => (value === '' || parseSmartHost(value) ? undefined : 'is not host:port'),
});

const webAddressKind = text({
  max: 2048,
  allowed: 'empty, or an http:// or https:// address such as https://hooks.contoso.com/rc',
  example: 'https://hooks.contoso.com/rc',
  check(value) {
    if (value === '') return undefined;
    const url = URL.canParse(value) ? new URL(value) : undefined;
    if (!url || !/^https?:$/.test(url.protocol)) return 'is not a web address';
    return url.username || url.password ? 'has a password in it, which would be stored and shown' : undefined;
  },
});

const syslogKind = text({
  max: 262,
  allowed: 'empty, or udp://host:port or tcp://host:port, such as udp://logs.contoso.com:514',
  example: 'udp://logs.contoso.com:514',
  check: (value) => (value === '' || parseSyslogPlace(value) ? undefined : 'is not udp://host:port or tcp://host:port'),
});

const logAge = (what: string) =>
  row(span(0, LONGEST_AGE), new TimeSpan(30 * DAY), 'next message', `How long ${what} are kept; 00:00:00 keeps them.`);
const directorySize = (megabytes: number, what: string) =>
  row(
    sizeOrUnlimited(1024, MOST_BYTES),
    new ByteSize(megabytes * MB),
    'next message',
    `Size of all ${what} together; Unlimited keeps all that are not too old.`,
  );
const FILE_SIZE = new ByteSize(10 * MB);
const fileSize = (what: string) => `Size at which ${what} goes on in a new file.`;

/** The highest MaxConnectionRatePerMinute: as good as no limit. */
export const NO_CONNECTION_RATE = 2 ** 31 - 1;

const ours = { extension: true } as const;

/** Table order is Format-List's order. */
const TABLE = {
  DeliveryMethod: row(
    oneOf('Maildir', 'Relay', 'Discard'),
    'Maildir',
    'next message',
    'Where messages go: into the Maildir of the home folder, to SmartHost while the client waits, or nowhere. A connector’s own DeliveryMethod goes before it.',
    ours,
  ),
  SmartHost: row(hostKind, '', 'next message', 'Next host of DeliveryMethod Relay, as host:port.', {
    ...ours,
    legal: 'needed by DeliveryMethod Relay',
  }),
  SmartHostFqdn: row(
    fqdn(),
    '',
    'next message',
    'Name given to the next host at EHLO; empty gives it the connector’s Fqdn. A host that checks names wants one with a domain.',
    ours,
  ),
  SmartHostTls: row(
    oneOf('Opportunistic', 'Required', 'None'),
    'Opportunistic',
    'next message',
    'TLS to the next host: Opportunistic uses STARTTLS when it is offered, Required hands nothing on without it, None never uses it.',
    ours,
  ),
  SmartHostTlsVerify: row(
    bool,
    false,
    'next message',
    'Hands mail on only to a next host whose certificate is valid for its name.',
    { ...ours, legal: 'needs SmartHostTls Required' },
  ),
  SmartHostTlsCaFile: row(
    pathKind('a PEM file with the certificates of the authorities to trust'),
    '',
    'next message',
    'Authorities that SmartHostTlsVerify trusts, as a PEM file, such as a CA of one’s own; empty trusts those that Node.js comes with.',
    { ...ours, legal: 'needs SmartHostTlsVerify' },
  ),
  SmartHostAuthUser: row(
    text({ max: 256 }),
    '',
    'next message',
    'User for AUTH at the next host; empty does not authenticate.',
    { ...ours, legal: 'needs SmartHostPasswordFile' },
  ),
  SmartHostPasswordFile: row(
    pathKind('a file that holds the password and that only its owner may read'),
    '',
    'next message',
    'File with the password for the next host (mode 0600); the password itself is never stored.',
    ours,
  ),
  RelayRecipientCheck: row(
    bool,
    true,
    'next command',
    'Asks the next host about each recipient when the client names it, so that one it refuses does not take the message from the others.',
    ours,
  ),
  MaxRelayConnections: row(count(1, 10000), 20, 'next message', 'Connections to the next host at one time.', ours),
  RelayTimeout: row(
    span(1, 3600),
    new TimeSpan(300),
    'next message',
    'Time the next host has to take a message; over it the client gets a temporary error.',
    ours,
  ),
  RelayIdleTimeout: row(
    span(0, 3600),
    new TimeSpan(10),
    'next message',
    'How long an unused connection to the next host is kept open.',
    ours,
  ),
  MaxConnectionRatePerMinute: row(
    int(1, NO_CONNECTION_RATE),
    1200,
    'next connection',
    'Connections that one source may open in a minute, of all connectors together.',
    { legal: `${NO_CONNECTION_RATE} is no limit` },
  ),
  ...PRESSURE_ROWS,
  ReceiveProtocolLogPath: row(
    pathKind('a folder for the protocol log'),
    '',
    'next message',
    'Folder of the receive protocol log; empty is "protocol" in the home folder.',
  ),
  ReceiveProtocolLogMaxAge: logAge('protocol log files'),
  ReceiveProtocolLogMaxDirectorySize: directorySize(250, 'protocol log files'),
  ReceiveProtocolLogMaxFileSize: row(
    sizeOrUnlimited(1024, MOST_BYTES),
    FILE_SIZE,
    'next message',
    fileSize('a protocol log file'),
  ),
  MessageTrackingLogEnabled: row(
    bool,
    true,
    'next message',
    'Whether every message leaves lines in the message tracking log.',
  ),
  MessageTrackingLogSubjectLoggingEnabled: row(
    bool,
    true,
    'next message',
    'Whether the tracking log has the subjects.',
  ),
  MessageTrackingLogPath: row(
    pathKind('a folder for the message tracking log'),
    '',
    'next message',
    'Folder of the message tracking log; empty is "tracking" in the home folder.',
  ),
  MessageTrackingLogMaxAge: logAge('message tracking log files'),
  MessageTrackingLogMaxDirectorySize: directorySize(1000, 'message tracking log files'),
  MessageTrackingLogMaxFileSize: row(
    size(1024, MOST_BYTES),
    FILE_SIZE,
    'next message',
    fileSize('a message tracking log file'),
  ),
  ProxyProtocolTrustedSources: row(
    listOf(range),
    [] as readonly IpRange[],
    'next connection',
    'Addresses of front ends whose PROXY protocol header (v1 or v2) says who the client is.',
    ours,
  ),
  FleetFallback: row(
    oneOf('LocalShare', 'Open', 'Closed'),
    'LocalShare',
    'next connection',
    'Limits that count over the fleet, while its engine cannot be asked: LocalShare takes this server’s part of them (the limit divided by the servers that ran, at least 1), Open counts this server alone, Closed lets nobody in.',
    ours,
  ),
  EventWebhook: row(
    webAddressKind,
    '',
    'at once',
    'Web address that gets each event of EventFilter as a POST of JSON; empty tells nobody.',
    ours,
  ),
  EventWebhookSecretFile: row(
    pathKind('a file that holds the secret and that only its owner may read'),
    '',
    'at once',
    'File with the secret (mode 0600) that signs what EventWebhook gets (HMAC-SHA256).',
    { ...ours, legal: 'needs EventWebhook' },
  ),
  EventCommand: row(
    pathKind('a program'),
    '',
    'at once',
    'Program that is run for each event of EventFilter, with the event as JSON on its standard input; empty runs none.',
    ours,
  ),
  EventSyslog: row(
    syslogKind,
    '',
    'at once',
    'Syslog server that gets each event of EventFilter (RFC 5424), as udp://host:port or tcp://host:port; empty tells nobody.',
    ours,
  ),
  EventSyslogFormat: row(
    oneOf('Text', 'Cef'),
    'Text',
    'at once',
    'What EventSyslog gets: the text of the event, or ArcSight’s Common Event Format.',
    ours,
  ),
  EventFilter: row(
    listOf(eventSelector),
    [] as readonly string[],
    'at once',
    'Which events are told to EventWebhook, EventCommand and EventSyslog: ids (1021), ranges of ids (17000-17099) and levels (Error); empty means warnings and errors.',
    ours,
  ),
} as const;

export type TransportSettingName = keyof typeof TABLE;
export const TRANSPORT_SETTINGS = TABLE as Readonly<Record<TransportSettingName, Setting>>;
export const TRANSPORT_SETTING_NAMES = Object.keys(TABLE) as readonly TransportSettingName[];

type ValueOf<S> = S extends Setting<infer T> ? (T extends boolean ? boolean : T) : never;
export type TransportSettings = { readonly [K in TransportSettingName]: ValueOf<(typeof TABLE)[K]> };

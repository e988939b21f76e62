/** Clients and what each meets: one store with a connector for every case, and the questions that are asked about it. */
export interface Scenario {
  readonly name: string;
  /** Arguments of rc why, without --to. */
  readonly ask: readonly string[];
  /** Which of the ports. */
  readonly port: number;
  readonly connector: string | null;
  /** The last exchange, and its reply; or all of these. */
  readonly replies: readonly (readonly [step: string, reply: string | RegExp])[];
  /** It all goes well. */
  readonly accepted: boolean;
  /** Part of the reason for the refusal. */
  readonly why?: RegExp;
}

const OK = [
  ['MAIL', '250 2.1.0 Sender OK'],
  ['RCPT', '250 2.1.5 Recipient OK'],
] as const;
const ANON = "'NT AUTHORITY\\ANONYMOUS LOGON'";

/** Commands that make the store; `P0`… are its ports. */
export const PREPARE = [
  'rc get > /dev/null',
  "rc set '*' --tarpit-interval 00:00:00 --auth-tarpit-interval 00:00:00 --fqdn mail.contoso.com",
  "rc set 'Default*' --bindings 127.0.0.1:P0 --permission-groups AnonymousUsers,ExchangeUsers --auth-mechanism Tls,BasicAuth,BasicAuthRequireTLS",
  "rc set 'Client*' --bindings 127.0.0.1:P1",
  'rc new-accepted-domain contoso.com',
  'echo secret-word | rc new-smtp-user kim --password-stdin',
  'echo secret-word | rc new-smtp-user off --password-stdin',
  'rc set-smtp-user off --enabled=false',
  ...[
    "'Relay 3' --bindings 127.0.0.1:P0 --remote-ip-ranges 127.0.0.3",
    'Middle --bindings 127.0.0.1:P0 --remote-ip-ranges 127.0.0.0-127.0.0.15 --max-message-size 1MB --max-recipients-per-message 2',
    'Strict --bindings 127.0.0.1:P0 --remote-ip-ranges 127.0.0.16/29 --require-tls true --require-ehlo-domain true',
    'Plain --bindings 127.0.0.1:P0 --remote-ip-ranges 127.0.0.24/29 --auth-mechanism None --size-enabled Disabled --max-message-size 64KB --enhanced-status-codes-enabled false',
    'Domains --bindings 127.0.0.1:P0 --remote-ip-ranges 127.0.0.32/29 --reject-reserved-top-level-recipient-domains true --reject-single-label-recipient-domains true --smtp-utf8-enabled false',
    'Denied --bindings 127.0.0.1:P0 --remote-ip-ranges 127.0.0.40/29',
    'Nosender --bindings 127.0.0.1:P0 --remote-ip-ranges 127.0.0.48/29',
    'Trusted --bindings 127.0.0.1:P0 --remote-ip-ranges 127.0.0.56/29 --auth-mechanism Tls,ExternalAuthoritative --permission-groups ExchangeServers',
    'Nocert --bindings 127.0.0.1:P0 --remote-ip-ranges 127.0.0.64/29',
    'Impatient --bindings 127.0.0.1:P0 --remote-ip-ranges 127.0.0.72/29 --max-protocol-errors 0 --max-header-size 40B',
    'Narrow --bindings 127.0.0.1:P2 --remote-ip-ranges 127.0.0.5',
    'Off --bindings 127.0.0.1:P2 --remote-ip-ranges 127.0.0.6 --enabled false',
  ].map(
    (text) =>
      `rc new ${text} --custom${/permission-groups/.test(text) ? '' : ' --permission-groups AnonymousUsers'} --tarpit-interval 00:00:00 --fqdn mail.contoso.com`,
  ),
  `rc add-ad-permission 'Relay 3' --user ${ANON} --extended-rights ms-Exch-SMTP-Accept-Any-Recipient`,
  `rc add-ad-permission Denied --user ${ANON} --extended-rights ms-Exch-SMTP-Submit --deny`,
  `rc add-ad-permission Nosender --user ${ANON} --extended-rights ms-Exch-SMTP-Accept-Any-Sender,ms-Exch-SMTP-Accept-Authoritative-Domain-Sender --deny`,
  // A certificate that was there and is gone: no command takes the name of one that is not.
  `sed -i 's/"Name": "Nocert",/& "TlsCertificateName": "<I>CN=nobody<S>CN=nobody",/' "$RC_HOME/store.json"`,
];

const to = (address: string) => ['--rcpt-to', address];
const from = (address: string, ...more: string[]) => ['--from', address, ...more];

export const SCENARIOS: readonly Scenario[] = [
  {
    name: 'anonymous to our own domain',
    ask: from('127.0.0.200', '--mail-from', 'a@fabrikam.com', ...to('kim@contoso.com')),
    port: 0,
    connector: 'Default',
    replies: OK,
    accepted: true,
  },
  {
    name: 'anonymous to somebody else',
    ask: from('127.0.0.200', '--mail-from', 'a@fabrikam.com', ...to('x@fabrikam.com')),
    port: 0,
    connector: 'Default',
    replies: [['RCPT', '550 5.7.54 SMTP; Unable to relay recipient in non-accepted domain']],
    accepted: false,
    why: /fabrikam\.com is none of the accepted domains \(contoso\.com\)/,
  },
  {
    name: 'one of two recipients is refused, the message goes to the other',
    ask: from('127.0.0.200', ...to('kim@contoso.com,x@fabrikam.com')),
    port: 0,
    connector: 'Default',
    replies: [
      ['RCPT', '250 2.1.5 Recipient OK'],
      ['DATA', /^354/],
      ['Message', /^250 2\.6\.0 /],
    ],
    accepted: false,
  },
  {
    name: 'a route in the name before the @',
    ask: from('127.0.0.200', ...to('x%fabrikam.com@contoso.com')),
    port: 0,
    connector: 'Default',
    replies: [['RCPT', '550 5.7.54 SMTP; Unable to relay recipient in non-accepted domain']],
    accepted: false,
    why: /carries a route of its own/,
  },
  {
    name: 'an address literal',
    ask: from('127.0.0.200', ...to('x@[192.0.2.1]')),
    port: 0,
    connector: 'Default',
    replies: [['RCPT', '550 5.7.54 SMTP; Unable to relay recipient in non-accepted domain']],
    accepted: false,
    why: /in brackets is no accepted domain/,
  },
  {
    name: 'the most specific range of three, and its right to relay',
    ask: from('127.0.0.3', ...to('x@fabrikam.com')),
    port: 0,
    connector: 'Relay 3',
    replies: OK,
    accepted: true,
  },
  {
    name: 'too large by what it declares',
    ask: from('127.0.0.4', '--size', '2MB'),
    port: 0,
    connector: 'Middle',
    replies: [['MAIL', '552 5.3.4 Message size exceeds fixed maximum message size']],
    accepted: false,
    why: /MaxMessageSize is 1 MB/,
  },
  {
    name: 'a third recipient of two',
    ask: from('127.0.0.4', ...to('a@contoso.com,b@contoso.com,c@contoso.com')),
    port: 0,
    connector: 'Middle',
    replies: [['RCPT', '452 4.5.3 Too many recipients']],
    accepted: false,
    why: /MaxRecipientsPerMessage is 2/,
  },
  {
    name: 'TLS is required',
    ask: from('127.0.0.17', '--helo', 'x.fabrikam.com', ...to('kim@contoso.com')),
    port: 0,
    connector: 'Strict',
    replies: [['MAIL', '451 5.7.3 Must issue a STARTTLS command first']],
    accepted: false,
    why: /RequireTLS is on/,
  },
  {
    name: 'and spoken',
    ask: from('127.0.0.17', '--tls', '--helo', 'x.fabrikam.com', ...to('kim@contoso.com')),
    port: 0,
    connector: 'Strict',
    replies: [['STARTTLS', '220 2.0.0 SMTP server ready'], ...OK],
    accepted: true,
  },
  {
    name: 'a name that is no domain',
    ask: from('127.0.0.17', '--helo', 'no!domain'),
    port: 0,
    connector: 'Strict',
    replies: [['EHLO', '501 5.5.4 Invalid domain name']],
    accepted: false,
    why: /RequireEHLODomain is on/,
  },
  {
    name: 'no STARTTLS without Tls; replies without enhanced codes',
    ask: from('127.0.0.25', '--tls'),
    port: 0,
    connector: 'Plain',
    replies: [['STARTTLS', '500 Unrecognized command']],
    accepted: false,
    why: /without Tls there is no STARTTLS/,
  },
  {
    name: 'no logon without BasicAuth',
    ask: from('127.0.0.25', '--user', 'kim'),
    port: 0,
    connector: 'Plain',
    replies: [['AUTH', '504 Unrecognized authentication type']],
    accepted: false,
    why: /without BasicAuth nobody can log on/,
  },
  {
    name: 'a bad sender, without enhanced codes',
    ask: from('127.0.0.25', '--mail-from', 'nodomain'),
    port: 0,
    connector: 'Plain',
    replies: [['MAIL', '501 Invalid address']],
    accepted: false,
    why: /has no domain, and Plain has no DefaultDomain\./,
  },
  {
    name: 'logging on outside TLS',
    ask: from('127.0.0.200', '--user', 'kim'),
    port: 0,
    connector: 'Default',
    replies: [['AUTH', '504 5.7.4 Unrecognized authentication type']],
    accepted: false,
    why: /inside TLS only/,
  },
  {
    name: 'logged on, to anybody',
    ask: from('127.0.0.200', '--tls', '--user', 'kim', '--mail-from', 'kim@contoso.com', ...to('x@fabrikam.com')),
    port: 0,
    connector: 'Default',
    replies: [['AUTH', '235 2.7.0 Authentication successful'], ...OK],
    accepted: true,
  },
  {
    name: 'logged on, as somebody else',
    ask: from('127.0.0.200', '--tls', '--user', 'kim', '--mail-from', 'boss@contoso.com'),
    port: 0,
    connector: 'Default',
    replies: [['MAIL', '550 5.7.60 SMTP; Client does not have permissions to send as this sender']],
    accepted: false,
    why: /not the address of kim/,
  },
  {
    name: 'a user who is disabled',
    ask: from('127.0.0.200', '--tls', '--user', 'off'),
    port: 0,
    connector: 'Default',
    replies: [['AUTH', '535 5.7.3 Authentication unsuccessful']],
    accepted: false,
    why: /The user off is disabled/,
  },
  {
    name: 'a user who is none',
    ask: from('127.0.0.200', '--tls', '--user', 'nobody'),
    port: 0,
    connector: 'Default',
    replies: [['AUTH', '535 5.7.3 Authentication unsuccessful']],
    accepted: false,
    why: /There is no user "nobody"/,
  },
  {
    name: 'a reserved top level and a single label at once',
    ask: from('127.0.0.33', ...to('x@localhost')),
    port: 0,
    connector: 'Domains',
    replies: [['RCPT', '550 5.1.2 Bad destination domain']],
    accepted: false,
    why: /RejectReservedTopLevelRecipientDomains and RejectSingleLabelRecipientDomains/,
  },
  {
    name: 'an address beyond ASCII',
    ask: from('127.0.0.33', ...to('jürgen@contoso.com')),
    port: 0,
    connector: 'Domains',
    replies: [['RCPT', '501 5.1.3 Invalid address']],
    accepted: false,
    why: /SmtpUtf8Enabled is off/,
  },
  {
    name: 'an address beyond ASCII where SMTPUTF8 is offered',
    ask: from('127.0.0.200', ...to('jürgen@contoso.com')),
    port: 0,
    connector: 'Default',
    replies: OK,
    accepted: true,
  },
  {
    name: 'an address that is none',
    ask: from('127.0.0.200', ...to('a@@b')),
    port: 0,
    connector: 'Default',
    replies: [['RCPT', '501 5.1.3 Invalid address']],
    accepted: false,
    why: /is no address/,
  },
  {
    name: 'the right to submit is denied',
    ask: from('127.0.0.41', ...to('kim@contoso.com')),
    port: 0,
    connector: 'Denied',
    replies: [['MAIL', '530 5.7.57 Client not authenticated to send mail']],
    accepted: false,
    why: /SMTP-Submit is denied to NT AUTHORITY\\ANONYMOUS LOGON/,
  },
  {
    name: 'a sender of ours is denied',
    ask: from('127.0.0.49', '--mail-from', 'boss@contoso.com'),
    port: 0,
    connector: 'Nosender',
    replies: [['MAIL', '550 5.7.60 SMTP; Client does not have permissions to send as this sender']],
    accepted: false,
    why: /one of our own domains.*Authoritative-Domain-Sender is denied/,
  },
  {
    name: 'a server that is trusted relays',
    ask: from('127.0.0.57', '--mail-from', 'a@contoso.com', '--size', '90MB', ...to('x@fabrikam.com')),
    port: 0,
    connector: 'Trusted',
    replies: OK,
    accepted: true,
  },
  {
    name: 'a certificate that is not there',
    ask: from('127.0.0.65', '--tls'),
    port: 0,
    connector: 'Nocert',
    replies: [['STARTTLS', '454 4.7.0 TLS not available due to temporary reason']],
    accepted: false,
    why: /no certificate in the home/,
  },
  {
    name: 'the first mistake is one too many',
    ask: from('127.0.0.73', '--mail-from', 'a@@b'),
    port: 0,
    connector: 'Impatient',
    replies: [['MAIL', '421 4.7.0 Too many errors on this connection, closing transmission channel']],
    accepted: false,
    why: /MaxProtocolErrors is 0/,
  },
  {
    name: 'a header over its limit, found in the message itself',
    ask: from('127.0.0.73', ...to('kim@contoso.com')),
    port: 0,
    connector: 'Impatient',
    replies: [['Message', '552 5.3.4 Message header size exceeds fixed maximum size']],
    accepted: false,
    why: /MaxHeaderSize is 40/,
  },
  {
    name: 'too large though nobody declared it',
    ask: from('127.0.0.25', '--size', '70000', ...to('kim@contoso.com')),
    port: 0,
    connector: 'Plain',
    replies: [
      ['DATA', /^354/],
      ['Message', '552 Message size exceeds fixed maximum message size'],
    ],
    accepted: false,
    why: /MaxMessageSize is 64 KB/,
  },
  {
    name: 'nobody without logging on at the submission port',
    ask: from('127.0.0.200'),
    port: 1,
    connector: 'Client',
    replies: [['MAIL', '530 5.7.57 Client not authenticated to send mail']],
    accepted: false,
    why: /PermissionGroups of Client .* is ExchangeUsers/,
  },
  {
    name: 'no connector for this address',
    ask: from('127.0.0.7'),
    port: 2,
    connector: null,
    replies: [['Connect', '421 4.3.2 Service not available']],
    accepted: false,
    why: /No connector that listens there takes 127\.0\.0\.7/,
  },
  {
    name: 'the connector for this address is disabled',
    ask: from('127.0.0.6'),
    port: 2,
    connector: null,
    replies: [['Connect', '421 4.3.2 Service not available']],
    accepted: false,
  },
];

/** The commands with their ports. */
export function prepare(numbers: readonly number[]): string {
  return PREPARE.map((line) => line.replace(/\bP(\d)\b/g, (_, n: string) => String(numbers[Number(n)]))).join(
    ' > /dev/null && ',
  );
}

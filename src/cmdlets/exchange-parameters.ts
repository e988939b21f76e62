/**
 * Parameters of Exchange's cmdlets that do nothing on this server, and what there is instead. Names: Exchange's cmdlet reference
 * (github.com/MicrosoftDocs/office-docs-powershell, exchange/exchange-ps/ExchangePowerShell, as of 2026-08-21), checked cmdlet by
 * cmdlet: all that it says of Exchange Server 2016, 2019 and SE stands in test/cmdlets/exchange-parameters.txt, and a test wants each to be there or
 * told here. Of the accepted domains those of Exchange Online are told too: such scripts come along.
 */

import { spell } from '../pipeline/binder.ts';
import type { Cmdlet } from '../pipeline/cmdlet.ts';

/** By a pattern of whole names, in whatever case. */
type Rows = Readonly<Record<string, string>>;

const LOG = 'Log(?:Enabled|Path|FilePath|LoggingLevel|MaxAge|MaxDirectorySize|MaxFileSize)';

const TRANSPORT: Rows = {
  'MaxConcurrentMailbox(?:Deliveries|Submissions)':
    "A message is stored or handed on in its client's session. Limit those: Set-ReceiveConnector NAME -MaxInboundConnection 100; connections to the next host: -MaxRelayConnections.",
  'Max(?:PerDomain)?OutboundConnections':
    'Mail goes to the next host alone; how many connections are open to it: -MaxRelayConnections.',
  '(?:MessageExpiration|DelayNotification)Timeout|(?:MessageRetry|TransientFailureRetry|OutboundConnectionFailureRetry)Interval|TransientFailureRetryCount|QueueMaxIdleTime':
    'Nothing is queued: a client is told at once, and tries again itself. How long the next host may take: -RelayTimeout.',
  [`SendProtocol${LOG}|IntraOrgConnector(?:ProtocolLoggingLevel|SmtpMaxMessagesPerConnection)`]:
    'What is said to the next host is not logged; what became of each message: -MessageTrackingLogPath, Get-MessageTrackingLog.',
  [`(?:Agent|Connectivity|Dns|Irm|Queue|Resource|RoutingTable|Wlm|RequestBroker|TransportHttp|TransportMaintenance|ActiveUserStatistics|ServerStatistics)${LOG}`]:
    'There are the protocol log, the tracking log and the events: -ReceiveProtocolLogPath, -MessageTrackingLogPath, Get-ReceiveConnectorEvent.',
  'PickupDirectory(?:Path|Max\\w+)|ReplayDirectoryPath|RootDropDirectoryPath':
    'No folder is watched for mail: Send-MailMessage sends one, and messages that came are in a Maildir, Get-Message.',
  'PipelineTracing(?:Enabled|Path|SenderAddress)|ContentConversionTracingEnabled':
    'What clients say: Set-ReceiveConnector NAME -ProtocolLoggingLevel Verbose; what they sent: Get-Message.',
  '(?:External|Internal)DNS(?:AdapterEnabled|AdapterGuid|ProtocolOption|Servers)|ExternalIPAddress':
    'Names are looked up as everywhere on this machine; -SmartHost takes an address too.',
  'AntispamAgentsEnabled|RecipientValidationCacheEnabled|Poison(?:MessageDetectionEnabled|Threshold)':
    'Messages are taken or refused as connectors say: Set-ReceiveConnector; unknown recipients: -RelayRecipientCheck.',
  'TransportSync\\w+|WindowsLiveHotmailTransportSyncEnabled': 'Nothing is fetched from mailboxes elsewhere.',
  UseDowngradedExchangeServerAuth:
    'How clients may log on is the AuthMechanism of each connector: Set-ReceiveConnector NAME -AuthMechanism Tls,BasicAuth.',
};

const DOMAIN: Rows = {
  MatchSubDomains:
    'Write the domain with a star for it and its subdomains: New-AcceptedDomain -DomainName *.contoso.com.',
  'AddressBookEnabled|OutboundOnly':
    'A domain is taken or not; which of its recipients there are, the next host says: Set-TransportService -RelayRecipientCheck.',
  'Pending(?:Completion|Removal)|EnableNego2Authentication|CanHaveCloudCache|MailFlowRegion|Sending(?:From|To)DomainDisabled':
    'It is about domains in the cloud: leave it out.',
};

const CERTIFICATE: Rows = {
  'FileData|Instance|BinaryEncoded|RequestFile': 'Name the file: Import-ExchangeCertificate -FileName mail.pfx.',
  'Include(?:AcceptedDomains|AutoDiscover|ServerFQDN|ServerNetBIOSName)':
    'Write the names: -DomainName mail.contoso.com,smtp.contoso.com.',
  SubjectKeyIdentifier: 'It is made from the key: leave it out.',
};

const PERMISSION: Rows = {
  'InheritanceType|InheritedObjectType|ChildObjectTypes|Properties|Instance|Owner':
    'Rights are those of one connector, and nothing inherits them: leave it out.',
};

const TRACKING: Rows = {
  'Reference|NetworkMessageId|TransportTrafficType':
    'Find a message by -MessageId, -Sender, -Recipients or -MessageSubject.',
};

/** Exchange's Get- and Remove-Message are about queues. */
const MESSAGES: Rows = {
  'Bookmark(?:Index|Object)|Include(?:Bookmark|ComponentLatencyInfo|RecipientInfo)|ReturnPageInfo|SearchForward|SortOrder|Filter|ResultSize|Queue|WithNDR':
    'Nothing is queued: these messages were delivered. Choose them with -From, -To, -Subject and -Text; what became of others: Get-MessageTrackingLog.',
};

/** Of PowerShell's Send-MailMessage (about it: learn.microsoft.com/powershell/module/microsoft.powershell.utility/send-mailmessage). */
const MAIL: Rows = {
  'Priority|DeliveryNotificationOption|DNO|ReplyTo':
    'Write a mail with such a header into a file, and send that: -Message mail.eml.',
};

/** For a cmdlet's `lacks`: what is said to a parameter that Exchange's has and this one has not. */
type Lacks = NonNullable<Cmdlet['lacks']>;

function lacking(rows: Rows, says = 'Exchange has it; here it would do nothing.'): Lacks {
  return (typed, spelling) => {
    const flat = typed.replaceAll('-', '');
    const instead = Object.entries(rows).find(([names]) => new RegExp(`^(?:${names})$`, 'i').test(flat))?.[1];
    if (instead === undefined) return undefined;
    const spelled =
      spelling === 'flags'
        ? instead.replace(/(?<= )-([A-Z]\w+)/g, (_, name: string) => spell(name, spelling))
        : instead;
    return `${says} ${spelled}`;
  };
}

export const transportLacks = lacking(TRANSPORT);
export const domainLacks = lacking(DOMAIN);
export const certificateLacks = lacking(CERTIFICATE);
export const permissionLacks = lacking(PERMISSION);
export const trackingLacks = lacking(TRACKING);
export const messageLacks = lacking(MESSAGES);
export const mailLacks = lacking(MAIL, 'PowerShell has it; this Send-MailMessage has not.');

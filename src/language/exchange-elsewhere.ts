/** Cmdlets of Exchange about what is not of this server, and what there is instead. */

const NEXT_HOST = 'Mail is handed on as Get-TransportService says: DeliveryMethod and SmartHost.';
const NO_QUEUE =
  'Nothing is queued: a message is delivered or handed on while the client waits. What became of each: Get-MessageTrackingLog.';
const NO_MAILBOX =
  'Mail is stored in a Maildir or handed on. Who may log on: Get-SmtpUser; recipients: Get-AcceptedDomain.';
const LIMITS = 'Limits are those of each connector: Get-ReceiveConnector | Format-List Max*.';
const ONE_SERVER = 'There is one server in a store: Get-ExchangeServer.';
const SMTP_ONLY = 'This server speaks SMTP, and nothing else: Get-ReceiveConnector.';
const ONE_ORGANIZATION = 'Nothing is shared with other organizations here: Get-AcceptedDomain, Get-TransportService.';
const NO_RULES =
  'Messages are taken or refused as connectors say: Get-ReceiveConnector, Get-ADPermission, Test-ReceiveConnector.';
const EVENTS = 'What the listener logged: Get-ReceiveConnectorEvent.';
const ADDRESSES =
  'Who may connect is the RemoteIPRanges of each connector: Get-ReceiveConnector | Format-List Name,RemoteIPRanges.';
const DOCTOR = 'How the listener is: Get-Listener, Invoke-ConnectorDoctor, Get-ReceiveConnectorEvent.';

/** What there is instead, by the cmdlets it stands for. */
export const ELSEWHERE: readonly (readonly [cmdlets: string, instead: string])[] = [
  [
    'Get-SendConnector Get-ForeignConnector Get-DeliveryAgentConnector Get-EdgeSubscription Get-InboundConnector Get-OutboundConnector',
    NEXT_HOST,
  ],
  ['Get-Queue Get-QueueDigest', NO_QUEUE],
  [
    [
      'Get-Mailbox Get-MailboxDatabase Get-MailboxStatistics Get-Recipient Get-DistributionGroup Get-MailContact Get-EmailAddressPolicy Get-RemoteDomain',
      'Get-RemoteMailbox Get-MailUser Get-CASMailbox Get-User Get-Group Get-Contact Get-DistributionGroupMember Get-DynamicDistributionGroup',
      'Get-MailboxPermission Get-MailboxFolderStatistics Get-PublicFolder Get-MailPublicFolder Get-AddressList Get-GlobalAddressList Get-OfflineAddressBook',
    ].join(' '),
    NO_MAILBOX,
  ],
  ['Get-TransportConfig Get-OrganizationConfig', LIMITS],
  [
    [
      'Get-OwaVirtualDirectory Get-EcpVirtualDirectory Get-WebServicesVirtualDirectory Get-ActiveSyncVirtualDirectory Get-OabVirtualDirectory',
      'Get-MapiVirtualDirectory Get-PowerShellVirtualDirectory Get-AutodiscoverVirtualDirectory Get-OutlookAnywhere Get-PopSettings Get-ImapSettings',
    ].join(' '),
    SMTP_ONLY,
  ],
  [
    'Get-AuthConfig Get-AuthServer Get-PartnerApplication Get-FederationTrust Get-OrganizationRelationship Get-IntraOrganizationConnector Get-HybridConfiguration Get-SharingPolicy Get-IntraOrganizationConfiguration Test-OAuthConnectivity Get-AvailabilityAddressSpace Get-AvailabilityConfig Get-FederatedOrganizationIdentifier',
    ONE_ORGANIZATION,
  ],
  [
    'Get-MailboxServer Get-ClientAccessServer Get-ClientAccessService Get-MailboxTransportService Get-DatabaseAvailabilityGroup Get-ADSite',
    ONE_SERVER,
  ],
  [
    'Get-TransportRule Get-TransportAgent Get-TransportPipeline Get-MalwareFilteringServer Get-SenderFilterConfig Get-RecipientFilterConfig Get-ContentFilterConfig Get-JournalRule Get-MessageClassification',
    NO_RULES,
  ],
  [
    'Get-IPAllowListEntry Get-IPBlockListEntry Get-IPAllowListConfig Get-IPBlockListConfig Get-IPBlockListProvider',
    ADDRESSES,
  ],
  ['Get-EventLog Get-WinEvent Get-EventLogLevel', EVENTS],
  ['Get-ServerComponentState Get-ServerHealth Get-HealthReport Test-ServiceHealth Test-Mailflow', DOCTOR],
];

const BY_NOUN = new Map(
  ELSEWHERE.flatMap(([cmdlets, instead]) =>
    cmdlets.split(' ').map((name) => [name.slice(name.indexOf('-') + 1).toLowerCase(), instead] as const),
  ),
);

/** What is said of a cmdlet that would change such a thing: Set-Mailbox, New-TransportRule. `undefined`: it is of something else. */
export function insteadOfChanging(name: string): string | undefined {
  const m = /^(?:set|new|add|remove|enable|disable|update|start|stop|move|export|import|test|connect)-(\w+)$/i.exec(
    name,
  );
  return m ? BY_NOUN.get(m[1]!.toLowerCase()) : undefined;
}

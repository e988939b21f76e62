/** Cmdlets of Exchange about what is not of this server, and what there is instead. */
import { lazy } from '../text/lazy.ts';

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
const RIGHTS =
  'Who may change settings is who may write the home: docs/security.md. Who may do what at a connector: Get-ADPermission.';
const DOCTOR = 'How the listener is: Get-Listener, Invoke-ConnectorDoctor, Get-ReceiveConnectorEvent.';

/**
 * What there is instead, by the cmdlets it stands for: all that show something in Exchange Server 2016, 2019 and SE (Microsoft's cmdlet reference,
 * github.com/MicrosoftDocs/office-docs-powershell, 2026-08-21), and some of Exchange Online's and Windows' that stand beside them in scripts.
 */
export const ELSEWHERE: readonly (readonly [cmdlets: string, instead: string])[] = [
  [
    `Get-DeliveryAgentConnector Get-EdgeSubscription Get-EdgeSyncServiceConfig Get-ForeignConnector Get-InboundConnector Get-OutboundConnector
    Get-SendConnector Test-EdgeSynchronization`,
    NEXT_HOST,
  ],
  [`Get-Queue Get-QueueDigest Get-ResubmitRequest`, NO_QUEUE],
  [
    `Get-ActiveSyncDevice Get-ActiveSyncDeviceAccessRule Get-ActiveSyncDeviceAutoblockThreshold Get-ActiveSyncDeviceClass Get-ActiveSyncDeviceStatistics
    Get-AddressBookPolicy Get-AddressList Get-App Get-CASMailbox Get-CASMailboxPlan Get-CalendarDiagnosticAnalysis Get-CalendarDiagnosticLog
    Get-CalendarNotification Get-CalendarProcessing Get-ComplianceSearch Get-ComplianceSearchAction Get-ComplianceSecurityFilter Get-Contact
    Get-DetailsTemplate Get-DistributionGroup Get-DistributionGroupMember Get-DynamicDistributionGroup Get-EligibleDistributionGroupForMigration
    Get-EmailAddressPolicy Get-FailedContentIndexDocuments Get-GlobalAddressList Get-Group Get-InboxRule Get-LogonStatistics Get-MailContact
    Get-MailPublicFolder Get-MailUser Get-Mailbox Get-MailboxAuditBypassAssociation Get-MailboxAutoReplyConfiguration Get-MailboxCalendarConfiguration
    Get-MailboxCalendarFolder Get-MailboxDatabase Get-MailboxExportRequest Get-MailboxExportRequestStatistics Get-MailboxFolder
    Get-MailboxFolderPermission Get-MailboxFolderStatistics Get-MailboxImportRequest Get-MailboxImportRequestStatistics
    Get-MailboxJunkEmailConfiguration Get-MailboxLocation Get-MailboxMessageConfiguration Get-MailboxPermission Get-MailboxRegionalConfiguration
    Get-MailboxRepairRequest Get-MailboxRestoreRequest Get-MailboxRestoreRequestStatistics Get-MailboxSearch Get-MailboxSpellingConfiguration
    Get-MailboxStatistics Get-MailboxUserConfiguration Get-MessageCategory Get-MessageTrackingReport Get-MigrationBatch Get-MigrationConfig
    Get-MigrationEndpoint Get-MigrationStatistics Get-MigrationUser Get-MigrationUserStatistics Get-MobileDevice Get-MobileDeviceMailboxPolicy
    Get-MobileDeviceStatistics Get-MoveRequest Get-MoveRequestStatistics Get-Notification Get-OfflineAddressBook Get-PublicFolder
    Get-PublicFolderClientPermission Get-PublicFolderItemStatistics Get-PublicFolderMailboxDiagnostics Get-PublicFolderMailboxMigrationRequest
    Get-PublicFolderMailboxMigrationRequestStatistics Get-PublicFolderMigrationRequest Get-PublicFolderMigrationRequestStatistics
    Get-PublicFolderMoveRequest Get-PublicFolderMoveRequestStatistics Get-PublicFolderStatistics Get-Recipient Get-RecoverableItems Get-RemoteDomain
    Get-RemoteMailbox Get-RetentionPolicy Get-RetentionPolicyTag Get-SearchDocumentFormat Get-SiteMailbox Get-SiteMailboxDiagnostics
    Get-SiteMailboxProvisioningPolicy Get-StoreUsageStatistics Get-SweepRule Get-TextMessagingAccount Get-ThrottlingPolicy
    Get-ThrottlingPolicyAssociation Get-UMActiveCalls Get-UMAutoAttendant Get-UMCallAnsweringRule Get-UMCallDataRecord Get-UMCallRouterSettings
    Get-UMCallSummaryReport Get-UMDialPlan Get-UMHuntGroup Get-UMIPGateway Get-UMMailbox Get-UMMailboxPin Get-UMMailboxPolicy Get-UMService Get-User
    Get-UserPhoto Test-ArchiveConnectivity Test-AssistantHealth Test-ExchangeSearch Test-MRSHealth Test-MigrationServerAvailability Test-SiteMailbox
    Test-TextExtraction Test-UMConnectivity`,
    NO_MAILBOX,
  ],
  [`Get-OrganizationConfig Get-TransportConfig`, LIMITS],
  [
    `Get-ActiveSyncMailboxPolicy Get-ActiveSyncOrganizationSettings Get-ActiveSyncVirtualDirectory Get-AutodiscoverVirtualDirectory Get-ClientAccessRule
    Get-EcpVirtualDirectory Get-ImapSettings Get-MapiVirtualDirectory Get-OabVirtualDirectory Get-OnlineMeetingConfiguration Get-OutlookAnywhere
    Get-OutlookProtectionRule Get-OutlookProvider Get-OwaMailboxPolicy Get-OwaVirtualDirectory Get-PopSettings Get-PowerShellVirtualDirectory
    Get-RpcClientAccess Get-WebServicesVirtualDirectory Test-ActiveSyncConnectivity Test-CalendarConnectivity Test-ClientAccessRule Test-EcpConnectivity
    Test-ImapConnectivity Test-MAPIConnectivity Test-OutlookConnectivity Test-OutlookWebServices Test-PopConnectivity Test-PowerShellConnectivity
    Test-WebServicesConnectivity`,
    SMTP_ONLY,
  ],
  [
    `Get-AuthConfig Get-AuthRedirect Get-AuthServer Get-AvailabilityAddressSpace Get-AvailabilityConfig Get-FederatedDomainProof
    Get-FederatedOrganizationIdentifier Get-FederationInformation Get-FederationTrust Get-HybridConfiguration Get-IntraOrganizationConfiguration
    Get-IntraOrganizationConnector Get-OrganizationRelationship Get-OrganizationalUnit Get-PartnerApplication Get-PendingFederatedDomain
    Get-SharingPolicy Get-Trust Get-UserPrincipalNamesSuffix Get-X400AuthoritativeDomain Test-FederationTrust Test-FederationTrustCertificate
    Test-OAuthConnectivity Test-OrganizationRelationship`,
    ONE_ORGANIZATION,
  ],
  [
    `Get-ADSite Get-ADSiteLink Get-AdministrativeUnit Get-ClientAccessArray Get-ClientAccessServer Get-ClientAccessService Get-DatabaseAvailabilityGroup
    Get-DatabaseAvailabilityGroupNetwork Get-DomainController Get-ExchangeAssistanceConfig Get-ExchangeFeature Get-ExchangeServerAccessLicense
    Get-ExchangeServerAccessLicenseUser Get-ExchangeSettings Get-MailboxDatabaseCopyStatus Get-MailboxServer Get-MailboxTransportService
    Get-NetworkConnectionInfo Get-PublicFolderDatabase Get-ResourceConfig Get-SettingOverride Get-SystemMessage`,
    ONE_SERVER,
  ],
  [
    `Get-AddressRewriteEntry Get-AgentLog Get-AttachmentFilterEntry Get-AttachmentFilterListConfig Get-ClassificationRuleCollection
    Get-CmdletExtensionAgent Get-ContentFilterConfig Get-ContentFilterPhrase Get-DataClassification Get-DlpPolicy Get-DlpPolicyTemplate
    Get-HostedContentFilterRule Get-JournalRule Get-MalwareFilterPolicy Get-MalwareFilterRule Get-MalwareFilteringServer Get-MessageClassification
    Get-PolicyTipConfig Get-RecipientFilterConfig Get-SenderFilterConfig Get-SenderIdConfig Get-SenderReputationConfig Get-TransportAgent
    Get-TransportPipeline Get-TransportRule Get-TransportRuleAction Get-TransportRulePredicate Test-DataClassification Test-SenderId`,
    NO_RULES,
  ],
  [
    `Get-IPAllowListConfig Get-IPAllowListEntry Get-IPAllowListProvider Get-IPAllowListProvidersConfig Get-IPBlockListConfig Get-IPBlockListEntry
    Get-IPBlockListProvider Get-IPBlockListProvidersConfig Test-IPAllowListProvider Test-IPBlockListProvider`,
    ADDRESSES,
  ],
  [`Get-EventLog Get-EventLogLevel Get-WinEvent`, EVENTS],
  [
    `Get-ExchangeDiagnosticInfo Get-GlobalMonitoringOverride Get-HealthReport Get-MonitoringItemHelp Get-MonitoringItemIdentity Get-ServerComponentState
    Get-ServerHealth Get-ServerMonitoringOverride Test-Mailflow Test-ReplicationHealth Test-ServiceHealth`,
    DOCTOR,
  ],
  [
    `Get-AdminAuditLogConfig Get-AuditLogSearch Get-AuthenticationPolicy Get-IRMConfiguration Get-ManagementRole Get-ManagementRoleAssignment
    Get-ManagementRoleEntry Get-ManagementScope Get-RMSTemplate Get-RoleAssignmentPolicy Get-RoleGroup Get-RoleGroupMember Get-SecurityPrincipal
    Get-SmimeConfig Test-IRMConfiguration`,
    RIGHTS,
  ],
];

/** The names of a row. */
export function namesIn(cmdlets: string): string[] {
  return cmdlets.split(/\s+/);
}

const NAMES = lazy(() => new Set(ELSEWHERE.flatMap(([cmdlets]) => namesIn(cmdlets.toLowerCase()))));

/** Is it one of them? @param name in lower case */
export function isElsewhere(name: string): boolean {
  return NAMES().has(name);
}

const BY_NOUN = new Map([
  ['database', NO_MAILBOX],
  ...ELSEWHERE.flatMap(([cmdlets, instead]) =>
    namesIn(cmdlets).map((name) => [name.slice(name.indexOf('-') + 1).toLowerCase(), instead] as const),
  ),
]);

/** What is said of a cmdlet that would change such a thing: Set-Mailbox, Add-DatabaseAvailabilityGroupServer. `undefined`: it is of something else. */
export function insteadOfChanging(name: string): string | undefined {
  const noun = /^(?!get-)[a-z]+-(\w+)$/i.exec(name)?.[1]?.toLowerCase() ?? '';
  for (let end = noun.length; end >= 8 || end === noun.length; end--) {
    const instead = BY_NOUN.get(noun.slice(0, end));
    if (instead !== undefined || end === 0) return instead;
  }
  return undefined;
}

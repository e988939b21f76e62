/** Parameters that Exchange's cmdlets have and ours have not: each is said to be one, with what there is instead. */
import { expect, test } from 'vitest';
import { CMDLETS } from '../../src/cmdlets/table.ts';
import { resolveParameter } from '../../src/pipeline/binder.ts';

/** Of Microsoft's reference (2026-11-29), without those we have. */
const LACKED: Readonly<Record<string, string>> = {
  'Set-TransportService': `ActiveUserStatisticsLogMaxAge ActiveUserStatisticsLogPath AgentLogEnabled AgentLogMaxFileSize AntispamAgentsEnabled ConnectivityLogEnabled
    ConnectivityLogMaxDirectorySize ContentConversionTracingEnabled DelayNotificationTimeout DnsLogPath ExternalDNSAdapterEnabled ExternalDNSServers ExternalIPAddress
    InternalDNSAdapterGuid InternalDNSProtocolOption IntraOrgConnectorProtocolLoggingLevel IntraOrgConnectorSmtpMaxMessagesPerConnection IrmLogEnabled JournalLogPath
    MaxConcurrentMailboxDeliveries MaxConcurrentMailboxSubmissions MaxOutboundConnections MaxPerDomainOutboundConnections MessageExpirationTimeout MessageRetryInterval
    OutboundConnectionFailureRetryInterval PickupDirectoryMaxHeaderSize PickupDirectoryPath PipelineTracingEnabled PipelineTracingSenderAddress PoisonMessageDetectionEnabled
    PoisonThreshold QueueLogPath QueueMaxIdleTime RecipientValidationCacheEnabled ReplayDirectoryPath ResourceLogEnabled RootDropDirectoryPath RoutingTableLogMaxAge
    SendProtocolLogPath SendProtocolLogMaxAge ServerStatisticsLogPath TransientFailureRetryCount TransientFailureRetryInterval TransportMaintenanceLogEnabled
    TransportSyncEnabled TransportSyncLogFilePath TransportSyncMaxDownloadSizePerItem UseDowngradedExchangeServerAuth WindowsLiveHotmailTransportSyncEnabled WlmLogPath
    RequestBrokerLogEnabled TransportHttpLogPath`,
  'New-AcceptedDomain': 'AuthenticationType CatchAllRecipient MatchSubDomains OutboundOnly SkipDnsProvisioning',
  'Set-AcceptedDomain': 'AddressBookEnabled MatchSubDomains OutboundOnly PendingRemoval EnableNego2Authentication',
  'New-ExchangeCertificate':
    'BinaryEncoded IncludeAcceptedDomains IncludeServerFQDN Instance RequestFile SubjectKeyIdentifier',
  'Import-ExchangeCertificate': 'FileData Instance',
  'Get-ExchangeCertificate': 'Instance',
  'Add-ADPermission': 'InheritanceType ChildObjectTypes Properties',
  'Remove-ADPermission': 'InheritanceType',
  'Get-ADPermission': 'Owner',
  'Get-MessageTrackingLog': 'Reference NetworkMessageId TransportTrafficType',
};

test.each(Object.entries(LACKED))('%s', (name, lacked) => {
  const cmdlet = CMDLETS.find((one) => one.name === name)!;
  for (const parameter of lacked.split(/\s+/)) {
    expect(() => resolveParameter(cmdlet, parameter, 'parameters')).toThrow(
      /Exchange has it; here it would do nothing\. /,
    );
    expect(() => resolveParameter(cmdlet, parameter.toLowerCase(), 'flags')).toThrow(/Exchange has it/);
  }
  expect(() => resolveParameter(cmdlet, 'Nonsense', 'parameters')).not.toThrow(/Exchange has it/);
});

test('what there is instead is spelled as the person types', () => {
  const cmdlet = CMDLETS.find(({ name }) => name === 'Set-TransportService')!;
  expect(() => resolveParameter(cmdlet, 'max-outbound-connections', 'flags')).toThrow(': --max-relay-connections.');
  expect(() => resolveParameter(cmdlet, 'MaxOutboundConnections', 'parameters')).toThrow(': -MaxRelayConnections.');
});

/**
 * Cmdlets of Exchange that show what is not of this server: send connectors, queues, mailboxes. They give nothing and warn, saying
 * what there is instead, so that a script that also looks at receive connectors runs on. Those that would change something are
 * not here: done in silence, they would be believed.
 */
import type { Cmdlet } from '../../pipeline/cmdlet.ts';
import { lazy } from '../../text/lazy.ts';
import { takenParameters } from './taken-parameters.ts';

const NEXT_HOST = 'Mail is handed on as Get-TransportService says: DeliveryMethod and SmartHost.';
const NO_QUEUE =
  'Nothing is queued: a message is delivered or handed on while the client waits. What became of each: Get-MessageTrackingLog.';
const NO_MAILBOX =
  'Mail is stored in a Maildir or handed on. Who may log on: Get-SmtpUser; recipients: Get-AcceptedDomain.';
const LIMITS = 'Limits are those of each connector: Get-ReceiveConnector | Format-List Max*.';
const ONE_SERVER = 'There is one server in a store: Get-ExchangeServer.';
const NO_RULES =
  'Messages are taken or refused as connectors say: Get-ReceiveConnector, Get-ADPermission, Test-ReceiveConnector.';
const EVENTS = 'What the listener logged: Get-ReceiveConnectorEvent.';
const ADDRESSES =
  'Who may connect is the RemoteIPRanges of each connector: Get-ReceiveConnector | Format-List Name,RemoteIPRanges.';
const DOCTOR = 'How the listener is: Get-Listener, Invoke-ConnectorDoctor, Get-ReceiveConnectorEvent.';

const LIST =
  'Identity:0* Filter ResultSize SortBy OrganizationalUnit Status! IncludePreExchange2013! Include Exclude SortOrder Server DomainController';

/** What there is instead, by the cmdlets it stands for. */
const ELSEWHERE: readonly (readonly [cmdlets: string, instead: string])[] = [
  [
    'Get-SendConnector Get-ForeignConnector Get-DeliveryAgentConnector Get-EdgeSubscription Get-InboundConnector Get-OutboundConnector',
    NEXT_HOST,
  ],
  ['Get-Queue Get-QueueDigest', NO_QUEUE],
  [
    'Get-Mailbox Get-MailboxDatabase Get-MailboxStatistics Get-Recipient Get-DistributionGroup Get-MailContact Get-EmailAddressPolicy Get-RemoteDomain',
    NO_MAILBOX,
  ],
  ['Get-TransportConfig Get-OrganizationConfig', LIMITS],
  [
    'Get-MailboxServer Get-ClientAccessServer Get-ClientAccessService Get-MailboxTransportService Get-DatabaseAvailabilityGroup Get-ADSite',
    ONE_SERVER,
  ],
  [
    'Get-TransportRule Get-TransportAgent Get-TransportPipeline Get-MalwareFilteringServer Get-SenderFilterConfig Get-RecipientFilterConfig Get-ContentFilterConfig',
    NO_RULES,
  ],
  [
    'Get-IPAllowListEntry Get-IPBlockListEntry Get-IPAllowListConfig Get-IPBlockListConfig Get-IPBlockListProvider',
    ADDRESSES,
  ],
  ['Get-EventLog Get-WinEvent Get-EventLogLevel', EVENTS],
  ['Get-ServerComponentState Get-ServerHealth Get-HealthReport Test-ServiceHealth Test-Mailflow', DOCTOR],
];

const MORE: Readonly<Record<string, string>> = {
  'Get-EventLog': 'LogName:0 Source Newest EntryType After Before InstanceId Message ComputerName',
  'Get-WinEvent': 'LogName:0 FilterHashtable MaxEvents ProviderName ComputerName FilterXPath Oldest!',
  'Get-QueueDigest': 'Server Dag Site Forest! Filter GroupBy DetailsLevel ResultSize',
};

export const elsewhere: readonly Cmdlet[] = ELSEWHERE.flatMap(([cmdlets, instead]) =>
  cmdlets.split(' ').map((name): Cmdlet => {
    const parameters = lazy(() => takenParameters(MORE[name] ?? LIST));
    return {
      name,
      group: 'language',
      hidden: true,
      summary: 'Gives nothing, and says what there is instead',
      description: instead,
      input: 'optional',
      get parameters() {
        return parameters();
      },
      examples: [{ command: `rc -c '${name}'`, language: name, does: instead }],
      // biome-ignore lint/correctness/useYield: it gives nothing
      async *run({ context, input }) {
        if (input) for await (const _ of input); // what is piped in has run
        context.warn(`${name} has nothing to show here. ${instead}`);
      },
    };
  }),
);

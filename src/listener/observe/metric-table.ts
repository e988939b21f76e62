/**
 * Every metric of ours: name, kind, what it says, and which performance counter of Exchange (object MSExchangeTransport
 * SmtpReceive) it stands for. docs/monitoring.md shows the same table. Names of sources are no labels: there is no end of them.
 */
import type { LiveConnector } from '../admission/live-connector.ts';
import type { Observed } from './snapshot.ts';

interface Metric {
  readonly name: string;
  readonly type: 'counter' | 'gauge';
  readonly help: string;
  /** Exchange's name, where it has this one. */
  readonly exchange?: string;
  /** A label besides the connector. */
  readonly label?: string;
}

/** A figure of each connector. */
export interface ConnectorMetric extends Metric {
  /** The figure, or one for each value of `label`. */
  of(live: LiveConnector): number | Readonly<Record<string, number>>;
  /** How connectors that share a label are taken together; their sum when it is not said. */
  readonly together?: 'largest';
}

/** A figure of the listener as a whole. */
interface ListenerMetric extends Metric {
  of(listener: Observed): number;
}

const counter = (
  name: string,
  help: string,
  of: (live: LiveConnector) => number,
  exchange?: string,
): ConnectorMetric => ({
  name: `smtp_receive_${name}_total`,
  type: 'counter',
  help,
  of,
  exchange,
});

const gauge = (
  name: string,
  help: string,
  of: (live: LiveConnector) => number,
  more?: Pick<ConnectorMetric, 'exchange' | 'together'>,
): ConnectorMetric => ({ name: `smtp_receive_${name}`, type: 'gauge', help, of, ...more });

export const CONNECTOR_METRICS: readonly ConnectorMetric[] = [
  gauge('connections_current', 'Connections that are open.', (s) => s.open, { exchange: 'Connections Current' }),
  gauge('connections_limit', 'MaxInboundConnection.', (s) => Number(s.now.MaxInboundConnection)),
  gauge('sources_current', 'Client addresses with an open connection.', (s) => s.sources.size),
  gauge(
    'source_connections_largest',
    'Connections of the client address with the most.',
    (s) => largest(s.sources.values()),
    {
      together: 'largest',
    },
  ),
  counter('connections', 'Connections let in.', (s) => s.accepted, 'Connections Total'),
  {
    name: 'smtp_receive_connections_rejected_total',
    type: 'counter',
    help: 'Connections refused, by the limit that was reached: connector (MaxInboundConnection), source (MaxInboundConnectionPerSource), percentage (MaxInboundConnectionPercentagePerSource), rate (MaxConnectionRatePerMinute, MaxInboundConnectionRatePerSource).',
    label: 'limit',
    of: (s) => s.refused,
  },
  {
    name: 'smtp_receive_disconnections_total',
    type: 'counter',
    help: 'Sessions that ended, by reason: client (QUIT, or it was gone), timeout, errors (too many), policy (another 421 of ours), listener (connector removed, listener stopped, ended by an administrator), lost (its worker was killed or crashed).',
    label: 'reason',
    of: ({ counts }) => ({
      client: counts.endedByClient,
      timeout: counts.endedByTimeout,
      errors: counts.endedByErrors,
      policy: counts.endedByPolicy,
      listener: counts.endedByListener,
      lost: counts.endedByLoss,
    }),
  },
  {
    name: 'smtp_receive_refusals_total',
    type: 'counter',
    help: 'Connections, commands and messages refused, by what stood against them: a setting, a right, AcceptedDomain, Logon, NextHost, or a fault.',
    label: 'cause',
    of: ({ refusedBy }) => Object.fromEntries([...refusedBy.values()].map(({ cause, count }) => [cause, count])),
  },
  counter('messages_received', 'Messages taken.', (s) => s.counts.messages, 'Messages Received Total'),
  counter(
    'message_bytes_received',
    'Bytes of messages taken.',
    (s) => s.counts.messageBytes,
    'Message Bytes Received Total',
  ),
  counter(
    'messages_refused',
    'Messages refused when they were whole, for whatever reason.',
    (s) => s.counts.messagesRefused,
  ),
  counter(
    'messages_refused_for_size',
    'Messages refused because they or their headers were too large, announced or received.',
    (s) => s.counts.messagesTooLarge,
    'InboundMessages Refused for Size',
  ),
  counter('recipients_accepted', 'Recipients taken.', (s) => s.counts.recipients, 'InboundRecipients accepted Total'),
  counter('recipients_refused', 'Recipients refused.', (s) => s.counts.recipientsRefused),
  counter(
    'bytes_received',
    'Bytes received in all sessions; of TLS what is inside.',
    (s) => s.counts.bytes,
    'Bytes Received Total',
  ),
  counter('bytes_sent', 'Bytes sent in all sessions; of TLS what is inside.', (s) => s.counts.bytesSent),
  counter('tls_negotiations', 'TLS handshakes that came about.', (s) => s.counts.tls),
  {
    name: 'smtp_receive_logons_total',
    type: 'counter',
    help: 'Logons, by result: success, failure.',
    label: 'result',
    of: ({ counts }) => ({ success: counts.logons, failure: counts.logonFailures }),
  },
  counter('tarpitting_delays', 'Replies held back by TarpitInterval or AuthTarpitInterval.', (s) => s.counts.delays),
];

const ofListener =
  (type: Metric['type']) =>
  (name: string, help: string, of: ListenerMetric['of']): ListenerMetric => ({ name, type, help, of });
const figure = ofListener('gauge');
const total = ofListener('counter');

export const LISTENER_METRICS: readonly ListenerMetric[] = [
  total(
    'smtp_receive_connections_unmatched_total',
    'Connections refused because no connector takes the client address.',
    ({ gate }) => gate.unmatched,
  ),
  figure('rc_connectors', 'Connectors in the store.', ({ live }) => [...live].length),
  figure('rc_store_generation', 'Generation of the store in force.', ({ state }) => state.applied),
  figure('rc_store_refused', '1 while the store cannot be applied and the last good settings stay.', ({ state }) =>
    state.problem ? 1 : 0,
  ),
  figure('rc_bindings_open', 'Bindings that are listened on.', ({ sockets }) => sockets.bound.length),
  figure('rc_bindings_failed', 'Bindings that cannot be listened on.', ({ sockets }) => sockets.failed.length),
  figure(
    'rc_client_memory_bytes',
    'Memory that clients make the listener hold: headers not whole yet, small bodies, commands and replies that wait. Bodies go to files when 48 MiB are held, headers over 8 KiB are refused with 452 when 64 MiB are.',
    ({ memory }) => memory?.held ?? 0,
  ),
  figure(
    'rc_resource_pressure',
    'Back pressure: 0 Low, 1 Medium (only mail of one’s own is taken), 2 High (no new mail is taken).',
    ({ pressure }) => ({ Low: 0, Medium: 1, High: 2 })[pressure?.level ?? 'Low'],
  ),
  figure(
    'rc_workers',
    'Workers that run (rc serve --workers); 0 when sessions run in the process of the listener.',
    ({ workers }) => workers?.status.filter(({ pid }) => pid !== null).length ?? 0,
  ),
  total(
    'rc_workers_replaced_total',
    'Workers that ended unasked and were replaced.',
    ({ workers }) => workers?.status.reduce((sum, { replaced }) => sum + replaced, 0) ?? 0,
  ),
  figure(
    'rc_fleet_counting',
    'Whether limits of the fleet are counted in its engine; 0 while FleetFallback holds, and in no fleet.',
    ({ fleet }) => Number(fleet?.counting ?? false),
  ),
  figure(
    'rc_fleet_listeners',
    'Listeners that live in the fleet, this one among them, as last known; 0 in no fleet.',
    ({ fleet }) => fleet?.nodes ?? 0,
  ),
  figure(
    'rc_fleet_generation',
    'Generation of the fleet, as last seen; rc_store_generation is what this listener acts by.',
    ({ fleet }) => fleet?.generation ?? 0,
  ),
  total('rc_fleet_asks_total', 'Connections about which the engine was asked.', ({ fleet }) => fleet?.tally.asks ?? 0),
  total(
    'rc_fleet_ask_seconds_total',
    'Time waited for the answers; its rate by that of rc_fleet_asks_total is what an ask takes.',
    ({ fleet }) => fleet?.tally.askSeconds ?? 0,
  ),
  total(
    'rc_fleet_fallbacks_total',
    'Connections that FleetFallback judged, because the engine was away, too slow, or did not count all yet.',
    ({ fleet }) => fleet?.tally.fallbacks ?? 0,
  ),
];

/** Beside these there are the usual process_ and nodejs_ metrics. */
export const BUILD_INFO = {
  name: 'rc_build_info',
  type: 'gauge',
  help: 'Always 1; the version is a label.',
  label: 'version',
} as const;

function largest(counts: Iterable<number>): number {
  let most = 0;
  for (const count of counts) if (count > most) most = count;
  return most;
}

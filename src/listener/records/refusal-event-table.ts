/** Events about clients that are refused: limits, rates, logons, front ends, faults on purpose. A part of event-table.ts. */
import type { Count } from '../../domain/value.ts';
import type { ListenerEvent } from '../contracts/event-log.ts';
import { information, warning } from './event-row.ts';

export const REFUSAL_EVENTS = {
  /** Exchange's event 1009, SmtpReceiveMaxConnectionReached (article ff983318), with quotes as 1021 has them. */
  connectorLimit: (connector: string, address: string, limit: Count) =>
    warning(
      1009,
      `Receive connector '${connector}' rejected an incoming connection. The maximum number of connections ('${limit}') for this connector has been reached.`,
      { connector, address, limit: Number(limit) },
    ),
  /** Exchange's event 1021, to the letter (seed article on MaxInboundConnectionPerSource). */
  sourceLimit: (connector: string, address: string, limit: Count) =>
    warning(
      1021,
      `Receive connector '${connector}' rejected an incoming connection from IP address '${address}'. The maximum number of connections per source ('${limit}') for this connector has been reached by this source IP address.`,
      { connector, address, limit: Number(limit) },
    ),
  /** Exchange's id for MaxLogonFailures (article ff984304); the text is ours. */
  tooManyLogons: (connector: string, address: string, limit: number) =>
    warning(
      1012,
      `Receive connector '${connector}' closed a connection from IP address '${address}'. The maximum number of failed logons ('${limit}') for a connection has been exceeded.`,
      { connector, address, limit },
    ),
  /** Exchange's id, SmtpReceiveAuthorizationRejected (article ff984713): valid credentials, no right to submit. */
  authorizationRejected: (connector: string, address: string, user: string) =>
    warning(
      1020,
      `The account '${user}' from IP address '${address}' provided valid credentials, but it does not have submit permissions on receive connector '${connector}'.`,
      { connector, address, user },
    ),
  /** Exchange's event 1035, SmtpReceiveAuthenticationFailed, as administrators post it. */
  logonFailed: (connector: string, address: string, mechanism: string) =>
    warning(
      1035,
      `Inbound authentication failed with error LogonDenied for Receive connector ${connector}. The authentication mechanism is ${mechanism}. The source IP address of the client who tried to authenticate is [${address}].`,
      { connector, address, mechanism },
    ),
  percentageLimit: (connector: string, address: string, percentage: number, limit: number) =>
    warning(
      17020,
      `Receive connector '${connector}' rejected an incoming connection from IP address '${address}'. The maximum percentage of remaining connections per source ('${percentage}', now ${limit} connections) for this connector has been reached by this source IP address.`,
      { connector, address, percentage, limit },
    ),
  noConnector: (binding: string, address: string) =>
    warning(17021, `No receive connector on ${binding} takes IP address '${address}'; the connection was closed.`, {
      binding,
      address,
    }),
  /** @param counted `a minute` or `in 01:00:00`, and by whom */
  messageRate: (
    connector: string,
    address: string,
    limit: Count,
    counted: { readonly window: string; readonly by: string },
  ) =>
    warning(
      17023,
      `Receive connector '${connector}' refused a message from IP address '${address}'. The maximum number of messages ${counted.window} ('${limit}', counted by ${counted.by}) has been reached.`,
      { connector, address, limit: Number(limit), source: counted.by },
    ),
  /** Exchange has such an event too (IPConnectionRateExceeded), whose id is not documented. */
  connectionRate: (
    connector: string,
    address: string,
    limit: number,
    setting: 'MaxConnectionRatePerMinute' | 'MaxInboundConnectionRatePerSource',
  ): ListenerEvent => ({
    id: setting === 'MaxConnectionRatePerMinute' ? 17025 : 17027,
    level: 'Warning',
    message: `Receive connector '${connector}' rejected an incoming connection from IP address '${address}'. The maximum number of connections a minute ('${limit}', ${setting}) has been reached by this source IP address.`,
    data: { connector, address, limit },
  }),
  untrustedFrontEnd: (connector: string, address: string, proxy: boolean) =>
    warning(
      17024,
      proxy
        ? `'${address}' sent receive connector '${connector}' a PROXY header, and is not trusted to. If it is a front end of yours: rc set-transport-service --add-proxy-protocol-trusted-sources ${address}`
        : `'${address}' sent receive connector '${connector}' XCLIENT, which is not taken. Let the front end send a PROXY header instead (nginx: proxy_protocol on; xclient off), and trust it: rc set-transport-service --add-proxy-protocol-trusted-sources ${address}`,
      { connector, address },
    ),
  faultOnPurpose: (connector: string, address: string, stage: string, rule: string) =>
    information(
      17026,
      `Receive connector '${connector}' failed on purpose at ${stage} with IP address '${address}', as its FaultRules say: ${rule}`,
      { connector, address, stage, rule },
    ),
  badProxyHeader: (binding: string, address: string, reason: string) =>
    warning(
      17022,
      `The front end '${address}' sent ${binding} no valid PROXY header (${reason}); the connection was closed.`,
      { binding, address, reason },
    ),
} as const;

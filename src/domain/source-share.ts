/** How many connections of a connector one source may have by MaxInboundConnectionPercentagePerSource. */
import type { Connector } from './connector.ts';

/**
 * A percentage of the connector's remaining connections (Exchange documentation, Set-ReceiveConnector). Remaining for a source
 * are those that other sources have not taken; its own do not count against it, and a part of a connection counts as a whole
 * one. With the defaults, 2 % of 5000, a source alone may have 100. docs/decisions/0010 says why. Unlimited connections have
 * no percentage.
 * @param others connections that other sources have
 */
export function percentageLimit(
  connector: Pick<Connector, 'MaxInboundConnection' | 'MaxInboundConnectionPercentagePerSource'>,
  others: number,
): number {
  const percentage = connector.MaxInboundConnectionPercentagePerSource;
  const most = Number(connector.MaxInboundConnection);
  if (percentage >= 100 || most === Number.POSITIVE_INFINITY) return Number.POSITIVE_INFINITY;
  // Multiply first: 5000 * 2 / 100 is exact, 5000 * 0.02 need not be.
  return Math.max(1, Math.ceil((Math.max(0, most - others) * percentage) / 100));
}

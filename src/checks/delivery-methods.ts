/** Where enabled connectors deliver to. */
import type { Connector } from '../domain/connector.ts';
import type { Transport } from '../domain/transport.ts';

export function deliveryMethod({ DeliveryMethod: own }: Connector, transport: Transport): Transport['DeliveryMethod'] {
  return own === 'Default' ? transport.DeliveryMethod : own;
}

export function deliveryMethods(connectors: readonly Connector[], transport: Transport): Set<string> {
  return new Set(connectors.filter(({ Enabled }) => Enabled).map((c) => deliveryMethod(c, transport)));
}

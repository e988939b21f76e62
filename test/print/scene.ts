/** Connectors and other objects to print, and the text they give. */

import { type Connector, readConnector, type StoredConnector } from '../../src/domain/connector.ts';
import { PsObject, type Value } from '../../src/pipeline/value.ts';
import { formatOutput, type OutputFormat, type OutputOptions } from '../../src/print/output.ts';

export const SITE = { server: 'EX01', fqdn: 'ex01.contoso.com' };

/** A connector of server EX01 as Get-ReceiveConnector gives it. */
export function connector(settings: Readonly<Record<string, unknown>> & { Name: string }): PsObject {
  const stored: StoredConnector = {
    Guid: '11111111-2222-4333-8444-555555555555',
    WhenCreated: '2024-05-01T10:00:00.000Z',
    WhenChanged: '2024-05-02T11:30:00.000Z',
    Bindings: ['0.0.0.0:25'],
    ...settings,
  };
  const {
    Grants: _,
    Temporary: __,
    Overrides: ___,
    Override: ____,
    ...shown
  }: Connector = readConnector(stored, SITE, (key, message) => {
    throw new Error(`${key} ${message}`);
  });
  return new PsObject('ReceiveConnector', shown);
}

export const THREE: readonly PsObject[] = [
  connector({ Name: 'Default Frontend EX01', Bindings: ['0.0.0.0:25', '[::]:25'], MaxInboundConnectionPerSource: 20 }),
  connector({
    Name: 'Client Frontend EX01',
    Bindings: ['0.0.0.0:587', '[::]:587'],
    MessageRateLimit: 5,
    Enabled: false,
  }),
  connector({
    Name: 'Relay',
    Bindings: ['192.168.5.1:25'],
    RemoteIPRanges: ['192.168.5.10', '192.168.5.11', '10.1.0.0/16', '10.2.0.0/16', '10.3.0.0/16'],
    MaxMessageSize: '100MB',
  }),
];

export function object(properties: Readonly<Record<string, Value>>): PsObject {
  return new PsObject('PSCustomObject', properties);
}

/** Everything that is printed of these values. */
export async function printed(
  values: Iterable<Value> | AsyncIterable<Value>,
  options: OutputOptions & { format?: OutputFormat } = {},
): Promise<string> {
  let all = '';
  for await (const text of formatOutput(values, options.format ?? 'default', options)) all += text;
  return all;
}

export async function collect<T>(stream: AsyncIterable<T> | Iterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const item of stream) all.push(item);
  return all;
}

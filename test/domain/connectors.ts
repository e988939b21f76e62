/** Connectors for tests, written as they are stored: only what matters, the rest is default. */
import { type Connector, readConnector } from '../../src/domain/connector.ts';

export const SITE = { server: 'EX', fqdn: 'ex.contoso.com' };
let made = 0;

export function connector(settings: Readonly<Record<string, unknown>> = {}): Connector {
  made++;
  const stored = {
    Name: `Connector ${made}`,
    Guid: `00000000-0000-4000-8000-${String(made).padStart(12, '0')}`,
    WhenCreated: '2024-01-02T03:04:05.000Z',
    WhenChanged: '2024-01-02T03:04:05.000Z',
    Bindings: ['0.0.0.0:25'],
    ...settings,
  };
  return readConnector(stored, SITE, (key, message) => {
    throw new Error(`${key}: ${message}`);
  });
}

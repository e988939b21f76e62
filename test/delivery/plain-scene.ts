/** An envelope and a server, for tests and for processes that tests start. */
import { readConnector } from '../../src/domain/connector.ts';
import type { Envelope } from '../../src/listener/contracts/delivery-api.ts';
import type { LiveServer } from '../../src/listener/contracts/live-server.ts';

export function serverWith(transport: Record<string, unknown> = {}): LiveServer {
  return { generation: 1, name: 'MAIL', fqdn: 'mail.contoso.com', acceptedDomains: [], users: [], transport };
}

export function connectorWith(settings: Record<string, unknown> = {}) {
  const stored = {
    Name: 'Default MAIL',
    Guid: '00000000-0000-0000-0000-000000000001',
    WhenCreated: '2026-01-01T00:00:00Z',
    WhenChanged: '2026-01-01T00:00:00Z',
    Bindings: ['127.0.0.1:2525'],
    ...settings,
  };
  return readConnector(stored, { server: 'MAIL', fqdn: 'mail.contoso.com' }, (key, message) => {
    throw new Error(`${key}: ${message}`);
  });
}

export function envelopeOf(
  from: string,
  to: readonly string[],
  more: Partial<Envelope> & { settings?: Record<string, unknown> } = {},
): Envelope {
  const { settings, ...rest } = more;
  return {
    sessionId: '08DD0C1A2B3C4D5E',
    connector: connectorWith(settings),
    peer: { remoteAddress: '192.0.2.7', remotePort: 40000, localAddress: '192.0.2.1', localPort: 25 },
    helo: 'client.fabrikam.com',
    protocol: 'ESMTP',
    user: '',
    tls: null,
    mailFrom: { address: from, parameters: {} },
    recipients: to.map((address) => ({ address, parameters: {} })),
    body: '7BIT',
    smtpUtf8: false,
    ...rest,
  };
}

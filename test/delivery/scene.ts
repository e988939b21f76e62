/** What the delivery tests share: an envelope, a server, a home of their own, collected events. */
import { mkdtempSync, rmSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { readConnector } from '../../src/connector/connector.ts';
import type { Delivery, Envelope, EventLog, ListenerEvent, LiveServer } from '../../src/listener/contract.ts';
import { type Home, homeAt } from '../../src/store/home.ts';

export function freshHome(): Home {
  const folder = mkdtempSync(join(tmpdir(), 'rc-delivery-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return homeAt(folder);
}

export function serverWith(transport: Record<string, unknown> = {}): LiveServer {
  return { generation: 1, name: 'MAIL', fqdn: 'mail.contoso.com', acceptedDomains: [], users: [], transport };
}

export class Events implements EventLog {
  readonly written: ListenerEvent[] = [];
  write(event: ListenerEvent): void {
    this.written.push(event);
  }
  async close(): Promise<void> {}
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

/** Hands one message to the delivery and commits it. */
export async function deliver(delivery: Delivery, envelope: Envelope, ...chunks: (string | Buffer)[]) {
  const message = delivery.begin(envelope);
  message.prepend('Received: from client.fabrikam.com\r\n');
  for (const chunk of chunks) await message.write(Buffer.from(chunk));
  return message.commit('<id@fabrikam.com>');
}

/** The contents of all messages in a folder of the Maildir. */
export async function messagesIn(home: Home, folder: 'new' | 'tmp' = 'new'): Promise<string[]> {
  const names = await readdir(join(home.mail, folder)).catch(() => []);
  return Promise.all(names.sort().map((name) => readFile(join(home.mail, folder, name), 'latin1')));
}

/** Waits until something holds; the test's own time limit ends the wait. */
export async function until<T>(holds: () => T | Promise<T>): Promise<NonNullable<T>> {
  for (;;) {
    const value = await holds();
    if (value) return value as NonNullable<T>;
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

/** What the delivery tests share: an envelope, a server, a home of their own, collected events. */
import { mkdtempSync, rmSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import type { Delivery, DeliveryResult, Envelope } from '../../src/listener/contracts/delivery-api.ts';
import type { EventLog, ListenerEvent } from '../../src/listener/contracts/event-log.ts';
import { type Home, homeAt } from '../../src/store/home.ts';

export { connectorWith, envelopeOf, serverWith } from './plain-scene.ts';

export function freshHome(): Home {
  const folder = mkdtempSync(join(tmpdir(), 'rc-delivery-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return homeAt(folder);
}

export class Events implements EventLog {
  readonly written: ListenerEvent[] = [];
  write(event: ListenerEvent): void {
    this.written.push(event);
  }
  async close(): Promise<void> {}
}

/** Hands one message to the delivery and commits it. */
export async function deliver(delivery: Delivery, envelope: Envelope, ...chunks: (string | Buffer)[]) {
  const message = delivery.begin(envelope);
  message.prepend('Received: from client.fabrikam.com\r\n');
  for (const chunk of chunks) await message.write(Buffer.from(chunk));
  return said(await message.commit('<id@fabrikam.com>'));
}

/** A result with its reply as the client reads it. */
export function said(result: DeliveryResult): { readonly ok: boolean; readonly reply?: string } {
  if (!result.ok) return { ok: false, reply: result.refusal.reply.line };
  return result.reply ? { ok: true, reply: result.reply.line } : { ok: true };
}

/** The names of the files in a folder of the Maildir. */
export function namesIn(home: Home, folder: 'new' | 'tmp' = 'new'): Promise<string[]> {
  return readdir(join(home.mail, folder)).catch(() => []);
}

/** The contents of all messages in a folder of the Maildir. */
export async function messagesIn(home: Home, folder: 'new' | 'tmp' = 'new'): Promise<string[]> {
  const names = await namesIn(home, folder);
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

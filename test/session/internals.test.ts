/**
 * What wire.ts leans on. When one of these fails after an upgrade of smtp-server, that page has to be
 * read again against the new version before the pin is moved.
 */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { SMTPConnection } from 'smtp-server/lib/smtp-connection.js';
import { SMTPStream } from 'smtp-server/lib/smtp-stream.js';
import { expect, test } from 'vitest';
import { Client, until } from './harness/client.ts';
import { Host } from './harness/host.ts';

const require = createRequire(import.meta.url);

test('the version is the one that was read', () => {
  const { version } = require('smtp-server/package.json') as { version: string };
  expect(version).toBe('3.21.6');
  const own = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'));
  expect(own.dependencies['smtp-server']).toBe('3.21.6');
});

test.each([
  ['_setListeners', 1],
  ['_createParser', 0],
  ['_armTimeout', 0],
  ['_onCloseEvent', 1],
  ['_onClose', 0],
  ['_onError', 1],
  ['_whenWritable', 1],
  ['_resetSession', 0],
  ['close', 0],
  ['upgrade', 2],
  ['send', 3],
])('SMTPConnection has %s with %i parameters', (name, parameters) => {
  const method = (SMTPConnection.prototype as unknown as Record<string, (...args: unknown[]) => unknown>)[name];
  expect(typeof method).toBe('function');
  expect(method?.length).toBe(parameters);
});

test.each([
  ['_write', 3],
  ['_flushData', 0],
])('SMTPStream has %s with %i parameters', (name, parameters) => {
  const method = (SMTPStream.prototype as unknown as Record<string, (...args: unknown[]) => unknown>)[name];
  expect(typeof method).toBe('function');
  expect(method?.length).toBe(parameters);
});

test('SMTPConnection keeps its state where we look for it', () => {
  const source = SMTPConnection.toString();
  for (const piece of [
    'this._parser = this._createParser()',
    'this._ready = false',
    'this._upgrading = false',
    'this._closing = false',
    'this._closed = false',
    'this._server = server',
    'this._socket = socket',
    'this._socket.pipe(this._parser)',
    'this._parser.isClosed = true',
  ]) {
    expect(source, piece).toContain(piece);
  }
});

test('the parser of STARTTLS is a new one, and the old one is closed before', () => {
  const source = SMTPConnection.prototype.upgrade.toString();
  const closed = source.indexOf('this._parser.isClosed = true');
  const made = source.indexOf('this._parser = this._createParser()');
  expect(closed).toBeGreaterThan(0);
  expect(made).toBeGreaterThan(closed);
  expect(source).toContain('this._upgrading = true');
  expect(source).toContain('createTLSSocketOptions(this._server)');
  expect(source).toContain('verifyPeerCertificate(tlsSocket, socketOptions)');
});

test('only one file of ours names smtp-server', async () => {
  const { readdirSync } = await import('node:fs');
  const folder = new URL('../../src/', import.meta.url);
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.ts'));
  const naming = files.filter((file) => /from 'smtp-server/.test(readFileSync(new URL(file, folder), 'utf8')));
  expect(naming).toEqual(['listener/session/wire.ts']);
});

test('close() bounds the wait for a client that never closes its side', async () => {
  const host = await new Host().start();
  const client = await Client.open(host.port);
  await client.reply();
  client.socket.pause(); // its FIN is never sent by itself: allowHalfOpen is off, but nothing is read
  client.send('QUIT\r\n');
  await until(() => host.ended === 1, 'the end of the session');
  client.end();
  await host.close();
});

test('a client that does not read its replies is not read from', async () => {
  const host = await new Host({ MaxProtocolErrors: 'Unlimited' }).start();
  const client = await Client.open(host.port);
  await client.reply();
  client.socket.pause();
  const lines = 'NOOP with an argument\r\n'.repeat(1000);
  // Far more than the kernel's buffers hold: sooner or later writing stalls instead of the server's memory growing.
  for (let i = 0; i < 2000 && client.socket.writableLength < 4 * 1024 * 1024; i++) {
    client.socket.write(lines);
    if (i % 50 === 0) await new Promise((resolve) => setImmediate(resolve));
  }
  expect(client.socket.writableLength).toBeGreaterThan(1024 * 1024);
  client.end();
  await until(() => host.ended === 1, 'the end of the session');
  await host.close();
});

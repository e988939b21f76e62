/** What a session does besides answering: it retires, ends, cleans up behind a client, writes its log. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import type { Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { openCertificates } from '../../src/listener/session/certificates.ts';
import { has } from '../support/tools.ts';
import { Client, until } from './harness/client.ts';
import { Host } from './harness/host.ts';

const hosts: Host[] = [];
afterEach(async () => {
  for (const host of hosts.splice(0)) await host.close();
});

async function start(settings: Record<string, unknown> = {}): Promise<Host> {
  const host = await new Host(settings).start();
  hosts.push(host);
  return host;
}

/** A client that was greeted and said EHLO. */
async function greeted(host: Host): Promise<Client> {
  const client = await Client.open(host.port);
  await client.reply();
  await client.ask('EHLO client.fabrikam.com');
  return client;
}

/** … and is about to send a message. */
function inData(host: Host): Promise<Client> {
  return inDataAs(host, 'sue@fabrikam.com', 'kim@contoso.com');
}

async function inDataAs(host: Host, from: string, to: string): Promise<Client> {
  const client = await greeted(host);
  await client.ask(`MAIL FROM:<${from}>`);
  await client.ask(`RCPT TO:<${to}>`);
  expect(await client.ask('DATA')).toMatch(/^354/);
  return client;
}

const only = (host: Host) => [...host.sessions][0]!;
const wire = (host: Host) => (only(host) as unknown as { _socket: Socket })._socket;

describe('a client that closes its side, as `nc` does at the end of its input', () => {
  for (const secure of [false, true]) {
    test(`still hears that its message is safe, however long that takes${secure ? ', inside TLS too' : ''}`, async () => {
      const host = await start({ AuthMechanism: 'Tls' });
      const folder = mkdtempSync(join(tmpdir(), 'rc-session-'));
      host.certificates = openCertificates({ certificates: folder }, { write() {}, close: async () => {} });
      let safe: (() => void) | undefined;
      host.delivery.outcome = () =>
        new Promise((resolve) => {
          safe = () => resolve({ ok: true });
        });
      const client = await greeted(host);
      if (secure) {
        await client.ask('STARTTLS');
        await client.startTls();
        await client.ask('EHLO client.fabrikam.com');
      }
      await client.ask('MAIL FROM:<sue@fabrikam.com>');
      await client.ask('RCPT TO:<kim@contoso.com>');
      await client.ask('DATA');
      client.send('Subject: x\r\n\r\nbody\r\n.\r\nNOOP\r\nhalf a line');
      client.finish();
      await until(() => safe !== undefined && wire(host).readableEnded);
      safe!();
      expect(await client.reply()).toMatch(/^250 2\.6\.0 /);
      expect(await client.reply()).toBe('250 2.0.0 OK');
      expect(await client.closed()).toBe('');
      await until(() => host.ended === 1);
      rmSync(folder, { recursive: true });
    });
  }

  test('at once is greeted', async () => {
    const host = await start();
    const client = await Client.open(host.port);
    client.finish();
    expect(await client.reply()).toMatch(/^220 /);
    expect(await client.closed()).toBe('');
  });

  test('in a message is gone with it', async () => {
    const host = await start();
    const client = await inData(host);
    client.send('Subject: x\r\n\r\nhalf a message\r\n');
    client.finish();
    expect(await client.closed()).toBe('');
    await until(() => host.ended === 1 && host.delivery.aborted === 1);
    expect(host.delivery.kept).toHaveLength(0);
  });

  test('is not waited with when its answer is delayed', async () => {
    const host = await start({ TarpitInterval: '00:10:00' });
    const client = await greeted(host);
    client.send('FOO\r\n');
    await until(() => only(host).info().state === 'command');
    client.finish();
    await until(() => host.ended === 1);
  });

  test('before its answer is delayed is not waited with either', async () => {
    const host = await start({ TarpitInterval: '00:10:00' });
    const client = await greeted(host);
    client.send('FOO\r\nFOO\r\n');
    client.finish();
    await until(() => host.ended === 1);
  });

  test('in the TLS handshake is gone', async () => {
    const host = await start({ AuthMechanism: 'Tls' });
    const client = await greeted(host);
    await client.ask('STARTTLS');
    client.finish();
    await until(() => host.ended === 1);
  });
});

describe('retiring', () => {
  test('a TLS handshake under way is not waited for: nothing can be said in it', async () => {
    const host = await start({ AuthMechanism: 'Tls' });
    const folder = mkdtempSync(join(tmpdir(), 'rc-session-'));
    host.certificates = openCertificates({ certificates: folder }, { write() {}, close: async () => {} });
    const client = await greeted(host);
    expect(await client.ask('STARTTLS')).toMatch(/^220 /);
    const socket = wire(host);
    only(host).retire();
    expect(socket.destroyed).toBe(true);
    expect(await client.closed()).toBe('');
    await until(() => host.ended === 1);
    rmSync(folder, { recursive: true });
  });

  test('an idle session is told and closed', async () => {
    const host = await start();
    const client = await greeted(host);
    only(host).retire();
    expect(await client.reply()).toBe('421 4.3.2 Service not available');
    expect(await client.closed()).toBe('');
    await until(() => host.ended === 1);
  });

  test('a message being received is finished first', async () => {
    const host = await start();
    const client = await inData(host);
    client.send('Subject: x\r\n');
    await until(() => only(host).info().state === 'message');
    only(host).retire();
    client.send('\r\nbody\r\n.\r\n');
    expect(await client.reply()).toMatch(/^250 2\.6\.0 /);
    expect(await client.reply()).toBe('421 4.3.2 Service not available');
    expect(await client.closed()).toBe('');
    expect(host.delivery.kept).toHaveLength(1);
  });

  test('chunks of one message are finished too', async () => {
    const host = await start();
    const client = await greeted(host);
    await client.ask('MAIL FROM:<sue@fabrikam.com>');
    await client.ask('RCPT TO:<kim@contoso.com>');
    expect(await client.ask('BDAT 4\r\nab')).toMatch(/^250 2\.6\.0 CHUNK/);
    only(host).retire();
    client.send('BDAT 3 LAST\r\nabc');
    expect(await client.reply()).toMatch(/^250 2\.6\.0 </);
    expect(await client.reply()).toBe('421 4.3.2 Service not available');
  });

  test('a message being made safe gets its answer', async () => {
    const host = await start();
    let safe = () => {};
    let asked = false;
    host.delivery.outcome = () =>
      new Promise((resolve) => {
        asked = true;
        safe = () => resolve({ ok: true });
      });
    const client = await inData(host);
    client.send('Subject: x\r\n\r\n.\r\n');
    await until(() => asked);
    only(host).retire();
    safe();
    expect(await client.reply()).toMatch(/^250 2\.6\.0 /);
    expect(await client.reply()).toBe('421 4.3.2 Service not available');
  });

  test('a delay is cut short', async () => {
    const host = await start({ TarpitInterval: '00:10:00' });
    const client = await greeted(host);
    client.send('NONSENSE\r\n');
    await until(() => only(host).info().state === 'command');
    only(host).retire();
    expect(await client.reply()).toBe('500 5.3.3 Unrecognized command');
    expect(await client.reply()).toBe('421 4.3.2 Service not available');
  });
});

describe('ends', () => {
  test('destroy closes in the middle of a message; nothing is left behind', async () => {
    const host = await start();
    const client = await inData(host);
    client.send('Subject: x\r\n');
    only(host).destroy();
    await client.closed();
    await until(() => host.ended === 1);
    expect(host.delivery).toMatchObject({ aborted: 1, open: 0, kept: [] });
  });

  test('a client that goes away in the middle of a message', async () => {
    const host = await start();
    const client = await inData(host);
    client.send('Subject: x\r\n\r\nhalf');
    client.socket.end();
    await until(() => host.ended === 1);
    expect(host.delivery).toMatchObject({ aborted: 1, open: 0, kept: [] });
  });

  test('a client that goes away while its message is made safe: the message is kept', async () => {
    const host = await start();
    let safe = () => {};
    let asked = false;
    host.delivery.outcome = () =>
      new Promise((resolve) => {
        asked = true;
        safe = () => resolve({ ok: true });
      });
    const client = await inData(host);
    client.send('Subject: x\r\n\r\n.\r\n');
    await until(() => asked);
    client.socket.resetAndDestroy();
    await until(() => host.ended === 1);
    safe();
    await until(() => host.delivery.kept.length === 1);
    expect(host.delivery.aborted).toBe(0);
  });

  test('a delay ends when the client goes away', async () => {
    const host = await start({ TarpitInterval: '00:10:00' });
    const client = await greeted(host);
    client.send('NONSENSE\r\n');
    await until(() => only(host).info().state === 'command');
    client.end();
    await until(() => host.ended === 1);
  });

  test('an unterminated line at the end is not run', async () => {
    const host = await start();
    const client = await greeted(host);
    client.socket.end('MAIL FROM:<sue@fabrikam.com>');
    await until(() => host.ended === 1);
    expect(host.log.filter((line) => line.event === '<').map((line) => line.data)).toEqual([
      'EHLO client.fabrikam.com',
    ]);
  });

  test('onEnd runs once, whatever happens', async () => {
    const host = await start();
    for (let i = 0; i < 20; i++) {
      const client = await greeted(host);
      if (i % 3 === 0) client.send('QUIT\r\n');
      if (i % 3 === 1) for (const session of host.sessions) session.destroy();
      client.end();
    }
    await until(() => host.sessions.size === 0);
    expect(host.ended).toBe(20);
  });
});

test('info tells what the session is about', async () => {
  const host = await start();
  const client = await greeted(host);
  const info = only(host).info();
  expect(info).toMatchObject({
    connector: 'Default EX01',
    tls: false,
    user: '',
    helo: 'client.fabrikam.com',
    state: 'idle',
    messages: 0,
    local: `127.0.0.1:${host.port}`,
  });
  expect(info.id).toMatch(/^[0-9A-F]{16}$/);
  expect(Math.abs(Date.parse(info.since) - Date.now())).toBeLessThan(60_000);
  client.end();
});

test('DefaultDomain may be the name of an accepted domain', async () => {
  const host = await start({ DefaultDomain: 'Head-Office' });
  host.live = {
    ...host.live,
    acceptedDomains: [
      { Name: 'Head-Office', DomainName: 'contoso.com', DomainType: 'Authoritative', Guid: 'g', WhenChanged: '' },
    ],
  };
  const client = await inDataAs(host, 'sue', 'kim');
  client.send('Subject: x\r\n\r\n.\r\n');
  await client.reply();
  expect(host.delivery.kept[0]?.envelope).toMatchObject({
    mailFrom: { address: 'sue@contoso.com' },
    recipients: [{ address: 'kim@contoso.com' }],
  });
});

describe('the protocol log', () => {
  test('has every line both ways, rights, and no secrets', async () => {
    const host = await start({ AuthMechanism: 'Tls, BasicAuth', MaxLogonFailures: 0 });
    const client = await greeted(host);
    await client.ask('AUTH PLAIN AGFsaWNlAFNlY3JldC4xMjM=');
    await client.ask('AUTH LOGIN');
    await client.ask('YWxpY2U=');
    await client.ask('U2VjcmV0LjEyMw==');
    await client.ask('NOOP\x1b[31m');
    await client.ask('QUIT');
    await client.closed();
    await until(() => host.ended === 1);
    const lines = host.log.map(({ event, data, context }) => `${event} ${data}${context ? ` | ${context}` : ''}`);
    expect(lines[0]).toBe('+ ');
    expect(lines[1]).toBe(
      '* SMTPSubmit SMTPAcceptAnySender SMTPAcceptAuthoritativeDomainSender AcceptRoutingHeaders | Set Session Permissions',
    );
    expect(lines[2]).toMatch(/^> 220 mail\.contoso\.com /);
    expect(lines.slice(3)).toEqual([
      '< EHLO client.fabrikam.com',
      '> 250-mail.contoso.com Hello [127.0.0.1]',
      '> 250-SIZE 37748736',
      '> 250-PIPELINING',
      '> 250-DSN',
      '> 250-ENHANCEDSTATUSCODES',
      '> 250-STARTTLS',
      '> 250-AUTH LOGIN PLAIN',
      '> 250-8BITMIME',
      '> 250-BINARYMIME',
      '> 250-CHUNKING',
      '> 250 SMTPUTF8',
      '< AUTH PLAIN',
      '> 535 5.7.3 Authentication unsuccessful',
      '< AUTH LOGIN',
      '> 334 VXNlcm5hbWU6',
      '< <authentication response>',
      '> 334 UGFzc3dvcmQ6',
      '< <authentication response>',
      '> 535 5.7.3 Authentication unsuccessful',
      '< NOOP\\u{1b}[31m',
      '> 500 5.3.3 Unrecognized command',
      '< QUIT',
      '> 221 2.0.0 Service closing transmission channel',
      '- ',
    ]);
  });
});

test('an error of ours ends the session with a 451 and an event, and nothing else', async () => {
  const host = await start();
  host.delivery.begin = () => {
    throw new Error('a mistake of ours');
  };
  const client = await greeted(host);
  await client.ask('MAIL FROM:<sue@fabrikam.com>');
  await client.ask('RCPT TO:<kim@contoso.com>');
  expect(await client.ask('DATA')).toBe('451 4.3.0 Local error in processing');
  expect(await client.closed()).toBe('');
  expect(host.events).toHaveLength(1);
  expect(host.events[0]).toMatchObject({ level: 'Error', data: { connector: 'Default EX01' } });
  const other = await greeted(host);
  other.end();
});

test('a large message flows through without being held', async () => {
  const host = await start({ MaxMessageSize: '100MB' });
  let most = 0;
  let seen = 0;
  const begin = host.delivery.begin.bind(host.delivery);
  host.delivery.begin = (envelope) => {
    const message = begin(envelope);
    return {
      ...message,
      internalId: message.internalId,
      // A slow disk: one piece at a time, the next one only when this one is down.
      write: (chunk) => {
        seen += chunk.length;
        most = Math.max(most, chunk.length);
        return new Promise<void>((resolve) => setImmediate(resolve));
      },
    };
  };
  const client = await inData(host);
  const block = Buffer.from(`${'x'.repeat(998)}\r\n`.repeat(1000));
  client.send('Subject: x\r\n\r\n');
  for (let i = 0; i < 20; i++) client.send(block);
  client.send('.\r\n');
  expect(await client.reply()).toMatch(/^250 2\.6\.0 /);
  expect(seen).toBe(20 * block.length + 'Subject: x\r\n\r\n'.length);
  expect(most).toBeLessThanOrEqual(128 * 1024);
});

describe.skipIf(!has('openssl'))('client certificates', () => {
  let folder: string;
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  /** A CA and certificates it signed, made by openssl. */
  function authority(): { cert: (name: string) => { cert: string; key: string } } {
    folder = mkdtempSync(join(tmpdir(), 'rc-mtls-'));
    const certificates = join(folder, 'certificates');
    mkdirSync(certificates);
    const run = (...args: string[]) => execFileSync('openssl', args, { stdio: 'pipe', cwd: folder });
    const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes'];
    run('req', '-x509', ...key, '-days', '2', '-subj', '/CN=Contoso CA', '-keyout', 'ca.key', '-out', 'ca.pem');
    writeFileSync(join(certificates, 'client-ca.pem'), readFileSync(join(folder, 'ca.pem')));
    return {
      cert: (name) => {
        run('req', ...key, '-subj', `/CN=${name}`, '-keyout', `${name}.key`, '-out', `${name}.csr`);
        run(
          'x509',
          '-req',
          '-in',
          `${name}.csr`,
          '-CA',
          'ca.pem',
          '-CAkey',
          'ca.key',
          '-CAcreateserial',
          '-days',
          '2',
          '-out',
          `${name}.pem`,
        );
        return {
          cert: readFileSync(join(folder, `${name}.pem`), 'utf8'),
          key: readFileSync(join(folder, `${name}.key`), 'utf8'),
        };
      },
    };
  }

  test('DomainSecureEnabled: a verified client is a partner, others are not', async () => {
    const ca = authority();
    const host = await start({ AuthMechanism: 'Tls', DomainSecureEnabled: true, PermissionGroups: 'Partners' });
    host.certificates = openCertificates(
      { certificates: join(folder, 'certificates') },
      { write() {}, close: async () => {} },
    );
    const secure = async (options: object) => {
      const client = await greeted(host);
      expect(await client.ask('STARTTLS')).toBe('220 2.0.0 SMTP server ready');
      await client.startTls(options);
      await client.ask('EHLO partner.fabrikam.com');
      const reply = await client.ask('MAIL FROM:<sue@fabrikam.com>');
      client.end();
      return reply;
    };
    const partner = ca.cert('partner.fabrikam.com');
    expect(await secure(partner)).toBe('250 2.1.0 Sender OK');
    expect(await secure({})).toBe('530 5.7.57 Client not authenticated to send mail');
    const stranger = authorityless();
    expect(await secure(stranger)).toBe('530 5.7.57 Client not authenticated to send mail');
    host.set('DomainSecureEnabled', false);
    expect(await secure(partner)).toBe('530 5.7.57 Client not authenticated to send mail');
  });

  function authorityless(): { cert: string; key: string } {
    execFileSync(
      'openssl',
      [
        'req',
        '-x509',
        '-newkey',
        'ec',
        '-pkeyopt',
        'ec_paramgen_curve:P-256',
        '-nodes',
        '-days',
        '2',
        '-subj',
        '/CN=stranger',
        '-keyout',
        's.key',
        '-out',
        's.pem',
      ],
      { stdio: 'pipe', cwd: folder },
    );
    return { cert: readFileSync(join(folder, 's.pem'), 'utf8'), key: readFileSync(join(folder, 's.key'), 'utf8') };
  }

  test('versions before TLS 1.2 are refused', async () => {
    folder = mkdtempSync(join(tmpdir(), 'rc-tls-'));
    const host = await start({ AuthMechanism: 'Tls' });
    host.certificates = openCertificates({ certificates: join(folder, 'c') }, { write() {}, close: async () => {} });
    for (const [version, works] of [
      ['TLSv1.1', false],
      ['TLSv1.2', true],
      ['TLSv1.3', true],
    ] as const) {
      const client = await greeted(host);
      await client.ask('STARTTLS');
      const done = client.startTls({ minVersion: version, maxVersion: version, ciphers: 'DEFAULT@SECLEVEL=0' }).then(
        (socket) => socket.getProtocol(),
        () => undefined,
      );
      expect(await done).toBe(works ? version : undefined);
      client.end();
    }
  });

  test('without a certificate STARTTLS is refused for now, and the session goes on', async () => {
    folder = mkdtempSync(join(tmpdir(), 'rc-tls-'));
    const host = await start({ AuthMechanism: 'Tls' });
    const client = await greeted(host);
    expect(await client.ask('STARTTLS')).toBe('454 4.7.0 TLS not available due to temporary reason');
    expect(await client.ask('NOOP')).toBe('250 2.0.0 OK');
  });
});

import { createServer, type Socket } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { authenticate, mechanismFor } from '../../src/smtp/client/authenticate.ts';
import { type ClientOptions, SmtpClient } from '../../src/smtp/client/client.ts';
import { connectTo, tlsTo } from '../../src/smtp/client/connect.ts';
import { polite, realHost, scriptedHost, untrusted } from '../delivery/next-host.ts';

async function clientOf(host: string, options: ClientOptions = {}): Promise<SmtpClient> {
  const port = Number(host.slice(host.lastIndexOf(':') + 1));
  const client = new SmtpClient(await connectTo({ host: '127.0.0.1', port }, 5000), options);
  onTestFinished(() => client.destroy());
  await client.reply();
  return client;
}

test('extensions are those of the last EHLO; AUTH also as servers of the 1990s wrote it', async () => {
  const host = await scriptedHost(polite(['SIZE 1000', 'auth=LOGIN', 'AUTH PLAIN LOGIN', 'dsn']));
  const client = await clientOf(host.host);
  await client.hello('me.example.com');
  expect([...client.extensions]).toEqual([
    ['SIZE', '1000'],
    ['AUTH', 'LOGIN'],
    ['DSN', ''],
  ]);
  expect(host.commands).toEqual(['EHLO me.example.com']);
});

test.each([
  ['500 5.5.1 what', true],
  ['502 5.5.1 not here', true],
  ['550 5.7.1 who', true],
  ['503 5.5.1 not now', false],
  ['521 no mail', false],
  ['421 4.3.2 busy', false],
  ['451 4.3.0 later', false],
])('EHLO answered %j: HELO %s', async (answer, helo) => {
  const host = await scriptedHost(polite([], { EHLO: answer }));
  const client = await clientOf(host.host);
  const reply = await client.hello('me');
  expect(reply.code).toBe(helo ? 250 : Number(answer.slice(0, 3)));
  expect(host.commands).toEqual(helo ? ['EHLO me', 'HELO me'] : ['EHLO me']);
});

test('what comes in the clear behind the 220 of STARTTLS is no answer inside TLS', async () => {
  const host = await scriptedHost(polite(['STARTTLS'], { STARTTLS: '220 go\r\n250 2.1.0 injected' }));
  const client = await clientOf(host.host);
  await client.hello('me');
  await expect(client.startTls(tlsTo('127.0.0.1', false))).rejects.toMatchObject({ kind: 'tls' });
  expect(client.broken).toBe(true);
});

test('TLS: what was offered before it is forgotten', async () => {
  const host = await realHost({ ...untrusted(), disabledCommands: [] });
  const client = await clientOf(host.host);
  await client.hello('me');
  expect(client.extensions.has('STARTTLS')).toBe(true);
  await client.startTls(tlsTo('127.0.0.1', false));
  expect([client.secure, client.extensions.size]).toEqual([true, 0]);
  await client.hello('me');
  expect(client.extensions.has('STARTTLS')).toBe(false);
});

test.each([
  ['PLAIN', '', 'AUTH PLAIN AGFsaWNlAHPDpmNyZXQ='],
  ['LOGIN', 'LOGIN', 'YWxpY2U='],
  ['CRAM-MD5', 'CRAM-MD5 PLAIN', undefined],
  [undefined, 'GSSAPI NTLM', undefined],
])('AUTH in the clear: %s where %j is offered', async (mechanism, offered, said) => {
  let step = 0;
  const host = await scriptedHost((command) => {
    if (command.startsWith('AUTH PLAIN')) return '235 2.7.0 in';
    if (command.startsWith('AUTH')) return command.includes('CRAM') ? '334 PDEyM0BhPg==' : '334 VXNlcm5hbWU6';
    if (/^[A-Za-z0-9+/=]+$/.test(command))
      return command.startsWith('YWxpY2Ug') || ++step === 2 ? '235 in' : '334 UGFzc3dvcmQ6';
    return polite([`AUTH ${offered || 'PLAIN'}`])(command);
  });
  const client = await clientOf(host.host);
  await client.hello('me');
  expect(mechanismFor(client)).toBe(mechanism);
  if (!mechanism) return;
  expect((await authenticate(client, mechanism, 'alice', 'sæcret')).code).toBe(235);
  if (said) expect(host.commands).toContain(said);
});

test('a password too long for a command line comes on a line of its own', async () => {
  const long = 'p'.repeat(600);
  const host = await scriptedHost((command) =>
    command === 'AUTH PLAIN' ? '334 ' : command.length > 600 ? '235 in' : polite([])(command),
  );
  const client = await clientOf(host.host);
  expect((await authenticate(client, 'PLAIN', 'alice', long)).code).toBe(235);
});

test('a reply that does not come in time, and one that comes a byte at a time, end the connection', async () => {
  const host = await scriptedHost(polite([], { NOOP: undefined }));
  const client = await clientOf(host.host, { replyMs: 100 });
  await expect(client.command('NOOP')).rejects.toMatchObject({ kind: 'silent' });
  const sockets: Socket[] = [];
  const server = createServer((socket) => {
    sockets.push(socket);
    socket.on('error', () => {});
    socket.write('220 x\r\n250-');
    const drip = setInterval(() => socket.write('x'), 20);
    socket.on('close', () => clearInterval(drip));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  const dripping = await clientOf(`:${(server.address() as { port: number }).port}`, { replyMs: 200 });
  await expect(dripping.command('NOOP')).rejects.toMatchObject({ kind: 'silent' });
});

test('quit says QUIT; leave waits for the goodbye', async () => {
  const host = await scriptedHost(polite([]));
  const client = await clientOf(host.host);
  await client.leave('RSET\r\n');
  expect(host.commands).toEqual(['RSET', 'QUIT']);
  await expect(client.command('NOOP')).rejects.toMatchObject({ kind: 'ended' });
});

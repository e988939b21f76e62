/** A message from greeting to queue, over smtp-server, on a real socket. */
import { afterEach, expect, test } from 'vitest';
import { Client, until } from './harness/client.ts';
import { Host } from './harness/host.ts';

const open: { close(): Promise<void> }[] = [];
afterEach(async () => {
  for (const host of open.splice(0)) await host.close();
});

async function host(settings: Record<string, unknown> = {}): Promise<Host> {
  const started = await new Host(settings).start();
  open.push(started);
  return started;
}

test('a message is greeted, taken and queued', async () => {
  const server = await host();
  const client = await Client.open(server.port);
  expect(await client.reply()).toMatch(
    /^220 mail\.contoso\.com Microsoft ESMTP MAIL Service ready at \w{3}, \d+ \w{3} \d{4} /,
  );
  const ehlo = await client.ask('EHLO client.fabrikam.com');
  expect(ehlo.split('\n')[0]).toBe('250-mail.contoso.com Hello [127.0.0.1]');
  expect(ehlo).toContain('250-SIZE 37748736');
  expect(await client.ask('MAIL FROM:<sue@fabrikam.com> SIZE=100')).toBe('250 2.1.0 Sender OK');
  expect(await client.ask('RCPT TO:<kim@contoso.com>')).toBe('250 2.1.5 Recipient OK');
  expect(await client.ask('DATA')).toBe('354 Start mail input; end with <CRLF>.<CRLF>');
  expect(await client.ask('Message-ID: <1@fabrikam.com>\r\nSubject: x\r\n\r\n..dot\r\nbody\r\n.')).toBe(
    '250 2.6.0 <1@fabrikam.com> [InternalId=1, Hostname=mail.contoso.com] Queued mail for delivery',
  );
  expect(await client.ask('QUIT')).toBe('221 2.0.0 Service closing transmission channel');
  expect(await client.closed()).toBe('');
  const [message] = server.delivery.kept;
  expect(message?.envelope).toMatchObject({
    mailFrom: { address: 'sue@fabrikam.com', parameters: { SIZE: '100' } },
    recipients: [{ address: 'kim@contoso.com' }],
    helo: 'client.fabrikam.com',
    protocol: 'ESMTP',
  });
  expect(message?.text).toMatch(
    /^Received: from client\.fabrikam\.com \(\[127\.0\.0\.1\]\) by mail\.contoso\.com\r\n \(\[127\.0\.0\.1\]\) with ESMTP\r\n id [0-9A-F]{16}\.1 for <kim@contoso\.com>;\r\n .*\r\nMessage-ID: <1@fabrikam\.com>\r\nSubject: x\r\n\r\n\.dot\r\nbody\r\n$/,
  );
  await until(() => server.ended === 1, 'the end of the session');
});

test('a client that speaks before the greeting is refused where EarlyTalkers says so', async () => {
  const server = await host({ EarlyTalkers: 'Refuse' });
  let spoken = () => {};
  const written = new Promise<void>((resolve) => {
    spoken = resolve;
  });
  server.admit = () => written;
  const client = await Client.open(server.port);
  client.socket.write('EHLO early\r\nMAIL FROM:<a@b.com>\r\n', spoken);
  expect(await client.reply()).toBe('421 4.5.0 Client spoke before the greeting, closing transmission channel');
  expect(await client.closed()).toBe('');
});

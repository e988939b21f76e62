/** The built `rc serve`, from a client's RCPT to the Maildir or the next host, with the method changed while a session is open. */
import { spawn } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { homeAt } from '../../src/store/home.ts';
import { Client } from '../session/harness/client.ts';
import { freePort } from '../support/free-port.ts';
import { environment, RC, rc } from '../support/rc.ts';
import { tempFolder, writeStore } from '../support/temp-home.ts';
import { polite, scriptedHost } from './next-host.ts';
import { messagesIn, until } from './scene.ts';

async function serving(transport: Record<string, unknown> = {}) {
  const home = tempFolder();
  const port = await freePort();
  const connector = {
    Name: 'Default EX',
    Bindings: [`127.0.0.1:${port}`],
    PermissionGroups: 'AnonymousUsers',
    ProtocolLoggingLevel: 'Verbose',
    TarpitInterval: '00:00:00',
  };
  const domain = {
    Name: 'contoso.com',
    DomainName: 'contoso.com',
    DomainType: 'Authoritative',
    Default: true,
    Guid: '00000000-0000-4000-8000-000000000009',
    WhenChanged: '2024-01-01T00:00:00Z',
  };
  writeStore(home, [connector], { transport, acceptedDomains: [domain] });
  const child = spawn(process.execPath, [RC, 'serve'], {
    env: environment({ home }),
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let out = '';
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (text) => (out += text));
  let ended = false;
  const end = new Promise<void>((resolve) =>
    child.on('close', () => {
      ended = true;
      resolve();
    }),
  );
  onTestFinished(async () => {
    if (!ended) child.kill('SIGTERM');
    await end;
  });
  await until(() => out.includes('Ctrl-C ends it.') || ended);
  if (ended) throw new Error(out);
  return {
    home,
    port,
    stop: async () => {
      child.kill('SIGTERM');
      await end;
    },
    kill: async () => {
      child.kill('SIGKILL');
      await end;
    },
  };
}

async function hello(port: number): Promise<Client> {
  const client = await Client.open(port);
  await client.reply();
  await client.ask('EHLO client.fabrikam.com');
  return client;
}

const BODY = 'Message-ID: <1@fabrikam.com>\r\nSubject: Hi\r\n\r\ntext\r\n.';

test('a message into the Maildir, in the tracking log and in the protocol log', async () => {
  const { home, port, stop } = await serving();
  const client = await hello(port);
  await client.ask('MAIL FROM:<a@fabrikam.com>');
  await client.ask('RCPT TO:<b@contoso.com>');
  await client.ask('DATA');
  const reply = await client.ask(BODY);
  expect(reply).toMatch(/^250 2\.6\.0 <1@fabrikam\.com> \[InternalId=\d{16}, Hostname=ex\.contoso\.com\] Queued/);
  const [stored] = await messagesIn(homeAt(home));
  expect(stored).toMatch(
    /^Return-Path: <a@fabrikam\.com>\nDelivered-To: b@contoso\.com\nReceived: from [\s\S]*\ntext\n$/,
  );
  await client.ask('QUIT');
  await stop();
  const id = /InternalId=(\d+)/.exec(reply)![1]!;
  const tracked = await rc(
    ['get-message-tracking-log', '--internal-message-id', id, '--select', 'EventId,MessageSubject'],
    { home },
  );
  expect(tracked.stdout).toBe(
    '{"EventId":"RECEIVE","MessageSubject":"Hi"}\n{"EventId":"DELIVER","MessageSubject":"Hi"}\n',
  );
  const folder = join(home, 'protocol');
  const log = readdirSync(folder)
    .map((name) => readFileSync(join(folder, name), 'utf8'))
    .join('');
  expect(log).toContain(',<,RCPT TO:<b@contoso.com>,');
  expect(log).not.toContain('Subject: Hi');
});

test('a change to Relay acts on the next message of an open session; each recipient has its own answer', async () => {
  const next = await scriptedHost(
    polite(['PIPELINING'], { 'RCPT TO:<no@': '550 5.1.1 No such user', '.': '250 2.0.0 Ok: queued as 4711' }),
  );
  const { home, port } = await serving();
  const client = await hello(port);
  const changed = await rc(
    ['set-transport-service', '--delivery-method', 'Relay', '--smart-host', next.host, '--wait'],
    { home },
  );
  expect(changed).toMatchObject({ code: 0, stderr: '' });
  expect(await client.ask('MAIL FROM:<a@fabrikam.com>')).toBe('250 2.1.0 Sender OK');
  expect(await client.ask('RCPT TO:<b@contoso.com>')).toBe('250 2.1.5 Recipient OK');
  expect(await client.ask('RCPT TO:<no@contoso.com>')).toBe('550 5.1.1 No such user');
  await client.ask('DATA');
  expect(await client.ask(BODY)).toBe('250 2.0.0 Ok: queued as 4711');
  expect(next.bodies).toHaveLength(1);
  expect(next.bodies[0]).toMatch(/^Received: [\s\S]*\r\ntext\r\n$/);
  expect(await messagesIn(homeAt(home))).toEqual([]);
});

test('kill -9 of the listener: every message with its 250 is in the Maildir, once', async () => {
  const { home, port, kill } = await serving();
  const acknowledged: string[] = [];
  const send = async (number: number) => {
    const client = await hello(port);
    for (let i = 0; ; i++) {
      const id = `<${number}.${i}@fabrikam.com>`;
      await client.ask('MAIL FROM:<a@fabrikam.com>');
      await client.ask('RCPT TO:<b@contoso.com>');
      await client.ask('DATA');
      const reply = await client.ask(`Message-ID: ${id}\r\n\r\n${'0123456789\r\n'.repeat(number * 500)}end\r\n.`);
      if (reply.startsWith('250')) acknowledged.push(id);
    }
  };
  const clients = Array.from({ length: 12 }, (_, number) => send(number).catch(() => {})); // they end as it dies
  await until(() => acknowledged.length > 150);
  await kill();
  await Promise.all(clients);
  const stored = await messagesIn(homeAt(home));
  const ids = stored.map((text) => /^Message-ID: (\S+)/m.exec(text)![1]!);
  expect(new Set(ids).size).toBe(ids.length);
  const there = new Set(ids);
  expect(acknowledged.filter((id) => !there.has(id))).toEqual([]);
  for (const text of stored) expect(text.endsWith('end\n')).toBe(true);
});

test('a next host that is down: the client is told to come again', async () => {
  const { port } = await serving({ DeliveryMethod: 'Relay', SmartHost: `127.0.0.1:${await freePort()}` });
  const client = await hello(port);
  await client.ask('MAIL FROM:<a@fabrikam.com>');
  expect(await client.ask('RCPT TO:<b@contoso.com>')).toBe('451 4.4.1 No answer from the next host');
});

test('a client that pipelines its recipients is asked ahead for, and gets the answers in its order', async () => {
  const base = polite(['PIPELINING']);
  let heard: string[] = [];
  // Says nothing until five have come: whoever waits for each answer waits for ever.
  const host = await scriptedHost((command) => {
    if (!command.startsWith('RCPT')) return base(command);
    heard.push(command.includes('<no') ? '550 5.1.1 unknown' : '250 2.1.5 ok');
    if (heard.length < 5) return undefined;
    const replies = heard.join('\r\n');
    heard = [];
    return replies;
  });
  const { port } = await serving({ DeliveryMethod: 'Relay', SmartHost: host.host });
  const client = await hello(port);
  const names = ['a', 'no1', 'b', 'no2', 'c'];
  const commands = ['MAIL FROM:<a@fabrikam.com>', ...names.map((name) => `RCPT TO:<${name}@contoso.com>`), 'RSET'];
  client.send(commands.map((command) => `${command}\r\n`).join(''));
  const replies: string[] = [];
  for (const _ of commands) replies.push(await client.reply());
  expect(replies.slice(1, -1)).toEqual(
    names.map((name) => (name.startsWith('no') ? '550 5.1.1 unknown' : '250 2.1.5 Recipient OK')),
  );
  expect(host.connections).toBe(1);
  client.end();
});

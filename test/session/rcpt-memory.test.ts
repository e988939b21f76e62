/** What recipients take is counted with the rest of what clients make the listener hold, and given back. */
import { expect, onTestFinished, test } from 'vitest';
import { Client, until } from './harness/client.ts';
import { Host } from './harness/host.ts';

const RECIPIENTS = Array.from({ length: 100 }, (_, i) => `RCPT TO:<${'a'.repeat(60)}${i}@contoso.com>`);

async function ready() {
  const host = await new Host({}).start();
  const client = await Client.open(host.port);
  onTestFinished(async () => {
    client.end();
    await host.close();
  });
  await client.reply();
  for (const line of ['EHLO x', 'MAIL FROM:<a@fabrikam.com>']) await client.ask(line);
  return { host, client };
}

test('recipients are counted, and given back with RSET or with the client', async () => {
  const { host, client } = await ready();
  for (const line of RECIPIENTS) expect(await client.ask(line)).toMatch(/^250 /);
  await until(() => host.memory.held > 100 * 500, 'they are counted');
  expect(host.memory.held).toBeLessThan(100 * 1000);
  await client.ask('RSET');
  await until(() => host.memory.held === 0, 'they are given back');
  await client.ask('MAIL FROM:<a@fabrikam.com>');
  await client.ask(RECIPIENTS[0]!);
  client.end();
  await until(() => host.memory.held === 0, 'what a client that left had is given back');
});

test('without memory a message keeps its first recipients, and the next is told to come again', async () => {
  const { host, client } = await ready();
  host.memory.owe(65 * 1024 * 1024);
  const replies: string[] = [];
  for (const line of RECIPIENTS) replies.push(await client.ask(line));
  expect(replies.at(0)).toMatch(/^250 /);
  expect(replies.at(-1)).toMatch(/^452 4\.3\.1 /);
  expect(replies.filter((reply) => reply.startsWith('250')).length).toBeGreaterThan(20);
});

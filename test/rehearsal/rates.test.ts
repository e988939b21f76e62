/** `rc why` knows what a client has used of its rates: it says whether a rate decides, what is used up, and what to type. */
import { describe, expect, onTestFinished, test } from 'vitest';
import { Client } from '../listener/harness.ts';
import { freePorts } from '../support/free-port.ts';
import { RunningListener } from '../support/listener.ts';
import { rc } from '../support/rc.ts';
import { tempFolder, writeStore } from '../support/temp-home.ts';
import { dialogue, type Row, rowsOf } from './rows.ts';

async function scene(settings: Record<string, object>, more: object, flags: readonly string[]) {
  const home = tempFolder();
  const ports = await freePorts(Object.keys(settings).length);
  const common = { PermissionGroups: 'AnonymousUsers', TarpitInterval: '00:00:00' };
  writeStore(
    home,
    Object.entries(settings).map(([Name, own], i) => ({
      Name,
      Bindings: [`127.0.0.1:${ports[i]}`],
      ...common,
      ...own,
    })),
    more,
  );
  const listener = await RunningListener.start(home, flags);
  const clients: Client[] = [];
  onTestFinished(async () => {
    for (const client of clients) client.socket.destroy();
    await listener.stop();
  });
  return {
    ports,
    rc: (...args: string[]) => rc(args, { home }),
    async open(port: number): Promise<Client> {
      const client = await Client.open(port);
      clients.push(client);
      return client;
    },
    async why(port: number, ...args: string[]): Promise<Row[]> {
      const asked = await rc(['why', '--from', '127.0.0.1', '--to', String(port), '--full', ...args], { home });
      expect(asked.stderr).toBe('');
      return rowsOf(asked);
    },
  };
}

const limit = (rows: readonly Row[], subject: string) => {
  const row = rows.find((r) => r.Step === 'Limit' && r.Subject === subject)!;
  return [row.Why, row.Accepted];
};
const refusal = (rows: readonly Row[]) => {
  const { Result, Why, Mend } = dialogue(rows).at(-1)!;
  return { Result, Why, Mend };
};

describe.each([
  ['in one process', [] as string[]],
  ['with two workers', ['--workers', '2']],
])('%s', (_, flags) => {
  test('connections a minute: of the connector, and of the server', { timeout: 120_000 }, async () => {
    const it = await scene(
      { A: { MaxInboundConnectionRatePerSource: 2 }, B: {} },
      { transport: { MaxConnectionRatePerMinute: 4 } },
      flags,
    );
    const [a, b] = it.ports as [number, number];
    expect(limit(await it.why(a), 'MaxInboundConnectionRatePerSource')).toEqual([
      'connections a minute: 0 in the last one',
      true,
    ]);
    for (const port of [a, a, b, b]) expect((await it.open(port)).lines[0]).toMatch(/^220/);
    for (const port of [a, b]) expect((await it.open(port)).lines).toEqual(['421 4.3.2 Service not available']);
    const ofA = await it.why(a);
    expect(limit(ofA, 'MaxInboundConnectionRatePerSource')).toEqual(['connections a minute: 2 in the last one', false]);
    expect(refusal(ofA)).toEqual({
      Result: '421 4.3.2 Service not available',
      Why: '127.0.0.1 opened 2 connections to A in the last minute, and MaxInboundConnectionRatePerSource is 2.',
      Mend: ['rc set A --max-inbound-connection-rate-per-source 4'],
    });
    const ofB = await it.why(b);
    expect(limit(ofB, 'MaxConnectionRatePerMinute')).toEqual([
      'the same, of all connectors together: 4 in the last one',
      false,
    ]);
    expect(refusal(ofB)).toEqual({
      Result: '421 4.3.2 Service not available',
      Why: '127.0.0.1 opened 4 connections in the last minute, to all connectors together, and MaxConnectionRatePerMinute of the transport service is 4.',
      Mend: ['rc set-transport-service --max-connection-rate-per-minute 8'],
    });
    // What it said to type lets the next one in.
    expect((await it.rc('set', 'A', '--max-inbound-connection-rate-per-source', '4')).code).toBe(0);
    expect((await it.rc('set-transport-service', '--max-connection-rate-per-minute', '8', '--wait')).code).toBe(0);
    expect((await it.open(a)).lines[0]).toMatch(/^220/);
    const { stdout } = await it.rc('get-source', '--output', 'ndjson');
    expect(stdout).toContain('MaxInboundConnectionRatePerSource');
    expect(stdout).toContain('MaxConnectionRatePerMinute');
  });

  test('messages a minute', { timeout: 120_000 }, async () => {
    const it = await scene({ A: { MessageRateLimit: 1, MessageRateSource: 'All' } }, {}, flags);
    const [a] = it.ports as [number];
    const client = await it.open(a);
    await client.say('HELO x');
    expect(await client.say('MAIL FROM:<sue@fabrikam.com>')).toBe('250 2.1.0 Sender OK');
    const rows = await it.why(a, '--mail-from', 'kim@fabrikam.com');
    expect(limit(rows, 'MessageRateLimit')).toEqual(['messages a minute, by All: 1 counted', false]);
    expect(refusal(rows)).toEqual({
      Result: '421 4.4.2 Message submission rate for this client has exceeded the configured limit',
      Why: 'MessageRateLimit is 1 messages a minute, counted by All.',
      Mend: ['rc set A --message-rate-limit Unlimited'],
    });
  });
});

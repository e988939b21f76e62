/** Who is connected, how near each source is to its limit, and ending sessions: with a running listener and real clients. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { Client, freePort } from '../listener/harness.ts';
import { RunningListener } from '../support/listener.ts';
import { bash, rc } from '../support/rc.ts';
import { tempFolder, writeStore } from '../support/temp-home.ts';
import { until } from '../support/until.ts';

let home: string;
let port: number;
let other: number;
let listener: RunningListener;
let clients: Client[] = [];

beforeAll(async () => {
  home = tempFolder();
  port = await freePort();
  other = await freePort();
  const own = { PermissionGroups: 'AnonymousUsers', RemoteIPRanges: ['127.0.0.0/8'], TarpitInterval: '00:00:00' };
  writeStore(home, [
    { ...own, Name: 'Relay', Bindings: [`127.0.0.1:${port}`], MaxInboundConnectionPerSource: 3 },
    {
      ...own,
      Name: 'Open',
      Bindings: [`127.0.0.1:${other}`],
      MaxInboundConnection: 'Unlimited',
      MaxInboundConnectionPerSource: 'Unlimited',
    },
  ]);
  listener = await RunningListener.start(home);
});
afterAll(() => listener.stop());

beforeEach(() => () => {
  for (const client of clients) client.socket.destroy();
  clients = [];
  return until('all sessions have ended', async () => (await listener.status())?.sessions === 0);
});

async function connect(localAddress: string, to = port): Promise<Client> {
  const client = await Client.open(to, { localAddress });
  clients.push(client);
  return client;
}

const objects = (text: string) =>
  text
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line));

async function shown(line: string) {
  const ran = await bash(line, { home });
  expect(ran.stderr).toBe('');
  return objects(ran.stdout);
}

describe('get-session', () => {
  test('says of each session who it is and what it did', async () => {
    const first = await connect('127.0.0.1');
    await first.say('HELO first.contoso.com');
    await first.say('MAIL FROM:<a@contoso.com>');
    await first.say('RCPT TO:<postmaster@[127.0.0.1]>');
    await connect('127.0.0.2');
    const [one, two] = await shown('rc get-session Relay | rc sort Source');
    const received = 'HELO first.contoso.com\r\nMAIL FROM:<a@contoso.com>\r\nRCPT TO:<postmaster@[127.0.0.1]>\r\n';
    expect(one).toEqual({
      Connector: 'Relay',
      Source: '127.0.0.1',
      Port: first.socket.localPort,
      Local: `127.0.0.1:${port}`,
      User: '',
      Since: expect.stringMatching(/^\d{4}-\d\d-\d\dT/),
      State: 'idle',
      Messages: 0,
      Bytes: received.length,
      BytesSent: first.lines.join('').length + 2 * first.lines.length,
      Helo: 'first.contoso.com',
      Tls: false,
      Id: expect.stringMatching(/^[0-9A-F]{16}$/),
    });
    expect(two).toMatchObject({ Source: '127.0.0.2', Helo: '', Bytes: 0 });
  });

  test('a message counts, and is seen while it comes', async () => {
    const client = await connect('127.0.0.1');
    for (const line of ['HELO c', 'MAIL FROM:<a@contoso.com>', 'RCPT TO:<postmaster>', 'DATA']) await client.say(line);
    client.socket.write('Subject: x\r\n\r\n');
    await until('it is seen', async () => (await shown('rc get-session'))[0]?.State === 'message');
    expect(await client.say('.')).toMatch(/^250 /);
    expect(await shown('rc get-session')).toMatchObject([{ State: 'idle', Messages: 1 }]);
  });

  test('filters: connector, source, wildcards; every spelling; typed in a pipe', async () => {
    await connect('127.0.0.1');
    await connect('127.0.0.2');
    await connect('127.0.0.2', other);
    const sources = async (line: string) => (await shown(line)).map((s) => `${s.Connector} ${s.Source}`).sort();
    const all = ['Open 127.0.0.2', 'Relay 127.0.0.1', 'Relay 127.0.0.2'];
    for (const name of ['get-session', 'sessions', 'Get-ReceiveConnectorSession', 'get-receive-connector-session'])
      expect(await sources(`rc ${name}`), name).toEqual(all);
    for (const name of ['Get-Session', 'Get-ReceiveConnectorSession', 'sessions'])
      expect(await sources(`rc -c '${name}'`), name).toEqual(all);
    expect(await sources('rc get-session relay')).toEqual(all.slice(1));
    expect(await sources("rc get-session '*e*' --source 127.0.0.2")).toEqual(['Open 127.0.0.2', 'Relay 127.0.0.2']);
    expect(await sources('rc get-session --source 127.0.0.0/31,10.0.0.1')).toEqual(['Relay 127.0.0.1']);
    expect(await sources('rc get-session | rc where Since -lt 2020-01-01')).toEqual([]);
    expect(await sources('rc get-session nobody')).toEqual([]);
    const wrong = await rc(['get-session', '--source', '10.1.*'], { home });
    expect([wrong.code, wrong.stderr]).toEqual([2, expect.stringContaining('--source: "10.1.*"')]);
  });
});

test('a session that was told to go and whose client stays is closing', async () => {
  const lazy = await Client.open(port, { localAddress: '127.0.0.1', allowHalfOpen: true });
  clients.push(lazy);
  await shown('rc get-session | rc disconnect-session');
  await until('it was told', () => lazy.lines.length === 2);
  expect(await shown('rc get-session')).toMatchObject([{ State: 'closing' }]);
  await shown('rc get-session | rc disconnect-session --now');
});

describe('get-source', () => {
  test('the nearest to its limit first, with the setting that limits it and its refusals', async () => {
    for (let n = 0; n < 5; n++) await connect('127.0.0.1');
    await connect('127.0.0.2');
    await connect('127.0.0.2', other);
    expect(await shown('rc get-source')).toEqual([
      {
        Connector: 'Relay',
        Source: '127.0.0.1',
        Open: 3,
        Limit: 3,
        PercentUsed: 100,
        Rule: 'MaxInboundConnectionPerSource',
        RefusedMinute: 2,
        RefusedHour: 2,
        RefusedBy: ['MaxInboundConnectionPerSource'],
        LastRefused: expect.stringMatching(/^\d{4}-\d\d-\d\dT/),
        FailedLogonsMinute: 0,
        FailedLogonsHour: 0,
      },
      {
        Connector: 'Relay',
        Source: '127.0.0.2',
        Open: 1,
        Limit: 3,
        PercentUsed: 33,
        Rule: 'MaxInboundConnectionPerSource',
        RefusedMinute: 0,
        RefusedHour: 0,
        RefusedBy: [],
        LastRefused: null,
        FailedLogonsMinute: 0,
        FailedLogonsHour: 0,
      },
      {
        Connector: 'Open',
        Source: '127.0.0.2',
        Open: 1,
        Limit: 'Unlimited',
        PercentUsed: 0,
        Rule: '',
        RefusedMinute: 0,
        RefusedHour: 0,
        RefusedBy: [],
        LastRefused: null,
        FailedLogonsMinute: 0,
        FailedLogonsHour: 0,
      },
    ]);
    expect(await shown("rc -c 'Get-Source | where RefusedMinute -gt 0 | select Source'")).toEqual([
      { Source: '127.0.0.1' },
    ]);
    expect(await shown('rc get-source --source 127.0.0.2 | rc where Limit -eq Unlimited')).toMatchObject([
      { Connector: 'Open' },
    ]);
    expect(await shown('rc set Relay --max-inbound-per-source 10 --wait && rc get-source Relay')).toMatchObject([
      { Source: '127.0.0.1', Limit: 10 },
      { Source: '127.0.0.2', Limit: 10 },
    ]);
    await shown('rc set Relay --max-inbound-per-source 3 --wait');
  });
});

describe('disconnect-session', () => {
  test('the sessions of one address, piped: each finishes its message and reads why; others stay', async () => {
    const busy = await connect('127.0.0.1');
    for (const line of ['HELO c', 'MAIL FROM:<a@contoso.com>', 'RCPT TO:<postmaster>', 'DATA']) await busy.say(line);
    const idle = await connect('127.0.0.1');
    const stays = await connect('127.0.0.2');
    const result = await shown('rc get-session | rc where Source -eq 127.0.0.1 | rc disconnect-session');
    expect(result).toMatchObject([
      { Connector: 'Relay', Source: '127.0.0.1', Result: 'Ending' },
      { Connector: 'Relay', Source: '127.0.0.1', Result: 'Ending' },
    ]);
    await until('the idle one is gone', () => idle.closed);
    expect(idle.lines.at(-1)).toBe('421 4.3.2 Service not available');
    expect(busy.closed).toBe(false);
    busy.socket.write('Subject: x\r\n\r\nx\r\n.\r\n');
    await until('the other is done', () => busy.closed);
    expect(busy.lines.at(-2)).toMatch(/^250 2\.6\.0 /);
    expect(busy.lines.at(-1)).toBe('421 4.3.2 Service not available');
    expect(await stays.say('NOOP')).toMatch(/^250 /);
  });

  test('by id, at once; what-if and confirm; the same in the language', async () => {
    const client = await connect('127.0.0.1');
    const [{ Id }] = await shown('rc get-session');
    const whatIf = await rc(['disconnect-session', Id, '--now', '--what-if'], { home });
    expect([whatIf.code, whatIf.stdout]).toEqual([0, '']);
    expect(whatIf.stderr).toBe(`What if: Cutting session "${Id}" of Receive connector "Relay" with 127.0.0.1.\n`);
    const asks = await rc(['disconnect-session', Id, '--confirm'], { home });
    expect([asks.code, asks.stderr]).toEqual([1, expect.stringContaining(`Ending session "${Id}"`)]);
    expect(await client.say('NOOP')).toMatch(/^250 /);
    expect(await shown(`rc -c 'Disconnect-Session -Id ${Id.toLowerCase()} -Now'`)).toEqual([
      { Connector: 'Relay', Source: '127.0.0.1', Id, Result: 'Cut' },
    ]);
    await until('it is cut', () => client.closed);
    expect(client.lines).toHaveLength(2);
  });

  test('the beginning of an id, as a narrow table shows it, means the one session that has it', async () => {
    const clients = [await connect('127.0.0.1'), await connect('127.0.0.2')];
    const [{ Id }] = await shown('rc get-session --source 127.0.0.2');
    expect(await shown(`rc disconnect-session ${Id.slice(0, 12)}… --now`)).toMatchObject([{ Id, Result: 'Cut' }]);
    await until('it is cut', () => clients[1]!.closed);
    const short = await rc(['disconnect-session', Id.slice(0, 3)], { home });
    expect([short.code, short.stderr]).toEqual([1, expect.stringContaining('No open session')]);
    expect(clients[0]!.closed).toBe(false);
  });

  test('an id that is none is an error, the rest goes on; a session that has ended meanwhile is Gone', async () => {
    const client = await connect('127.0.0.1');
    const sessions = (await bash('rc get-session', { home })).stdout;
    const [{ Id }] = objects(sessions);
    const mixed = await rc(['disconnect-session', 'F00', Id], { home });
    expect(mixed.code).toBe(1);
    expect(mixed.stderr).toContain('No open session has the id "F00". To see the sessions: rc get-session');
    await until('it is closed', () => client.closed);
    await until('it is gone', async () => (await listener.status())?.sessions === 0);
    const late = await rc(['disconnect-session'], { home, input: sessions });
    expect([late.code, late.stderr]).toEqual([0, '']);
    expect(objects(late.stdout)).toEqual([{ Connector: 'Relay', Source: '127.0.0.1', Id, Result: 'Gone' }]);
    const nothing = await rc(['disconnect-session'], { home, input: '{"Name":"x"}\n' });
    expect([nothing.code, nothing.stderr]).toEqual([1, expect.stringContaining('has no Id')]);
  });

  test('without a session, and without a listener, it says what to do', async () => {
    const bare = await rc(['disconnect-session'], { home });
    expect([bare.code, bare.stderr]).toEqual([
      2,
      expect.stringContaining('give its Id, which rc get-session shows, or pipe sessions into it'),
    ]);
    const empty = tempFolder();
    for (const args of [['disconnect-session', 'x'], ['get-session'], ['get-source']]) {
      const ran = await rc(args, { home: empty });
      expect([ran.code, ran.stderr]).toEqual([
        1,
        expect.stringContaining(`No listener runs on ${empty}. Start one: rc serve`),
      ]);
    }
  });
});

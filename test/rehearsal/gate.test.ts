/** Limits that take many connections to reach, front ends that say who the client is, and a wire that answers otherwise. */
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { causeWords } from '../../src/domain/cause-words.ts';
import type { RatesUsed } from '../../src/domain/rehearsal.ts';
import { tryLive } from '../../src/listener/rehearsal/live.ts';
import { rehearse } from '../../src/listener/rehearsal/rehearse.ts';
import { freePorts } from '../support/free-port.ts';
import { RunningListener } from '../support/listener.ts';
import { rc } from '../support/rc.ts';
import { storeIn, tempFolder, writeStore } from '../support/temp-home.ts';
import { dialogue, rowsOf } from './rows.ts';

const SCRIPT = { helo: 'x.fabrikam.com', tls: false, user: '', mailFrom: '', rcptTo: [] };
const TOO_MANY =
  '421 4.3.2 The maximum number of concurrent connections has exceeded a limit, closing transmission channel';

async function connecting(
  settings: object,
  open: number,
  source: number,
  used?: Pick<RatesUsed, 'connections' | 'connectionsOfAll'>,
) {
  const home = tempFolder();
  writeStore(home, [{ Name: 'In', Bindings: ['0.0.0.0:25'], ...settings }]);
  const { connectors, ...rest } = storeIn(home);
  const { exchanges, percentageLimit } = await rehearse({
    store: JSON.stringify({ ...rest, connectors }),
    path: 'store.json',
    certificates: home,
    remote: '10.1.2.3',
    local: { address: '0.0.0.0', port: 25 },
    script: SCRIPT,
    occupied: [
      { guid: connectors[0]!.Guid, open, source, ...(used && { used: { source: '10.1.2.3', messages: [], ...used } }) },
    ],
  });
  return { first: exchanges[0]!, percentageLimit };
}

describe('at a limit', () => {
  test.each([
    [{}, 5000, 0, 'MaxInboundConnection is 5000', 'rc set In --max-inbound-connection 10000'],
    [{}, 30, 20, 'MaxInboundConnectionPerSource is 20', 'rc set In --max-inbound-connection-per-source 40'],
    [
      { MaxInboundConnectionPerSource: 'Unlimited' },
      100,
      100,
      '2 % of the connections that others have not taken, is 100 now',
      'rc set In --max-inbound-connection-percentage-per-source 3',
    ],
  ])('%o with %i open, %i of them its own', async (settings, open, source, why, mend) => {
    const { first } = await connecting(settings, open, source);
    expect(first.reply).toEqual([TOO_MANY]);
    const words = causeWords(first.because!);
    expect(words.problem).toContain(why);
    expect(words.mend).toEqual([mend]);
  });

  test.each([
    [
      { MaxInboundConnectionRatePerSource: 30 },
      { connections: 30, connectionsOfAll: 40 },
      '10.1.2.3 opened 30 connections to In in the last minute, and MaxInboundConnectionRatePerSource is 30.',
      'rc set In --max-inbound-connection-rate-per-source 60',
    ],
    [
      {},
      { connections: 0, connectionsOfAll: 1200 },
      '10.1.2.3 opened 1200 connections in the last minute, to all connectors together, and MaxConnectionRatePerMinute of the transport service is 1200.',
      'rc set-transport-service --max-connection-rate-per-minute 2400',
    ],
  ])('%o with %o', async (settings, used, why, mend) => {
    const { first } = await connecting(settings, 0, 0, used);
    expect(first.reply).toEqual(['421 4.3.2 Service not available']);
    expect(causeWords(first.because!)).toEqual({ problem: why, mend: [mend] });
    const less = { connections: used.connections - 1, connectionsOfAll: used.connectionsOfAll - 1 };
    expect((await connecting(settings, 0, 0, less)).first.accepted).toBe(true);
  });

  test('one below each it is let in', async () => {
    for (const [settings, open, source] of [
      [{}, 4999, 0],
      [{}, 30, 19],
      [{ MaxInboundConnectionPerSource: 'Unlimited' }, 99, 99],
      [{ MaxInboundConnectionPerSource: 'Unlimited', MaxInboundConnectionPercentagePerSource: 3 }, 100, 100],
    ] as const)
      expect((await connecting(settings, open, source)).first.accepted).toBe(true);
  });

  test('the percentage follows what others have taken', async () => {
    expect((await connecting({}, 2510, 10)).percentageLimit).toBe(50);
    expect((await connecting({ MaxInboundConnection: 'Unlimited' }, 10, 1)).percentageLimit).toBe(null);
  });
});

test('a password is not sent where AUTH is not offered', async () => {
  const heard: string[] = [];
  const server = createServer((socket) => {
    socket.on('error', () => {});
    socket.write('220 here\r\n');
    socket.on('data', (data) => {
      heard.push(data.toString());
      socket.write('250 yes\r\n');
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  const { exchanges } = await tryLive({
    to: { address: '127.0.0.1', port },
    from: undefined,
    proxyFor: undefined,
    script: { ...SCRIPT, user: 'kim', password: 'secret-word' },
    timeoutMs: 5000,
  });
  server.close();
  expect(heard).toContain('AUTH PLAIN\r\n');
  expect(heard.join('')).not.toContain(Buffer.from('\0kim\0secret-word').toString('base64'));
  expect(exchanges.map((e) => e.step)).toEqual(['Connect', 'EHLO', 'AUTH']);
});

test('a client of IPv6', async () => {
  const home = tempFolder();
  writeStore(home, [
    {
      Name: 'Six',
      Bindings: ['[::]:25', '0.0.0.0:25'],
      RemoteIPRanges: ['fd00::/8'],
      PermissionGroups: 'AnonymousUsers',
      RequireEHLODomain: true,
    },
  ]);
  const ran = await rc(['why', '--from', 'FD00::1', '--rcpt-to', 'kim@contoso.com'], { home });
  expect([ran.code, ran.stderr]).toEqual([0, '']);
  const rows = rowsOf(ran);
  expect(new Set(rows.map((row) => `${row.From} ${row.Local}`))).toEqual(new Set(['fd00::1 [::]:25']));
  expect(dialogue(rows)[1]).toMatchObject({ Subject: 'EHLO [IPv6:fd00::1]', Accepted: true });
});

describe('over the wire', () => {
  let listener: RunningListener | undefined;
  let other: Server | undefined;
  const home = tempFolder();
  let port: number;
  let otherPort: number;

  beforeAll(async () => {
    [port, otherPort] = (await freePorts(2)) as [number, number];
    const common = { PermissionGroups: 'AnonymousUsers', TarpitInterval: '00:00:00' };
    writeStore(home, [
      { Name: 'Near', Bindings: [`127.0.0.1:${port}`], RemoteIPRanges: ['127.0.0.0/8'], ...common },
      {
        Name: 'Far',
        Bindings: [`127.0.0.1:${port}`],
        RemoteIPRanges: ['10.0.0.0/8', 'fd00::/8'],
        ...common,
        Banner: '220 far',
      },
      { Name: 'Elsewhere', Bindings: [`127.0.0.1:${otherPort}`], ...common, Enabled: false },
    ]);
    listener = await RunningListener.start(home);
    other = createServer((socket) => {
      socket.on('error', () => {});
      socket.write('220 another program\r\n');
      socket.on('data', () => socket.write('250 whatever\r\n'));
    }).listen(otherPort, '127.0.0.1');
  });
  afterAll(async () => {
    other?.close();
    await listener?.stop();
  });

  const live = (...args: string[]) => rc(['why', '--live', '--to', String(port), ...args], { home });

  test('a client that is no address of this machine is tried from one that is, and it says so', async () => {
    const ran = await live('--from', '10.1.2.3');
    expect(ran.stderr).toBe(
      'WARNING: 10.1.2.3 is no address of this machine: over the wire the client is 127.0.0.1, and is compared with a rehearsal for that.\n',
    );
    expect(ran.code).toBe(0);
    const rows = rowsOf(ran);
    expect(dialogue(rows)[0]).toMatchObject({ Result: '220 far', Connector: 'Far' });
    const wire = rows.filter((row) => row.Step === 'Live');
    expect(wire.map((row) => row.Same)).toEqual([true, true, true]);
    expect(wire[1]!.Result).toContain('Hello [127.0.0.1]');
  });

  test('a listener that trusts this machine as a front end is told who the client is', async () => {
    expect(
      (await rc(['set-transport-service', '--proxy-protocol-trusted-sources', '127.0.0.1', '--wait'], { home })).code,
    ).toBe(0);
    const ran = await live('--from', '10.1.2.3');
    expect([ran.code, ran.stderr]).toEqual([0, '']);
    const wire = rowsOf(ran).filter((row) => row.Step === 'Live');
    expect(wire.map((row) => row.Same)).toEqual([true, true, true]);
    expect([wire[0]!.Result, wire[1]!.Result.split('\n')[0]]).toEqual([
      '220 far',
      '250-ex.contoso.com Hello [10.1.2.3]',
    ]);
  });

  test('another program answers where the listener should', async () => {
    const copy = tempFolder();
    writeStore(copy, [{ Name: 'In', Bindings: [`127.0.0.1:${otherPort}`], PermissionGroups: 'AnonymousUsers' }]);
    const ran = await rc(['why', '--live', '--from', '127.0.0.1', '--to', String(otherPort)], { home: copy });
    expect(ran.code).toBe(1);
    const wire = rowsOf(ran).filter((row) => row.Step === 'Live');
    expect(wire.map((row) => row.Same)).toEqual([false, false, false]);
    expect(wire[0]).toMatchObject({ Result: '220 another program' });
    expect(wire[0]!.Why).toMatch(/^The rehearsal says: 220 ex\.contoso\.com .*No listener runs on this home/);
  });

  test('another program is not sent a password', async () => {
    let heard = '';
    const thief = createServer((socket) => {
      socket.on('error', () => {});
      socket.write('220 another program\r\n');
      socket.on('data', (data) => {
        heard += data;
        socket.write('250-whatever\r\n250 AUTH PLAIN\r\n');
      });
    }).listen(0, '127.0.0.1');
    await once(thief, 'listening');
    const { port: at } = thief.address() as { port: number };
    const copy = tempFolder();
    writeStore(copy, [{ Name: 'In', Bindings: [`127.0.0.1:${at}`], PermissionGroups: 'ExchangeUsers' }]);
    writeFileSync(join(copy, 'password'), 'secret-word\n', { mode: 0o600 });
    const asked = ['why', '--live', '--from', '127.0.0.1', '--user', 'kim', '--password-file', join(copy, 'password')];
    const ran = await rc(asked, { home: copy });
    thief.close();
    expect(ran.code).toBe(1);
    const wire = rowsOf(ran).filter((row) => row.Step === 'Live');
    expect(wire).toMatchObject([{ Result: 'not tried', Same: false }]);
    expect(wire[0]!.Why).toContain('rc serve');
    expect(heard).toBe('');
  });

  test('somebody who never speaks is waited for as long as --timeout says', async () => {
    const silent = createServer((socket) => socket.on('error', () => {})).listen(0, '127.0.0.1');
    await once(silent, 'listening');
    const copy = tempFolder();
    const { port: at } = silent.address() as { port: number };
    writeStore(copy, [{ Name: 'In', Bindings: [`127.0.0.1:${at}`], PermissionGroups: 'AnonymousUsers' }]);
    const ran = await rc(['why', '--live', '--from', '127.0.0.1', '--timeout', '1'], { home: copy });
    silent.close();
    expect(ran.code).toBe(1);
    const wire = rowsOf(ran).filter((row) => row.Step === 'Live');
    expect(wire[0]).toMatchObject({ Result: 'no reply within 1 s', Same: false });
  });

  test('nobody listens', async () => {
    const [free] = await freePorts(1);
    const copy = tempFolder();
    writeStore(copy, [{ Name: 'In', Bindings: [`127.0.0.1:${free}`], PermissionGroups: 'AnonymousUsers' }]);
    const ran = await rc(['why', '--live', '--from', '127.0.0.1'], { home: copy });
    expect(ran.code).toBe(1);
    const [wire] = rowsOf(ran).filter((row) => row.Step === 'Live');
    expect(wire).toMatchObject({ Same: false, Subject: `connect to 127.0.0.1:${free}` });
    expect(wire!.Why).toContain('rc serve');
  });
});

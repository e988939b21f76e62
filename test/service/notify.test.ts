/** What a service manager hears of us: READY, RELOADING, STOPPING, STATUS, WATCHDOG; by its own program or by a descriptor. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { eventsOf, logged } from '../support/events.ts';
import { freePort } from '../support/free-port.ts';
import { rc } from '../support/rc.ts';
import { tempFolder, writeStore } from '../support/temp-home.ts';
import { has } from '../support/tools.ts';
import { until } from '../support/until.ts';
import { type Request, Supervisor } from './supervisor.ts';

let home: string;
let port: number;
let manager: Supervisor | undefined;
beforeEach(async () => {
  home = tempFolder();
  port = await freePort();
  writeStore(home, [{ Name: 'Default EX', Bindings: [`127.0.0.1:${port}`], PermissionGroups: 'AnonymousUsers' }]);
});
afterEach(async () => {
  await manager?.close();
  manager = undefined;
});

const supervise = async (request: Partial<Request>) => {
  manager = await Supervisor.start({ home, notify: join(home, 'notify'), ...request });
  return manager;
};

const WAYS = [
  ['a descriptor that it handed over', { openFile: true }],
  ...(has('systemd-notify')
    ? ([
        ['systemd-notify', {}],
        ['systemd-notify and an abstract socket', { notify: `@rc-test-${process.pid}` }],
      ] as const)
    : []),
] as const;

describe.skipIf(!has('python3')).each(WAYS)('told by %s', (way, request) => {
  test('ready when it listens, reloading around SIGHUP, stopping', async () => {
    const { said, ...service } = await supervise(request);
    const ready = await manager!.hears('READY=1');
    expect(
      await new Promise((done, fail) =>
        connect(port, '127.0.0.1')
          .once('data', (data) => done(String(data).slice(0, 4)))
          .once('error', fail),
      ),
    ).toBe('220 ');
    expect(said[0]).toBe(ready);
    expect(ready.words).toEqual(['READY=1', 'STATUS=0 connection(s), 1 binding(s) open, generation 1']);
    if (way.includes('descriptor')) expect(ready.by).toBe(service.pid);
    expect(eventsOf(home, 17060)).toEqual([]);

    const before = process.hrtime.bigint() / 1000n;
    renameSync(join(home, 'events.ndjson'), join(home, 'moved'));
    manager!.kill('SIGHUP');
    const reloading = await manager!.hears('RELOADING=1', 'MONOTONIC_USEC=');
    const at = BigInt(reloading.words.find((word) => word.startsWith('MONOTONIC_USEC='))!.slice(15));
    expect(at >= before && at <= process.hrtime.bigint() / 1000n).toBe(true);
    await until('ready again', () => said.filter(({ words }) => words[0] === 'READY=1').length === 2);
    expect(said.indexOf(reloading)).toBe(said.length - 2);

    manager!.kill('SIGTERM');
    await manager!.hears('STOPPING=1', 'STATUS=Stopping');
    expect(await manager!.over()).toBe(0);
  });

  test('the watchdog hears it again and again, and the status what goes on', async () => {
    await supervise({ ...request, watchdogUsec: 400_000 });
    await manager!.hears('READY=1');
    await until('three pings', () => manager!.said.filter(({ words }) => words.includes('WATCHDOG=1')).length >= 3);
  });
});

describe.skipIf(!has('python3'))('through a descriptor', () => {
  test('the status follows what goes on', async () => {
    await supervise({ openFile: true });
    await manager!.hears('READY=1');
    const client = connect(port, '127.0.0.1');
    await manager!.hears('STATUS=1 connection(s), 1 binding(s) open, generation 1');
    expect(await rc(['set', 'Default EX', '--comment', 'x'], { home })).toMatchObject({ code: 0 });
    await manager!.hears('STATUS=1 connection(s), 1 binding(s) open, generation 2');
    client.destroy();
  });

  test('SIGHUP reads a store at once that no notification told of', async () => {
    await supervise({ openFile: true });
    await manager!.hears('READY=1');
    const text = readFileSync(join(home, 'store.json'), 'utf8');
    writeFileSync(join(home, 'store.json'), text.replace('"generation": 1', '"generation": 7'));
    manager!.kill('SIGHUP');
    await manager!.hears('READY=1', 'STATUS=0 connection(s), 1 binding(s) open, generation 7');
  });

  test('a pipe in the place of the store keeps nobody waiting: it is told, and pings go on', async () => {
    await supervise({ openFile: true, watchdogUsec: 200_000 });
    await manager!.hears('WATCHDOG=1');
    rmSync(join(home, 'store.json'));
    execFileSync('mkfifo', [join(home, 'store.json')]);
    await until('the event', () => manager!.log.includes('17004'));
    const pings = () => manager!.said.filter(({ words }) => words.includes('WATCHDOG=1')).length;
    const count = pings();
    await until('two more pings', () => pings() >= count + 2);
    expect(manager!.log).not.toContain('17061');
  });

  test('that takes nothing: systemd-notify says it instead', async ({ skip }) => {
    if (!has('systemd-notify')) skip();
    await supervise({ openFile: 'broken' });
    await manager!.hears('READY=1');
  });
});

test.skipIf(!has('python3'))('without systemd-notify it runs all the same, and says once what is missing', async () => {
  const bin = join(home, 'bin');
  mkdirSync(bin);
  await supervise({ env: { PATH: bin } });
  expect((await logged(home, 17060))[0]!.message).toBe(
    'The service manager ($NOTIFY_SOCKET) could not be told: the program systemd-notify is not installed.',
  );
  manager!.kill('SIGTERM');
  expect(await manager!.over()).toBe(0);
  expect(eventsOf(home, 17060)).toHaveLength(1);
});

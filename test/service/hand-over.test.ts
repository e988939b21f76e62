/** Sockets that a service manager opened: used for the bindings they have, given back and taken again, over restarts too. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { listenerStatus } from '../../src/control/listener-client.ts';
import { homeAt } from '../../src/store/home.ts';
import { eventsOf, logged } from '../support/events.ts';
import { freePorts } from '../support/free-port.ts';
import { environment, RC, rc } from '../support/rc.ts';
import { tempFolder, writeStore } from '../support/temp-home.ts';
import { has } from '../support/tools.ts';
import { InVain, until } from '../support/until.ts';
import { type Listen, Supervisor } from './supervisor.ts';

let home: string;
let ports: number[];
let manager: Supervisor | undefined;
beforeEach(async () => {
  home = tempFolder();
  ports = await freePorts(3);
});
afterEach(async () => {
  await manager?.close();
  manager = undefined;
});

const tcp = (port: number, address = '127.0.0.1', name = 'smtp'): Listen => ({ kind: 'tcp', address, port, name });
const connector = (Name: string, ...Bindings: string[]) => ({
  Name,
  Bindings,
  Banner: `220 ${Name}`,
  PermissionGroups: 'AnonymousUsers',
});

async function supervise(...listen: Listen[]): Promise<void> {
  manager = await Supervisor.start({ home, listen });
  await serving();
}
const serving = () =>
  until('the listener', async () => {
    if (manager!.ended !== undefined) throw new InVain(manager!.log);
    return (await listenerStatus(homeAt(home)))?.pid === manager!.pid;
  });
const change = async (...args: string[]) =>
  expect(await rc([...args, '--wait'], { home })).toMatchObject({ code: 0, stderr: '' });
const events = (id: number) => eventsOf(home, id);

/** The first line that a server says, or how it went wrong. */
function greeting(port: number, host = '127.0.0.1'): Promise<string> {
  return new Promise((done) => {
    const socket = connect(port, host);
    socket.once('data', (data) => {
      done(String(data).trim());
      socket.destroy();
    });
    socket.once('error', (error) => done((error as NodeJS.ErrnoException).code!));
    socket.once('end', () => done('closed'));
  });
}

describe.skipIf(!has('python3'))('a socket of the service manager', () => {
  test('serves the binding of its address and port; the others are opened as always', async () => {
    writeStore(home, [connector('A', `127.0.0.1:${ports[0]}`), connector('B', `127.0.0.1:${ports[1]}`)]);
    await supervise(tcp(ports[0]!));
    expect(await greeting(ports[0]!)).toBe('220 A');
    expect(await greeting(ports[1]!)).toBe('220 B');
    expect((await logged(home, 17010, 2)).map(({ data }) => [data.binding, data.handed])).toEqual([
      [`127.0.0.1:${ports[0]}`, `127.0.0.1:${ports[0]}`],
      [`127.0.0.1:${ports[1]}`, undefined],
    ]);
    expect(events(17062)).toEqual([]);
    const env = readFileSync(`/proc/${manager!.pid}/environ`, 'utf8');
    expect(env).toContain('LISTEN_FDS=1'); // what it was given; its children are not given it again
  });

  test('that nobody wants answers 421 and is told; a connector that comes later has it, and again after it was disabled', async () => {
    writeStore(home, [connector('A', `127.0.0.1:${ports[0]}`)]);
    await supervise(tcp(ports[0]!), tcp(ports[1]!, '127.0.0.1', 'spare'));
    expect((await logged(home, 17062)).map(({ data }) => data)).toEqual([
      { binding: `127.0.0.1:${ports[1]}`, name: 'spare' },
    ]);
    expect(await greeting(ports[1]!)).toBe('421 4.3.2 Service not available');

    await change('set', 'A', '--add-bindings', `127.0.0.1:${ports[1]}`);
    expect(await greeting(ports[1]!)).toBe('220 A');
    await change('set', 'A', '--enabled', 'false');
    expect(await greeting(ports[0]!)).toBe('421 4.3.2 Service not available');
    expect(await logged(home, 17062, 3)).toHaveLength(3);
    await change('set', 'A', '--enabled', 'true');
    expect([await greeting(ports[0]!), await greeting(ports[1]!)]).toEqual(['220 A', '220 A']);
    expect((await listenerStatus(homeAt(home)))!.failed).toEqual([]);
  });

  test('waits with its clients while the listener is started anew', async () => {
    writeStore(home, [connector('A', `127.0.0.1:${ports[0]}`)]);
    await supervise(tcp(ports[0]!));
    expect(await greeting(ports[0]!)).toBe('220 A');
    manager!.kill('SIGTERM');
    expect(await manager!.over()).toBe(0);
    const waiting = greeting(ports[0]!); // nobody is there to take it, and it is not refused
    await manager!.again();
    await serving();
    expect(await waiting).toBe('220 A');
  });

  test('is taken by the process that has the gate, whatever processes hold the sessions', async () => {
    writeStore(home, [connector('A', `127.0.0.1:${ports[0]}`)]);
    const notify = join(home, 'notify');
    manager = await Supervisor.start({
      home,
      listen: [tcp(ports[0]!)],
      notify,
      openFile: true,
      args: ['--workers', '2'],
    });
    const ready = await manager.hears('READY=1');
    expect(ready.by).toBe(manager.pid);
    expect(await greeting(ports[0]!)).toBe('220 A');
    expect((await logged(home, 17010)).map(({ data }) => data.handed)).toEqual([`127.0.0.1:${ports[0]}`]);
    manager.kill('SIGTERM');
    expect(await manager.over()).toBe(0);
  });

  test('is there for a listener that has no connector enabled at its start', async () => {
    writeStore(home, [{ ...connector('A', `127.0.0.1:${ports[0]}`), Enabled: false }]);
    await supervise(tcp(ports[0]!));
    expect(await greeting(ports[0]!)).toBe('421 4.3.2 Service not available');
    await change('set', 'A', '--enabled', 'true');
    expect(await greeting(ports[0]!)).toBe('220 A');
  });

  test('on all addresses serves single ones', async () => {
    writeStore(home, [connector('One', `127.0.0.1:${ports[0]}`), connector('Two', `127.0.0.2:${ports[0]}`)]);
    await supervise(tcp(ports[0]!, '0.0.0.0'));
    expect(await greeting(ports[0]!, '127.0.0.1')).toBe('220 One');
    expect(await greeting(ports[0]!, '127.0.0.2')).toBe('220 Two');
    expect(await greeting(ports[0]!, '127.0.0.3')).toBe('421 4.3.2 Service not available');
    const { bound } = (await listenerStatus(homeAt(home)))!;
    expect(bound.map(({ servedBy }) => servedBy)).toEqual([`0.0.0.0:${ports[0]}`, `0.0.0.0:${ports[0]}`]);
    await change('set', 'One', '--enabled', 'false');
    expect(await greeting(ports[0]!, '127.0.0.1')).toBe('421 4.3.2 Service not available');
    expect(await greeting(ports[0]!, '127.0.0.2')).toBe('220 Two');
    expect(events(17062)).toEqual([]); // Two still has it
  });

  test.each([
    ['in one process', []],
    ['with workers', ['--workers', '2']],
  ])(
    'for IPv6 and IPv4 at once, as ListenStream=25 is, serves both; for IPv6 alone, only that: %s',
    async (_, args) => {
      writeStore(home, [
        connector('Four', `0.0.0.0:${ports[0]}`, `0.0.0.0:${ports[1]}`),
        connector('Six', `[::]:${ports[0]}`, `[::]:${ports[1]}`),
      ]);
      const both: Listen = { kind: 'dual', address: '::', port: ports[0]!, name: 'both' };
      manager = await Supervisor.start({ home, listen: [both, tcp(ports[1]!, '::', 'six')], args });
      await serving();
      for (const port of ports.slice(0, 2)) {
        expect(await greeting(port, '127.0.0.1')).toBe('220 Four');
        expect(await greeting(port, '::1')).toBe('220 Six');
      }
      expect(
        (await logged(home, 17010, 4)).map(({ data }) => `${data.binding} ${data.handed ?? 'own'}`).sort(),
      ).toEqual(
        [
          `0.0.0.0:${ports[0]} [::]:${ports[0]}`,
          `0.0.0.0:${ports[1]} own`,
          `[::]:${ports[0]} [::]:${ports[0]}`,
          `[::]:${ports[1]} [::]:${ports[1]}`,
        ].sort(),
      );
      expect(events(17012)).toEqual([]);
    },
  );

  test("that is none to listen on is told, and in nobody's way", async () => {
    writeStore(home, [connector('A', `127.0.0.1:${ports[0]}`)]);
    await supervise({ kind: 'udp', address: '127.0.0.1', port: ports[2]!, name: 'odd' }, tcp(ports[0]!));
    expect((await logged(home, 17063)).map(({ data }) => [data.fd, data.name])).toEqual([[3, 'odd']]);
    expect(await greeting(ports[0]!)).toBe('220 A');
  });
});

test('a number of sockets that is too high leaves the process its own descriptors, and so its signals', async () => {
  writeStore(home, [connector('A', `127.0.0.1:${ports[0]}`)]);
  const child = spawn('sh', ['-c', 'LISTEN_PID=$$ LISTEN_FDS=40 exec "$@"', 'sh', process.execPath, RC, 'serve'], {
    env: environment({ home }),
    stdio: 'ignore',
  });
  const ended = once(child, 'exit');
  try {
    await until('the listener', async () => (await listenerStatus(homeAt(home)))?.pid === child.pid);
    expect(await greeting(ports[0]!)).toBe('220 A');
    // Three one by one, one for the rest: all but the few that happen to be sockets of Node's.
    const passed = (await logged(home, 17063, 4)).map(({ data }) => data);
    expect(passed).toHaveLength(4);
    expect(passed.slice(0, 3).map(({ fd }) => typeof fd)).toEqual(['number', 'number', 'number']);
    expect(passed[3]).toEqual({ count: expect.any(Number), of: 40 });
    expect(passed[3]!.count).toBeGreaterThan(17);
    child.kill('SIGTERM');
    expect(await until('its end', () => child.exitCode ?? undefined)).toBe(0);
  } finally {
    child.kill('SIGKILL');
    await ended;
  }
});

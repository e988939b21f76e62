/** `rc serve --metrics`: which addresses it takes, what it says about them, and curl as Prometheus would ask. */
import { connect, createServer } from 'node:net';
import { describe, expect, test } from 'vitest';
import { logged } from '../support/events.ts';
import { freePort } from '../support/free-port.ts';
import { RunningListener } from '../support/listener.ts';
import { bash, rc } from '../support/rc.ts';
import { tempFolder, writeStore } from '../support/temp-home.ts';
import { has } from '../support/tools.ts';
import { until } from '../support/until.ts';

async function home(): Promise<string> {
  const folder = tempFolder();
  writeStore(folder, [{ Name: 'Relay', Bindings: [`127.0.0.1:${await freePort()}`] }]);
  return folder;
}

/** The event that says where. */
const served = async (folder: string) => (await logged(folder, 17050))[0]!;

describe('it serves', () => {
  test.skipIf(!has('curl'))('on this computer when only a port is given; the same as the control socket', async () => {
    const folder = await home();
    const port = await freePort();
    const listener = await RunningListener.start(folder, ['--metrics', String(port)]);
    const asked = await bash(
      `curl -sf http://127.0.0.1:${port}/metrics; curl -sf --unix-socket "$RC_HOME/control.sock" http://localhost/metrics; curl -s -o /dev/null -w '%{http_code}' http://127.0.0.1:${port}/status`,
      { home: folder },
    );
    expect(asked.stdout.match(/^smtp_receive_connections_current\{connector="Relay"\} 0$/gm)).toHaveLength(2);
    expect(asked.stdout).toMatch(/404$/);
    expect(await served(folder)).toMatchObject({
      level: 'Information',
      message: `Metrics are served at http://127.0.0.1:${port}/metrics.`,
    });
    await listener.stop();
    expect((await bash(`curl -s http://127.0.0.1:${port}/metrics`)).code).toBe(7);
  });

  test('to others when that is said, with a warning', async () => {
    const folder = await home();
    const port = await freePort();
    const listener = await RunningListener.start(folder, ['--metrics', `0.0.0.0:${port}`]);
    expect(await served(folder)).toMatchObject({
      level: 'Warning',
      message: expect.stringContaining('whoever reaches this address can read them'),
    });
    await listener.stop();
  });
});

test('connections that ask nothing do not keep the next one out: the oldest gives way', async () => {
  const folder = await home();
  const port = await freePort();
  const listener = await RunningListener.start(folder, ['--metrics', String(port)]);
  const idle = Array.from({ length: 40 }, () => connect(port, '127.0.0.1').on('error', () => {}));
  await until('32 are left', () => idle.filter((socket) => socket.readyState === 'open').length === 32);
  const answer = await fetch(`http://127.0.0.1:${port}/metrics`);
  expect(answer.status).toBe(200);
  await answer.text();
  for (const socket of idle) socket.destroy();
  await listener.stop();
});

describe('it does not start', () => {
  test.each([
    'x',
    'mail.contoso.com:9464',
    '127.0.0.1',
    '127.0.0.1:0',
    '127.0.0.1:65536',
    '1.2.3:9464',
    '::1:9464',
    '0',
    '',
  ])('with --metrics %j', async (address) => {
    const ran = await rc(['serve', '--metrics', address], { home: tempFolder() });
    expect(ran.code).toBe(2);
    expect(ran.stderr).toContain('no address to listen on. Give IPv4:port or [IPv6]:port, such as 127.0.0.1:9464');
  });

  test('when the port is taken, and says which to try', async () => {
    const folder = await home();
    const port = await freePort();
    const other = createServer().listen(port, '127.0.0.1');
    await new Promise((resolve) => other.once('listening', resolve));
    const ran = await rc(['serve', '--metrics', `127.0.0.1:${port}`], { home: folder });
    other.close();
    expect([ran.code, ran.stderr]).toEqual([
      1,
      expect.stringContaining(
        `rc serve: The metrics cannot be served on 127.0.0.1:${port}: port ${port} is in use by another program; choose another: --metrics 127.0.0.1:${port + 1}.`,
      ),
    ]);
  });
});

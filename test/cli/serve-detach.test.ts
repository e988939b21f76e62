/** A listener in the background, and what is said to it: serve --detach, status, reload, web, stop. */

import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import http from 'node:http';
import net from 'node:net';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { freePort } from '../support/free-port.ts';
import { rc } from '../support/rc.ts';
import { tempFolder, writeStore } from '../support/temp-home.ts';
import { until } from '../support/until.ts';

let home: string;
let port: number;
beforeEach(async () => {
  home = tempFolder('home');
  port = await freePort();
  writeStore(home, [{ Name: 'Default EX', Bindings: [`127.0.0.1:${port}`], PermissionGroups: 'AnonymousUsers' }]);
});
afterEach(async () => {
  await rc(['stop', '--now'], { home });
});

const start = (...flags: string[]) => rc(['serve', '--detach', ...flags], { home });

function get(url: string): Promise<{ status: number; text: string }> {
  return new Promise((resolve, reject) => {
    http
      .get(url, (response) => {
        let text = '';
        response.setEncoding('utf8').on('data', (chunk) => {
          text += chunk;
        });
        response.on('end', () => resolve({ status: response.statusCode!, text }));
      })
      .on('error', reject);
  });
}

function greeted(): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = net.connect(port, '127.0.0.1');
    socket.once('data', (bytes) => {
      socket.destroy();
      resolve(String(bytes));
    });
    socket.once('error', reject);
  });
}

test('it serves when serve --detach returns, and has ended when stop returns', async () => {
  const started = await start();
  expect(started).toMatchObject({ code: 0, stderr: '' });
  const pid = Number(/process (\d+)/.exec(started.stdout)?.[1]);
  expect(started.stdout).toContain(join(home, 'serve.log'));
  expect(await greeted()).toMatch(/^220 /);
  expect(readFileSync(join(home, 'serve.log'), 'utf8')).toContain('rc stop ends it.');
  const stopped = await rc(['stop'], { home });
  expect(stopped).toMatchObject({ code: 0, stderr: '' });
  expect(JSON.parse(stopped.stdout)).toMatchObject({ Pid: pid, State: 'Stopped' });
  expect(existsSync(join(home, 'listener.pid'))).toBe(false);
  await expect(greeted()).rejects.toThrow('ECONNREFUSED');
});

test('why it did not start is told, with its exit status', async () => {
  writeFileSync(join(home, 'store.json'), '{');
  const broken = await start();
  expect(broken.code).toBe(1);
  expect(broken.stderr).toContain('store.json');
  writeStore(home, [{ Name: 'A', Bindings: ['192.0.2.9:25'], PermissionGroups: 'AnonymousUsers' }]);
  const deaf = await start();
  expect(deaf.code).toBe(1);
  expect(deaf.stderr).toContain('The listener did not start (exit status 1)');
  expect(deaf.stderr).toContain('Nothing could be listened on');
  expect((await start('--workers', 'many')).stderr).toContain('--workers takes a number');
  expect((await start('--check')).code).toBe(2);
});

test('-d is --detach; a second one is told what runs', async () => {
  expect((await rc(['serve', '-d'], { home })).code).toBe(0);
  const second = await start();
  expect(second).toMatchObject({ code: 1, stderr: expect.stringContaining('A listener already runs') });
  const page = await rc(['serve', '--web', '127.0.0.1:8025'], { home });
  expect(page.stderr).toContain('For a page on it: rc web');
});

describe('status', () => {
  test('one object with lists; exit status 1 where nobody listens', async () => {
    const none = await rc(['status'], { home });
    expect(none.code).toBe(1);
    expect(JSON.parse(none.stdout)).toMatchObject({
      State: 'Stopped',
      Connectors: [{ Name: 'Default EX', Enabled: true, Open: 0 }],
      Findings: expect.arrayContaining([expect.objectContaining({ Check: 'Listener', Mend: ['rc serve'] })]),
    });
    await start();
    const running = await rc(['status'], { home });
    expect(running.code).toBe(0);
    expect(JSON.parse(running.stdout)).toMatchObject({
      State: 'Running',
      NotOpen: [],
      Connectors: [{ Name: 'Default EX', Open: 0, Limit: 5000, NotOpen: [] }],
      Sources: [],
    });
  });

  test('a source that is full, its refusals, a binding that is not open', async () => {
    await start();
    await rc(['set', 'Default EX', '--max-inbound-per-source', '1', '--wait'], { home });
    await rc(['new', 'Deaf', '--bindings', '192.0.2.9:25', '--remote-ip-ranges', '10.0.0.1', '--wait'], { home });
    const first = net.connect(port, '127.0.0.1');
    await new Promise((resolve) => first.once('data', resolve));
    expect(await greeted()).toMatch(/^421 4\.3\.2/);
    const { code, stdout } = await rc(['status'], { home });
    first.destroy();
    expect(code).toBe(1);
    const status = JSON.parse(stdout);
    expect(status).toMatchObject({
      Sources: [{ Source: '127.0.0.1', Connector: 'Default EX', Open: 1, Limit: 1, PercentUsed: 100, RefusedHour: 1 }],
      Refusals: [{ Id: 1021, Summary: expect.stringContaining('127.0.0.1 refused') }],
    });
    const [full, deaf] = ['Default EX', 'Deaf'].map((name) =>
      status.Connectors.find((c: { Name: string }) => c.Name === name),
    );
    expect(full).toMatchObject({ FullSources: 1, Refused: 1 });
    expect(deaf).toMatchObject({ NotOpen: ['192.0.2.9:25'] });
  });
});

test('a listener that was told to end and lets a message finish is shown as stopping', async () => {
  await start();
  const sender = net.connect(port, '127.0.0.1');
  let said = '';
  sender.setEncoding('utf8').on('data', (text: string) => {
    said += text;
  });
  const lines = ['EHLO x', 'MAIL FROM:<a@x.org>', 'RCPT TO:<b@x.org>', 'DATA'];
  sender.write(`${lines.join('\r\n')}\r\n`);
  await until('the message may be sent', () => said.includes('354'));
  const pid = Number(readFileSync(join(home, 'listener.pid'), 'utf8').match(/\d+/)![0]);
  process.kill(pid, 'SIGTERM');
  await until('it is shut', async () =>
    (await rc(['get-listener', '--select', 'State'], { home })).stdout.includes('Stopping'),
  );
  const status = await rc(['status'], { home });
  expect([status.code, JSON.parse(status.stdout)]).toMatchObject([1, { State: 'Stopping', Connections: 1 }]);
  expect((await rc(['top', '--once'], { home })).stdout).toContain('STOPPING');
  sender.write('Subject: x\r\n\r\n.\r\n');
  await until('it is taken', () => said.includes('250 2.6.0'));
  await until('it has ended', async () => (await rc(['get-listener'], { home })).stdout.includes('Stopped'));
});

test('reload says what acts, or why not', async () => {
  expect(await rc(['reload'], { home })).toMatchObject({
    code: 1,
    stderr: expect.stringContaining('No listener runs'),
  });
  await start();
  expect(JSON.parse((await rc(['reload'], { home })).stdout)).toMatchObject({ Home: home });
  writeFileSync(join(home, 'store.json'), '{');
  const broken = await rc(['reload'], { home });
  expect(broken).toMatchObject({ code: 1, stderr: expect.stringContaining('goes on with the settings it had') });
});

describe('the page', () => {
  test('rc web opens it in a listener without one, and gives the same link again', async () => {
    expect((await rc(['web'], { home })).stderr).toContain('rc serve --web');
    await start();
    const at = await freePort();
    const { stdout, code } = await rc(['web', String(at)], { home });
    expect(code).toBe(0);
    const [url, token] = stdout.trim().split('#token=');
    expect(url).toBe(`http://127.0.0.1:${at}/`);
    expect(token).toBe(readFileSync(join(home, 'web.token'), 'utf8').trim());
    expect((await get(`${url}healthz`)).text).toBe('ok\n');
    expect((await get(`${url}`)).status).toBe(200);
    expect((await rc(['web'], { home })).stdout).toBe(stdout);
    const other = await rc(['web', '127.0.0.1:1'], { home });
    expect(other).toMatchObject({ code: 0, stdout, stderr: expect.stringContaining('was on already') });
    expect(existsSync(join(home, 'web.html'))).toBe(false); // no terminal: no browser is opened
  });

  test('an address that cannot be is told', async () => {
    await start();
    expect(await rc(['web', 'nowhere'], { home })).toMatchObject({ code: 2 });
    expect((await rc(['web', '192.0.2.9:80'], { home })).stderr).toContain('this machine has no such address');
  });
});

test('healthz of the metrics: 200 while it serves, 503 with nothing open', async () => {
  const at = await freePort();
  await start('--metrics', `127.0.0.1:${at}`);
  expect(await get(`http://127.0.0.1:${at}/healthz`)).toEqual({ status: 200, text: 'ok\n' });
  await rc(['set', '*', '--enabled', 'false', '--wait'], { home });
  expect(await get(`http://127.0.0.1:${at}/healthz`)).toEqual({ status: 503, text: 'no connector is enabled\n' });
});

test('a temporary home has the history of first use: doctor has nothing to say of its store, and a change can be taken back', async () => {
  const { stdout } = await rc(['serve', '--temporary', '--detach', '--json']);
  const { home: temporary } = JSON.parse(stdout);
  try {
    const found = await rc(['doctor', '--output', 'json'], { home: temporary });
    expect(found.stdout).not.toMatch(/history|stamp|by hand/i);
    await rc(['set', 'Default', '--comment', 'x'], { home: temporary });
    const history = await rc(['history', '--output', 'ndjson'], { home: temporary });
    expect(history.stdout.trim().split('\n')).toHaveLength(2);
    expect(history.stdout).toContain('(first use)');
    expect((await rc(['undo', '2'], { home: temporary })).code).toBe(0);
  } finally {
    await rc(['stop', '--now'], { home: temporary });
  }
  expect(existsSync(temporary)).toBe(false);
});

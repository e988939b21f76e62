import { chmodSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { bash, rc } from '../support/rc.ts';
import { SERVER, storeIn, tempFolder } from '../support/temp-home.ts';

test('defaults are Exchange’s, and what is set is stored only where it differs', async () => {
  const home = tempFolder();
  const before = JSON.parse((await rc(['get-transport-service'], { home })).stdout);
  expect(before).toMatchObject({
    Name: SERVER,
    DeliveryMethod: 'Maildir',
    ReceiveProtocolLogMaxAge: '30.00:00:00',
    ReceiveProtocolLogMaxDirectorySize: '250 MB (262,144,000 bytes)',
    ReceiveProtocolLogMaxFileSize: '10 MB (10,485,760 bytes)',
    MessageTrackingLogEnabled: true,
    MaxConnectionRatePerMinute: 1200,
    ReceiveProtocolLogPath: join(home, 'protocol'),
    MessageTrackingLogPath: join(home, 'tracking'),
  });
  const set = ['--smart-host', 'mail.contoso.com:25', '--delivery-method', 'relay', '--receive-protocol-log-max-age'];
  expect(await rc(['set-transport-service', ...set, '30.00:00:00'], { home })).toMatchObject({ code: 0, stderr: '' });
  expect(storeIn(home).transport).toEqual({ DeliveryMethod: 'Relay', SmartHost: 'mail.contoso.com:25' });
});

test('rules between settings and bad values are refused together, and nothing is stored', async () => {
  const home = tempFolder();
  await rc(['get'], { home });
  const relay = await rc(['set-transport-service', '--delivery-method', 'Relay'], { home });
  expect(relay).toMatchObject({ code: 1, stderr: expect.stringContaining('Relay needs the next host') });
  const bad = await rc(
    ['set-transport-service', '--smart-host', 'a b', '--relay-timeout', '0', '--max-relay-connections', '0'],
    { home },
  );
  expect(bad.code).toBe(2);
  for (const name of ['SmartHost', 'RelayTimeout', 'MaxRelayConnections']) expect(bad.stderr).toContain(name);
  expect(storeIn(home).transport).toEqual({});
});

test('the next host is not the listener itself, and stays while a connector needs it', async () => {
  const home = tempFolder();
  for (const self of ['localhost:2525', '127.0.0.1:2525', '127.0.0.1:2587']) {
    const { code, stderr } = await rc(['set-transport-service', '--smart-host', self], { home });
    expect({ code, stderr }).toMatchObject({ code: 1, stderr: expect.stringContaining('is this listener itself') });
  }
  const early = await rc(['set', 'Default*', '--delivery-method', 'Relay'], { home });
  expect(early).toMatchObject({ code: 1, stderr: expect.stringContaining('rc set-transport-service --smart-host') });
  expect((await rc(['set-transport-service', '--smart-host', 'localhost:2600'], { home })).code).toBe(0);
  expect((await rc(['set', 'Default*', '--delivery-method', 'Relay'], { home })).code).toBe(0);
  const gone = await rc(['set-transport-service', '--smart-host', ''], { home });
  expect(gone).toMatchObject({ code: 1, stderr: expect.stringContaining('is needed by "Default') });
});

test('a password file that the listener would not use is told at once', async () => {
  const home = tempFolder();
  const set = (file: string) =>
    rc(['set-transport-service', '--smart-host-auth-user', 'relay', '--smart-host-password-file', file], { home });
  expect((await set('/nowhere/password')).stderr).toContain('cannot be read');
  const file = join(home, 'password');
  writeFileSync(file, 'x', { mode: 0o644 });
  expect((await set(file)).stderr).toContain(`chmod 600 ${file}`);
  chmodSync(file, 0o600);
  expect(await set(file)).toMatchObject({ code: 0, stderr: expect.not.stringContaining('password') });
});

test('nor a file of the webhook’s secret', async () => {
  const home = tempFolder();
  const file = join(home, 'secret');
  writeFileSync(file, 'x', { mode: 0o644 });
  const set = ['set-transport-service', '--event-webhook', 'http://127.0.0.1:9/', '--event-webhook-secret-file', file];
  expect(await rc(set, { home })).toMatchObject({ code: 0, stderr: expect.stringContaining(`chmod 600 ${file}`) });
});

test('trusted front ends are added and removed one by one', async () => {
  const home = tempFolder();
  await rc(['set-transport-service', '--proxy-protocol-trusted-sources', '10.0.0.5,10.1.0.0/16'], { home });
  await rc(
    [
      'set-transport-service',
      '--add-proxy-protocol-trusted-sources',
      '10.0.0.6',
      '--remove-proxy-protocol-trusted-sources',
      '10.0.0.5',
    ],
    { home },
  );
  expect(storeIn(home).transport.ProxyProtocolTrustedSources).toEqual(['10.1.0.0/16', '10.0.0.6']);
});

test('a change that changes nothing warns, -WhatIf changes nothing, another server is not found', async () => {
  const home = tempFolder();
  const same = await rc(['set-transport-service', '--message-tracking-log-enabled', 'true'], { home });
  expect(same).toMatchObject({
    code: 0,
    stderr: expect.stringContaining(`no settings of '${SERVER}' have been modified`),
  });
  const whatIf = await rc(['set-transport-service', '--relay-timeout', '00:01:00', '--what-if'], { home });
  expect(whatIf.stderr.split('\n')).toEqual([
    `What if: Setting Transport service "${SERVER}".`,
    `  TransportService ${SERVER}  RelayTimeout  00:05:00 → 00:01:00`,
    '',
  ]);
  expect(storeIn(home).transport).toEqual({});
  const other = await rc(['get-transport-service', 'OTHER'], { home });
  expect(other).toMatchObject({ code: 1, stderr: expect.stringContaining("object 'OTHER' couldn't be found") });
});

test('a store edited by hand to something that cannot be is refused, with the place', async () => {
  const home = tempFolder();
  await rc(['get'], { home });
  await bash(
    `sed -i 's/"transport": {}/"transport": {"SmartHots": "x", "RelayTimeout": "soon"}/' "$RC_HOME/store.json"`,
    { home },
  );
  const { code, stderr } = await rc(['get'], { home });
  expect(code).toBe(1);
  expect(stderr).toMatch(/line 34, column 30: transport\.SmartHots: is not a setting; did you mean SmartHost\?/);
  expect(stderr).toMatch(/line 34, column 51: transport\.RelayTimeout: "soon" is not a time span/);
});

test('sizes of logs may be Unlimited, and the rate is a whole number', async () => {
  const home = tempFolder();
  const set = (...flags: string[]) => rc(['set-transport-service', ...flags], { home });
  const logs = ['--receive-protocol-log-max-directory-size', 'unlimited', '--receive-protocol-log-max-file-size'];
  expect(await set(...logs, 'Unlimited')).toMatchObject({ code: 0, stderr: '' });
  expect(storeIn(home).transport).toEqual({
    ReceiveProtocolLogMaxDirectorySize: 'Unlimited',
    ReceiveProtocolLogMaxFileSize: 'Unlimited',
  });
  const limited = await set('--receive-protocol-log-max-directory-size', '1GB');
  expect(limited).toMatchObject({ code: 1, stderr: expect.stringContaining('the files of a folder must fit into it') });
  const bad = await set('--message-tracking-log-max-file-size', 'Unlimited', '--max-connection-rate-per-minute', '0');
  expect(bad.code).toBe(2);
  expect(bad.stderr).toContain('this setting always has a limit');
  expect(bad.stderr).toContain('a whole number from 1 to 2147483647');
});

test('scripts find the log of the protocol by its folder', async () => {
  const home = tempFolder();
  await bash(`mkdir -p protocol && touch protocol/RECV2026010203-1.log`, { home, cwd: home });
  const script = '$s = Get-FrontendTransportService; (Get-ChildItem "$($s.ReceiveProtocolLogPath)\\*.log").Name';
  expect((await rc(['-c', script], { home })).stdout).toBe('RECV2026010203-1.log\n');
});

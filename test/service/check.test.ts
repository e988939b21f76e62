/** rc serve --check: what would keep the listener from starting, each with what to type; nothing is made, nothing changed. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { selfSigned } from '../../src/certificates/self-signed.ts';
import { freePorts } from '../support/free-port.ts';
import { RunningListener } from '../support/listener.ts';
import { isRoot, openFolder, rcAs, STRANGER } from '../support/other-user.ts';
import { rc } from '../support/rc.ts';
import { tempFolder, writeStore } from '../support/temp-home.ts';

let home: string;
let ports: number[];
const cleanups: (() => unknown)[] = [];
beforeEach(async () => {
  home = tempFolder();
  ports = await freePorts(2);
});
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

const connector = (more: Record<string, unknown> = {}) => ({
  Name: 'Default EX',
  Bindings: [`127.0.0.1:${ports[0]}`],
  AuthMechanism: 'None',
  PermissionGroups: 'AnonymousUsers',
  ...more,
});

/** Every file of the home, with what is in it and when it was changed. */
function state(folder = home): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .sort()
    .map((name) => {
      const path = join(folder, name);
      const stat = statSync(path, { bigint: true });
      return `${name} ${stat.mtimeNs} ${stat.mode} ${stat.isFile() ? readFileSync(path, 'latin1') : ''}`;
    });
}

async function check(code: number, at = home): Promise<string[]> {
  const before = state();
  const ran = await rc(['serve', '--check'], { home: at });
  expect([ran.code, ran.stderr]).toEqual([code, '']);
  expect(state()).toEqual(before);
  return ran.stdout.trimEnd().split('\n');
}

function occupied(port: number): Promise<Server> {
  const server = createServer();
  cleanups.push(() => new Promise((done) => server.close(done)));
  return new Promise((done) => server.listen(port, '127.0.0.1', () => done(server)));
}

test('all is well', async () => {
  writeStore(home, [connector()]);
  expect(await check(0)).toEqual([
    `Information  Store         ${join(home, 'store.json')}: generation 1, 1 connector(s), 1 enabled`,
    `Information  Bindings      127.0.0.1:${ports[0]}: can be opened for 'Default EX'`,
    `Information  Folders       ${home}: the home, mail (tmp), mail (new), mail (cur), the message tracking log can be written`,
    'It can start.',
  ]);
});

test('a home that is not there yet: the first start makes it, the check does not', async () => {
  const at = join(home, 'not', 'there');
  // Whether it could start depends on the ports of first use, which another program of this computer may have.
  const ran = await rc(['serve', '--check'], { home: at });
  expect(ran.stdout).toMatch(/^Information {2}Store .*store\.json: is not there yet; the first start makes it/);
  expect(readdirSync(home)).toEqual([]);
});

test('beside the running listener, what it holds counts as free', async () => {
  writeStore(home, [connector({ Bindings: [`127.0.0.1:${ports[0]}`] })]);
  const listener = await RunningListener.start(home);
  cleanups.push(() => listener.stop());
  const ran = await rc(['serve', '--check'], { home });
  expect(ran).toMatchObject({ code: 0, stderr: '' });
  expect(ran.stdout).toContain(`one runs on this home (process ${listener.child.pid})`);
  expect(ran.stdout).toContain(`127.0.0.1:${ports[0]}: the running listener has it, for 'Default EX'`);
  expect((await listener.status())!.failed).toEqual([]);
});

test('bindings that cannot be opened, each with what to type; the others are still looked at', async () => {
  await occupied(ports[0]!);
  writeStore(home, [connector({ Bindings: [`127.0.0.1:${ports[0]}`, `127.0.0.1:${ports[1]}`, '192.0.2.1:2525'] })]);
  const lines = await check(1);
  expect(lines[1]).toBe(`Information  Bindings      127.0.0.1:${ports[1]}: can be opened for 'Default EX'`);
  expect(lines[2]).toContain(
    `Error        Bindings      127.0.0.1:${ports[0]}: cannot be opened for 'Default EX': port ${ports[0]} is in use by another program; see which`,
  );
  expect(lines[3]).toMatch(
    /^Error .*192\.0\.2\.1:2525: .*this host has no address 192\.0\.2\.1; it has 127\.0\.0\.1.*: rc set 'Default EX' --bindings 0\.0\.0\.0:2525$/,
  );
  expect(lines.at(-1)).toBe('It cannot start as it is told: 2 error(s) above.');
});

describe('a store that cannot be applied', () => {
  test.each([
    ['is not JSON', '{ "schemaVersion": 1,', /line 1, column 22.*rc validate/],
    ['has a value that cannot be', undefined, /MaxInboundConnectionPerSource.*"lots".*rc restore/],
  ])('%s', async (_, text, message) => {
    writeStore(home, [connector({ MaxInboundConnectionPerSource: 'lots' })]);
    if (text) writeFileSync(join(home, 'store.json'), text);
    const lines = await check(1);
    expect(lines).toHaveLength(2);
    expect(lines[0]).toMatch(/^Error {8}Store/);
    expect(lines[0]).toMatch(message);
  });

  test('is gone', async () => {
    expect(await rc(['get'], { home })).toMatchObject({ code: 0 });
    rmSync(join(home, 'store.json'));
    expect((await check(1))[0]).toMatch(/^Error .*is gone; bring it back: rc restore$/);
  });
});

test('an address that a flag names', async () => {
  writeStore(home, [connector()]);
  await occupied(ports[1]!);
  const taken = await rc(['serve', '--check', '--metrics', `127.0.0.1:${ports[1]}`], { home });
  expect(taken.code).toBe(1);
  expect(taken.stdout).toContain(
    `Error        Flags         --metrics: 127.0.0.1:${ports[1]} cannot be opened (EADDRINUSE); give another: --metrics ADDRESS:PORT`,
  );
});

test('nothing to listen on is a warning', async () => {
  writeStore(home, [connector({ Enabled: false })]);
  expect(await check(0)).toContain(
    `Warning      Store         ${join(home, 'store.json')}: no connector is enabled, so nothing is listened on; rc set NAME --enabled true`,
  );
});

describe('certificates', () => {
  const folder = () => join(home, 'certificates');
  const tls = (more: Record<string, unknown> = {}) =>
    writeStore(home, [connector({ AuthMechanism: 'Tls', Fqdn: 'mail.contoso.com', ...more })]);
  function put(file: string, host: string, from = new Date(), days = 10): void {
    mkdirSync(folder(), { recursive: true, mode: 0o700 });
    const { certificate, key } = selfSigned(host, from, days);
    writeFileSync(join(folder(), file), certificate + key, { mode: 0o600 });
  }

  test('there and good; other files beside it that are not are warnings', async () => {
    tls();
    put('mail.pem', 'mail.contoso.com');
    writeFileSync(join(folder(), 'broken.pem'), 'no certificate', { mode: 0o600 });
    const lines = await check(0);
    expect(lines).toContain(`Information  Certificates  ${join(folder(), 'mail.pem')}: can be used`);
    expect(lines).toContain(
      `Warning      Certificates  ${join(folder(), 'broken.pem')}: cannot be used: it has no certificate (PEM); mend or remove it: ${join(folder(), 'broken.pem')}`,
    );
  });

  test('none: one will be made, which is a warning, and is not made now', async () => {
    tls();
    expect(await check(0)).toContain(
      `Information  Certificates  ${folder()}: has no certificate for mail.contoso.com; a self-signed one is made where the listener starts; put one there as mail.contoso.com.pem`,
    );
  });

  test('named and not there: an error', async () => {
    tls({ TlsCertificateName: '<I>CN=CA<S>CN=mail' });
    put('mail.pem', 'mail.contoso.com');
    const lines = await check(1);
    expect(lines.find((line) => line.startsWith('Error'))).toMatch(
      /Default EX: names the certificate <I>CN=CA<S>CN=mail, which is not in .*--tls-certificate-name ""/,
    );
  });

  test('one that ran out counts as none', async () => {
    tls();
    put('mail.pem', 'mail.contoso.com', new Date(Date.now() - 100 * 86_400_000));
    expect((await check(0)).filter((line) => line.includes('no certificate for mail.contoso.com'))).toHaveLength(1);
  });
});

test('a folder that cannot be made or written', async () => {
  writeStore(home, [connector()]);
  writeFileSync(join(home, 'mail'), 'a file where the Maildir should be');
  const lines = await check(1);
  expect(lines.filter((line) => line.startsWith('Error'))).toHaveLength(3);
  expect(lines.find((line) => line.startsWith('Error'))).toMatch(
    /^Error {8}Folders {7}.*mail\/tmp: mail \(tmp\): cannot be made, for .*mail is no folder; the listener’s user must own it/,
  );
});

test.runIf(isRoot)('a folder of another user', async () => {
  // As root everything can be written, so the check runs as somebody else, on a home that all may read but not write.
  const open = openFolder('open');
  writeStore(open, [connector()]);
  execFileSync('chmod', ['-R', 'a+rX', open]);
  const { code, stdout } = await rcAs(STRANGER, ['serve', '--check'], { home: open });
  expect(code).toBe(1);
  expect(stdout).toMatch(/^Error {8}Folders {7}.*: the home: cannot be written \(EACCES\)/m);
});

describe('the next host', () => {
  const relay = (transport: Record<string, unknown>) =>
    writeStore(home, [connector()], { transport: { DeliveryMethod: 'Relay', ...transport } });

  test('takes connections', async () => {
    await occupied(ports[1]!);
    relay({ SmartHost: `127.0.0.1:${ports[1]}` });
    expect(await check(0)).toContain(`Information  NextHost      127.0.0.1:${ports[1]}: takes connections`);
  });

  test('takes none: a warning, for mail waits at its senders', async () => {
    relay({ SmartHost: `127.0.0.1:${ports[1]}` });
    expect((await check(0)).find((line) => line.includes('NextHost'))).toBe(
      `Warning      NextHost      127.0.0.1:${ports[1]}: does not take connections (ECONNREFUSED); until it does, mail is answered 451; try: nc -vz 127.0.0.1 ${ports[1]}`,
    );
  });

  test('wants a password that cannot be read', async () => {
    await occupied(ports[1]!);
    relay({ SmartHost: `127.0.0.1:${ports[1]}`, SmartHostAuthUser: 'me', SmartHostPasswordFile: join(home, 'none') });
    expect((await check(1)).find((line) => line.startsWith('Error'))).toContain(
      'the password for the next host cannot be read',
    );
  });
});

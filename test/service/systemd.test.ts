/** rc init systemd: units that systemd takes, with the paths and bindings of this installation. */
import { spawnSync } from 'node:child_process';
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, test } from 'vitest';
import { serviceUnit, socketUnit, type UnitRequest } from '../../src/cli/init/systemd.ts';
import { Binding } from '../../src/domain/value.ts';
import { RC, rc, run } from '../support/rc.ts';
import { tempFolder, writeStore } from '../support/temp-home.ts';
import { has } from '../support/tools.ts';

let home: string;
beforeEach(() => {
  home = tempFolder();
  writeStore(home, [
    { Name: 'A', Bindings: ['0.0.0.0:25', '[::]:25', '127.0.0.1:25'] },
    { Name: 'B', Bindings: ['127.0.0.1:2587', '[::1]:2587'] },
    { Name: 'Off', Bindings: ['0.0.0.0:465'], Enabled: false },
  ]);
});

const init = async (...args: string[]) => {
  const ran = await rc(['init', 'systemd', ...args], { home });
  expect([ran.code, ran.stderr]).toEqual([0, '']);
  return ran.stdout;
};
/** The values of a setting, in order. */
const values = (unit: string, name: string) =>
  [...unit.matchAll(new RegExp(`^${name}=(.*)$`, 'gm'))].map((match) => match[1]);

/** docs/decisions/0150 */
const TRIM = 'MALLOC_TRIM_THRESHOLD_=131072';

test('the service runs this rc on this home, as its owner', async () => {
  const unit = await init('--systemd-version', '252');
  expect(values(unit, 'ExecStart')).toEqual([`${process.execPath} ${RC} serve`]);
  expect(values(unit, 'Environment')).toEqual([`RC_HOME=${home}`, TRIM]);
  expect(values(unit, 'ReadWritePaths')).toEqual([home]);
  const { stdout } = await run('stat', ['-c', '%U %G', home]);
  expect([...values(unit, 'User'), ...values(unit, 'Group')].join(' ')).toBe(stdout.trim());
  expect(values(unit, 'DynamicUser')).toEqual([]);
});

test('without a home named it has one of its own', async () => {
  const ran = await rc(['init', 'systemd', '--systemd-version', '252'], {
    env: { RC_HOME: undefined, HOME: tempFolder() },
  });
  expect(values(ran.stdout, 'DynamicUser')).toEqual(['yes']);
  expect(values(ran.stdout, 'StateDirectory')).toEqual(['receive-connector']);
  expect(values(ran.stdout, 'Environment')).toEqual(['RC_HOME=/var/lib/receive-connector', TRIM]);
});

test('systemd 253 and later hand over the socket to be told through, and wait for a reload', async () => {
  const old = await init('--systemd-version', '252');
  expect([values(old, 'Type'), values(old, 'ExecReload'), values(old, 'OpenFile')]).toEqual([
    ['notify'],
    ['/bin/kill -HUP $MAINPID'],
    [],
  ]);
  const modern = await init('--systemd-version', '253');
  expect([values(modern, 'Type'), values(modern, 'ExecReload'), values(modern, 'OpenFile')]).toEqual([
    ['notify-reload'],
    [],
    ['/run/systemd/notify:notify:graceful'],
  ]);
});

test("a unit of one's own has no users and no sandbox", async () => {
  const { stdout: unit } = await rc(['init', 'systemd', '--user', '--systemd-version', '253'], {
    home,
    env: { XDG_RUNTIME_DIR: '/run/user/1000' },
  });
  expect([values(unit, 'User'), values(unit, 'ProtectSystem'), values(unit, 'WantedBy')]).toEqual([
    [],
    [],
    ['default.target'],
  ]);
  expect(values(unit, 'OpenFile')).toEqual(['/run/user/1000/systemd/notify:notify:graceful']);
});

test('the socket unit has the bindings of the enabled connectors, those that another takes too left out', async () => {
  expect(values(await init('--socket'), 'ListenStream')).toEqual([
    '0.0.0.0:25',
    '[::]:25',
    '127.0.0.1:2587',
    '[::1]:2587',
  ]);
});

const REQUEST: UnitRequest = {
  command: ['/usr/bin/node', '/opt/rc/bin/rc'],
  home: undefined,
  owner: undefined,
  user: false,
  runtimeFolder: '/run/user/1000',
  systemdVersion: 257,
};

test('words that systemd would read otherwise are quoted', () => {
  const unit = serviceUnit({ ...REQUEST, command: ['/opt/my node/bin', '/opt/100%/$x/"rc"'], home: '/srv/a $b' });
  expect(values(unit, 'ExecStart')).toEqual(['"/opt/my node/bin" "/opt/100%%/$$x/\\"rc\\"" serve']);
  expect(values(unit, 'Environment')).toEqual(['"RC_HOME=/srv/a $b"', TRIM]);
});

test("a Node in somebody's home, where a service may not look, is pointed out", () => {
  expect(serviceUnit({ ...REQUEST, command: ['/home/me/.nvm/bin/node', '/opt/rc/bin/rc'] })).toContain(
    '# CAREFUL: /home/me/.nvm/bin/node',
  );
  expect(serviceUnit(REQUEST)).not.toContain('CAREFUL');
});

test('mistakes say what is possible', async () => {
  expect(await rc(['init', 'bash', '--socket'], { home })).toMatchObject({
    code: 2,
    stdout: '',
    stderr: 'rc: --socket is for rc init systemd.\n',
  });
  expect((await rc(['init', 'systemd', 'bash'], { home })).code).toBe(2);
  const empty = tempFolder();
  writeStore(empty, []);
  expect((await rc(['init', 'systemd', '--socket'], { home: empty })).stderr).toContain(
    'is enabled, so there is no port to open',
  );
  expect((await rc(['init', 'systemdd'], { home })).stderr).toContain('did you mean systemd?');
});

describe.skipIf(!has('systemd-analyze'))('systemd itself', () => {
  const version = Number(
    /systemd (\d+)/.exec(spawnSync('systemd-analyze', ['--version'], { encoding: 'utf8' }).stdout ?? '')?.[1],
  );

  async function verify(service: string, socket: string): Promise<string> {
    const folder = tempFolder('units');
    writeFileSync(join(folder, 'receive-connector.service'), service);
    writeFileSync(join(folder, 'receive-connector.socket'), socket);
    const files = ['receive-connector.service', 'receive-connector.socket'].map((name) => join(folder, name));
    const ran = await run('systemd-analyze', ['verify', '--man=no', ...files]);
    expect(ran.code).toBe(0);
    // What it says about other units of this computer is not ours.
    return ran.stderr
      .split('\n')
      .filter((line) => line.includes('receive-connector'))
      .join('\n');
  }

  test.each([
    ['on a home of its own', undefined],
    ['on a home that was named', { user: 'root', group: 'root' }],
  ])('takes the units, %s', async (_, owner) => {
    const command = [process.execPath, RC];
    const service = serviceUnit({ ...REQUEST, command, owner, home: owner && home, systemdVersion: version });
    const bindings = [new Binding('0.0.0.0', 25), new Binding('::', 25), new Binding('127.0.0.1', 2525)];
    expect(await verify(service, socketUnit(bindings, false))).toBe('');
  });

  test('reads a path with spaces, % and $ as it is', async () => {
    const folder = join(tempFolder('odd'), 'a 100% node $x');
    mkdirSync(folder);
    symlinkSync(process.execPath, join(folder, 'node'));
    const service = serviceUnit({ ...REQUEST, command: [join(folder, 'node'), RC], systemdVersion: version });
    expect(await verify(service, socketUnit([new Binding('0.0.0.0', 25)], false))).toBe('');
  });

  test.skipIf(version < 247)('finds little left to take away', async () => {
    const folder = tempFolder('units');
    const file = join(folder, 'receive-connector.service');
    writeFileSync(file, serviceUnit({ ...REQUEST, command: [process.execPath, RC], systemdVersion: version }));
    // The score is out of 10, 10 is no protection at all.
    const ran = await run('systemd-analyze', ['security', '--offline=true', '--no-pager', '--threshold=25', file]);
    expect(`${ran.stdout.split('\n').at(-2)} ${ran.code}`).toMatch(/ 0$/);
  });
});

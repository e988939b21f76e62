/**
 * The service's user is not root's friend: it owns the home, so it can put anything under any name in it, and then root makes a
 * change there. Whatever stands there: nothing outside the home is written, made, given away or chmod-ed (docs/security.md).
 */
import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  lchownSync,
  linkSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { makeControlAddress, removeControl } from '../../src/control/control-address.ts';
import { homeAt } from '../../src/store/home.ts';
import { createOwn, openToAppend, readOwn, setMode } from '../../src/store/home-files.ts';
import { createLater, makeFoldersLater, neverMakeAgain, openToAppendLater } from '../../src/store/home-files-later.ts';
import { NotOurs } from '../../src/store/ours.ts';
import { replaceOwn } from '../../src/store/replace-file.ts';
import { Client } from '../session/harness/client.ts';
import { freePort } from '../support/free-port.ts';
import { RunningListener } from '../support/listener.ts';
import { giveToStranger, isRoot, openFolder, rcAs, STRANGER } from '../support/other-user.ts';
import { rc } from '../support/rc.ts';
import { tempFolder, writeStore } from '../support/temp-home.ts';

/** A home of the stranger's, with two generations, and root's folder beside it. */
async function strangersHome(): Promise<{ home: string; victim: string; before: string }> {
  const around = openFolder('around');
  const [home, victim] = [join(around, 'home'), join(around, 'victim')];
  mkdirSync(home, { mode: 0o700 });
  giveToStranger(home);
  mkdirSync(victim, { mode: 0o755 });
  writeFileSync(join(victim, 'shadow'), 'root:secret\n', { mode: 0o640 });
  const made = await rcAs(STRANGER, ['set', 'Default*', '--comment', 'old'], { home });
  expect(made.stderr).toBe('');
  return { home, victim, before: seenIn(victim) };
}

/** All that is to be seen of a folder: names, owners, modes, content. */
function seenIn(folder: string): string {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .concat('.')
    .sort()
    .map((name) => {
      const path = join(folder, name);
      const { mode, uid, gid, nlink } = lstatSync(path);
      const held = statSync(path).isFile() ? readFileSync(path, 'utf8') : nlink > 9;
      return `${name} ${mode.toString(8)} ${uid}:${gid} ${held}`;
    })
    .join('\n');
}

type Plant = (path: string, victim: string) => void;
const PLANTS: Record<string, Plant> = {
  'a link to a file of root': (path, victim) => link(join(victim, 'shadow'), path),
  'a link to a name that is not there': (path, victim) => link(join(victim, 'made-by-root'), path),
  'another name of a file of root': (path, victim) => linkSync(join(victim, 'shadow'), path),
  'a pipe': (path) => execFileSync('mkfifo', [path]),
};

/** A link that is the stranger's. */
function link(to: string, path: string): void {
  symlinkSync(to, path);
  lchownSync(path, STRANGER, STRANGER);
}

/** Names that are trapped at one time: a trap that ends a command hides the others. */
const ROUNDS = [
  [
    'store.stamp',
    'store.stamp.new',
    'history.base.json',
    'listener.pid',
    'events.ndjson',
    'api.token',
    'web.token',
    'web.sessions',
    'web.sessions.new',
    'control.sock',
    'control.sock.path',
    'shell-history',
  ],
  ['history.ndjson'],
  ['store.json'],
];
const COMMANDS = [['set', 'Default*', '--comment', 'new'], ['doctor', '--fix'], ['restore'], ['history'], ['undo']];

describe.runIf(isRoot)('root in the home of somebody who lays traps', { timeout: 120_000 }, () => {
  for (const [what, plant] of Object.entries(PLANTS)) {
    it(`changes nothing outside it: ${what} under every name`, async () => {
      const { home, victim } = await strangersHome();
      for (const names of ROUNDS) {
        for (const name of names) {
          rmSync(join(home, name), { force: true });
          plant(join(home, name), victim);
        }
        const before = seenIn(victim);
        for (const args of COMMANDS) {
          const { stderr, code } = await rc(args, { home });
          expect(seenIn(victim), `${args.join(' ')} with ${names}: ${stderr}`).toBe(before);
          expect(`${code} ${stderr}`, `${args.join(' ')} with ${names}`).not.toContain('should not happen');
        }
        // nobody is handed what he could not read
        for (const entry of readdirSync(home)) {
          const stat = lstatSync(join(home, entry));
          if (stat.isFile() && stat.nlink === 1)
            expect(readFileSync(join(home, entry), 'utf8'), entry).not.toContain('root:secret');
        }
        await anew(home);
      }
    });
  }

  async function anew(home: string): Promise<void> {
    rmSync(home, { recursive: true });
    mkdirSync(home, { mode: 0o700 });
    giveToStranger(home);
    await rcAs(STRANGER, ['set', 'Default*', '--comment', 'old'], { home });
  }

  it('serves, and writes its logs, mail and certificates through no link', async () => {
    const { home, victim, before } = await strangersHome();
    const port = await freePort();
    for (const settings of [
      ['set', 'Client*', '--enabled', 'false'],
      ['set', 'Default*', '--bindings', `127.0.0.1:${port}`, '--protocol-logging-level', 'Verbose'],
    ])
      expect((await rcAs(STRANGER, settings, { home })).stderr).toBe('');
    for (const name of ['certificates', 'mail', 'protocol', 'tracking']) link(victim, join(home, name));
    link(join(victim, 'events'), join(home, 'events.ndjson'));
    link(join(victim, 'pid'), join(home, 'listener.pid'));
    const listener = await RunningListener.start(home, ['--web', `127.0.0.1:${await freePort()}`]);
    try {
      const client = await Client.open(port);
      await client.reply();
      for (const line of ['EHLO client', 'MAIL FROM:<sue@contoso.com>', 'RCPT TO:<postmaster>', 'DATA'])
        await client.ask(line);
      expect(await client.ask('Subject: x\r\n\r\ntext\r\n.')).toMatch(/^4/);
      client.end();
    } finally {
      await listener.stop();
    }
    expect(seenIn(victim), listener.stderr).toBe(before);
  });

  it('gives what it makes to whom the home belongs, and nothing else', async () => {
    const { home } = await strangersHome();
    writeFileSync(join(home, 'own-of-root'), 'x', { mode: 0o600 });
    expect((await rc(['set', 'Default*', '--comment', 'new'], { home })).stderr).toBe('');
    const owners = Object.fromEntries(readdirSync(home).map((name) => [name, lstatSync(join(home, name)).uid]));
    expect(owners).toEqual({
      'store.json': STRANGER,
      'store.stamp': STRANGER,
      'history.ndjson': STRANGER,
      'own-of-root': 0,
    });
    expect((await rcAs(STRANGER, ['set', 'Default*', '--comment', 'mine'], { home })).stderr).toBe('');
  });

  it('a pointer to a folder of root takes nothing of it away', () => {
    const around = tempFolder('long');
    const home = homeAt(join(around, 'h'.repeat(120)));
    mkdirSync(home.folder);
    const place = makeControlAddress(home);
    writeFileSync(join(dirname(place.path), 'kept'), 'x');
    removeControl(home, place);
    expect(readdirSync(dirname(place.path))).toEqual(['kept']);
    rmSync(dirname(place.path), { recursive: true });
  });

  it('a folder of the home that was swapped for a link is not written into', async () => {
    const { home, victim, before } = await strangersHome();
    link(victim, join(home, 'certificates'));
    const path = join(home, 'certificates', 'x.pem');
    expect(() => createOwn(path, 'x')).toThrow(NotOurs);
    expect(() => replaceOwn(path, 'x')).toThrow(NotOurs);
    expect(() => openToAppend(path)).toThrow(NotOurs);
    expect(() => setMode(join(home, 'certificates'), 0o777)).toThrow(NotOurs);
    expect(() => setMode(join(home, 'certificates', 'shadow'), 0o777)).toThrow(NotOurs);
    await expect(createLater(path)).rejects.toThrow(NotOurs);
    await expect(openToAppendLater(path)).rejects.toThrow(NotOurs);
    await expect(makeFoldersLater(join(home, 'certificates', 'deeper'))).rejects.toThrow(NotOurs);
    expect(seenIn(victim)).toBe(before);
  });

  it('a home that is a stranger’s link to a folder of root is not written into', async () => {
    const { home, victim, before } = await strangersHome();
    rmSync(home, { recursive: true });
    link(victim, home);
    const { code, stderr } = await rc(['set', 'Default*', '--comment', 'new'], { home });
    expect({ code, stderr }).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('symbolic link of another user'),
    });
    expect(seenIn(victim)).toBe(before);
  });
});

describe('store.json as a link', () => {
  it('is read and written through where link and home are ours', async () => {
    const around = tempFolder('mount');
    const [home, data] = [join(around, 'home'), join(around, 'data')];
    mkdirSync(home, { mode: 0o700 });
    mkdirSync(data);
    writeStore(data, [{ Name: 'A', Bindings: ['127.0.0.1:2525'] }]);
    symlinkSync('../data/store.json', join(home, 'store.json'));
    expect((await rc(['set', 'A', '--comment', 'through'], { home })).stderr).toBe('');
    expect(readlinkSync(join(home, 'store.json'))).toBe('../data/store.json');
    expect(readFileSync(join(data, 'store.json'), 'utf8')).toContain('through');
  });

  it.runIf(isRoot)('of root in the home of another is read, and a change says whose it is', async () => {
    const { home, victim } = await strangersHome();
    writeStore(victim, [{ Name: 'A', Bindings: ['127.0.0.1:2525'] }]);
    chmodSync(join(victim, 'store.json'), 0o644);
    for (const name of readdirSync(home)) rmSync(join(home, name));
    symlinkSync('../victim/store.json', join(home, 'store.json'));
    const before = seenIn(victim);
    expect((await rcAs(STRANGER, ['get', 'A', '--output', 'json'], { home })).stdout).toContain('"Name": "A"');
    expect((await rc(['get', 'A', '--output', 'json'], { home })).stdout).toContain('"Name": "A"');
    for (const run of [
      rc(['set', 'A', '--comment', 'x'], { home }),
      rcAs(STRANGER, ['set', 'A', '--comment', 'x'], { home }),
    ]) {
      const { code, stderr } = await run;
      expect(code).toBe(1);
      expect(stderr).toMatch(
        /symbolic link to .*store\.json, and rc writes through a link only where link and home belong/,
      );
    }
    expect(seenIn(victim)).toBe(before);
  });

  it.runIf(isRoot)('of a stranger to what is not theirs is not even read by root', async () => {
    const { home, victim } = await strangersHome();
    rmSync(join(home, 'store.json'));
    link(join(victim, 'shadow'), join(home, 'store.json'));
    for (const args of [['get'], ['restore'], ['validate']]) {
      const { stdout, stderr } = await rc(args, { home });
      expect(stdout + stderr).not.toContain('secret');
    }
    expect(readdirSync(home).filter((name) => name.includes('broken'))).toEqual([]);
  });
});

describe('a file with secrets', () => {
  const secrets = (path: string, home: string) => rc(['export', '--include-secrets', '--path', path], { home });

  it('is new and 0600, whatever the one before was', async () => {
    const folder = tempFolder('export');
    const path = join(folder, 'backup.json');
    writeFileSync(path, 'old', { mode: 0o644 });
    expect((await secrets(path, tempFolder())).stderr).toBe('');
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(readdirSync(folder)).toEqual(['backup.json']);
  });

  it.each([
    ['a link', (path: string, folder: string) => symlinkSync(join(folder, 'else'), path)],
    ['a pipe', (path: string) => execFileSync('mkfifo', [path])],
    [
      'a file with two names',
      (path: string, folder: string) => {
        writeFileSync(join(folder, 'else'), 'kept');
        linkSync(join(folder, 'else'), path);
      },
    ],
  ])('is refused where %s stands', async (_, plant) => {
    const folder = tempFolder('export');
    const path = join(folder, 'backup.json');
    plant(path, folder);
    const { code, stderr } = await secrets(path, tempFolder());
    expect({ code, stderr }).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('what it would hold is secret'),
    });
    if (existsSync(join(folder, 'else'))) expect(readFileSync(join(folder, 'else'), 'utf8')).toBe('kept');
  });

  it.runIf(isRoot)('is not put into a file that somebody else made there before', async () => {
    const folder = tempFolder('export');
    chmodSync(folder, 0o1777);
    const path = join(folder, 'backup.json');
    writeFileSync(path, '', { mode: 0o666 });
    giveToStranger(path);
    expect(await secrets(path, tempFolder())).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('another user'),
    });
    expect(readFileSync(path, 'utf8')).toBe('');
  });
});

it('a pipe or folder in a file’s place is said, and nobody waits for it', async () => {
  const home = tempFolder();
  await rc(['get'], { home });
  for (const name of ['store.json', 'store.stamp', 'history.ndjson']) {
    rmSync(join(home, name));
    execFileSync('mkfifo', [join(home, name)]);
    expect(() => readOwn(join(home, name))).toThrow(/no plain file/);
    const { code } = await rc(['get'], { home });
    expect([0, 1]).toContain(code);
    rmSync(join(home, name));
    await rc(['restore'], { home });
  }
});

it.each([
  ['pipe', (path: string) => execFileSync('mkfifo', [path])],
  ['folder', (path: string) => mkdirSync(path)],
])(
  'a %s in the place of a log, of the store or of what a listener makes: said by whoever reads or makes it',
  async (what, plant) => {
    const home = tempFolder();
    await rc(['get'], { home });
    const tracked = 'tracking/MSGTRK2026112918-1.log';
    const wrong: [name: string, ...commands: string[]][] = [
      ['events.ndjson', 'get-event', 'status'],
      ['events.1.ndjson', 'get-event'],
      [tracked, 'get-message-tracking-log --start 2026-11-29'],
      ['store.json', 'serve --check', 'top --once'],
    ];
    for (const [name, ...commands] of wrong) {
      const path = join(home, name);
      mkdirSync(dirname(path), { recursive: true });
      rmSync(path, { force: true });
      plant(path);
      for (const command of commands) {
        const { stdout, stderr } = await rc(command.split(' '), { home });
        expect(stderr, command).not.toContain('should not happen');
        expect(stdout + stderr, command).toMatch(command.startsWith('top') ? /listener/ : /no plain file/);
      }
      rmSync(path, { recursive: true });
      await rc(['restore'], { home });
    }
    if (what === 'pipe') return;
    for (const name of ['listener.pid', 'control.sock']) {
      plant(join(home, name));
      const { stderr, code } = await rc(['serve'], { home });
      expect(`${code} ${stderr}`).toMatch(new RegExp(`^1 rc serve: \\S*${name} is no plain file`));
      rmSync(join(home, name), { recursive: true });
    }
  },
);

it('a served home that was taken away is not made again, by logs or mail; elsewhere folders are', async () => {
  const around = tempFolder('around');
  const home = join(around, 'home');
  await makeFoldersLater(join(home, 'mail', 'new'));
  neverMakeAgain(home);
  rmSync(join(home, 'mail'), { recursive: true });
  await makeFoldersLater(join(home, 'mail', 'new'));
  rmSync(home, { recursive: true });
  for (const name of ['protocol', 'mail/new'])
    await expect(makeFoldersLater(join(home, name))).rejects.toThrow('ENOENT');
  expect(existsSync(home)).toBe(false);
  await makeFoldersLater(join(around, 'home2', 'protocol'));
  expect(existsSync(join(around, 'home2', 'protocol'))).toBe(true);
});

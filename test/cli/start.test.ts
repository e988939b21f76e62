/** What happens before `main`: the bundles, the code caches, and what is not loaded. */
import {
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { beforeEach, describe, expect, test } from 'vitest';
import { EVERYDAY, fastNamed } from '../../src/cmdlets/fast-path.ts';
import { commandNamed, commandNames } from '../../src/cmdlets/table.ts';
import { cmdletsFor } from '../../src/language/command-named.ts';
import {
  commandNames as languageNames,
  commandNamed as namedInLanguage,
  wordNamed,
} from '../../src/language/commands.ts';
import { kebab } from '../../src/text/flag-name.ts';
import { RC, ROOT, run } from '../support/rc.ts';
import { tempFolder } from '../support/temp-home.ts';

const BUNDLES: readonly string[] = createRequire(import.meta.url)('../../bin/everyday.js').NAMES;

describe('everyday cmdlets', () => {
  test('go by every name that the table knows them by, and by no other', () => {
    for (const name of commandNames()) {
      const cmdlet = commandNamed(name)!;
      expect(fastNamed(name.toUpperCase()), name).toBe(EVERYDAY.includes(cmdlet) ? cmdlet : undefined);
    }
    for (const { name, short } of EVERYDAY) {
      expect(fastNamed(kebab(name))?.name).toBe(name);
      expect(fastNamed(short!)?.name).toBe(name);
    }
    expect(fastNamed('where')).toBeUndefined();
    expect(fastNamed('')).toBeUndefined();
  });

  test('mean in the language what its tables say, and so does every other name', () => {
    for (const name of [...languageNames(), ...commandNames(), '']) {
      expect(cmdletsFor(false)(name.toUpperCase()), name).toBe(namedInLanguage(name));
      expect(cmdletsFor(true)(name), name).toBe(wordNamed(name));
    }
  });
});

/** Built-in modules that a command loads, as Node itself lists them. */
async function loadedBy(args: readonly string[]): Promise<string[]> {
  const folder = tempFolder();
  const hook = join(folder, 'hook.cjs');
  const list = join(folder, 'list');
  writeFileSync(
    hook,
    `process.on('exit', () => require('node:fs').writeFileSync(${JSON.stringify(list)}, process.moduleLoadList.join('\\n')))`,
  );
  const { code, stderr } = await run(process.execPath, ['--require', hook, RC, ...args], { home: tempFolder() });
  expect(stderr).toBe('');
  expect(code).toBe(0);
  return readFileSync(list, 'utf8')
    .split('\n')
    .filter((line) => line.startsWith('NativeModule '))
    .map((line) => line.slice('NativeModule '.length));
}

describe('what Node loads', () => {
  const heavy = ['perf_hooks', 'net', 'tls', 'http', 'tty', 'readline', 'child_process', 'crypto', 'fs/promises'];

  test('for rc get, rc set and a pipeline of rc -c: nothing heavy', async () => {
    const home = ['--home', tempFolder()];
    await loadedBy([...home, 'init', 'home']);
    await loadedBy([...home, 'get']);
    expect((await loadedBy([...home, 'get'])).filter((name) => [...heavy, 'os'].includes(name))).toEqual([]);
    const set = await loadedBy([...home, 'set', 'Default*', '--max-inbound-per-source', '100']);
    expect(set.filter((name) => heavy.includes(name))).toEqual([]);
    expect(set).toContain('os'); // the history says who it was
    const script = "Get-ReceiveConnector 'Default*' | Set-ReceiveConnector -MaxInboundConnectionPerSource 99";
    const inLanguage = await loadedBy([...home, '-c', script]);
    expect(inLanguage.filter((name) => [...heavy, 'v8', 'stream'].includes(name))).toEqual([]);
  });

  test('of ours for the same: not the code of other cmdlets', async () => {
    const folder = tempFolder();
    const home = tempFolder();
    cpSync(join(ROOT, 'bin'), join(folder, 'bin'), { recursive: true });
    cpSync(join(ROOT, 'dist'), join(folder, 'dist'), { recursive: true });
    const rc = (...args: string[]) => run(process.execPath, [join(folder, 'bin', 'rc'), '--home', home, ...args]);
    await rc('init', 'home');
    rmSync(join(folder, 'dist', 'rest.cjs'));
    rmSync(join(folder, 'dist', 'help.cjs'));
    expect(
      (await rc('-c', 'Get-ReceiveConnector | Sort-Object Name | % { "{0}" -f ($_.MaxHopCount + 1) }')).stderr,
    ).toBe('');
    expect(await rc('-c', 'Get-AcceptedDomain')).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('rest.cjs'),
    });
    rmSync(join(folder, 'dist', 'script.cjs'));
    const pipelines = [
      'Get-ReceiveConnector default* | Set-ReceiveConnector -MaxInboundConnectionPerSource 99',
      'Get-ReceiveConnector | Where-Object Enabled | Set-ReceiveConnector -MaxInboundConnectionPerSource 98',
      'Get-ReceiveConnector | ? { $_.Enabled -and $_.MaxHopCount -lt 1 } | Set-ReceiveConnector -MaxHopCount 30',
    ];
    for (const line of pipelines) expect(await rc('-c', line), line).toMatchObject({ code: 0, stdout: '', stderr: '' });
    expect(await rc('-c', 'Write-Output 1')).toMatchObject({ code: 1, stderr: expect.stringContaining('script.cjs') });
    rmSync(join(folder, 'dist', 'language.cjs'));
    const more = [
      ['get', '--select', 'Name'],
      ['get', '-o', 'list'],
      ['set', 'Default*', '--max-hop-count', '20', '--what-if'],
    ];
    for (const line of more) {
      const ran = await rc(...line);
      expect(ran.code, ran.stderr).toBe(0);
    }
    rmSync(join(folder, 'dist', 'more.cjs'));
    expect(await rc('set', 'Default*', '--max-inbound-per-source', '97')).toMatchObject({ code: 0, stderr: '' });
    expect((await rc('get', '--output', 'table')).stdout).toContain('Default ');
  });

  /** Reading code is most of what rc get costs besides Node itself: what grows it beyond this is looked at. */
  test('rc get and rc set read at most 200 KB of code', () => {
    expect(statSync(join(ROOT, 'dist', 'rc.cjs')).size).toBeLessThan(200_000);
  });

  test('a pipeline of rc -c reads at most 180 KB more, 370 KB in all', () => {
    const [first, language] = ['rc.cjs', 'language.cjs'].map((name) => statSync(join(ROOT, 'dist', name)).size);
    expect(language).toBeLessThan(180_000);
    expect(first! + language!).toBeLessThan(370_000);
  });
});

describe('the code caches', () => {
  let folder: string;
  const dist = () => join(folder, 'dist');
  const caches = () =>
    readdirSync(dist())
      .filter((name) => name.endsWith('.cache'))
      .sort();
  const own = (bundle: string) => `${bundle}-${process.version}-${process.arch}.cache`;
  const start = (args: readonly string[], options: Parameters<typeof run>[2] = {}) =>
    run(process.execPath, [join(folder, 'bin', 'rc'), ...args], { home: tempFolder(), ...options });

  /** `rc` as another Node finds it: built, with no cache that fits. */
  beforeEach(() => {
    folder = tempFolder();
    cpSync(join(ROOT, 'bin'), join(folder, 'bin'), { recursive: true });
    cpSync(join(ROOT, 'dist'), dist(), { recursive: true, filter: (file) => !file.endsWith('.cache') });
  });

  test('are made by the first run, which does what it was asked and nothing else', async () => {
    const home = tempFolder();
    const temporary = join(folder, 'tmp');
    mkdirSync(temporary);
    const env = { TMPDIR: temporary, NODE_OPTIONS: '' };
    const first = await start(['get', '--select', 'Name'], { home, env });
    expect(first).toMatchObject({ code: 0, stderr: '' });
    expect(caches()).toEqual(BUNDLES.map(own).sort());
    expect(readdirSync(temporary)).toEqual([]);
    const made = statSync(join(dist(), own('rc'))).mtimeMs;
    expect(await start(['get', '--select', 'Name'], { home, env })).toEqual(first);
    expect(statSync(join(dist(), own('rc'))).mtimeMs).toBe(made);
  });

  test('are taken by V8 afterwards', async () => {
    await start(['version'], { env: { NODE_OPTIONS: '' } });
    for (const bundle of BUNDLES) {
      const look = `
        const fs = require('node:fs'), [, file, cache] = process.argv;
        const script = new (require('node:vm').Script)(fs.readFileSync(file, 'latin1'),
          { filename: file, cachedData: fs.readFileSync(cache) });
        console.log(script.cachedDataRejected);`;
      const files = [join(dist(), `${bundle}.cjs`), join(dist(), own(bundle))];
      const looked = await run(process.execPath, ['-e', look, ...files], { env: { NODE_OPTIONS: '' } });
      expect(looked).toMatchObject({ stdout: 'false\n', stderr: '' });
    }
  });

  test('are made without touching what is piped in', async () => {
    const loop = `while read -r line; do "${process.execPath}" "${join(folder, 'bin', 'rc')}" get Default* --select Name >&2; echo "$line"; done`;
    const env = { NODE_OPTIONS: '' };
    const looped = await run('bash', ['-c', loop], { home: tempFolder(), input: 'one\ntwo\nthree\n', env });
    expect(looped.stdout).toBe('one\ntwo\nthree\n');
    expect(caches()).toHaveLength(BUNDLES.length);
  });

  test('are not made with flags of V8, which are part of them', async () => {
    const ran = await start(['get'], { env: { NODE_OPTIONS: '--max-old-space-size=512' } });
    expect(ran).toMatchObject({ code: 0, stderr: '' });
    expect(caches()).toEqual([]);
  });

  test('can be missing: where they cannot be written, rc works all the same', async () => {
    mkdirSync(join(dist(), own('rc')));
    const ran = await start(['get', '--select', 'Name'], { env: { NODE_OPTIONS: '' } });
    expect(ran).toMatchObject({ code: 0, stderr: '' });
    expect(ran.stdout).toContain('"Default ');
    expect(readdirSync(dist()).filter((name) => /\.\d+$/.test(name))).toEqual([]);
  });

  test('of many versions of Node do not pile up', async () => {
    for (let version = 1; version <= 6; version++) {
      for (const bundle of BUNDLES) {
        const file = join(dist(), `${bundle}-v${version}.0.0-x64.cache`);
        writeFileSync(file, '');
        utimesSync(file, version, version);
      }
    }
    await start(['version'], { env: { NODE_OPTIONS: '' } });
    const kept = (bundle: string) => [
      own(bundle),
      ...[4, 5, 6].map((version) => `${bundle}-v${version}.0.0-x64.cache`),
    ];
    expect(caches()).toEqual(BUNDLES.flatMap(kept).sort());
  });

  test('do not help a build that is missing: rc says how to make it', async () => {
    rmSync(join(dist(), 'rc.cjs'));
    const ran = await start(['get']);
    expect(ran.code).toBe(1);
    expect(ran.stderr).toMatch(/^rc: not built yet \(.*rc\.cjs is missing\)\. Build it once: npm run build\n$/);
    expect(existsSync(join(dist(), own('rc')))).toBe(false);
  });
});

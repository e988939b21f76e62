/** `npm pack`, and what `npm install -g` makes of it: the command, its man pages, and nothing that only developers need. */
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { npm } from '../support/npm.ts';
import { ROOT, run } from '../support/rc.ts';
import { tempFolder } from '../support/temp-home.ts';

let prefix: string;
let files: string[];
beforeAll(async () => {
  const folder = tempFolder('pack');
  const packed = await npm(['pack', '--json', '--ignore-scripts', '--pack-destination', folder, ROOT], folder);
  expect(packed.stderr).toBe('');
  const parsed = JSON.parse(packed.stdout);
  const [{ filename, files: list }] = Array.isArray(parsed) ? parsed : Object.values(parsed);
  files = list.map((file: { path: string }) => file.path);
  prefix = join(folder, 'global');
  const installed = await npm(
    ['install', '--global', '--prefix', prefix, '--prefer-offline', join(folder, filename)],
    folder,
  );
  expect(installed.code, installed.stderr).toBe(0);
}, 240_000);

test('it has what runs, man pages and documentation, and no sources, tests or pictures', () => {
  expect(files).toEqual(
    expect.arrayContaining(['bin/rc', 'dist/rc.cjs', 'dist/listener.cjs', 'man/rc-set.1', 'docs/settings.md']),
  );
  const unwanted = files.filter((file) =>
    /^(?:src|test)\/|\.(?:ts|map|png|cache|deb|tgz)$/.test(file.replace(/\.d\.ts$/, '')),
  );
  expect(unwanted).toEqual([]);
});

describe('installed for all', () => {
  const installed = () => join(prefix, 'lib/node_modules/receive-connector');

  test('rc runs, with a store of its own', async () => {
    const home = tempFolder();
    const told = await run(join(prefix, 'bin/rc'), ['get', '--select', 'Name', '--output', 'csv'], { home });
    expect([told.code, told.stderr]).toEqual([0, '']);
    expect(told.stdout).toMatch(/^"?Name"?\r?\n.*Default/);
  });

  test('man finds rc and its commands', () => {
    const pages = readdirSync(join(prefix, 'share/man/man1'));
    expect(pages.sort()).toEqual(readdirSync(join(ROOT, 'man')).sort());
    expect(pages).toEqual(expect.arrayContaining(['rc.1', 'rc-set.1', 'rc-why.1']));
  });

  test('no package that only developers need came with it', () => {
    const came = ['vitest', 'typescript', 'esbuild', '@biomejs/biome', 'fast-check', 'playwright-core'];
    expect(came.filter((name) => existsSync(join(installed(), 'node_modules', name)))).toEqual([]);
  });
});

/**
 * The doors of CONTRIBUTING.md, walked to the letter in a copy of the sources: what a new setting, cmdlet and reply touch by hand,
 * and that all the rest follows by itself.
 */
import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'esbuild';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { SETTING_NAMES } from '../src/domain/settings.ts';
import { REPLIES } from '../src/listener/session/replies.ts';
import { has } from './support/tools.ts';

const ROOT = join(import.meta.dirname, '..');
const GUIDE = readFileSync(join(ROOT, 'CONTRIBUTING.md'), 'utf8');
let copy: string;

const path = (file: string) => join(copy, file);
const text = (file: string) => readFileSync(path(file), 'utf8');

/** What a door says to write: into which file, before which line of it (a new file without one). */
interface Step {
  readonly file: string;
  readonly before: string | undefined;
  readonly lines: string;
}

function stepsOf(door: string): Step[] {
  const section = GUIDE.split(/\n## (?=Add )/).find((part) => part.startsWith(`${door}\n`))!;
  const step = /(?:In|new file) `([^`]+)`(?:, before `([^`]+)`)?:\n\n```\w*\n([\s\S]*?)```/g;
  return [...section.matchAll(step)].map(([, file, before, lines]) => ({ file: file!, before, lines: lines! }));
}

function take({ file, before, lines }: Step): void {
  if (before === undefined) {
    writeFileSync(path(file), lines);
    return;
  }
  const all = text(file).split('\n');
  const at = all.flatMap((line, index) => (line.includes(before) ? [index] : []));
  expect(at, `${before} is in one line of ${file}`).toHaveLength(1);
  writeFileSync(path(file), [...all.slice(0, at[0]), lines.trimEnd(), ...all.slice(at[0])].join('\n'));
}

function replace(file: string, old: string, next: string): void {
  expect(text(file)).toContain(old);
  writeFileSync(path(file), text(file).replace(old, next));
}

function run(command: string, args: readonly string[], env: Record<string, string> = {}) {
  const { status, stdout, stderr } = spawnSync(command, args, {
    cwd: copy,
    encoding: 'utf8',
    env: { ...process.env, RC_HOME: path('home'), ...env },
  });
  expect(status, `${args.join(' ')}: ${stdout}${stderr}`).toBe(0);
  return stdout;
}

const rc = (...args: string[]) => run('node', [path('bin/rc'), ...args]);

const completions = (...words: string[]) => rc('__complete', 'zsh', ...words).split('\n');

/** What a source file of the copy exports. */
async function exportsOf(file: string): Promise<Record<string, unknown>> {
  const outfile = path(`looked-at-${file.replaceAll('/', '-')}.mjs`);
  await build({ entryPoints: [path(file)], outfile, bundle: true, format: 'esm', platform: 'node', logLevel: 'error' });
  return import(outfile);
}

/** The tests that speak of settings, cmdlets and replies as a whole, and those of the new ones, in the copy. Each run builds, so few. */
function tests(files: readonly string[], named?: string): void {
  const said = run('node', [
    ...[path('node_modules/vitest/vitest.mjs'), 'run', '--config', 'test/vitest.config.ts', ...files],
    ...(named ? ['-t', named] : []),
  ]);
  // A name that nothing has is no failure for vitest: each of the files has some.
  expect(said).toMatch(new RegExp(`Test Files .*\\b${files.length} passed`));
}

/** As whoever contributes does, who is asked for nothing; a build that looks at its terminal would be another one than CI's. */
function buildAtTerminal(): void {
  const build = ['node', path('bin/setup.mjs'), '--force'];
  if (!has('python3')) run(build[0]!, build.slice(1));
  else
    run('python3', [
      '-c',
      'import os, pty, sys; sys.exit(os.waitstatus_to_exitcode(pty.spawn(sys.argv[1:])))',
      ...build,
    ]);
}

beforeAll(() => {
  copy = mkdtempSync(join(tmpdir(), 'rc-contributing-'));
  const left = new Set(['.git', 'node_modules', 'dist']);
  for (const part of readdirSync(ROOT)) if (!left.has(part)) cpSync(join(ROOT, part), path(part), { recursive: true });
  symlinkSync(join(ROOT, 'node_modules'), path('node_modules'));
  for (const door of ['Add a setting', 'Add a cmdlet']) for (const step of stepsOf(door)) take(step);
  run('npx', ['tsc', '--noEmit']);
  buildAtTerminal();
}, 600_000);

afterAll(() => rmSync(copy, { recursive: true, force: true }));

describe('a setting', () => {
  test('is a flag, in help and completion, and a connector has it', () => {
    rc('set', 'Default*', '--reject-subaddresses', 'true');
    expect(rc('get', 'Default*', '--select', 'RejectSubaddresses', '--output', 'csv')).toMatch(/^"?true"?$/im);
    expect(rc('help', 'set')).toContain('--reject-subaddresses');
    expect(rc('help', 'RejectSubaddresses')).toContain('rc; Exchange does not have it');
    expect(rc('help', 'settings')).toMatch(/Limits on messages:(?:\n.+)*\n {2}RejectSubaddresses +false\n/);
    expect(completions('rc', 'set', 'x', '--reject-sub').join('\n')).toContain('--reject-subaddresses');
    expect(rc('-c', 'Get-ReceiveConnector | Where-Object RejectSubaddresses | ForEach-Object Name')).toContain(
      'Default',
    );
    expect(rc('validate', path('home/store.json'))).not.toContain('RejectSubaddresses');
  });

  test('is obeyed, and passes what is asked of every setting, with its four things', () => {
    expect(stepsOf('Add a setting').map((step) => step.file)).toEqual([
      'src/domain/settings.ts',
      'src/listener/session/rcpt.ts',
      'test/dialogues/rcpt-subaddress.txt',
      'docs/compatibility.md',
    ]);
    tests(['test/domain/settings.test.ts', 'test/session/compatibility.test.ts', 'test/session/kept.test.ts']);
  }, 600_000);

  test('is on the page', async () => {
    const { topicsOf } = (await exportsOf('src/listener/web/fields.ts')) as {
      topicsOf: (connector: object, site: object) => { heading: string; fields: { name: string; default: string }[] }[];
    };
    const { SETTINGS } = (await exportsOf('src/domain/settings.ts')) as {
      SETTINGS: Record<string, { default: unknown }>;
    };
    const site = { server: 'EX', fqdn: 'ex.contoso.com' };
    const values = Object.entries(SETTINGS).map(([name, { default: value }]) => [
      name,
      typeof value === 'function' ? value(site) : value,
    ]);
    const topic = topicsOf(Object.fromEntries(values), site).find((t) => t.heading === 'Limits on messages')!;
    expect(topic.fields).toContainEqual(expect.objectContaining({ name: 'RejectSubaddresses', default: 'false' }));
  });

  test('is in what is generated, and "npm run docs" makes all of it', () => {
    rc('__docs', '.');
    for (const page of [
      'docs/settings.md',
      'docs/store.schema.json',
      'man/rc-set.1',
      'man/rc-new.1',
      'man/rc-copy.1',
      'src/library/connector-settings.ts',
    ])
      expect(text(page).replaceAll('\\-', '-'), page).toMatch(/RejectSubaddresses|--reject-subaddresses/);
  });

  test('stands by hand where it is obeyed and told, in no list of all settings', () => {
    const told = ['src/domain/settings.ts', 'docs/compatibility.md', 'test/domain/settings.test.ts'];
    const made = ['docs/settings.md', 'docs/store.schema.json', 'src/library/connector-settings.ts'];
    const exchanges = 'test/cmdlets/exchange-parameters.txt';
    const lists = ['src', 'test', 'docs', 'bin'].flatMap((folder) =>
      readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
        .filter((file) => /\.(?:ts|js|mjs|md|json|html|txt)$/.test(file))
        .map((file) => `${folder}/${file}`)
        .filter((file) => {
          const words = new Set(readFileSync(join(ROOT, file), 'utf8').match(/\b[A-Z]\w+/g));
          return SETTING_NAMES.filter((name) => words.has(name)).length > SETTING_NAMES.length * 0.6;
        }),
    );
    // test/domain/settings.test.ts and the parameters are what Exchange documents of its own settings; a new one is ours.
    expect(lists.toSorted()).toEqual([...told, ...made, exchanges].toSorted());
  });
});

describe('a cmdlet', () => {
  test('is a command, in help, completion, the language and what is generated', () => {
    expect(rc('-c', 'Get-StoreSize -Users | ForEach-Object Users').trim()).toBe('0');
    expect(rc('help')).toContain('get-store-size');
    expect(rc('help', 'get-store-size')).toContain('Counts the users too.');
    expect(completions('rc', 'get-st').join('\n')).toContain('get-store-size');
    expect(completions('rc', 'get-store-size', '--us').join('\n')).toContain('--users');
    rc('__docs', '.');
    expect(text('docs/commands.md')).toContain('Get-StoreSize');
    expect(text('man/rc-get-store-size.1')).toContain('Counts the users too.');
    expect(text('package.json')).toContain('man/rc-get-store-size.1');
  });

  test('passes its own test, and what is asked of every cmdlet; and so does the setting its own', () => {
    expect(stepsOf('Add a cmdlet').map((step) => step.file)).toEqual([
      'src/cmdlets/transport/get-store-size.ts',
      'src/cmdlets/table.ts',
      'src/cmdlets/table.ts',
      'test/cli/transcripts/get-store-size.txt',
    ]);
    const about = ['cli/transcripts', 'architecture', 'help/examples', 'session/dialogues'];
    tests(
      about.map((file) => `test/${file}.test.ts`),
      'get-store-size|Get-StoreSize|imports point downwards|exported is imported|rcpt-subaddress',
    );
  }, 600_000);
});

describe('a reply', () => {
  test('is a row, said somewhere, shown in a dialogue, and told in compatibility', () => {
    for (const step of stepsOf('Add a reply')) take(step);
    replace('src/listener/session/rcpt.ts', 'bySetting(REPLIES.invalidRecipient', 'bySetting(REPLIES.noSubaddress');
    replace(
      'test/dialogues/rcpt-subaddress.txt',
      'S: 501 5.1.3 Invalid address',
      'S: 550 5.1.1 Subaddresses are not taken',
    );
    const about = ['dialogues', 'replies', 'compatibility'].map((name) => `test/session/${name}.test.ts`);
    tests(about, '^(?!dialogues )|rcpt-subaddress'); // of the dialogues the one
  }, 600_000);

  test('stands in no other list of replies but docs/compatibility.md', () => {
    const names = Object.keys(REPLIES);
    const lists = readdirSync(join(ROOT, 'src'), { recursive: true, encoding: 'utf8' })
      .filter((file) => file.endsWith('.ts'))
      .filter((file) => {
        const code = readFileSync(join(ROOT, 'src', file), 'utf8');
        return names.filter((name) => new RegExp(`\\b${name}:`).test(code)).length > names.length * 0.3;
      });
    expect(lists).toEqual(['listener/session/replies.ts']);
  });
});

test('docs/architecture.md names rooms and files that are there, and every room', () => {
  const page = readFileSync(join(ROOT, 'docs/architecture.md'), 'utf8');
  const files = readdirSync(join(ROOT, 'src'), { recursive: true, encoding: 'utf8' }).map((file) => `src/${file}`);
  const named = [...page.matchAll(/`((?:src\/)?[\w/-]+\.ts)`/g)].map((m) => m[1]!);
  expect(named.length).toBeGreaterThan(40);
  expect(named.filter((name) => !files.some((file) => file === name || file.endsWith(`/${name}`)))).toEqual([]);
  const rooms = new Set([...page.matchAll(/\bsrc\/[a-z]+/g)].map((m) => m[0]));
  expect([...rooms].toSorted()).toEqual(files.filter((file) => /^src\/[a-z]+$/.test(file)).toSorted());
});

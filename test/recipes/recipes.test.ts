/** The recipes of docs/recipes, each copied into a folder of somebody else's and run there as it stands. */
import { copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { freePort } from '../support/free-port.ts';
import { npm } from '../support/npm.ts';
import { bash, environment, ROOT, run } from '../support/rc.ts';
import { tempFolder } from '../support/temp-home.ts';
import { has } from '../support/tools.ts';

const RECIPES = join(ROOT, 'docs/recipes');
const PATIENCE = { timeout: 180_000 };

/** A project of a user's: the recipe, and the packages it asks for. */
function project(...recipes: string[]): string {
  const folder = tempFolder('recipe');
  mkdirSync(join(folder, 'node_modules'));
  symlinkSync(ROOT, join(folder, 'node_modules/receive-connector'));
  for (const name of ['nodemailer', 'vitest'])
    symlinkSync(join(ROOT, 'node_modules', name), join(folder, 'node_modules', name));
  for (const recipe of recipes) copyFileSync(join(RECIPES, recipe), join(folder, recipe));
  return folder;
}

const withRc = () => ({ PATH: `${resolve(ROOT, 'bin')}:${process.env.PATH}` });

test('vitest', PATIENCE, async () => {
  const cwd = project('mail.vitest.mjs');
  const vitest = join(ROOT, 'node_modules/vitest/vitest.mjs');
  writeFileSync(join(cwd, 'vitest.config.mjs'), "export default { test: { include: ['*.vitest.mjs'] } };\n");
  const { stdout, stderr } = await run(process.execPath, [vitest, 'run'], { cwd, env: { NO_COLOR: '1' } });
  expect(stdout + stderr).toMatch(/Tests {2}2 passed/);
});

test('node --test', PATIENCE, async () => {
  const cwd = project('mail.node-test.mjs');
  const { code, stdout, stderr } = await run(process.execPath, ['--test', 'mail.node-test.mjs'], { cwd });
  expect({ code, stderr, stdout: /# pass 1\b|pass 1\b/.test(stdout) }).toEqual({ code: 0, stderr: '', stdout: true });
});

test('node --test over HTTP, as with Testcontainers', PATIENCE, async () => {
  const cwd = project('api.node-test.mjs');
  const { code, stdout } = await run(process.execPath, ['--test', 'api.node-test.mjs'], { cwd, env: withRc() });
  expect({ code, passed: /pass 1\b/.test(stdout) }, stdout).toEqual({ code: 0, passed: true });
});

test.runIf(has('php'))('PHP', PATIENCE, async () => {
  const cwd = project('mail.php');
  const { code, stdout, stderr } = await run('php', ['mail.php'], { cwd, env: withRc() });
  expect({ code, stdout }, stderr).toEqual({ code: 0, stdout: '2 sent, 1 taken: Invoice 1\n' });
});

test.runIf(has('python3'))('Python with smtplib', PATIENCE, async () => {
  const cwd = project('test_mail.py');
  const { code, stderr } = await run('python3', ['-m', 'unittest', 'test_mail'], { cwd, env: withRc() });
  expect(stderr).toMatch(/Ran 2 tests[\s\S]*OK/);
  expect(code).toBe(0);
});

describe.runIf(has('jq'))('bash', () => {
  test('start, send, wait, look, stop', PATIENCE, async () => {
    const { code, stdout } = await bash(`bash ${join(RECIPES, 'mail.sh')}`, {});
    expect(code).toBe(0);
    expect(stdout).toMatch(/^Thank you\.\n/);
    expect(stdout).toContain('421 4.3.2 The maximum number of concurrent connections has exceeded a limit');
  });

  test('a client of a few lines', PATIENCE, async () => {
    const port = await freePort();
    const { code, stdout } = await bash(
      `ready=$(rc serve --temporary --port ${port} --detach --json) && bash ${join(RECIPES, 'raw.sh')} 127.0.0.1 ${port}; rc --home "$(jq -r .home <<<"$ready")" stop >&2`,
      {},
    );
    expect(code).toBe(0);
    expect(stdout.match(/^S: 250 2\.6\.0 /gm)).toHaveLength(1);
    expect(stdout).toMatch(/\nS: 221 2\.0\.0 /);
  });
});

test('jest', { timeout: 300_000 }, async ({ skip }) => {
  const cwd = project('mail.jest.cjs');
  // .ci/run brings it once and keeps it.
  const place = process.env.RC_JEST || join(cwd, 'jest');
  if (!existsSync(place)) {
    const installed = await npm(['install', '--no-save', '--prefer-offline', '--prefix', place, 'jest@30'], cwd);
    if (installed.code !== 0 && !process.env.CI) {
      console.warn('jest: not tried, because it could not be installed');
      skip();
    }
  }
  const jest = join(place, 'node_modules/jest/bin/jest.js');
  const ran = await run(
    process.execPath,
    [
      jest,
      '--config',
      '{}',
      '--rootDir',
      cwd,
      '--testRegex',
      'mail\\.jest\\.cjs$',
      '--modulePathIgnorePatterns',
      'jest/node_modules',
    ],
    { cwd },
  );
  expect(ran.stderr).toMatch(/Tests:\s+1 passed/);
});

test('the pipeline is YAML whose commands of rc exist', async () => {
  const text = readFileSync(join(RECIPES, 'pipeline.yaml'), 'utf8');
  const { jobs } = parse(text);
  const commands = jobs.test.steps.flatMap(({ run: lines = '' }) =>
    [...lines.matchAll(/\brc ([a-z-]+)/g)].map((m) => m[1]),
  );
  expect(commands.length).toBeGreaterThan(3);
  for (const command of new Set<string>(commands)) expect((await bash(`rc help ${command}`, {})).code, command).toBe(0);
});

test(
  'a container’s start: the default connectors on every address, and a store that is there as it is',
  PATIENCE,
  async () => {
    const container = join(ROOT, 'docs/container');
    const file = readFileSync(join(container, 'Containerfile'), 'utf8');
    for (const [, from] of file.matchAll(/^COPY (docs\S+)/gm)) expect(existsSync(join(ROOT, from!))).toBe(true);
    const compose = parse(readFileSync(join(container, 'compose.yaml'), 'utf8'));
    expect(compose.services.smtp.build.dockerfile).toBe('docs/container/Containerfile');

    const home = tempFolder('container');
    const [port, client] = [await freePort(), await freePort()];
    const start = `sh ${join(container, 'start.sh')} --json`;
    const env = { RC_PORT: String(port), RC_CLIENT_PORT: String(client) };
    const script = `${start} > ready & pid=$!; until [ -s ready ]; do sleep 0.1; done; rc get-listener -o json >/dev/null; echo health $?
    rc get --select Bindings -o ndjson; kill $pid; wait $pid; echo ended $?`;
    const first = await bash(script, { home, env, cwd: home });
    expect(first.stdout).toMatch(/health 0\n[\s\S]*ended 0\n$/);
    expect(first.stdout).toContain(`0.0.0.0:${port}`);
    const settings = await bash(`rc set 'Default*' --banner '220 mine'\n${script}; rc get 'Default*' --select Banner`, {
      home,
      env,
      cwd: home,
    });
    expect(settings.stdout).toContain('220 mine');
  },
);

test('each recipe has its test here', () => {
  const own = readFileSync(import.meta.filename, 'utf8');
  for (const file of readdirSync(RECIPES)) expect(own, file).toContain(`'${file}'`);
  expect(environment({}).PATH).toBeDefined();
});

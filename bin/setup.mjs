// Makes a checkout ready: dependencies, the two bundles, and the code cache that makes `rc` start fast.
// Does only what is missing or older than its source. `--force` builds in any case.
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import { createRequire } from 'node:module';
import os from 'node:os';
import path from 'node:path';
import vm from 'node:vm';

const root = path.resolve(import.meta.dirname ?? path.dirname(new URL(import.meta.url).pathname), '..');
const at = (...parts) => path.join(root, ...parts);
const say = (text) => process.stderr.write(`setup: ${text}\n`);

const [major, minor] = process.versions.node.split('.').map(Number);
if (major < 20 || (major === 20 && minor < 19)) {
  say(`Node ${process.versions.node} is too old; rc needs 20.19 or newer.`);
  process.exit(1);
}

const age = (file) => fs.statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? 0;

function install() {
  // A linked node_modules is another checkout's (git worktree): npm ci would take it away from under that one.
  if (fs.lstatSync(at('node_modules'), { throwIfNoEntry: false })?.isSymbolicLink()) return;
  const done = age(at('node_modules', '.package-lock.json'));
  if (done && done >= age(at('package-lock.json')) && fs.existsSync(at('node_modules', 'esbuild'))) return;
  say('installing dependencies (npm ci) …');
  const npm = spawnSync('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error'], {
    cwd: root,
    stdio: ['ignore', 2, 2],
  });
  if (npm.status !== 0) {
    say('npm ci failed; see above. Check the network and the npm registry, then try again.');
    process.exit(1);
  }
  const now = new Date();
  fs.utimesSync(at('node_modules', '.package-lock.json'), now, now);
}

function newest(folder) {
  let latest = 0;
  for (const entry of fs.readdirSync(folder, { withFileTypes: true, recursive: true })) {
    if (entry.isFile()) latest = Math.max(latest, age(path.join(entry.parentPath ?? entry.path, entry.name)));
  }
  return latest;
}

const cacheFile = at('dist', `rc-${process.version}-${process.arch}.cache`);

/** Packages that few commands need stand beside the bundle, so that `rc get` does not read them: name, what is exported. */
const apart = {
  yaml: "module.exports = require('yaml')",
  commander: "module.exports = require('commander')",
  chalk: "module.exports = require('chalk')",
  'cli-table3': "module.exports = require('cli-table3')",
  'string-width': "module.exports = require('string-width').default",
};
const leaveApart = {
  name: 'apart',
  setup(build) {
    const filter = new RegExp(`^(?:${Object.keys(apart).join('|')})$`);
    build.onResolve({ filter }, ({ path: name }) => ({ path: `./${name}.cjs`, external: true }));
  },
};
const bundles = ['rc.cjs', 'listener.cjs', ...Object.keys(apart).map((name) => `${name}.cjs`)];

function isCurrent() {
  const sources = Math.max(
    newest(at('src')),
    age(at('package.json')),
    age(at('bin', 'setup.mjs')),
    age(at('node_modules', '.package-lock.json')),
  );
  return [...bundles.map((name) => at('dist', name)), cacheFile].every((file) => age(file) > sources);
}

async function build() {
  if (!process.argv.includes('--force') && isCurrent()) return;
  say('building …');
  const esbuild = createRequire(at('package.json'))('esbuild');
  const { version } = JSON.parse(fs.readFileSync(at('package.json'), 'utf8'));
  fs.mkdirSync(at('dist'), { recursive: true });
  const bundle = async (name, options) => {
    const result = await esbuild.build({
      absWorkingDir: root,
      bundle: true,
      platform: 'node',
      target: 'node20.19',
      format: 'cjs',
      supported: { 'dynamic-import': false }, // require() instead: the bundle runs in a vm.Script, which has no import()
      minify: true,
      legalComments: 'none',
      define: { 'process.env.RC_VERSION': JSON.stringify(version) },
      write: false,
      logLevel: 'warning',
      logOverride: { 'empty-import-meta': 'silent' },
      ...options,
    });
    put(at('dist', name), ascii(result.outputFiles[0].text));
  };
  for (const [name, exports] of Object.entries(apart)) {
    await bundle(`${name}.cjs`, { stdin: { contents: exports, resolveDir: root } });
  }
  await bundle('rc.cjs', { entryPoints: ['src/cli/entry.ts'], plugins: [leaveApart] });
  await bundle('listener.cjs', { entryPoints: ['src/listener/main.ts'] });
  await cache();
}

/** esbuild escapes what is not ASCII in strings, not in regular expressions. A bundle of one byte a character loads faster. */
function ascii(text) {
  return text.replace(/[^\x00-\x7f]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

function put(file, contents) {
  const temporary = `${file}.${process.pid}`;
  fs.writeFileSync(temporary, contents);
  fs.renameSync(temporary, file);
}

/** Runs the everyday commands once in this process, so that the cache holds the functions they use, compiled. */
async function cache() {
  const file = at('dist', 'rc.cjs');
  const source = fs.readFileSync(file, 'latin1');
  const script = new vm.Script(`(function (exports, require, module, __filename, __dirname) {${source}\n})`, {
    filename: file,
  });
  const bundle = { exports: {} };
  script.runInThisContext()(bundle.exports, createRequire(file), bundle, file, at('dist'));
  const home = fs.mkdtempSync(path.join(os.tmpdir(), 'rc-setup-'));
  const env = { ...process.env, RC_OUTPUT: undefined };
  try {
    for (const argv of [
      ['get'],
      ['get', 'default*', '--select', 'Name,MaxInbound*'],
      ['set', 'default*', '--max-inbound-per-source', '100'],
      ['get', '--output', 'table'],
      ['-c', 'Get-ReceiveConnector default* | Set-ReceiveConnector -MaxInboundConnectionPerSource 100'],
    ]) {
      await bundle.exports.main(['--home', home, ...argv], { env, silent: true });
    }
  } finally {
    fs.rmSync(home, { recursive: true, force: true });
  }
  for (const old of fs.readdirSync(at('dist'))) if (old.endsWith('.cache')) fs.rmSync(at('dist', old));
  put(cacheFile, script.createCachedData());
}

install();
await build();

// Makes a checkout ready: dependencies, the bundles, and the code caches that make `rc` start fast.
// Does only what is missing or older than its source. `--force` builds in any case.
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import path from 'node:path';
import { BUNDLES, bundles } from './bundle.mjs';
import everyday from './everyday.js';

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

const caches = everyday.NAMES.map((name) => at('dist', `${name}-${process.version}-${process.arch}.cache`));

function isCurrent() {
  const sources = Math.max(
    newest(at('src')),
    age(at('package.json')),
    newest(at('bin')),
    age(at('node_modules', '.package-lock.json')),
  );
  return [...BUNDLES.map((name) => at('dist', name)), ...caches].every((file) => age(file) > sources);
}

/**
 * In a process whose streams are pipes: the build runs rc to see what it uses (homes.mjs), which must not depend on where somebody builds,
 * at a terminal or in a script.
 */
async function buildApart() {
  if (!process.argv.includes('--force') && isCurrent()) return;
  say('building …');
  const builder = spawn(process.execPath, [at('bin', 'setup.mjs'), 'build'], { stdio: ['ignore', 'pipe', 'pipe'] });
  builder.stdout.pipe(process.stderr);
  builder.stderr.pipe(process.stderr);
  const [status] = await once(builder, 'close');
  if (status !== 0) {
    say('the build failed; see above.');
    process.exit(1);
  }
}

async function build() {
  fs.mkdirSync(at('dist'), { recursive: true });
  const built = [];
  for await (const bundle of bundles(root)) built.push(bundle);
  // V8 knows a cache that is not of its source by the source's length only, so the old caches go first.
  for (const old of fs.readdirSync(at('dist'))) if (old.endsWith('.cache')) fs.rmSync(at('dist', old));
  for (const { name, text } of built) put(at('dist', name), text);
  const env = { ...process.env, NODE_OPTIONS: '' };
  // The first run makes the code caches.
  const first = spawnSync(process.execPath, [at('bin', 'rc'), 'version'], { env, stdio: ['ignore', 'ignore', 2] });
  if (first.status !== 0) {
    say('what was built does not run; see above.');
    process.exit(1);
  }
}

function put(file, contents) {
  const temporary = `${file}.${process.pid}`;
  fs.writeFileSync(temporary, contents);
  fs.renameSync(temporary, file);
}

if (process.argv[2] === 'build') await build();
else {
  install();
  await buildApart();
}

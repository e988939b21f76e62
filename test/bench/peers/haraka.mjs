// Haraka with a plugin of ours: no DNS for the client's name, every recipient taken, messages thrown away; the rest as it
// comes. It is no dependency of ours: it is found in RC_BENCH_HARAKA or where `npm run bench -- --install-peers` put it.
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { end, start as startProcess } from '../processes.mjs';

const cache = path.join(process.env.XDG_CACHE_HOME || path.join(os.homedir(), '.cache'), 'rc-bench/haraka');
const place = () => process.env.RC_BENCH_HARAKA || cache;

export function find() {
  const manifest = path.join(place(), 'node_modules/Haraka/package.json');
  if (!fs.existsSync(manifest)) return { missing: 'not installed (npm run bench -- --install-peers)' };
  return { version: JSON.parse(fs.readFileSync(manifest, 'utf8')).version };
}

/** Puts it in the cache folder. */
export function install() {
  fs.mkdirSync(cache, { recursive: true });
  fs.writeFileSync(path.join(cache, 'package.json'), '{"private":true}\n');
  const { status } = spawnSync(
    'npm',
    ['install', 'Haraka', '--omit=optional', '--no-audit', '--no-fund', '--loglevel=error'],
    {
      cwd: cache,
      stdio: 'inherit',
    },
  );
  if (status !== 0) throw new Error('npm could not install Haraka');
}

export async function start(port) {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'rc-bench-haraka-'));
  process.on('exit', () => fs.rmSync(folder, { recursive: true, force: true }));
  const home = path.join(place(), 'node_modules/Haraka');
  fs.cpSync(path.join(home, 'config'), path.join(folder, 'config'), { recursive: true });
  for (const name of ['plugins', 'queue']) fs.mkdirSync(path.join(folder, name));
  const put = (name, text) => fs.writeFileSync(path.join(folder, name), `${text}\n`);
  put('config/smtp.ini', `listen=127.0.0.1:${port}`);
  put('config/plugins', 'takes_all');
  put('config/me', 'peer.test');
  put(
    'plugins/takes_all.js',
    `exports.hook_lookup_rdns = (next) => next(OK, 'localhost');
exports.hook_rcpt = (next) => next(OK);
exports.hook_queue = (next) => next(OK);`,
  );
  const child = startProcess(process.execPath, [path.join(home, 'bin/haraka'), '-c', folder], { cwd: folder });
  return { pid: child.pid, stop: () => end(child.pid) };
}

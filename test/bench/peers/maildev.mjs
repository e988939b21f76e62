// MailDev (npm), a test server with a page: found in RC_BENCH_MAILDEV, or where `npm install maildev` was run in the cache folder.
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { freePort } from '../bench.mjs';
import { end, start as startProcess } from '../processes.mjs';

const cache = path.join(process.env.XDG_CACHE_HOME || path.join(os.homedir(), '.cache'), 'rc-bench/maildev');
const place = () => process.env.RC_BENCH_MAILDEV || cache;

export function find() {
  const manifest = path.join(place(), 'node_modules/maildev/package.json');
  if (!fs.existsSync(manifest)) return { missing: `not installed (npm install --prefix ${cache} maildev)` };
  return { version: JSON.parse(fs.readFileSync(manifest, 'utf8')).version };
}

export async function start(port) {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'rc-bench-maildev-'));
  process.on('exit', () => fs.rmSync(folder, { recursive: true, force: true }));
  const bin = path.join(place(), 'node_modules/.bin/maildev');
  const web = await freePort();
  const addresses = ['--smtp', String(port), '--web', String(web), '--ip', '127.0.0.1', '--web-ip', '127.0.0.1'];
  const child = startProcess(process.execPath, [bin, '--silent', ...addresses, '--mail-directory', folder]);
  return { pid: child.pid, stop: () => end(child.pid) };
}

// smtp4dev (a .NET tool), a test server with a page: found in RC_BENCH_SMTP4DEV, or where `dotnet tool install` put it in the cache folder.
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { freePort } from '../bench.mjs';
import { end, start as startProcess } from '../processes.mjs';

const cache = path.join(process.env.XDG_CACHE_HOME || path.join(os.homedir(), '.cache'), 'rc-bench/smtp4dev');
const place = () => process.env.RC_BENCH_SMTP4DEV || cache;

export function find() {
  const versions = path.join(place(), '.store/rnwood.smtp4dev');
  if (!fs.existsSync(versions))
    return { missing: `not installed (dotnet tool install Rnwood.Smtp4dev --tool-path ${cache})` };
  return { version: fs.readdirSync(versions)[0] };
}

export async function start(port) {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'rc-bench-smtp4dev-'));
  process.on('exit', () => fs.rmSync(folder, { recursive: true, force: true }));
  const child = startProcess(path.join(place(), 'smtp4dev'), [
    `--smtpport=${port}`,
    `--urls=http://127.0.0.1:${await freePort()}`,
    '--imapport=',
    '--pop3port=',
    '--db=', // in memory
    `--baseappdatapath=${folder}`,
    '--nousersettings',
  ]);
  return { pid: child.pid, stop: () => end(child.pid) };
}

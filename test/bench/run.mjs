// npm run bench                     all of the comparison, beside the peers there are; writes docs/performance.md and its plots
// npm run bench -- NAME…            single benchmarks, printed only
// npm run bench -- --install-peers  puts Haraka into the cache folder first (RC_BENCH_HARAKA names another place that has it)
//
// Bounded to five minutes in all, loopback only; every process that is started is ended. Nothing here is a test: machines
// differ, ratios of one run less so.
import { spawn } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { install } from './peers/haraka.mjs';
import { versions } from './peers.mjs';
import { endThoseOf } from './processes.mjs';
import { writeReport } from './report.mjs';

const here = import.meta.dirname;
const root = path.resolve(here, '../..');
/** What the report has, in its order; what matters most comes first, should time run out. */
const REPORTED = ['start', 'apply', 'flood', 'messages', 'sizes', 'idle', 'growth', 'workers'];
const LIMIT_MS = 300_000;
/** Kept for ending what is left and for writing. */
const LAST_MS = 5000;

const flags = process.argv.slice(2);
const wanted = flags.filter((flag) => !flag.startsWith('--'));
const unknown = flags.filter((flag) => flag.startsWith('--') && flag !== '--install-peers');
const there = fs
  .readdirSync(here)
  .filter((file) => file.endsWith('.bench.mjs'))
  .map((file) => file.replace('.bench.mjs', ''));
const chosen = wanted.length
  ? there.filter((name) => wanted.some((word) => name.startsWith(word))).sort()
  : REPORTED.filter((name) => there.includes(name));
if (unknown.length || !chosen.length) {
  console.error(
    `There is no ${[...unknown, ...wanted].join(' ')}. Benchmarks: ${there.join(', ')}. Flag: --install-peers`,
  );
  process.exit(2);
}
if (flags.includes('--install-peers')) install();

const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'rc-bench-run-'));
process.on('exit', () => fs.rmSync(folder, { recursive: true, force: true }));
const pids = path.join(folder, 'pids');
const results = path.join(folder, 'results');
const begun = performance.now();
const told = [];
let running;
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => running?.kill('SIGTERM'));

/** Runs one; what it printed and what it kept. */
async function bench(name, limit) {
  fs.writeFileSync(results, '');
  const child = spawn(process.execPath, [path.join(here, `${name}.bench.mjs`)], {
    env: {
      ...process.env,
      BENCH_PIDS: pids,
      ...(wanted.length ? {} : { BENCH_RESULTS: results, BENCH_START_ROUNDS: '20' }),
    },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  running = child;
  let printed = '';
  child.stdout.setEncoding('utf8').on('data', (chunk) => {
    process.stdout.write(chunk);
    printed += chunk;
  });
  let late = false;
  const timer = setTimeout(() => {
    late = true;
    child.kill('SIGTERM');
    setTimeout(() => child.kill('SIGKILL'), 3000).unref();
  }, limit);
  const status = await new Promise((resolve) => child.once('close', resolve));
  clearTimeout(timer);
  endThoseOf(pids);
  fs.rmSync(pids, { force: true });
  const kept = fs
    .readFileSync(results, 'utf8')
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line));
  const failed = status === 0 ? undefined : late ? 'was stopped: the five minutes were over' : `failed (${status})`;
  return { name, printed, kept, failed };
}

for (const name of chosen) {
  const left = wanted.length ? LIMIT_MS : LIMIT_MS - LAST_MS - (performance.now() - begun);
  if (left < 5000) {
    told.push({ name, printed: '', kept: [], failed: 'was not run: the five minutes were over' });
    continue;
  }
  console.log(`\n== ${name}`);
  told.push(await bench(name, left));
}
const seconds = Math.round((performance.now() - begun) / 1000);
for (const { name, failed } of told) if (failed) console.error(`${name} ${failed}`);
if (!wanted.length) {
  const file = writeReport({ root, told, versions: versions(), seconds });
  console.log(`\n${seconds} s; written: ${path.relative(process.cwd(), file)}`);
}
process.exit(told.some(({ failed }) => failed) ? 1 : 0);

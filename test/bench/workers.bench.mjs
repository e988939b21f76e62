// More cores: sessions with one message of 1 KB, plain and behind STARTTLS, with one process and with two workers; the load takes
// its part of the cores. What N workers can carry is bounded by the first process, which counts for all of them: its CPU of a
// session is measured by itself, with processes in the workers' place that only tell it what workers tell.
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { freePort, listener, NO_LIMITS, root, wait } from './bench.mjs';
import { cpuSeconds, ownSeconds, start } from './processes.mjs';
import { inRounds, tellTable } from './results.mjs';

const SESSIONS = Number(process.env.BENCH_SESSIONS ?? 1500);
const ROUNDS = Number(process.env.BENCH_ROUNDS ?? 3);
const AT_ONCE = 20;
/** Sessions before measuring: each worker serves half of them, and a program that still compiles itself costs half as much again. */
const WARM = 4 * SESSIONS;
/** Sessions a second that two workers are said to serve. */
const TOLD = 2000;
const MEASURED_MS = 3000;
/** The program compiles itself until then: it costs twice as much a session in the first seconds. */
const WARM_MS = 10_000;

/** A folder that is gone when this ends. */
function scratch(name) {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), `rc-bench-${name}-`));
  process.on('exit', () => fs.rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** The load, in C where it can be compiled: written for Node it costs as much as the server does, on the same cores. */
function loadProgram() {
  const file = (name) => new URL(`./load/${name}`, import.meta.url).pathname;
  const made = path.join(scratch('load'), 'sessions');
  const built = spawnSync('cc', ['-O2', file('sessions.c'), '-o', made, '-lssl', '-lcrypto'], { stdio: 'ignore' });
  if (built.status === 0) return { what: 'written in C', command: [made] };
  return {
    what: 'written for Node (no cc, or no headers of OpenSSL)',
    command: [process.execPath, file('sessions.mjs')],
  };
}
const LOAD = loadProgram();

async function load({ port }, count, flags) {
  const [program, ...first] = LOAD.command;
  const args = [...first, String(port), String(count), String(AT_ONCE), ...flags];
  const child = start(program, args, { stdio: ['ignore', 'inherit', 'inherit'] });
  const code = await new Promise((resolve) => child.once('close', resolve));
  if (code !== 0) throw new Error(`the load ended with ${code}`);
}

/** Sessions a second, and CPU seconds of one, of all processes. */
async function once(server, flags) {
  const [all, begun] = [cpuSeconds(server.pid), performance.now()];
  await load(server, SESSIONS, flags);
  const seconds = (performance.now() - begun) / 1000;
  return { rate: SESSIONS / seconds, all: (cpuSeconds(server.pid) - all) / SESSIONS };
}

/** The program with processes in the workers' place that only tell. */
function toldProgram() {
  const folder = scratch('told');
  for (const name of ['bin', 'dist', 'package.json'])
    fs.cpSync(path.join(root, name), path.join(folder, name), { recursive: true });
  fs.copyFileSync(new URL('./load/told-by-workers.cjs', import.meta.url), path.join(folder, 'dist', 'worker.cjs'));
  return path.join(folder, 'bin', 'rc');
}

/** CPU of the first process a session, in microseconds; sessions are those it has counted. */
async function ofFirst(server) {
  const counted = async () => {
    const metrics = await (await fetch(`http://${server.metrics}/metrics`)).text();
    return Number(/^smtp_receive_connections_total\{.*\} (\d+)$/m.exec(metrics)[1]);
  };
  const [sessions, used] = [await counted(), ownSeconds(server.pid)];
  await wait(MEASURED_MS);
  return ((ownSeconds(server.pid) - used) / ((await counted()) - sessions)) * 1e6;
}

for (const [what, flags] of [
  ['Plain sessions', []],
  ['Sessions with STARTTLS', ['tls']],
]) {
  const servers = [
    { ...(await listener(NO_LIMITS, { flags: ['--workers', '2'] })), name: 'two workers' },
    { ...(await listener(NO_LIMITS)), name: 'one process' },
  ];
  for (const server of servers) await load(server, WARM, flags);
  const found = await inRounds(servers, ROUNDS, (server) => once(server, flags));
  for (const server of servers) await server.stop();
  tellTable({
    title: `${what} with one message of 1 KB, with workers`,
    text: `rc serve --workers 2 beside rc serve; ${AT_ONCE} sessions at once, every message synced into the Maildir before its 250. The load, ${LOAD.what}, runs on the same cores.`,
    unit: '/s',
    better: 'more',
    rows: found.map(([{ name }, values]) => ({
      who: name,
      values: values.map(({ rate }) => rate),
      cpu: values.map(({ all }) => all),
      ...(name === 'one process' && flags.length > 0 && { wanted: { ratio: 1 } }),
    })),
  });
}

const rows = [];
const program = toldProgram();
for (const [who, asked] of [
  ['a place is kept for the next session', ''],
  ['each from another source: asked for and given back', '1'],
]) {
  const metrics = `127.0.0.1:${await freePort()}`;
  const env = { BENCH_TOLD: String(TOLD / 2), BENCH_ASKED: asked };
  const server = await listener(NO_LIMITS, { flags: ['--workers', '2', '--metrics', metrics], program, env });
  await wait(WARM_MS);
  const values = [];
  for (let round = 0; round < ROUNDS; round++) values.push(await ofFirst({ ...server, metrics }));
  await server.stop();
  rows.push({ who, values, apart: true, wanted: { most: 50 } });
}
tellTable({
  title: 'CPU of the first process, which counts for two workers, a session',
  text: `All its threads, while two processes tell it of ${TOLD.toLocaleString('en-US')} sessions a second with a message each: places, counts, two lines of the tracking log. Sessions with STARTTLS are the same to it.`,
  unit: ' µs',
  better: 'less',
  rows,
});
process.exit(0);

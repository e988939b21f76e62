// What the benchmarks share: a listener on a temporary home, connections, percentiles, and commands timed in turn.
import { execFile, spawnSync } from 'node:child_process';
import fs from 'node:fs';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { end, start } from './processes.mjs';

export { residentKB } from './processes.mjs';

export const root = path.resolve(import.meta.dirname, '../..');
export const rc = path.join(root, 'bin/rc');
export const run = promisify(execFile);

export function percentile(values, p) {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor((sorted.length * p) / 100))];
}
export const median = (values) => percentile(values, 50);
export const ms = (n) => `${n.toFixed(1)} ms`;
export const wait = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));

/** Runs the commands in turn, `times` each, after one warm-up; the wall times of each in milliseconds. */
export function inTurn(commands, times, env = process.env) {
  const walls = commands.map(() => []);
  for (let round = -1; round < times; round++) {
    for (const [index, [file, ...args]] of commands.entries()) {
      const begun = performance.now();
      const { status, error, stderr } = spawnSync(file, args, {
        env,
        stdio: ['ignore', 'pipe', 'pipe'],
        maxBuffer: 1 << 28,
      });
      if (error || status !== 0) throw error ?? new Error(`${file} ${args.join(' ')} ended with ${status}: ${stderr}`);
      if (round >= 0) walls[index].push(performance.now() - begun);
    }
  }
  return walls;
}

/** A free port from below the range that the system gives to outgoing connections, which the loads use up. */
export async function freePort() {
  for (;;) {
    const port = 10_000 + Math.floor(Math.random() * 22_000);
    const server = net.createServer();
    const free = await new Promise((resolve) => {
      server.once('error', () => resolve(false)).listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
    });
    if (free) return port;
  }
}

/** First line from a fresh connection, and how long it took from connect() in milliseconds. @throws Error after ten seconds */
export function greeting(port, localAddress, host = '127.0.0.1') {
  return new Promise((resolve, reject) => {
    const begun = performance.now();
    const socket = net.connect({ host, port, localAddress });
    const limit = setTimeout(() => socket.destroy(new Error(`port ${port} does not greet`)), 10_000);
    let text = '';
    socket.setEncoding('latin1');
    socket.once('data', () => clearTimeout(limit)).once('close', () => clearTimeout(limit));
    socket.on('data', (chunk) => {
      text += chunk;
      if (text.includes('\n')) resolve({ socket, line: text.trim(), took: performance.now() - begun });
    });
    socket.on('error', reject);
    socket.on('close', () => resolve({ socket, line: text.trim(), took: performance.now() - begun }));
  });
}

export function temporaryHome() {
  const home = fs.mkdtempSync(path.join(os.tmpdir(), 'rc-bench-'));
  process.on('exit', () => fs.rmSync(home, { recursive: true, force: true, maxRetries: 5 }));
  return home;
}

/** Resolves when a server on the port greets. @throws Error when none does for ten seconds */
export async function greets(port) {
  const until = performance.now() + 10_000;
  for (;;) {
    try {
      const { socket, line } = await greeting(port, '127.0.0.9');
      socket.destroy();
      if (line.startsWith('220')) return;
    } catch {}
    if (performance.now() > until) throw new Error(`nobody greets on port ${port}`);
    await wait(25);
  }
}

/** Ends a session as a client does, and waits until it is gone on both sides. */
export function quit(socket) {
  return new Promise((resolve) => {
    if (socket.destroyed) resolve();
    else
      socket
        .on('error', () => {})
        .once('close', resolve)
        .end('QUIT\r\n')
        .resume();
  });
}

/** A baseline: JavaScript in a process of its own, which listens on the port it finds in process.argv[1]. */
export async function baseline(code) {
  const port = await freePort();
  const child = start(process.execPath, ['-e', code, String(port)], { cwd: root });
  await greets(port);
  return { port, child };
}

/** Flags for a listener that is to take whatever a load brings. */
export const NO_LIMITS = [
  '--max-inbound-connection',
  'Unlimited',
  '--max-inbound-percentage',
  '100',
  '--max-inbound-per-source',
  'Unlimited',
];

/**
 * A listener with one connector on a free port of 127.0.0.1 (and of `addresses`); `settings` are flags of rc set,
 * `transport` of rc set-transport-service, `flags` of rc serve, `node` of Node itself (--cpu-prof); `program` is another copy
 * of rc to serve with, `env` what it finds in its environment besides.
 */
export async function listener(
  settings = [],
  { transport = [], addresses = [], flags = [], node = [], program = rc, env: more = {} } = {},
) {
  const home = temporaryHome();
  const env = { ...process.env, ...more, RC_HOME: home };
  const port = await freePort();
  const bindings = ['127.0.0.1', ...addresses].map((address) => `${address}:${port}`).join(',');
  await run(rc, ['remove', 'Client *', '--confirm=false'], { env });
  await run(rc, ['set', 'Default *', '--bindings', bindings, ...settings], { env });
  // loads come faster than the 1,200 connections a minute that one source may open
  await run(rc, ['set-transport-service', '--max-connection-rate-per-minute', '2147483647', ...transport], { env });
  const child = start(process.execPath, [...node, program, 'serve', ...flags], { env });
  await greets(port);
  while (!fs.existsSync(path.join(home, 'control.sock')) && child.exitCode === null) await wait(5);
  const stop = () => end(child.pid, 'SIGTERM');
  return { name: 'rc serve', home, env, port, child, pid: child.pid, stop };
}

// What the benchmarks share: a listener on a temporary home, connections, percentiles, and commands timed in turn.
import { execFile, spawn, spawnSync } from 'node:child_process';
import fs from 'node:fs';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';

export const rc = path.resolve(import.meta.dirname, '../../bin/rc');
export const run = promisify(execFile);

export function percentile(values, p) {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor((sorted.length * p) / 100))];
}
export const median = (values) => percentile(values, 50);
export const ms = (n) => `${n.toFixed(1)} ms`;

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

export async function freePort() {
  const server = net.createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const { port } = server.address();
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/** First line from a fresh connection, and how long it took from connect() in milliseconds. */
export function greeting(port, localAddress) {
  return new Promise((resolve, reject) => {
    const begun = performance.now();
    const socket = net.connect({ host: '127.0.0.1', port, localAddress });
    let text = '';
    socket.setEncoding('latin1');
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
  process.on('exit', () => fs.rmSync(home, { recursive: true, force: true }));
  return home;
}

/** Resolves when a server on the port greets. @throws Error after ten seconds */
async function greets(port) {
  for (let attempt = 0; ; attempt++) {
    try {
      (await greeting(port, '127.0.0.9')).socket.destroy();
      return;
    } catch (error) {
      if (attempt > 400) throw error;
      await new Promise((resolve) => setTimeout(resolve, 25));
    }
  }
}

/** A baseline: JavaScript in a process of its own, which listens on the port it finds in process.argv[1]. */
export async function baseline(code) {
  const port = await freePort();
  const cwd = path.resolve(import.meta.dirname, '../..');
  const child = spawn(process.execPath, ['-e', code, String(port)], { stdio: 'ignore', cwd });
  process.on('exit', () => child.kill('SIGKILL'));
  await greets(port);
  return { port, child };
}

/** A listener with one connector on a free port; `settings` are flags of rc set. */
export async function listener(settings = []) {
  const home = temporaryHome();
  const env = { ...process.env, RC_HOME: home };
  const port = await freePort();
  await run(rc, ['remove', 'Client *', '--confirm=false'], { env });
  await run(rc, ['set', 'Default *', '--bindings', `127.0.0.1:${port}`, ...settings], { env });
  const child = spawn(rc, ['serve'], { env, stdio: ['ignore', 'ignore', 'ignore'] });
  process.on('exit', () => child.kill('SIGKILL'));
  await greets(port);
  const stop = () =>
    new Promise((resolve) => {
      child.once('exit', resolve);
      child.kill('SIGTERM');
    });
  return { home, env, port, child, stop };
}

/** Resident memory of a process in KB. */
export const residentKB = (pid) => Number(/VmRSS:\s+(\d+)/.exec(fs.readFileSync(`/proc/${pid}/status`, 'utf8'))[1]);

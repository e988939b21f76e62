// Processes that benchmarks start. Each is noted, in the file of BENCH_PIDS too, and ended by its number whatever happens:
// when the benchmark ends, fails, or is told to stop; what it could not end itself, run.mjs ends by that file.
import { spawn } from 'node:child_process';
import fs from 'node:fs';

/** Number of a process → the signal that ends it and what it started. */
const mine = new Map();

process.on('exit', () => {
  for (const [pid, signal] of mine) send(pid, signal);
});
for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP']) process.on(signal, () => process.exit(1));

function send(pid, signal) {
  try {
    process.kill(pid, signal);
  } catch {} // gone already
}

/** Notes a process, to be ended with the signal. */
export function note(pid, signal = 'SIGKILL') {
  mine.set(pid, signal);
  const file = process.env.BENCH_PIDS;
  if (file) fs.appendFileSync(file, `${pid} ${startOf(pid)} ${signal}\n`);
}

/** Starts a program; its output is thrown away unless `options` say otherwise. */
export function start(command, args, options = {}) {
  const child = spawn(command, args, { stdio: 'ignore', ...options });
  child.on('error', () => {}); // seen by who waits for it
  if (child.pid) note(child.pid);
  child.once('exit', () => mine.delete(child.pid));
  return child;
}

/** Ends a process and waits until it is gone. */
export async function end(pid, signal = 'SIGKILL') {
  send(pid, signal);
  for (let tries = 0; startOf(pid) !== undefined && stateOf(pid) !== 'Z'; tries++) {
    if (tries === 200) send(pid, 'SIGKILL');
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  mine.delete(pid);
}

/** Ends what is left of the processes in a file that `note` wrote: those that still are the same process. */
export function endThoseOf(file) {
  if (!fs.existsSync(file)) return;
  for (const line of fs.readFileSync(file, 'utf8').split('\n')) {
    const [pid, started, signal] = line.split(' ');
    if (pid && started !== 'undefined' && startOf(pid) === started) send(Number(pid), signal);
  }
}

/** Fields of /proc/PID/stat behind the command's name, or nothing when there is no such process (or no /proc). */
function stat(pid) {
  try {
    const text = fs.readFileSync(`/proc/${pid}/stat`, 'utf8');
    return text.slice(text.lastIndexOf(')') + 2).split(' ');
  } catch {
    return undefined;
  }
}
const stateOf = (pid) => stat(pid)?.[0];
/** When it started, in ticks since the machine did: with its number, who it is. */
const startOf = (pid) => stat(pid)?.[19];

const TICKS = 100; // a second; the same on all Linux systems there are

/** Seconds of CPU that a process, those it started and those of them that ended have used. */
export function cpuSeconds(root) {
  const parents = new Map();
  const used = new Map();
  for (const pid of fs.existsSync('/proc') ? fs.readdirSync('/proc').filter((name) => /^\d+$/.test(name)) : []) {
    const fields = stat(pid);
    if (!fields) continue;
    parents.set(pid, fields[1]);
    used.set(
      pid,
      fields.slice(11, 15).reduce((sum, ticks) => sum + Number(ticks), 0),
    );
  }
  let ticks = 0;
  for (const [pid, own] of used) {
    for (let at = pid; at !== undefined && at !== '0'; at = parents.get(at)) {
      if (at !== String(root)) continue;
      ticks += own;
      break;
    }
  }
  return ticks / TICKS;
}

/** Seconds of CPU that the thread which runs a process' JavaScript has used, for a process and those it started. */
export function mainThreadSeconds(root) {
  const found = new Map();
  for (const name of fs.readdirSync('/proc').filter((entry) => /^\d+$/.test(entry))) {
    const pid = Number(name);
    if (pid !== root && stat(pid)?.[1] !== String(root)) continue;
    try {
      // Nanoseconds on a CPU (Documentation/scheduler/sched-stats.rst in the kernel's source).
      const [ran] = fs.readFileSync(`/proc/${pid}/task/${pid}/schedstat`, 'utf8').split(' ');
      found.set(pid, Number(ran) / 1e9);
    } catch {} // gone already
  }
  return found;
}

/** Seconds of CPU that all threads of one process have used, to the nanosecond. */
export function ownSeconds(pid) {
  let sum = 0;
  for (const task of fs.readdirSync(`/proc/${pid}/task`)) {
    try {
      sum += Number(fs.readFileSync(`/proc/${pid}/task/${task}/schedstat`, 'utf8').split(' ')[0]);
    } catch {} // gone already
  }
  return sum / 1e9;
}

/** Resident memory of a process in KB. */
export const residentKB = (pid) => Number(/VmRSS:\s+(\d+)/.exec(fs.readFileSync(`/proc/${pid}/status`, 'utf8'))[1]);

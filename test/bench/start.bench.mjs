// Start-up: rc get, rc set (which changes something every time), a pipe of both, and others, against a bare `node -e 0`.
// In turn, forwards and backwards, so that what else the machine does falls on all alike. Wall times with quartiles, the
// ratio of the medians and of the fastest runs; on Linux also the mean processor time, which other programs disturb least.
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import { ms, percentile, rc, temporaryHome } from './bench.mjs';
import { tellTable } from './results.mjs';

const ROUNDS = Number(process.env.BENCH_START_ROUNDS ?? 40);
const env = { ...process.env, RC_HOME: temporaryHome(), RC: rc };
const set = ['--max-inbound-per-source'];
/** Each with another value than the one before: a change that changes nothing is not written. */
let value = 0;
function next() {
  value = (value % 100) + 1; // more would not be reached, and rc set warns of that
  return String(value);
}

const commands = [
  { name: 'node -e 0', argv: () => [process.execPath, '-e', '0'] },
  { name: 'rc get', argv: () => [rc, 'get'], target: 1.2 },
  { name: "rc set 'default*' …", argv: () => [rc, 'set', 'default*', ...set, next()], target: 1.3 },
  {
    name: "rc get 'default*' | rc set …",
    argv: () => ['/bin/sh', '-c', `"$RC" get 'default*' | "$RC" set ${set} ${next()}`],
    target: 1.6,
  },
  {
    name: "rc -c 'Get-… default* | Set-… N'",
    argv: () => [
      rc,
      '-c',
      `Get-ReceiveConnector default* | Set-ReceiveConnector -MaxInboundConnectionPerSource ${next()}`,
    ],
    target: 1.4,
  },
  { name: 'rc get | rc where Enabled', argv: () => ['/bin/sh', '-c', '"$RC" get | "$RC" where Enabled'] },
  { name: 'rc help set', argv: () => [rc, 'help', 'set'] },
];

/** Processor time of all ended children of this process, in milliseconds (proc(5), fields 16 and 17: hundredths of a second). */
function childrenTime() {
  if (process.platform !== 'linux') return 0;
  const stat = fs.readFileSync('/proc/self/stat', 'utf8');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[13]) + Number(fields[14])) * 10;
}

const walls = commands.map(() => []);
const cpu = commands.map(() => 0);
for (let round = -1; round < ROUNDS; round++) {
  const order = [...commands.keys()];
  for (const index of round % 2 ? order.reverse() : order) {
    const [file, ...args] = commands[index].argv();
    const before = childrenTime();
    const begun = performance.now();
    const { status, error, stderr } = spawnSync(file, args, { env, stdio: ['ignore', 'pipe', 'pipe'] });
    const took = performance.now() - begun;
    if (error || status !== 0) throw error ?? new Error(`${commands[index].name} ended with ${status}: ${stderr}`);
    if (round < 0) continue;
    walls[index].push(took);
    cpu[index] += childrenTime() - before;
  }
}

const times = (n) => `${n.toFixed(2)}x`;
console.log('   median  fastest  quartiles           median  fastest  processor');
for (const [index, { name, target }] of commands.entries()) {
  const at = (p) => percentile(walls[index], p);
  const ratio = (p) => times(at(p) / percentile(walls[0], p));
  const processor = cpu[0] ? `${ms(cpu[index] / ROUNDS).padStart(8)} ${times(cpu[index] / cpu[0])}` : 'unknown';
  const quartiles = `${at(25).toFixed(1)} to ${ms(at(75))}`.padEnd(19);
  console.log(
    `${ms(at(50)).padStart(9)} ${ms(at(0)).padStart(8)}  ${quartiles}  ${ratio(50)}   ${ratio(0)}  ${processor}  ${name}${target ? ` (target ${target}x)` : ''}`,
  );
}

/** Every Node reads and parses that file at its start, a bare one too: the ratios are smaller then. */
const certificates = process.env.NODE_EXTRA_CA_CERTS
  ? ' NODE_EXTRA_CA_CERTS is set, so each Node read certificates first.'
  : '';
tellTable({
  title: 'Whole commands beside a bare Node',
  text: `Wall time of whole processes, in turn. CPU each is that of the processes.${certificates}`,
  unit: ' ms',
  better: 'less',
  times: 'node -e 0',
  rows: commands.map(({ name, target }, index) => ({
    who: name,
    values: walls[index],
    cpu: cpu[0] ? [cpu[index] / ROUNDS / 1000] : undefined,
    wanted: target ? { ratio: target } : undefined,
  })),
});

// A fleet's engine: how long it takes to ask it, how many asks a second it carries from one and from three nodes (a process each, on the
// same machine as the engine), how long a change takes until three listeners act by it, and how many connections of a flood one
// node of the fleet refuses when another has what the source may have, beside what it refuses by a limit of its own.
import { spawn, spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { build } from 'esbuild';
import { freePort, greeting, median, rc, root, wait } from './bench.mjs';
import { start } from './processes.mjs';

const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'rc-bench-fleet-'));
process.on('exit', () => fs.rmSync(folder, { recursive: true, force: true }));
const port = await freePort();
const url = `redis://127.0.0.1:${port}`;
start('redis-server', ['--port', String(port), '--bind', '127.0.0.1', '--save', '', '--dir', folder], {
  stdio: 'ignore',
});
await wait(500);

for (const name of ['fleet-asks', 'fleet-change'])
  await build({
    entryPoints: [path.join(root, `test/bench/load/${name}.ts`)],
    outfile: path.join(folder, `${name}.mjs`),
    bundle: true,
    platform: 'node',
    format: 'esm',
    banner: { js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);" },
  });

function told(name, ...args) {
  const child = spawn(process.execPath, [path.join(folder, `${name}.mjs`), ...args], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let text = '';
  child.stdout.on('data', (chunk) => {
    text += chunk;
  });
  return new Promise((resolve) => child.once('close', () => resolve(JSON.parse(text))));
}

for (const nodes of [1, 3]) {
  const all = await Promise.all(Array.from({ length: nodes }, () => told('fleet-asks', url, '1')));
  const sum = all.reduce((total, { asksPerSecond }) => total + asksPerSecond, 0);
  const [{ oneAtATimeMs: alone, busyMs: busy }] = all;
  console.log(
    `${nodes} node(s): ${sum} asks a second; one at a time p50 ${alone.p50} ms, p99 ${alone.p99} ms; 64 at a time p50 ${busy.p50} ms, p99 ${busy.p99} ms`,
  );
}

const home = (name) => path.join(folder, name);
const run = (name, ...args) => {
  const { status, stderr } = spawnSync(rc, [...args, '--home', home(name)], { encoding: 'utf8' });
  if (status !== 0) throw new Error(`rc ${args.join(' ')}: ${stderr}`);
};
const ports = [];
for (const n of [1, 2, 3, 4]) {
  run(`EX${n}`, 'init', 'home');
  ports.push(await freePort());
  run(`EX${n}`, 'set', 'Default*', '--bindings', `127.0.0.1:${ports.at(-1)}`, '--name', 'Default');
  run(`EX${n}`, 'set', 'Client*', '--enabled', 'false');
  run(`EX${n}`, 'join-fleet', url, '--server', `EX${n}`);
  if (n < 4) start(rc, ['serve', '--home', home(`EX${n}`)], { stdio: 'ignore' });
}
await wait(6000);
const { changes, p50, p99 } = await told('fleet-change', home('EX4'), '60');
console.log(`${changes} changes until three listeners act by them: p50 ${p50} ms, p99 ${p99} ms`);

const HELD = 20;
const limits = ['--max-inbound-per-source', String(HELD), '--max-inbound-percentage-per-source', '100'];
async function flooded(scope, holder) {
  run('EX4', 'set', '*\\Default', ...limits, '--limit-scope', scope, '--wait');
  const held = [];
  for (let i = 0; i < HELD; i++) held.push((await greeting(holder, '127.0.0.1')).socket.on('error', () => {}));
  await wait(500);
  const args = [
    '-n',
    '10',
    'perl',
    path.join(root, 'test/bench/load/flood.pl'),
    '127.0.0.1',
    '20',
    '2',
    `127.0.0.1:${ports[0]}`,
  ];
  const load = spawn('nice', args, { stdio: ['ignore', 'pipe', 'inherit'] });
  let text = '';
  load.stdout.on('data', (chunk) => {
    text += chunk;
  });
  await new Promise((resolve) => load.once('close', resolve));
  for (const socket of held) socket.destroy();
  await wait(1000);
  const answers = Object.fromEntries(
    text
      .trim()
      .split('\n')
      .map((line) => line.split(' ')),
  );
  return { rate: Number(answers['421'] ?? 0) / Number(answers.seconds), served: Number(answers['220'] ?? 0) };
}
const [alone, inFleet] = [[], []];
for (let round = 0; round < 5; round++) {
  alone.push(await flooded('Server', ports[0]));
  inFleet.push(await flooded('Fleet', ports[1]));
}
const rate = (rounds) => Math.round(median(rounds.map((one) => one.rate)));
// Round by round, so that what else the machine does weighs on both.
const part = Math.round(100 * median(inFleet.map((one, i) => one.rate / alone[i].rate)));
const served = inFleet.reduce((sum, one) => sum + one.served, 0);
console.log(
  `a flood on one node: ${rate(alone)} refusals a second by its own limit, ${rate(inFleet)} by the fleet's (${part} %), and ${served} served`,
);

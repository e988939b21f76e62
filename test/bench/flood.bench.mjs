// Refusing a flood: one address holds as many connections as it may have, and 20 processes of it try on as fast as they can,
// while a second address asks for a greeting every 20 ms. Beside it Postfix with the same limit.
import { execFile, spawnSync } from 'node:child_process';
import path from 'node:path';
import { greeting, listener, median, percentile, quit, wait } from './bench.mjs';
import { startPeer } from './peers.mjs';
import { cpuSeconds, note } from './processes.mjs';
import { figure, inRounds, tellTable } from './results.mjs';

const SECONDS = 2;
const ROUNDS = Number(process.env.BENCH_ROUNDS ?? 3);
const AT_ONCE = Number(process.env.BENCH_AT_ONCE ?? 20);
const HELD = 20;
/** A source has 28,000 ports for one address and port, and each rests for a minute: at our rate one address is not enough. */
const ADDRESSES = ['127.0.0.11', '127.0.0.12', '127.0.0.13', '127.0.0.14', '127.0.0.15'];
const script = path.join(import.meta.dirname, 'load/flood.pl');

if (spawnSync('perl', ['-e', '1']).status !== 0) {
  console.log('needs perl for its load');
  process.exit(1);
}

async function flood(server, seconds = SECONDS) {
  const before = cpuSeconds(server.pid);
  const targets = ['127.0.0.1', ...(server.addresses ?? [])].map((address) => `${address}:${server.port}`);
  const waits = [];
  const load = new Promise((resolve, reject) => {
    // The load comes last where processors are short: what is asked is how long the server takes, not how long the probe waits.
    const args = ['-n', '10', 'perl', script, '127.0.0.1', String(AT_ONCE), String(seconds), ...targets];
    const child = execFile('nice', args, { timeout: 20_000 }, (error, stdout) =>
      error ? reject(error) : resolve(stdout),
    );
    note(child.pid, 'SIGTERM');
  });
  let over = false;
  load.finally(() => {
    over = true;
  });
  while (!over) {
    const { socket, took } = await greeting(server.port, '127.0.0.2');
    waits.push(took);
    await quit(socket);
    await wait(20);
  }
  const answers = Object.fromEntries(
    (await load)
      .trim()
      .split('\n')
      .map((line) => line.split(' ')),
  );
  const cpu = cpuSeconds(server.pid) - before;
  const refused = Number(answers['421'] ?? 0);
  const others = Object.entries(answers).filter(([word]) => !['421', 'seconds', 'cpu'].includes(word));
  return {
    rate: refused / Number(answers.seconds),
    cpu: cpu / refused,
    busy: cpu / Number(answers.seconds),
    load: Number(answers.cpu) / Number(answers.seconds),
    loadEach: Number(answers.cpu) / refused,
    p50: median(waits),
    p99: percentile(waits, 99),
    others: others.map(([word, count]) => `${count} × ${word}`).join(', '),
  };
}

const servers = [
  { ...(await listener(['--max-inbound-per-source', String(HELD)], { addresses: ADDRESSES })), addresses: ADDRESSES },
  await startPeer('Postfix', { perSource: HELD }),
];
const held = [];
for (const { missing, port } of servers) {
  for (let i = 0; i < HELD && !missing; i++)
    held.push((await greeting(port, '127.0.0.1')).socket.on('error', () => {}));
}
for (const server of servers) if (!server.missing) await flood(server, 1); // warms up
const found = await inRounds(servers, ROUNDS, (server) => flood(server));
const rows = (pick, wanted) =>
  found.map(([{ name, missing }, values]) =>
    missing ? { who: name, missing } : { who: name, values: values.map(pick), ...wanted[name] },
  );
const percent = (shares) => `${figure(median(shares.map((share) => share * 100)))} %`;
const busy = found
  .filter(([{ missing }]) => !missing)
  .map(
    ([{ name }, values]) =>
      `${name} ${percent(values.map((v) => v.busy))} and its load ${percent(values.map((v) => v.load))}, ${figure(median(values.map((v) => v.loadEach * 1e6)))} µs for each connection`,
  );
const others = found.flatMap(([{ name }, values]) =>
  values.filter((v) => v?.others).map((v) => `${name}: ${v.others}`),
);
tellTable({
  title: 'A flood from one source past its limit: refusals',
  text: `${AT_ONCE} processes of one address connect as fast as they are refused (421), for ${SECONDS} s, at a lower priority than server and probe; Haraka without Redis, aiosmtpd, smtp-server and smtp-sink have no limit for a source. Busy meanwhile, of one core: ${busy.join('; ')}.${others.length ? ` Other answers: ${others.join('; ')}.` : ''}`,
  unit: '/s',
  better: 'more',
  rows: rows((v) => v.rate, { Postfix: { wanted: { ratio: 5 } } }).map((row, i) =>
    row.missing ? row : { ...row, cpu: found[i][1].map((v) => v.cpu) },
  ),
});
tellTable({
  title: 'CPU of a refusal',
  text: 'The same rounds. Where server and load share the cores, refusals a second say what both take; this is the server alone.',
  unit: ' µs',
  better: 'less',
  rows: rows((v) => v.cpu * 1e6, { Postfix: { wanted: { ratio: 5 } } }),
});
for (const [name, pick, wanted] of [
  ['99th percentile', (v) => v.p99, { 'rc serve': { wanted: { most: 10 } } }],
  ['median', (v) => v.p50, {}],
]) {
  tellTable({
    title: `The greeting of a second source meanwhile, ${name}`,
    text: 'From connect to the first line, asked for every 20 ms.',
    unit: ' ms',
    better: 'less',
    rows: rows(pick, wanted),
  });
}
for (const socket of held) socket.destroy();
for (const server of servers) await server.stop?.();
process.exit(0);

// As a test double: how long from its start to its greeting, how many messages of 1 KB a second it keeps, and what memory it then
// has, beside test servers that can be installed here. It and MailDev keep every message, smtp4dev the last hundred; plain smtp-server and aiosmtpd throw
// them away, so that they are what is least.
import { execFileSync } from 'node:child_process';
import { freePort, greeting, rc, residentKB, root, wait } from './bench.mjs';
import { needSmtpSource, send } from './load/smtp-source.mjs';
import * as maildev from './peers/maildev.mjs';
import * as smtp4dev from './peers/smtp4dev.mjs';
import { PEERS } from './peers.mjs';
import { cpuSeconds, end, start } from './processes.mjs';
import { tellTable } from './results.mjs';

const ROUNDS = Number(process.env.BENCH_ROUNDS ?? 5);
/** Fewer than the 20 of one source that a connector allows. */
const SESSIONS = 10;
const COUNT = Number(process.env.BENCH_COUNT ?? 1000);
const LONGEST_MS = 30_000;
needSmtpSource();

const LIBRARY = `const { startListener } = require(${JSON.stringify(`${root}/dist/library.cjs`)});
startListener({ port: Number(process.argv[1]) });`;

const program = (args) => ({
  find: () => ({}),
  async start(port) {
    const child = start(process.execPath, args(port));
    return { pid: child.pid, stop: () => end(child.pid, 'SIGTERM') };
  },
});

const DOUBLES = {
  'rc serve --temporary': program((port) => [rc, 'serve', '--temporary', '--json', '--port', String(port)]),
  startListener: program((port) => ['-e', LIBRARY, String(port)]),
  MailDev: maildev,
  smtp4dev,
  'plain smtp-server': PEERS['plain smtp-server'],
  aiosmtpd: PEERS.aiosmtpd,
};

/** From its start until it greets, milliseconds. */
async function ready(port) {
  for (const begun = performance.now(); ; await wait(2)) {
    const greeted = await greeting(port).then(
      () => true,
      () => false,
    );
    if (greeted) return performance.now() - begun;
    if (performance.now() - begun > LONGEST_MS) throw new Error(`no greeting within ${LONGEST_MS / 1000} s`);
  }
}

const found = new Map(
  Object.keys(DOUBLES).map((name) => [name, { start: [], rate: [], memory: [], startCpu: [], rateCpu: [] }]),
);
const missing = new Map();
for (let round = 0; round < ROUNDS; round++) {
  for (const [name, double] of Object.entries(DOUBLES)) {
    const why = missing.get(name) ?? double.find().missing;
    if (why) {
      missing.set(name, why);
      continue;
    }
    const port = await freePort();
    const running = await double.start(port);
    const values = found.get(name);
    try {
      values.start.push(await ready(port));
      const used = cpuSeconds(running.pid);
      values.startCpu.push(used);
      values.rate.push(await send(port, { count: COUNT, many: true, sessions: SESSIONS }));
      values.rateCpu.push((cpuSeconds(running.pid) - used) / COUNT);
      values.memory.push(residentKB(running.pid) / 1024);
    } catch (error) {
      missing.set(name, `not measured here: ${error.message}`); // MailDev greets after seconds where no DNS answers
    }
    await running.stop();
  }
}
const rows = (of) =>
  [...found].map(([who, values]) =>
    missing.has(who)
      ? { who, missing: missing.get(who) }
      : { who, values: values[of], ...(values[`${of}Cpu`] && { cpu: values[`${of}Cpu`] }) },
  );
const node = execFileSync(process.execPath, ['--version'], { encoding: 'utf8' }).trim();
const about = `${ROUNDS} rounds, one after the other, Node ${node}.`;
tellTable({ title: 'A test double: start to greeting', text: about, unit: 'ms', better: 'less', rows: rows('start') });
tellTable({
  title: 'A test double: messages of 1 KB',
  text: `smtp-source, ${COUNT} messages in ${SESSIONS} sessions, the first that it gets. ${about}`,
  unit: '/s',
  better: 'more',
  rows: rows('rate'),
});
tellTable({
  title: `A test double: memory after ${COUNT} messages`,
  text: about,
  unit: 'MB',
  better: 'less',
  rows: rows('memory'),
});

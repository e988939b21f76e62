// More cores: messages of 1 KB into a Maildir, each safe on disk before its 250, with one process, one worker and two. The
// load and the disk's work take their part of the cores too; CPU of a message by process says what further cores would give.
import fs from 'node:fs';
import { listener, NO_LIMITS } from './bench.mjs';
import { countFor, needSmtpSource, send } from './load/smtp-source.mjs';
import { cpuSeconds, ownCpuSeconds } from './processes.mjs';
import { inRounds, tellTable } from './results.mjs';

const SECONDS = Number(process.env.BENCH_SECONDS ?? 0.6);
const ROUNDS = Number(process.env.BENCH_ROUNDS ?? 5);
needSmtpSource();

async function serving(name, workers) {
  const server = await listener(NO_LIMITS, { flags: workers ? ['--workers', String(workers)] : [] });
  return { ...server, name };
}

/** Rate, and CPU seconds a message: of all its processes, and of the listener's own. */
async function once(server, load) {
  const before = [cpuSeconds(server.pid), ownCpuSeconds(server.pid)];
  const rate = await send(server.port, { ...load, count: server.count });
  for (const name of fs.readdirSync(`${server.home}/mail/new`)) fs.unlinkSync(`${server.home}/mail/new/${name}`);
  const [all, own] = [cpuSeconds(server.pid) - before[0], ownCpuSeconds(server.pid) - before[1]];
  return { rate, all: all / server.count, own: own / server.count };
}

const servers = [await serving('two workers', 2), await serving('one worker', 1), await serving('one process', 0)];
for (const many of [false, true]) {
  const load = { many };
  const what = many ? 'Many messages of 1 KB a session' : 'New sessions with one message of 1 KB';
  for (const server of servers) server.count = await countFor(server.port, SECONDS, load);
  const found = await inRounds(servers, ROUNDS, (server) => once(server, load));
  tellTable({
    title: `${what}, into a Maildir, with workers`,
    text: 'rc serve --workers 2, beside --workers 1 and rc serve alone; smtp-source with 20 sessions at once, every message synced before its 250. The load runs on the same cores.',
    unit: '/s',
    better: 'more',
    rows: found.map(([{ name }, values]) => ({
      who: name,
      values: values.map(({ rate }) => rate),
      cpu: values.map(({ all }) => all),
      ...(name === 'one worker' && { wanted: { ratio: 1.5 } }),
    })),
  });
  tellTable({
    title: `${what}, into a Maildir: CPU of a message in the process that admits`,
    text: 'What cannot be shared out: with workers it accepts, admits, hands the socket over, counts, and writes the logs. It is full when this times the messages of a second is one second.',
    unit: ' µs',
    better: 'less',
    rows: found.map(([{ name }, values]) => ({ who: name, values: values.map(({ own }) => own * 1e6), apart: true })),
  });
}
for (const server of servers) await server.stop();
process.exit(0);

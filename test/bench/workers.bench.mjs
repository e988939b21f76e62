// More cores: messages of 1 KB into a Maildir, each safe on disk before its 250, with one process, one worker and two. The
// load and the disk's work take their part of the cores too; CPU of a message by process says what further cores would give.
import { listener, median, NO_LIMITS } from './bench.mjs';
import { countFor, needSmtpSource, send } from './load/smtp-source.mjs';
import { cpuSeconds, mainThreadSeconds } from './processes.mjs';
import { figure, inRounds, tellTable } from './results.mjs';

const SECONDS = Number(process.env.BENCH_SECONDS ?? 0.6);
const ROUNDS = Number(process.env.BENCH_ROUNDS ?? 5);
needSmtpSource();

async function serving(name, workers) {
  const server = await listener(NO_LIMITS, { flags: workers ? ['--workers', String(workers)] : [] });
  return { ...server, name, pid: server.child.pid };
}

/** Rate, and CPU seconds a message: of all its processes, of the thread that has most to do, and of the one that admits. */
async function once(server, load) {
  const [all, threads] = [cpuSeconds(server.pid), mainThreadSeconds(server.pid)];
  const rate = await send(server.port, { ...load, count: server.count });
  const used = [...mainThreadSeconds(server.pid)].map(([pid, seconds]) => [pid, seconds - (threads.get(pid) ?? 0)]);
  const whole = cpuSeconds(server.pid) - all;
  const busiest = Math.max(...used.map(([, seconds]) => seconds));
  const admits = used.find(([pid]) => pid === server.pid)[1];
  return { rate, all: whole / server.count, busiest: busiest / server.count, admits: admits / server.count };
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
    title: `${what}, into a Maildir: if every thread had a core of its own`,
    text: 'Not a rate that was seen, but what the busiest thread of JavaScript could do alone: one second, divided by the CPU it took for a message in the runs above. With workers the process that admits, hands over, counts and writes the logs is one of those threads.',
    unit: '/s',
    better: 'more',
    rows: found.map(([{ name }, values]) => ({
      who: name,
      values: values.map(({ busiest }) => 1 / busiest),
      ...(name === 'one worker' && { wanted: { ratio: 1.5 } }),
    })),
  });
  const admits = median(found[0][1].map((values) => values.admits)) * 1e6;
  console.log(`  CPU of a message in the process that admits, with two workers: ${figure(admits)} µs`);
}
for (const server of servers) await server.stop();
process.exit(0);

// Messages of other shapes, many a session, thrown away: 64 KB and 1 MB, a body of dots, a body of 10,000 short lines.
import fs from 'node:fs';
import path from 'node:path';
import { listener, NO_LIMITS, temporaryHome } from './bench.mjs';
import { countFor, needSmtpSource, send, warmUp } from './load/smtp-source.mjs';
import { startPeer } from './peers.mjs';
import { cpuSeconds } from './processes.mjs';
import { inRounds, tellTable } from './results.mjs';

const SECONDS = Number(process.env.BENCH_SECONDS ?? 0.6);
const ROUNDS = Number(process.env.BENCH_ROUNDS ?? 3);
needSmtpSource();
const servers = await Promise.all([
  listener(NO_LIMITS, { transport: ['--delivery-method', 'Discard'] }),
  startPeer('smtp-sink'),
  startPeer('plain smtp-server'),
]);

for (const { missing, port } of servers) if (!missing) await warmUp(port, { many: true, bytes: 64 * 1024 });

const folder = temporaryHome();
function whole(name, line, lines) {
  const file = path.join(folder, name);
  fs.writeFileSync(file, `Subject: ${name}\nFrom: <a@contoso.com>\n\n${`${line}\n`.repeat(lines)}`);
  fs.chmodSync(folder, 0o755);
  return { file, bytes: fs.statSync(file).size + lines + 3 };
}
const SINK = { 'smtp-sink': { ratio: 0.67 } };
const shapes = [
  ['64 KB', 'Lines of 80 characters.', { bytes: 64 * 1024 }, SINK],
  ['1 MB', 'Lines of 80 characters.', { bytes: 1024 * 1024 }, SINK],
  [
    '64 KB of lines that begin with a dot',
    'Every line of 60 characters begins with a dot, so one more is sent and taken away.',
    whole('dots', `.${'x'.repeat(59)}`, 1057),
    {},
  ],
  ['64 KB of lines of a dot alone', 'The worst that dots can do.', whole('only-dots', '.', 21_845), {}],
  ['10,000 lines of 4 characters', 'A body of many short lines, 60 KB.', whole('short-lines', 'four', 10_000), {}],
];
for (const [what, text, { bytes, file }, wanted] of shapes) {
  const load = { many: true, bytes, file };
  for (const server of servers) if (!server.missing) server.count = await countFor(server.port, SECONDS, load);
  const found = await inRounds(servers, ROUNDS, async (server) => {
    const before = cpuSeconds(server.pid);
    const rate = await send(server.port, { ...load, count: server.count });
    return { rate: (rate * bytes) / 1e6, cpu: ((cpuSeconds(server.pid) - before) / server.count / bytes) * 1e6 };
  });
  tellTable({
    title: `Messages of ${what}`,
    text: `${text} 20 sessions at once, many messages a session, thrown away. CPU is for each MB.`,
    unit: ' MB/s',
    better: 'more',
    rows: found.map(([{ name, missing }, values]) =>
      missing
        ? { who: name, missing }
        : { who: name, values: values.map((v) => v.rate), cpu: values.map((v) => v.cpu), wanted: wanted[name] },
    ),
  });
}
for (const server of servers) await server.stop?.();
process.exit(0);

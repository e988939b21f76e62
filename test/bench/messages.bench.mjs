// Messages of 1 KB, 20 sessions at once: one a session and many a session, thrown away; and into a Maildir, each safe on
// disk before its 250, beside Postfix, which answers when its queue file is on disk and delivers into a Maildir then.
import fs from 'node:fs';
import { listener, NO_LIMITS, wait } from './bench.mjs';
import { countFor, needSmtpSource, send, warmUp } from './load/smtp-source.mjs';
import { startPeer } from './peers.mjs';
import { cpuSeconds } from './processes.mjs';
import { inRounds, tellTable } from './results.mjs';

const SECONDS = Number(process.env.BENCH_SECONDS ?? 0.6);
const ROUNDS = Number(process.env.BENCH_ROUNDS ?? 5);
needSmtpSource();

/** Sends `count` messages and waits for what the server still has to do; rate and CPU seconds a message. */
async function once(server, load) {
  const before = cpuSeconds(server.pid);
  const rate = await send(server.port, { ...load, count: server.count });
  await server.idle?.();
  return { rate, cpu: (cpuSeconds(server.pid) - before) / server.count };
}

async function compare(title, text, load, servers, wanted) {
  for (const server of servers) {
    if (server.missing) continue;
    await warmUp(server.port, load);
    server.count = await countFor(server.port, SECONDS, load);
  }
  const found = await inRounds(servers, ROUNDS, (server) => once(server, load));
  tellTable({
    title,
    text,
    unit: '/s',
    better: 'more',
    rows: found.map(([{ name, missing }, values]) =>
      missing
        ? { who: name, missing }
        : { who: name, values: values.map((v) => v.rate), cpu: values.map((v) => v.cpu), wanted: wanted[name] },
    ),
  });
}

const discarding = await Promise.all([
  listener(NO_LIMITS, { transport: ['--delivery-method', 'Discard'] }),
  startPeer('Postfix'),
  startPeer('Haraka'),
  startPeer('aiosmtpd'),
  startPeer('plain smtp-server'),
  startPeer('smtp-sink'),
]);
await compare(
  'New sessions with one message of 1 KB, thrown away',
  'smtp-source with 20 sessions at once, each of which brings one message. plain smtp-server waits 100 ms before it greets; smtp-sink is a test program in C that keeps and checks nothing.',
  {},
  discarding,
  { aiosmtpd: { ratio: 1 }, Haraka: { ratio: 2 } },
);
await compare(
  'Many messages of 1 KB a session, thrown away',
  'smtp-source with 20 sessions at once that bring one message after another.',
  { many: true },
  discarding,
  { 'plain smtp-server': { ratio: 1 } },
);
for (const server of discarding) await server.stop?.();

const keeping = await Promise.all([listener(NO_LIMITS), startPeer('Postfix', { delivery: 'maildir' })]);
const [, postfix] = keeping;
if (!postfix.missing) {
  // It has answered before the mail is in the Maildir: what it still does then belongs to its work, and not to the next round.
  postfix.name = 'Postfix, until its 250';
  postfix.idle = async () => {
    const queued = () =>
      ['incoming', 'active'].reduce((n, name) => n + fs.readdirSync(`${postfix.folder}/queue/${name}`).length, 0);
    for (let tries = 0; queued() > 0 && tries < 400; tries++) await wait(25);
  };
}
for (const many of [false, true]) {
  await compare(
    many ? 'Many messages of 1 KB a session, into a Maildir' : 'New sessions with one message of 1 KB, into a Maildir',
    'The same, every message safe on disk (synced) before its 250. rc serve has it in the Maildir then, Postfix in its queue; CPU each is until both have it in the Maildir.',
    { many },
    keeping,
    { [postfix.name]: { ratio: 1 } },
  );
}
for (const server of keeping) await server.stop?.();
process.exit(0);

/** The soak run: many writers, kills of writers, kills of the listener, a full disk; figures on stdout. */
import { spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { homeAt } from '../../src/store/home.ts';
import { Store } from '../../src/store/store.ts';
import { MailSender } from '../faults/mail-sender.ts';
import { messagesIn } from '../faults/maildir-count.ts';
import { SmallDisk } from '../faults/small-disk.ts';
import { Writer } from '../faults/writers.ts';
import { freePort } from '../support/free-port.ts';
import { RunningListener } from '../support/listener.ts';
import { ended, environment, RC, rc } from '../support/rc.ts';
import { until } from '../support/until.ts';

const SECONDS = Number(process.env.SOAK_SECONDS ?? 300);
const folder = mkdtempSync(join(tmpdir(), 'rc-soak-homes-'));
process.on('exit', () => rmSync(folder, { recursive: true, force: true }));

let failures = 0;
function check(holds: boolean, what: string): void {
  if (holds) return;
  failures++;
  console.log(`  FAILED: ${what}`);
}
const figure = (name: string, value: string | number) => console.log(`  ${name.padEnd(46)} ${value}`);
const seconds = (since: number) => `${((performance.now() - since) / 1000).toFixed(1)} s`;

function store(name: string): Store {
  const made = new Store(homeAt(join(folder, name)));
  made.read();
  return made;
}

/** Every generation once, no gap, no edit nobody made, and the history leads to the store. */
function checkWhole(s: Store): void {
  const past = s.generations();
  const generations = [...past.entries()].map((e) => e.generation).reverse();
  check(
    generations.every((g, i) => g === i + 1) && generations.length === past.generation,
    'the history has every generation once',
  );
  check(past.agrees(), 'the history leads to the store');
  check(
    ![...past.entries()].some((e) => e.origin === 'edit' || e.origin === 'gap'),
    'nothing was taken for an edit by hand',
  );
  const litter = readdirSync(s.home.folder).filter((entry) => /tmp$|lock/.test(entry));
  check(!litter.length, `no litter (${litter.join(', ')})`);
}

/** 200 rc processes at once: set, new and remove, mixed. */
async function writers(): Promise<void> {
  console.log('200 concurrent rc processes, mixed set, new and remove');
  const s = store('writers');
  const env = environment({ home: s.home.folder });
  await rc(['set', '*', '--remote-ip-ranges', '127.0.0.1'], { env });
  for (let i = 0; i < 40; i++) {
    const transaction = s.begin();
    const Guid = `00000000-0000-4000-8000-${String(i).padStart(12, '0')}`;
    transaction.change((d) =>
      d.putConnector({
        Name: `Old ${i}`,
        Guid,
        WhenCreated: '2024-01-01',
        WhenChanged: '2024-01-01',
        Bindings: [`127.0.0.1:${20_000 + i}`],
      }),
    );
    transaction.commit({ user: 'soak', command: 'soak' });
  }
  const before = s.read().generation;
  const commands = Array.from({ length: 200 }, (_, i) => {
    if (i % 5 === 0) return ['remove', `Old ${i / 5}`, '--confirm=false'];
    if (i % 5 === 1)
      return [
        'new',
        `New ${i}`,
        '--custom',
        '--bindings',
        `127.0.0.1:${21_000 + i}`,
        '--remote-ip-ranges',
        '127.0.0.1',
      ];
    return ['set', 'Default*', '--add-remote-ip-ranges', `10.0.${i}.1`];
  });
  const begun = performance.now();
  const results = await Promise.all(
    commands.map((args) => ended(spawn(process.execPath, [RC, ...args], { env, stdio: ['ignore', 'pipe', 'pipe'] }))),
  );
  figure('all done in', seconds(begun));
  const failed = results.filter((r) => r.code !== 0);
  check(!failed.length, `every command succeeds; ${failed.length} did not: ${failed[0]?.stderr}`);
  const { connectors, generation } = s.read();
  const ranges = connectors.find((c) => c.Name.startsWith('Default'))!.RemoteIPRanges as string[];
  const lost = commands.filter(([verb, name], i) => {
    if (verb === 'remove') return connectors.some((c) => c.Name === name);
    if (verb === 'new') return !connectors.some((c) => c.Name === name);
    return !ranges.includes(`10.0.${i}.1`);
  });
  figure('lost updates', lost.length);
  check(!lost.length, `no update is lost: ${JSON.stringify(lost[0])}`);
  check(generation === before + 200, `200 changes are 200 generations, not ${generation - before}`);
  checkWhole(s);
}

/** kill -9 of writers at random moments. */
async function kills(until: number, wanted = 500): Promise<void> {
  console.log(`kill -9 of writers at random moments, ${wanted} of them or until the time is over`);
  const s = store('kills');
  const author = { user: 'soak', command: 'soak' };
  let killed = 0;
  let slowest = 0;
  let changes = 0;
  let acknowledged = s.read().generation;
  const begun = performance.now();
  while (killed < wanted && performance.now() < until) {
    const all = await Promise.all(
      [0, 1, 2, 3].map((n) => Writer.start('all', s.home.folder, `${killed}-${n}`, 100_000)),
    );
    await Promise.all(all.map((w) => w.done(1)));
    for (const writer of all) {
      await pause(Math.random() * 10);
      writer.kill();
      killed++;
    }
    await Promise.all(all.map((w) => w.ended));
    const done = all.reduce((sum, w) => sum + w.changes, 0);
    changes += done;
    const asked = performance.now();
    const { connectors, generation } = s.read();
    check(new Set(connectors.map((c) => c.Comment)).size === 1, 'no change is half');
    check(
      generation >= acknowledged + done,
      `no change that came back is lost (${acknowledged} + ${done} > ${generation})`,
    );
    const transaction = s.begin();
    transaction.change((d) => {
      for (const c of d.document.connectors) d.putConnector({ ...c, Comment: `after ${killed}` });
    });
    acknowledged = transaction.commit(author).generation;
    slowest = Math.max(slowest, performance.now() - asked);
  }
  figure('writers killed', killed);
  figure('changes they made before', changes);
  figure('longest a change waited after a kill', `${slowest.toFixed(0)} ms`);
  figure('time', seconds(begun));
  check(slowest < 5000, 'no lock blocks longer than 5 s');
  checkWhole(s);
}

/** kill -9 of the listener in the middle of deliveries. */
async function mail(end: number): Promise<void> {
  console.log('kill -9 of the listener in the middle of deliveries');
  const home = join(folder, 'mail');
  const s = store('mail');
  const port = await freePort();
  await rc(['set', 'Default*', '--bindings', `127.0.0.1:${port}`], { home: s.home.folder });
  const acknowledged: string[] = [];
  const sent = new Set<string>();
  let rounds = 0;
  while (performance.now() < end) {
    const listener = await RunningListener.start(home);
    const senders = Array.from({ length: 16 }, (_, i) => new MailSender(port, `r${rounds}s${i}`, 500 + 3000 * (i % 4)));
    await until('messages flow', () => senders.every((sender) => sender.acknowledged.length > 0));
    await pause(Math.random() * 300);
    await listener.stop('SIGKILL');
    await Promise.all(senders.map((sender) => sender.ended));
    for (const sender of senders) {
      acknowledged.push(...sender.acknowledged);
      for (const id of sender.sent) sent.add(id);
    }
    rounds++;
  }
  const found = messagesIn(s.home.mail);
  const lost = acknowledged.filter((id) => found.get(id) !== 1);
  const doubled = [...found].filter(([, count]) => count > 1);
  const foreign = [...found.keys()].filter((id) => !sent.has(id));
  figure('listeners killed', rounds);
  figure('messages answered with 250', acknowledged.length);
  figure('of them lost, doubled, cut', `${lost.length}, ${doubled.length}, ${foreign.length}`);
  check(
    !lost.length && !doubled.length && !foreign.length,
    `every message is there once and whole: ${lost[0] ?? doubled[0] ?? foreign[0]}`,
  );
}

/** A full disk, again and again. */
async function disk(end: number): Promise<void> {
  console.log('a disk that is full, again and again');
  const small = SmallDisk.mount(300);
  if (!small) {
    console.log('  left out: this user may not mount a tmpfs');
    return;
  }
  try {
    const home = join(small.folder, 'home');
    const filler = join(small.folder, 'filler');
    let refused = 0;
    let rounds = 0;
    const begun = performance.now();
    while (rounds < 30 && performance.now() < end) {
      await rc(['set', '*', '--comment', `before ${rounds}`], { home });
      const room = Math.floor(Math.random() * 5) * 4096; // enough for none, or for some of the files of a change
      try {
        writeFileSync(filler, Buffer.alloc(300 * 1024));
      } catch {}
      if (room) writeFileSync(filler, Buffer.alloc(Math.max(0, 260 * 1024 - room)));
      const { code, stderr } = await rc(['set', '*', '--comment', `after ${rounds}`], { home });
      const comments = new Set(new Store(homeAt(home)).read().connectors.map((c) => c.Comment));
      const expected = code === 0 ? `after ${rounds}` : `before ${rounds}`;
      check(comments.size === 1 && comments.has(expected), `all or nothing: ${[...comments]} after exit ${code}`);
      if (code !== 0) {
        refused++;
        check(/ENOSPC/.test(stderr) && /Nothing was changed/.test(stderr), `it says so: ${stderr}`);
      }
      rmSync(filler, { force: true });
      rounds++;
    }
    figure('changes tried on a full disk', rounds);
    figure('refused, with nothing changed', refused);
    figure('time', seconds(begun));
    checkWhole(new Store(homeAt(home)));
  } finally {
    small.unmount();
  }
}

const begun = performance.now();
const end = begun + SECONDS * 1000;
const parts = process.argv.slice(2);
const wanted = (part: string) => !parts.length || parts.includes(part);
const share = (part: number) => Math.min(end, performance.now() + SECONDS * 1000 * part);
if (wanted('writers')) await writers();
if (wanted('disk')) await disk(share(0.15));
if (wanted('kills')) await kills(share(0.6));
if (wanted('mail')) await mail(end);
console.log(
  failures ? `\n${failures} things did not hold (${seconds(begun)}).` : `\nEverything held (${seconds(begun)}).`,
);
process.exit(failures ? 1 : 0);

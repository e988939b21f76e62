/** The event log: its lines, its file, its bounds; and the sums of refusals. */
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { EVENTS } from '../../src/listener/records/event-table.ts';
import { EventThrottle } from '../../src/listener/records/event-throttle.ts';
import { EventFile } from '../../src/listener/records/events.ts';
import { Events } from './harness.ts';

let folder: string;
let path: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'rc-events-'));
  path = join(folder, 'events.ndjson');
});
afterEach(() => rmSync(folder, { recursive: true }));

const clock = () => new Date('2025-03-01T10:20:30.456Z');
const lines = (file = path) =>
  readFileSync(file, 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));

class Stderr {
  text = '';
  write(text: string): void {
    this.text += text;
  }
}

test('a line of JSON in a private file, a readable line on stderr', async () => {
  const stderr = new Stderr();
  const log = new EventFile({ path, stderr, clock });
  log.write(EVENTS.sourceLimit('Default HOST', '10.10.10.10', 20));
  await log.close();
  expect(lines()).toEqual([
    {
      time: '2025-03-01T10:20:30.456Z',
      id: 1021,
      level: 'Warning',
      source: 'MSExchangeTransport',
      message:
        "Receive connector 'Default HOST' rejected an incoming connection from IP address '10.10.10.10'. The maximum number of connections per source ('20') for this connector has been reached by this source IP address.",
      data: { connector: 'Default HOST', address: '10.10.10.10', limit: 20 },
    },
  ]);
  expect(stderr.text).toMatch(
    /^2025-03-01 10:20:30Z Warning {5}1021 {2}Receive connector 'Default HOST' rejected .*\n$/,
  );
  expect(statSync(path).mode & 0o777).toBe(0o600);
});

test('colour only when told; nothing from outside gets through unescaped', async () => {
  const stderr = new Stderr();
  const log = new EventFile({ path, stderr, clock, colour: true });
  log.write(EVENTS.noConnector('127.0.0.1:25', 'evil\r\n\x1b[2J\u202e"}'));
  await log.close();
  expect(stderr.text).toContain('\x1b[33mWarning    \x1b[0m');
  expect(stderr.text.replaceAll(/\x1b\[(33|0)m/g, '')).not.toMatch(/\x1b|\r|\u202e/);
  expect(stderr.text.split('\n')).toHaveLength(2);
  expect(readFileSync(path, 'utf8')).not.toMatch(/\x1b|\r|\u202e/);
  expect(lines()[0].data.address).toBe('evil\\u{d}\\u{a}\\u{1b}[2J\\u{202e}"}');
});

test('put aside by size, a bounded number kept, no line lost meanwhile', async () => {
  const log = new EventFile({ path, clock, maxBytes: 2000, keep: 3 });
  for (let n = 0; n < 60; n++) {
    log.write(EVENTS.listening(`127.0.0.1:${n}`, 'A'));
    if (n % 4 === 3) await new Promise((resolve) => setImmediate(resolve));
  }
  await log.close();
  expect(readdirSync(folder).sort()).toEqual([
    'events.1.ndjson',
    'events.2.ndjson',
    'events.3.ndjson',
    'events.ndjson',
  ]);
  const kept = ['events.3.ndjson', 'events.2.ndjson', 'events.1.ndjson', 'events.ndjson'].flatMap((name) =>
    lines(join(folder, name)).map((line) => Number(line.data.binding.split(':')[1])),
  );
  expect(kept.at(-1)).toBe(59);
  expect(kept).toEqual(Array.from({ length: kept.length }, (_, i) => 60 - kept.length + i));
  expect(statSync(join(folder, 'events.1.ndjson')).mode & 0o777).toBe(0o600);
});

test('never more than its files hold: also when it starts on a full one, and in one burst', async () => {
  writeFileSync(path, `${'x'.repeat(1990)}\n`);
  for (let start = 0; start < 3; start++) {
    const log = new EventFile({ path, clock, maxBytes: 2000, keep: 2 });
    for (let n = 0; n < 50; n++) log.write(EVENTS.listening(`127.0.0.1:${n}`, 'A'));
    await log.close();
  }
  const names = readdirSync(folder).sort();
  expect(names).toEqual(['events.1.ndjson', 'events.2.ndjson', 'events.ndjson']);
  for (const name of names) expect(statSync(join(folder, name)).size).toBeLessThanOrEqual(2000);
});

test('a line that a crash left half written does not spoil the next', async () => {
  writeFileSync(path, '{"time":"2025-03-01T10:20:');
  const log = new EventFile({ path, clock });
  log.write(EVENTS.closed('a'));
  await log.close();
  const [cut, whole] = readFileSync(path, 'utf8').split('\n');
  expect(cut).toBe('{"time":"2025-03-01T10:20:');
  expect(JSON.parse(whole!).data).toEqual({ binding: 'a' });
});

test('a file moved away is left alone after reopen; a log that cannot be written is told once', async () => {
  const stderr = new Stderr();
  const log = new EventFile({ path, stderr, clock });
  log.write(EVENTS.closed('a'));
  while (!statSync(path, { throwIfNoEntry: false })?.size) await new Promise((resolve) => setImmediate(resolve));
  renameSync(path, `${path}.moved`);
  log.reopen();
  log.write(EVENTS.closed('b'));
  await log.close();
  expect(lines().map((line) => line.data.binding)).toEqual(['b']);

  writeFileSync(join(folder, 'target'), 'precious');
  symlinkSync(join(folder, 'target'), join(folder, 'link'));
  const bad = new EventFile({ path: join(folder, 'link'), stderr, clock });
  bad.write(EVENTS.closed('c'));
  await bad.close();
  bad.write(EVENTS.closed('d'));
  await bad.close();
  expect(stderr.text.match(/Events cannot be written to/g)).toHaveLength(1);
  expect(readFileSync(join(folder, 'target'), 'utf8')).toBe('precious');
});

test('lines that a disk did not take are counted, and told when it takes some again', async () => {
  const stderr = new Stderr();
  mkdirSync(path);
  const log = new EventFile({ path, stderr, clock });
  log.write(EVENTS.closed('a'));
  log.write(EVENTS.closed('b'));
  await log.close();
  rmSync(path, { recursive: true });
  log.write(EVENTS.closed('c'));
  await log.close();
  expect(lines().map(({ data }) => data)).toEqual([{ binding: 'c' }, { count: 2 }]);
});

test('refusals: the first at once, the rest as a sum, then silence', () => {
  const log = new Events();
  const tally = new EventThrottle(log);
  const refuse = (address: string, limit = 20) => tally.count(address, () => EVENTS.sourceLimit('A', address, limit));
  for (let n = 0; n < 1000; n++) refuse('10.0.0.1');
  refuse('10.0.0.2');
  expect(log.all.map((e) => e.data!.address)).toEqual(['10.0.0.1', '10.0.0.2']);
  tally.sumUp();
  expect(log.all.slice(2).map((e) => e.data)).toEqual([
    { connector: 'A', address: '10.0.0.1', limit: 20, count: 999, seconds: 1 },
  ]);
  expect(log.all[2]!.message).toMatch(/this source IP address\. \(999 more time\(s\) in 1 s\)$/);
  tally.sumUp();
  expect(log.all).toHaveLength(3);
  refuse('10.0.0.1', 30);
  expect(log.all[3]!.data).toMatchObject({ limit: 30 });
  expect(log.all[3]!.data).not.toHaveProperty('count');
  tally.close();
});

test('a flood that goes on is one line a source and interval, by itself', async () => {
  vi.useFakeTimers();
  try {
    const log = new Events();
    const tally = new EventThrottle(log); // a minute
    const refuse = (address: string) => tally.count(address, () => EVENTS.sourceLimit('A', address, 20));
    for (let second = 0; second < 180; second++) {
      for (let n = 0; n < 100; n++) refuse('10.0.0.1');
      if (second === 70) for (let n = 0; n < 5; n++) refuse('10.0.0.2');
      vi.advanceTimersByTime(1000);
    }
    expect(log.all.map(({ data }) => [data!.address, data!.count ?? 'first'])).toEqual([
      ['10.0.0.1', 'first'],
      ['10.0.0.1', 5999],
      ['10.0.0.2', 'first'],
      ['10.0.0.1', 6000],
      ['10.0.0.2', 4],
      ['10.0.0.1', 6000],
    ]);
    vi.advanceTimersByTime(120_000); // silence: nothing more is told, and no timer is left
    expect(log.all).toHaveLength(6);
    expect(vi.getTimerCount()).toBe(0);
  } finally {
    vi.useRealTimers();
  }
});

test('very many sources at once: some told one by one, the others as one number', () => {
  const log = new Events();
  const tally = new EventThrottle(log, { maxKinds: 10 });
  for (let n = 0; n < 5000; n++) tally.count(`${n}`, () => EVENTS.sourceLimit('A', `2001:db8::${n}`, 20));
  expect(log.all).toHaveLength(10);
  tally.close();
  expect(log.all).toHaveLength(11);
  expect(log.all[10]!.data).toMatchObject({ count: 4990, otherSources: true });
});

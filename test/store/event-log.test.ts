/** Reading the event log: over the files put aside, from the end, and on as it grows, is put aside, moved or emptied. */
import { appendFileSync, mkdirSync, renameSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { EventFile } from '../../src/listener/records/events.ts';
import {
  asideName,
  type EventQuestion,
  followEvents,
  type LoggedEvent,
  newestEvents,
  readEvents,
} from '../../src/records/event-log.ts';
import { tempFolder } from '../support/temp-home.ts';
import { until } from '../support/until.ts';

let path: string;
beforeEach(() => {
  path = join(tempFolder('events'), 'events.ndjson');
});

const START = Date.parse('2026-03-01T10:00:00.000Z');
/** The n-th event: a second after the one before. */
const line = (n: number, message = `event ${n}`) =>
  `${JSON.stringify({ time: new Date(START + n * 1000).toISOString(), id: 1000 + (n % 3), level: 'Warning', source: 'x', message, data: { n } })}\n`;
const lines = (from: number, to: number) => Array.from({ length: to - from }, (_, k) => line(from + k)).join('');
const numbers = (events: readonly LoggedEvent[]) => events.map((event) => event.data!.n);
const range = (from: number, to: number) => Array.from({ length: to - from }, (_, k) => from + k);

async function all(question?: EventQuestion): Promise<LoggedEvent[]> {
  const found: LoggedEvent[] = [];
  for await (const event of readEvents(path, question)) found.push(event);
  return found;
}

test('no log has no events', async () => {
  expect(await all()).toEqual([]);
  expect(await newestEvents(path, 5)).toEqual([]);
  expect(await newestEvents(join(path, 'nowhere'), 5)).toEqual([]);
});

describe('files put aside', () => {
  beforeEach(() => {
    for (const [n, from] of [
      [12, 0],
      [2, 10],
      [1, 20],
    ] as const)
      writeFileSync(asideName(path, n), lines(from, from + 10));
    writeFileSync(path, lines(30, 40));
    for (const other of ['events.x.ndjson', 'events.0.ndjson', 'events.1.ndjson.gz', 'eventsx.3.ndjson'])
      writeFileSync(join(path, '..', other), 'no log of ours\n');
  });

  test('are read in order, from the highest number on', async () => {
    expect(numbers(await all())).toEqual(range(0, 40));
  });

  test('the newest few come from the end, over the border of files', async () => {
    expect(numbers(await newestEvents(path, 3))).toEqual([37, 38, 39]);
    expect(numbers(await newestEvents(path, 13))).toEqual(range(27, 40));
    expect(numbers(await newestEvents(path, 100))).toEqual(range(0, 40));
    expect(await newestEvents(path, 0)).toEqual([]);
    expect(numbers(await newestEvents(path, 2, { matches: ({ data }) => (data!.n as number) < 5 }))).toEqual([3, 4]);
  });

  test('a period', async () => {
    const since = new Date(START + 15_000);
    const until = new Date(START + 32_000);
    expect(numbers(await all({ since, until }))).toEqual(range(15, 33));
    expect(numbers(await newestEvents(path, 4, { since, until }))).toEqual(range(29, 33));
  });

  test('one that is put aside while the files are opened is read once', async () => {
    // As openAll meets it: the same file under two names.
    rmSync(asideName(path, 1));
    renameSync(path, asideName(path, 1));
    expect(numbers(await all())).toEqual([...range(0, 20), ...range(30, 40)]);
  });
});

test('clocks that jump hide nothing', async () => {
  const late = line(5000);
  writeFileSync(path, line(0) + late + line(1) + line(2));
  expect(numbers(await all({ since: new Date(START + 1000) }))).toEqual([5000, 1, 2]);
  expect(numbers(await newestEvents(path, 2, { since: new Date(START + 2000) }))).toEqual([5000, 2]);
});

test('lines that are no events are passed over, and told once a file; one being written is not told', async () => {
  const told: string[] = [];
  const warn = (what: string) => told.push(what);
  const cut = line(9).slice(0, 40);
  writeFileSync(
    path,
    `${line(0)}{"time":"x"}\n[1]\nnull\n${cut}${line(1)}{"time":"2026-03-01T10:00:00.000Z","id":"1","level":"Error","message":""}\n{ "time": "2026-03-01T10:00:02Z", "id": 7, "level": "Error", "message": "by hand", "data": {"n": 2} }\n${cut}`,
  );
  expect(numbers(await all({ warn }))).toEqual([0, 2]);
  expect(told).toEqual([
    'events.ndjson: a line that is no event was passed over. There may be more of them in this file.',
  ]);
  told.length = 0;
  expect(numbers(await newestEvents(path, 9, { warn }))).toEqual([0, 2]);
  expect(told).toHaveLength(1);
  writeFileSync(path, line(0) + cut);
  told.length = 0;
  expect(numbers(await all({ warn }))).toEqual([0]);
  expect(numbers(await newestEvents(path, 9, { warn }))).toEqual([0]);
  expect(told).toEqual([]);
});

test('a line of many megabytes is passed over without being kept', async () => {
  const told: string[] = [];
  const warn = (what: string) => told.push(what);
  writeFileSync(path, `${line(0)}${'x'.repeat(3_500_000)}\n${lines(1, 4)}`);
  expect(numbers(await all({ warn }))).toEqual([0, 1, 2, 3]);
  expect(numbers(await newestEvents(path, 9, { warn }))).toEqual([0, 1, 2, 3]);
  expect(told).toHaveLength(2);
});

test('from the end is the same as the end of all, whatever the lengths of lines', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.constantFrom(1, 10, 100_000, 262_100, 262_144, 300_000), { maxLength: 12 }),
      fc.nat(14),
      fc.boolean(),
      async (lengths, most, ended) => {
        const text = lengths.map((length, n) => line(n, 'ä'.repeat(length / 2))).join('');
        writeFileSync(path, ended ? text : text.slice(0, -1));
        const expected = range(0, lengths.length);
        expect(numbers(await all())).toEqual(expected);
        expect(numbers(await newestEvents(path, most))).toEqual(most ? expected.slice(-most) : []);
      },
    ),
    { numRuns: 40 },
  );
});

describe('following', () => {
  let stop: AbortController;
  let seen: unknown[];
  let over: Promise<void>;
  function follow(first: number | undefined, question: EventQuestion = {}): void {
    stop = new AbortController();
    seen = [];
    over = (async () => {
      for await (const event of followEvents(path, question, first, stop.signal)) seen.push(event.data?.n ?? event.id);
    })();
  }
  const sees = (expected: unknown[]) =>
    until(`${expected.at(-1)} after ${seen.at(-1)}`, () => seen.length >= expected.length).then(() =>
      expect(seen).toEqual(expected),
    );
  afterEach(async () => {
    stop.abort();
    await over;
  });

  test('the newest first, then what comes; a line in pieces when it is whole', async () => {
    writeFileSync(path, lines(0, 20));
    follow(2);
    await sees([18, 19]);
    appendFileSync(path, lines(20, 22));
    await sees([18, 19, 20, 21]);
    const text = line(22);
    appendFileSync(path, text.slice(0, 50));
    appendFileSync(path, text.slice(50) + line(23));
    await sees([18, 19, 20, 21, 22, 23]);
  });

  test('a half line at the start is not lost', async () => {
    writeFileSync(path, lines(0, 3) + line(3).slice(0, 30));
    follow(1);
    await sees([2]);
    appendFileSync(path, line(3).slice(30) + line(4));
    await sees([2, 3, 4]);
  });

  test('all of the past when it is asked for, and only what matches', async () => {
    writeFileSync(asideName(path, 1), lines(0, 10));
    writeFileSync(path, lines(10, 12));
    follow(undefined, { since: new Date(START + 8000), matches: ({ id }) => id !== 1000 });
    await sees([8, 10, 11]);
    appendFileSync(path, lines(12, 15));
    await sees([8, 10, 11, 13, 14]);
  });

  test('a log that is not there yet', async () => {
    follow(10);
    writeFileSync(path, lines(0, 2));
    await sees([0, 1]);
  });

  test('a log put aside more than once between two looks', async () => {
    writeFileSync(path, lines(0, 3));
    follow(1);
    await sees([2]);
    appendFileSync(path, lines(3, 5));
    renameSync(path, asideName(path, 2));
    writeFileSync(asideName(path, 1), lines(5, 7));
    writeFileSync(path, lines(7, 9));
    await sees(range(2, 9));
    appendFileSync(path, line(9));
    await sees(range(2, 10));
  });

  test('a log moved away by logrotate, or emptied in place', async () => {
    writeFileSync(path, lines(0, 3));
    follow(1);
    await sees([2]);
    const moved = join(path, '..', 'old');
    mkdirSync(moved);
    renameSync(path, join(moved, 'events'));
    appendFileSync(join(moved, 'events'), line(3));
    await sees([2, 3]);
    writeFileSync(path, line(4));
    await sees([2, 3, 4]);
    truncateSync(path);
    appendFileSync(path, '');
    await until('the reader to see the empty file', async () => {
      appendFileSync(path, line(5));
      return seen.includes(5);
    });
    expect(seen.slice(0, 4)).toEqual([2, 3, 4, 5]);
  });

  test('the real log under a flood, put aside many times: every event once, in order', async () => {
    const log = new EventFile({ path, maxBytes: 20_000, keep: 4 });
    follow(0);
    const event = (n: number) => ({
      id: 17010,
      level: 'Information' as const,
      message: 'x'.repeat(n % 300),
      data: { n },
    });
    for (let n = 0; n < 2000; n++) {
      log.write(event(n));
      // The reader may be one file behind, as it is when a file takes 10 MB of events.
      if (n % 40 === 39) await until(`${n}`, () => seen.length > n - 40);
    }
    await log.close();
    await sees(range(0, 2000));
  });
});

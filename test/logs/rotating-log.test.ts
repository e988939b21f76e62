import { mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { FailureEvents } from '../../src/listener/delivery/failure-events.ts';
import { type LogSettings, logDisk, openHourlyLog } from '../../src/listener/records/hourly-log.ts';
import { Events } from '../delivery/scene.ts';
import { Clock, MemoryDisk } from './memory-disk.ts';

const HOUR = 3600_000;
const HEADER = 150; // more than the header of these logs

function logWith(settings: Partial<LogSettings> = {}, more: { maxHeld?: number } = {}) {
  const disk = new MemoryDisk();
  const clock = new Clock(new Date('2026-11-24T05:59:00Z'));
  const events = new Events();
  const log = openHourlyLog({
    prefix: 'RECV',
    type: 'Test Log',
    fields: ['a', 'b'],
    settings: () => ({ folder: '/log', maxAge: 0, maxDirectorySize: 1e9, maxFileSize: 1e9, ...settings }),
    dropped: (lines) => `dropped,${lines}\r\n`,
    failures: new FailureEvents(events),
    files: disk,
    clock: clock.read,
    ...more,
  });
  return { disk, clock, log, events };
}

test('a new file begins with its header, and the hour names it in UTC', async () => {
  const { disk, log } = logWith();
  log.write('1,2\r\n');
  log.write('3,4\r\n');
  await log.close();
  expect([...disk.files]).toEqual([
    [
      '/log/RECV2026112405-1.log',
      '#Software: receive-connector\r\n#Version: 15.0.0.0\r\n#Log-type: Test Log\r\n#Date: 2026-11-24T05:59:00.000Z\r\n#Fields: a,b\r\n1,2\r\n3,4\r\n',
    ],
  ]);
});

test('each hour has its file', async () => {
  const { disk, clock, log } = logWith();
  for (let hour = 0; hour < 3; hour++) {
    log.write(`${hour}\r\n`);
    await log.flush();
    clock.pass(HOUR);
  }
  expect(disk.names()).toEqual(['RECV2026112405-1.log', 'RECV2026112406-1.log', 'RECV2026112407-1.log']);
  expect(disk.lines()).toEqual(['0', '1', '2']);
});

test('a file that is full goes on in the next number, and none is over its size', async () => {
  const { disk, log } = logWith({ maxFileSize: 1000 });
  for (let i = 0; i < 100; i++) log.write(`${String(i).padStart(48, '0')}\r\n`);
  await log.close();
  expect(disk.files.size).toBeGreaterThan(4);
  for (const text of disk.files.values()) expect(text.length).toBeLessThanOrEqual(1000 + HEADER);
  const numbers = disk
    .lines()
    .map(Number)
    .sort((a, b) => a - b);
  expect(numbers).toEqual(Array.from({ length: 100 }, (_, i) => i));
});

test('a later run goes on in the last file of the hour', async () => {
  const { disk, log } = logWith();
  disk.files.set('/log/RECV2026112405-1.log', 'x'.repeat(10));
  disk.files.set('/log/RECV2026112405-2.log', '#header\r\nold\r\n');
  log.write('new\r\n');
  await log.close();
  expect(disk.files.get('/log/RECV2026112405-2.log')).toBe('#header\r\nold\r\nnew\r\n');
});

test('files go when they are over the age, and nobody else’s do', async () => {
  const { disk, log } = logWith({ maxAge: 24 * HOUR });
  for (const name of ['RECV2026112304-1.log', 'RECV2026112305-1.log', 'MSGTRK2020010100-1.log', 'notes.txt'])
    disk.files.set(`/log/${name}`, 'x');
  log.write('new\r\n');
  await log.close();
  expect(disk.names()).toEqual(['MSGTRK2020010100-1.log', 'RECV2026112305-1.log', 'RECV2026112405-1.log', 'notes.txt']);
});

test('the oldest files go until all fit in the directory size', async () => {
  const { disk, log } = logWith({ maxDirectorySize: 250 });
  for (let hour = 1; hour < 5; hour++) disk.files.set(`/log/RECV202611240${hour}-1.log`, 'x'.repeat(100));
  log.write('new\r\n');
  await log.close();
  expect(disk.names()).toEqual(['RECV2026112403-1.log', 'RECV2026112404-1.log', 'RECV2026112405-1.log']);
});

test('a changed folder acts on the next write', async () => {
  const now = { folder: '/one' };
  const { disk, log } = logWith(now);
  log.write('1\r\n');
  await log.flush();
  now.folder = '/two';
  log.write('2\r\n');
  await log.close();
  expect([...disk.files.keys()]).toEqual(['/one/RECV2026112405-1.log', '/two/RECV2026112405-1.log']);
});

test('a disk that stalls: writers go on, memory is bounded, and the log says how much is missing', async () => {
  const { disk, log, events } = logWith({}, { maxHeld: 1000 });
  log.write('first\r\n');
  disk.stall();
  const flushing = log.flush();
  await Promise.resolve();
  for (let i = 0; i < 1000; i++) log.write('0123456789\r\n');
  disk.resume();
  await flushing;
  await log.flush();
  log.write('last\r\n');
  await log.close();
  const lines = disk.lines();
  const kept = lines.filter((line) => line === '0123456789').length;
  const missing = Number(lines.find((line) => line.startsWith('dropped,'))!.split(',')[1]);
  expect(kept).toBeLessThan(100);
  expect(kept + missing).toBe(1000);
  expect(lines.at(-1)).toBe('last');
  expect(events.written[0]).toMatchObject({ id: 17112 });
});

describe('a busy log is written ten times a second', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  test('what comes while others are written waits for more of its kind, unless all is wanted', async () => {
    const { disk, log } = logWith();
    log.write('1\r\n');
    disk.stall();
    await vi.advanceTimersByTimeAsync(100);
    log.write('2\r\n');
    disk.resume();
    await vi.advanceTimersByTimeAsync(0);
    expect(disk.lines()).toEqual(['1']);
    log.write('3\r\n');
    await vi.advanceTimersByTimeAsync(100);
    expect(disk.lines()).toEqual(['1', '2', '3']);
    log.write('4\r\n');
    await log.flush();
    expect(disk.lines()).toEqual(['1', '2', '3', '4']);
  });

  test('so much that it would not be held does not wait', async () => {
    const { disk, log } = logWith({}, { maxHeld: 100 });
    for (let i = 0; i < 6; i++) log.write('0123456789\r\n');
    await vi.advanceTimersByTimeAsync(0);
    expect(disk.lines()).toHaveLength(6);
  });
});

test('a disk that fails: one event, and what follows is logged when it is well again', async () => {
  const { disk, log, events } = logWith();
  disk.failing = 'ENOSPC';
  for (let i = 0; i < 5; i++) {
    log.write(`${i}\r\n`);
    await log.flush();
  }
  expect(events.written.map((event) => [event.id, event.data?.code])).toEqual([[17111, 'ENOSPC']]);
  disk.failing = undefined;
  log.write('well\r\n');
  await log.close();
  expect(disk.lines()).toEqual(['well', 'dropped,5']);
});

test('a link in the place of a log file is not followed', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'rc-log-'));
  try {
    writeFileSync(join(folder, 'theirs'), 'kept');
    symlinkSync(join(folder, 'theirs'), join(folder, 'RECV2026112405-1.log'));
    await expect(logDisk.append(join(folder, 'RECV2026112405-1.log'), 'line')).rejects.toMatchObject({
      code: 'ENOTOURS',
    });
    expect(readFileSync(join(folder, 'theirs'), 'utf8')).toBe('kept');
    await logDisk.append(join(folder, 'RECV2026112405-2.log'), 'a');
    await logDisk.append(join(folder, 'RECV2026112405-2.log'), 'b');
    expect(readFileSync(join(folder, 'RECV2026112405-2.log'), 'utf8')).toBe('ab');
  } finally {
    rmSync(folder, { recursive: true });
  }
});

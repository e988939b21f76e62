/** What the environment says about a service manager, and what of it is ours. */
import { closeSync, fstatSync, openSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { isJournal, takeSupervision } from '../../src/listener/service/supervision.ts';
import { tempFolder } from '../support/temp-home.ts';

const NOTHING = { notifySocket: undefined, notifyFd: undefined, watchdogMs: 0, sockets: [] };

test.each([
  ['nothing', {}, NOTHING],
  ['empty values', { NOTIFY_SOCKET: '', WATCHDOG_USEC: '', LISTEN_FDS: '', LISTEN_PID: '7' }, NOTHING],
  ['a socket to tell', { NOTIFY_SOCKET: '@x' }, { ...NOTHING, notifySocket: '@x' }],
  ['a watchdog for all', { WATCHDOG_USEC: '30000000' }, { ...NOTHING, watchdogMs: 30_000 }],
  ['a watchdog for us', { WATCHDOG_USEC: '500000', WATCHDOG_PID: '7' }, { ...NOTHING, watchdogMs: 500 }],
  ['a watchdog for another', { WATCHDOG_USEC: '500000', WATCHDOG_PID: '8' }, NOTHING],
  ['a watchdog that is no number', { WATCHDOG_USEC: 'soon' }, NOTHING],
  [
    'sockets with names and without',
    { LISTEN_FDS: '3', LISTEN_PID: '7', LISTEN_FDNAMES: 'smtp::submission' },
    {
      ...NOTHING,
      sockets: [
        { fd: 3, name: 'smtp' },
        { fd: 4, name: 'unknown' },
        { fd: 5, name: 'submission' },
      ],
    },
  ],
  ['sockets for another', { LISTEN_FDS: '3', LISTEN_PID: '8' }, NOTHING],
  ['sockets for nobody', { LISTEN_FDS: '3' }, NOTHING],
  ['half a socket', { LISTEN_FDS: '1.5', LISTEN_PID: '7' }, NOTHING],
])('%s', (_, env, expected) => {
  const left: NodeJS.ProcessEnv = { PATH: '/bin', ...env };
  expect(takeSupervision(left, 7)).toEqual(expected);
  expect(left).toEqual({ PATH: '/bin' }); // no child takes it for its own
});

test('a number that cannot be does not make it look for ever', () => {
  expect(takeSupervision({ LISTEN_FDS: '1e9', LISTEN_PID: '7' }, 7).sockets).toHaveLength(1024);
});

test('stderr is the journal when it is the very file that JOURNAL_STREAM names', () => {
  const fd = openSync(join(tempFolder(), 'stream'), 'w');
  const { dev, ino } = fstatSync(fd, { bigint: true });
  expect(isJournal({ JOURNAL_STREAM: `${dev}:${ino}` }, fd)).toBe(true);
  for (const value of [undefined, '', `${dev}:${ino + 1n}`, `${dev + 1n}:${ino}`, 'x', `${dev}:${ino}:1`])
    expect(isJournal({ JOURNAL_STREAM: value }, fd)).toBe(false);
  closeSync(fd);
  expect(isJournal({ JOURNAL_STREAM: `${dev}:${ino}` }, fd)).toBe(false);
});

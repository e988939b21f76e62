/** Message rates: never more than the limit in a minute, sources apart, memory bounded. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { SlidingRates } from '../../src/listener/session/rates.ts';

function at(): { rates: SlidingRates; clock: { now: number } } {
  const clock = { now: 1_000_000 };
  return { rates: new SlidingRates(() => clock.now), clock };
}

test('as many as the limit says, then no more until time has passed', () => {
  const { rates, clock } = at();
  const take = () => rates.take('c', ['ip:a'], 5);
  expect([take(), take(), take(), take(), take(), take()]).toEqual([true, true, true, true, true, false]);
  clock.now += 59_999;
  expect(take()).toBe(false);
  clock.now += 12_002; // a fifth of the next minute: one of the five has gone
  expect(take()).toBe(true);
  expect(take()).toBe(false);
  clock.now += 120_000;
  expect([take(), take(), take(), take(), take(), take()]).toEqual([true, true, true, true, true, false]);
});

test('what is counted is told, taken back, and never below nothing', () => {
  const { rates, clock } = at();
  rates.count('c', 'ip:a', 3);
  expect([rates.used('c', 'ip:a'), rates.used('c', 'ip:b'), rates.left('c', 'ip:a', 5)]).toEqual([3, 0, 2]);
  rates.count('c', 'ip:a', -5);
  expect([rates.used('c', 'ip:a'), rates.left('c', 'ip:a', Number.POSITIVE_INFINITY)]).toEqual([
    0,
    Number.POSITIVE_INFINITY,
  ]);
  rates.count('c', 'ip:a', 3);
  clock.now += 90_000;
  expect(rates.used('c', 'ip:a')).toBe(2); // half of the minute before, and a part of one counts as one
  expect([rates.take('c', ['ip:a'], 2), rates.take('c', ['ip:a'], 3)]).toEqual([false, true]);
});

test('a window may be as long as a day', () => {
  const { rates, clock } = at();
  const take = () => rates.take('c', ['ip:a'], 2, 86_400_000);
  expect([take(), take(), take()]).toEqual([true, true, false]);
  clock.now += 86_399_000;
  expect(take()).toBe(false);
  clock.now += 43_202_000; // half of the next day: one of the two has gone
  expect([take(), take()]).toEqual([true, false]);
  clock.now += 2 * 86_400_000;
  expect([take(), take(), take()]).toEqual([true, true, false]);
});

test('a window that is changed: what was counted lies in a longer one; of a shorter one it is an even share', () => {
  const { rates, clock } = at();
  for (let i = 0; i < 6; i++) rates.take('c', ['ip:a'], 10);
  expect(rates.used('c', 'ip:a', 3_600_000)).toBe(6);
  expect(rates.take('c', ['ip:a'], 6, 3_600_000)).toBe(false);
  expect(rates.used('c', 'ip:a', 60_000)).toBe(1); // a sixtieth of six is a part of one
  clock.now += 120_000;
  expect(rates.used('c', 'ip:a', 60_000)).toBe(0);
});

test('connectors and sources have rates of their own; of several, all must allow', () => {
  const { rates } = at();
  expect(rates.take('c', ['ip:a', 'user:x'], 1)).toBe(true);
  expect(rates.take('c', ['ip:a', 'user:y'], 1)).toBe(false);
  expect(rates.take('c', ['ip:b', 'user:y'], 1)).toBe(true); // the refused one was not counted for user:y
  expect(rates.take('d', ['ip:a'], 1)).toBe(true);
  expect(rates.take('c', ['ip:a'], Number.POSITIVE_INFINITY)).toBe(true);
});

const gapsOf = (most: number) => fc.array(fc.nat(most), { maxLength: 300 });

test('never more than limit + what an uneven minute before can add, in any window', () => {
  fc.assert(
    fc.property(
      gapsOf(5000),
      fc.integer({ min: 1, max: 10 }),
      fc.constantFrom(60_000, 10_000, 300_000),
      (gaps, limit, window) => {
        const { rates, clock } = at();
        const taken: number[] = [];
        for (const gap of gaps) {
          clock.now += gap;
          if (rates.take('c', ['x'], limit, window)) taken.push(clock.now);
        }
        for (const start of taken) {
          const inWindow = taken.filter((t) => t >= start && t < start + window).length;
          expect(inWindow).toBeLessThanOrEqual(2 * limit);
        }
        const windows = (clock.now - 1_000_000) / window + 1;
        expect(taken.length).toBeLessThanOrEqual(limit * windows + limit);
      },
    ),
  );
});

test('sources that are gone are forgotten', () => {
  const { rates, clock } = at();
  for (let i = 0; i < 1000; i++) rates.take('c', [`user:${i}`], 10);
  expect(rates.size).toBe(1000);
  clock.now += 121_000;
  rates.take('c', ['user:new'], 10);
  expect(rates.size).toBe(1);
  for (let i = 0; i < 120_000; i++) rates.take('c', [`user:${i}`], 10);
  expect(rates.size).toBeLessThanOrEqual(100_001);
});

/** Refusals of the last minute and hour, against a list of all of them; and the bound on what is remembered. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { RecentRefusals } from '../../src/listener/admission/recent-refusals.ts';

function table(most?: number) {
  const clock = { now: 0 };
  const refusals = new RecentRefusals<string>({ clock: () => clock.now, most });
  return { clock, refusals, of: (owner: string) => [...refusals.of(owner)] };
}

test('a minute and an hour, to the second and to the minute', () => {
  const { clock, refusals, of } = table();
  clock.now = 5_000;
  for (let n = 0; n < 3; n++) refusals.count('A', '10.0.0.1');
  clock.now = 30_000;
  refusals.count('A', '10.0.0.1');
  refusals.count('B', '10.0.0.1');
  expect(of('A')).toEqual([{ source: '10.0.0.1', minute: 4, hour: 4, ago: 0 }]);
  expect(of('B')).toEqual([{ source: '10.0.0.1', minute: 1, hour: 1, ago: 0 }]);
  clock.now = 64_999;
  expect(of('A')).toEqual([{ source: '10.0.0.1', minute: 4, hour: 4, ago: 34_999 }]);
  clock.now = 65_000;
  expect(of('A')).toEqual([{ source: '10.0.0.1', minute: 1, hour: 4, ago: 35_000 }]);
  clock.now = 90_000;
  expect(of('A')).toMatchObject([{ minute: 0, hour: 4 }]);
  clock.now = 30_000 + 3_599_999;
  expect(of('A')).toMatchObject([{ minute: 0, hour: 0 }]);
  clock.now = 30_000 + 3_600_000;
  expect(of('A')).toEqual([]);
  expect(refusals.size).toBe(0);
  expect(of('nobody')).toEqual([]);
});

test('what is counted is what a list of all refusals says', () => {
  const step = fc.record({
    after: fc.oneof(fc.nat(999), fc.nat(70_000), fc.nat(4_000_000)),
    owner: fc.constantFrom('A', 'B'),
    source: fc.constantFrom('10.0.0.1', '10.0.0.2', '10.0.0.3'),
  });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
      const { clock, refusals, of } = table();
      const all: { at: number; owner: string; source: string }[] = [];
      for (const { after, owner, source } of steps) {
        clock.now += after;
        refusals.count(owner, source);
        all.push({ at: clock.now, owner, source });
        for (const name of ['A', 'B']) {
          const mine = all.filter((one) => one.owner === name);
          const within = (seconds: number, from: string) =>
            mine.filter(
              ({ at, source: one }) => one === from && Math.floor(clock.now / seconds) - Math.floor(at / seconds) < 60,
            ).length;
          const alive = new Set(mine.filter(({ at }) => clock.now - at < 3_600_000).map((one) => one.source));
          const wanted = [...alive].sort().map((from) => ({
            source: from,
            minute: within(1000, from),
            hour: within(60_000, from),
            ago: clock.now - Math.max(...mine.filter((one) => one.source === from).map((one) => one.at)),
          }));
          expect(of(name).sort((a, b) => (a.source < b.source ? -1 : 1))).toEqual(wanted);
        }
      }
    }),
  );
});

test('however many sources there are, as many rows are kept; who was refused longest ago goes first', () => {
  const { clock, refusals, of } = table(100);
  refusals.count('A', 'steady');
  for (let n = 0; n < 10_000; n++) {
    clock.now += 1;
    refusals.count(n % 3 ? 'A' : 'B', `source ${n}`);
    if (n % 50 === 0) refusals.count('A', 'steady');
  }
  expect(refusals.size).toBe(100);
  expect(of('A').length + of('B').length).toBe(100);
  expect(of('A').find((one) => one.source === 'steady')).toMatchObject({ minute: 201 });
  expect(of('A').some((one) => one.source === 'source 9998')).toBe(true);
  expect(of('A').some((one) => one.source === 'source 9800')).toBe(false);
});

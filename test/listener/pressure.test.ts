/** Back pressure: levels of what is short, events 15004 to 15007, and when it is over. The machine is made up. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type Pressure, pressureOf, type ResourceUse, thresholdsEnough } from '../../src/domain/pressure.ts';
import { checkTransport, readTransport } from '../../src/domain/transport.ts';
import { PressureMonitor } from '../../src/listener/pressure/monitor.ts';
import { systemProbe } from '../../src/listener/pressure/probe.ts';
import { useOf } from '../support/pressure.ts';
import { Events } from './harness.ts';

const DEFAULTS = readTransport({});
const MB = 1024 ** 2;
const levels = ({ level, resources }: Pressure) => [level, ...resources.map((r) => r.level)];

test.each([
  [useOf(5000), 'Low'],
  [useOf(301), 'Low'],
  [useOf(300), 'Medium'], // 97 %
  [useOf(100), 'High'], // 99 %
  [useOf(0), 'High'],
  [useOf(0, { disk: { path: '/big', size: 8_000_000 * MB, free: 1600 * MB } }), 'Low'],
  [useOf(0, { disk: { path: '/big', size: 8_000_000 * MB, free: 1400 * MB } }), 'Medium'],
  [useOf(0, { disk: { path: '/big', size: 8_000_000 * MB, free: 400 * MB } }), 'High'],
  [useOf(0, { disk: { path: '/tiny', size: 64 * MB, free: 8 * MB } }), 'Low'],
  [useOf(0, { disk: undefined }), 'Low'],
  [useOf(5000, { memory: 85 }), 'Medium'],
  [useOf(5000, { memory: 92 }), 'High'],
  [useOf(5000, { delay: 1000 }), 'Medium'],
  [useOf(5000, { delay: 3000 }), 'High'],
] as const)('%o is %s', (use, level) => {
  expect(pressureOf(use, DEFAULTS).level).toBe(level);
});

test('a level is left only when the use is well below its threshold', () => {
  let pressure = pressureOf(useOf(100), DEFAULTS);
  const next = (free: number) => {
    pressure = pressureOf(useOf(free), DEFAULTS, pressure);
    return pressure.level;
  };
  expect([next(250), next(299), next(301), next(350), next(500), next(501)]).toEqual([
    'High',
    'High',
    'Medium',
    'Medium',
    'Medium',
    'Low',
  ]);
});

test('thresholds are settings; 100 is none; all of it can be off', () => {
  const set = (stored: object) => pressureOf(useOf(50, { memory: 99 }), readTransport({ ...stored }));
  expect(levels(set({ UsedDiskSpaceHighThreshold: 100, UsedDiskSpaceMediumThreshold: 98 }))).toEqual([
    'High',
    'Medium',
    'High',
    'Low',
  ]);
  expect(levels(set({ UsedMemoryHighThreshold: 100, UsedMemoryMediumThreshold: 100 }))[2]).toBe('Low');
  expect(set({ EnableResourceMonitoring: false }).level).toBe('Low');
});

function watched() {
  const events = new Events();
  const told: string[] = [];
  let use: ResourceUse = useOf(5000);
  let transport: object = {};
  const monitor = new PressureMonitor({
    probe: { look: async () => use, close() {} },
    settings: () => readTransport(transport as Record<string, unknown>),
    events,
    onChange: ({ level }) => void told.push(level),
  });
  return {
    events,
    told,
    monitor,
    set: (stored: object) => {
      transport = stored;
    },
    async look(next: ResourceUse): Promise<string> {
      use = next;
      await monitor.look();
      return monitor.now.level;
    },
  };
}

test('the disk: 15004 and 15006 when it gets short, 15005 when it has room again, each once', async () => {
  const { look, events, told } = watched();
  expect([await look(useOf(5000)), await look(useOf(90)), await look(useOf(80)), await look(useOf(5000))]).toEqual([
    'Low',
    'High',
    'High',
    'Low',
  ]);
  expect(events.all.map(({ id, level }) => [id, level])).toEqual([
    [15004, 'Warning'],
    [15006, 'Error'],
    [15005, 'Information'],
  ]);
  expect(events.messages(15004)).toEqual([
    'Resource pressure increased from Low to High. UsedDiskSpace High: the volume of /srv/mail is 99.1 % used, 90 MB are free. No new mail is taken; others are told 452 4.3.1 and come again.',
  ]);
  expect(events.messages(15005)).toEqual(['Resource pressure decreased from High to Low. All mail is taken again.']);
  expect(told).toEqual(['High', 'Low']);
});

test('memory and the event loop: one look is no pressure, two are; 15007', async () => {
  const { look, events } = watched();
  const full = useOf(5000, { memory: 95 });
  const late = useOf(5000, { delay: 2000 });
  expect([await look(full), await look(useOf(5000)), await look(late), await look(useOf(5000))]).toEqual(
    Array(4).fill('Low'),
  );
  expect(events.all).toEqual([]);
  expect([await look(full), await look(full)]).toEqual(['Low', 'High']);
  expect(events.all.map(({ id }) => id)).toEqual([15004, 15007]);
  expect([await look(useOf(5000, { memory: 91 })), await look(useOf(5000, { memory: 84 }))]).toEqual([
    'High',
    'Medium',
  ]);
  expect([await look(useOf(5000, { memory: 82 })), await look(late), await look(late)]).toEqual([
    'Low',
    'Low',
    'Medium',
  ]);
});

test('switched off in the middle of it, all is taken again', async () => {
  const { look, set, events } = watched();
  expect(await look(useOf(1))).toBe('High');
  set({ EnableResourceMonitoring: false });
  expect(await look(useOf(1))).toBe('Low');
  expect(events.of(15005)).toHaveLength(1);
});

test('the machine itself is looked at', async () => {
  const probe = systemProbe(['/nowhere/at/all', process.cwd()], () => [process.pid]);
  const { disk, memory, delay } = await probe.look();
  probe.close();
  expect(disk!.path).toBe(process.cwd());
  expect(disk!.size).toBeGreaterThan(disk!.free);
  expect(memory).toBeGreaterThan(0);
  expect(memory).toBeLessThan(100);
  expect(delay).toBeGreaterThanOrEqual(0);
});

test('the thresholds that rc why offers let the mail pass, whatever is short, and are settings that can be', () => {
  const refuses = (level: Pressure['level'], isOwn: boolean) => level === 'High' || (level === 'Medium' && !isOwn);
  const pair = (of: fc.Arbitrary<number>) => fc.tuple(of, of).map((two) => two.sort((a, b) => a - b));
  const free = fc.integer({ min: 0, max: 1000 });
  const memory = fc.double({ min: 0, max: 100, noNaN: true });
  const delay = fc.double({ min: 0, max: 90_000, noNaN: true });
  const percents = pair(fc.integer({ min: 1, max: 100 }));
  const delays = pair(fc.integer({ min: 10, max: 60_000 }));
  fc.assert(
    fc.property(free, memory, delay, percents, percents, delays, fc.boolean(), (mb, used, late, d, m, e, isOwn) => {
      const stored = {
        ...{ UsedDiskSpaceMediumThreshold: d[0], UsedDiskSpaceHighThreshold: d[1] },
        ...{ UsedMemoryMediumThreshold: m[0], UsedMemoryHighThreshold: m[1] },
        ...{ EventLoopDelayMediumThreshold: e[0], EventLoopDelayHighThreshold: e[1] },
      };
      const use = useOf(mb, { memory: used, delay: late });
      const pressure = pressureOf(use, readTransport(stored));
      fc.pre(refuses(pressure.level, isOwn));
      const enough = thresholdsEnough(pressure, readTransport(stored), isOwn);
      const raised = readTransport({
        ...stored,
        ...Object.fromEntries(Object.entries(enough).map(([name, value]) => [name, JSON.parse(value) as unknown])),
      });
      expect(refuses(pressureOf(use, raised, pressure).level, isOwn)).toBe(false);
      expect(checkTransport(raised)).toEqual([]);
    }),
  );
});

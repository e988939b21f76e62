/** Back pressure as rc doctor tells it: reached, near, switched off. */
import { expect, it } from 'vitest';
import { pressureToldOf, toldOnce } from '../../src/checks/pressure.ts';
import { readTransport } from '../../src/domain/transport.ts';
import { pressureAt, useOf } from '../support/pressure.ts';

const told = (freeMb: number, settings: Record<string, unknown> = {}, running?: Parameters<typeof pressureToldOf>[3]) =>
  pressureToldOf(useOf(freeMb).disk, '/srv/rc', readTransport(settings), running).map(
    ({ severity, check, about, problem, mend }) => `${severity} ${check} ${about}: ${problem} | ${mend.join(' | ')}`,
  );

it.each([
  ['room enough', 1000, {}, []],
  // 94 of 100 points, and less than 3,000 MB
  [
    'near',
    550,
    {},
    [
      'Warning BackPressure UsedDiskSpace: the volume of /srv/mail is 94.5 % used, 550 MB are free: at UsedDiskSpaceMediumThreshold 97 and less than 1,500 MB free only mail of one’s own is taken, others read 452 4.3.1 | make room: du -sh /srv/rc/*',
    ],
  ],
  [
    'Medium',
    250,
    {},
    [
      'Warning BackPressure UsedDiskSpace: the volume of /srv/mail is 97.5 % used, 250 MB are free, and UsedDiskSpaceMediumThreshold is 97: only mail of one’s own is taken, others read 452 4.3.1 | make room: du -sh /srv/rc/*',
    ],
  ],
  [
    'High',
    50,
    {},
    [
      'Error BackPressure UsedDiskSpace: the volume of /srv/mail is 99.5 % used, 50 MB are free, and UsedDiskSpaceHighThreshold is 99: no new mail is taken, all read 452 4.3.1 | make room: du -sh /srv/rc/*',
    ],
  ],
  ['no threshold', 550, { UsedDiskSpaceMediumThreshold: 100, UsedDiskSpaceHighThreshold: 100 }, []],
  [
    'monitoring off',
    50,
    { EnableResourceMonitoring: false },
    [
      'Information BackPressure EnableResourceMonitoring: is off: mail is taken until the disk or the memory is full, and nobody is told before | rc set-transport-service --enable-resource-monitoring true',
    ],
  ],
] as const)('%s', (_, freeMb, settings, findings) => {
  expect(told(freeMb, settings)).toEqual(findings);
});

it('is told as the running listener has it, memory and event loop too', () => {
  const memory = { resource: 'UsedMemory', level: 'Medium', use: 88, text: 'memory is 88 % used' } as const;
  expect(told(5000, {}, { level: 'Medium', resources: [memory] })).toEqual([
    'Warning BackPressure UsedMemory: memory is 88 % used, and UsedMemoryMediumThreshold is 85: only mail of one’s own is taken, others read 452 4.3.1 | rc top',
  ]);
  expect(told(5000, {}, pressureAt('High'))).toHaveLength(1);
});

const finding = (severity: 'Error' | 'Warning', check: string, about: string) =>
  ({ severity, check, about, problem: '', mend: [] }) as const;

it.each([
  ['no pressure', 'Warning', undefined, ['DiskSpace']],
  ['alike', 'Warning', 'Warning', ['BackPressure']],
  ['pressure is worse', 'Warning', 'Error', ['BackPressure']],
  ['a small disk that is nearly full', 'Error', 'Warning', ['DiskSpace']],
] as const)('one volume is told once: %s', (_, room, disk, checks) => {
  const memory = finding('Warning', 'BackPressure', 'UsedMemory');
  const pressure = disk ? [finding(disk, 'BackPressure', 'UsedDiskSpace'), memory] : [memory];
  const told = toldOnce([finding(room, 'DiskSpace', '/srv/rc')], pressure);
  expect(told.filter((one) => one !== memory).map(({ check }) => check)).toEqual(checks);
  expect(told).toContain(memory);
});

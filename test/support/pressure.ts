/** Machines that are short of something, made up. */
import type { Pressure, PressureLevel, ResourceUse } from '../../src/domain/pressure.ts';

const MB = 1024 ** 2;

/** A volume of 10 GB with so much free, and a machine that is calm else. */
export function useOf(freeMb: number, more: Partial<ResourceUse> = {}): ResourceUse {
  return { disk: { path: '/srv/mail', size: 10_000 * MB, free: freeMb * MB }, memory: 20, delay: 1, ...more };
}

export function pressureAt(level: PressureLevel): Pressure {
  const text = 'the volume of /srv/mail is 99.5 % used, 50 MB are free';
  return { level, resources: [{ resource: 'UsedDiskSpace', level, use: 99.5, text }] };
}

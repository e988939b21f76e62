/**
 * Back pressure: how short a server is of what it needs, and what that is to new mail. Levels and what they mean are Exchange's
 * (article "Understanding back pressure"): Medium takes mail of its own only, High takes none. Pure.
 */
import type { Transport } from './transport.ts';
import { LONGEST_DELAY, PRESSURE_RESOURCES } from './transport-pressure.ts';

const LEVELS = ['Low', 'Medium', 'High'] as const;
export type PressureLevel = (typeof LEVELS)[number];

type PressureResource = (typeof PRESSURE_RESOURCES)[number];

/** One look at a machine. */
export interface ResourceUse {
  /** Volume of the mail: bytes. */
  readonly disk: { readonly path: string; readonly size: number; readonly free: number } | undefined;
  /** Percent of the memory the listener may have, or of V8's heap, whichever is more. */
  readonly memory: number;
  /** Milliseconds that the event loop is late, in the middle. */
  readonly delay: number;
}

export interface ResourcePressure {
  readonly resource: PressureResource;
  readonly level: PressureLevel;
  /** Percent, or milliseconds. */
  readonly use: number;
  /** The use in words. */
  readonly text: string;
}

export interface Pressure {
  /** The highest of the resources'. */
  readonly level: PressureLevel;
  readonly resources: readonly ResourcePressure[];
}

export const NO_PRESSURE: Pressure = { level: 'Low', resources: [] };

/** What a level is to new mail. */
export const PRESSURE_MEANS = {
  Medium: 'only mail of one’s own is taken, others read 452 4.3.1',
  High: 'no new mail is taken, all read 452 4.3.1',
} as const;

const MB = 1024 ** 2;
/** A large volume is not short while so much is free: Exchange 2010's constant, and thrice as much. */
const ENOUGH = { High: 500 * MB, Medium: 1500 * MB } as const;
/** A level is left when the use is so far below its threshold: Exchange's Low thresholds are 2 points below Medium. */
const POINTS_BACK = 2;
const DELAY_BACK = 0.8;

/** The pressure of a look. @param before the one of the look before, which a use near a threshold stays in */
export function pressureOf(use: ResourceUse, settings: Transport, before: Pressure = NO_PRESSURE): Pressure {
  if (!settings.EnableResourceMonitoring) return NO_PRESSURE;
  const was = (resource: PressureResource) => before.resources.find((r) => r.resource === resource)?.level ?? 'Low';
  const resources = PRESSURE_RESOURCES.map((resource): ResourcePressure => {
    const reaches = (level: 'Medium' | 'High') => {
      const stays = LEVELS.indexOf(was(resource)) >= LEVELS.indexOf(level);
      return isOver(use, resource, level, settings[`${resource}${level}Threshold`], stays);
    };
    const level = reaches('High') ? 'High' : reaches('Medium') ? 'Medium' : 'Low';
    return { resource, level, ...told(use, resource) };
  });
  return { level: highest(resources), resources };
}

/** Thresholds, as `rc set-transport-service` takes them. */
type Thresholds = Readonly<
  Partial<Record<`${PressureResource}${'Medium' | 'High'}Threshold` | 'EnableResourceMonitoring', string>>
>;

/**
 * The thresholds at which the use is none that refuses this mail, also not for having been over the threshold before. No monitoring
 * where no threshold is that high.
 * @param isOwn mail of one's own, which only High refuses
 */
export function thresholdsEnough(pressure: Pressure, settings: Transport, isOwn: boolean): Thresholds {
  const enough: Record<string, string> = {};
  for (const { resource, level, use } of pressure.resources) {
    if (level === 'Low' || (isOwn && level === 'Medium')) continue;
    const over =
      resource === 'EventLoopDelay' ? Math.floor((use + 1) / DELAY_BACK) + 1 : Math.floor(use + 0.1 + POINTS_BACK) + 1;
    if (resource === 'EventLoopDelay' && over > LONGEST_DELAY) return { EnableResourceMonitoring: 'false' };
    const wanted = resource === 'EventLoopDelay' ? over : Math.min(over, 100);
    for (const which of isOwn ? (['High'] as const) : (['Medium', 'High'] as const)) {
      const setting = `${resource}${which}Threshold` as const;
      if (settings[setting] < wanted) enough[setting] = String(wanted);
    }
  }
  return enough;
}

/** Points, and times the room, by which a volume is near a threshold that it has not reached. */
const NEAR = { points: 3, room: 2 } as const;

/** Is the volume so near the threshold of Medium that a look soon may find it reached? */
export function isDiskNear(disk: NonNullable<ResourceUse['disk']>, settings: Transport): boolean {
  const { EnableResourceMonitoring, UsedDiskSpaceMediumThreshold: threshold } = settings;
  if (!EnableResourceMonitoring || threshold === 100) return false;
  return usedPercent(disk) >= threshold - NEAR.points && disk.free < ENOUGH.Medium * NEAR.room;
}

export function highest(resources: readonly ResourcePressure[]): PressureLevel {
  return LEVELS[Math.max(0, ...resources.map(({ level }) => LEVELS.indexOf(level)))]!;
}

/** Is more under pressure than before? */
export function isHigher(level: PressureLevel, than: PressureLevel): boolean {
  return LEVELS.indexOf(level) > LEVELS.indexOf(than);
}

function isOver(
  { disk, memory, delay }: ResourceUse,
  resource: PressureResource,
  level: 'Medium' | 'High',
  threshold: number,
  stays: boolean,
): boolean {
  if (resource === 'EventLoopDelay') return delay >= threshold * (stays ? DELAY_BACK : 1);
  if (threshold === 100) return false;
  const from = threshold - (stays ? POINTS_BACK : 0);
  if (resource === 'UsedMemory') return memory >= from;
  return disk !== undefined && usedPercent(disk) >= from && disk.free < ENOUGH[level] * (stays ? 1.25 : 1);
}

function usedPercent({ size, free }: NonNullable<ResourceUse['disk']>): number {
  return size === 0 ? 0 : (100 * (size - free)) / size;
}

function told({ disk, memory, delay }: ResourceUse, resource: PressureResource): { use: number; text: string } {
  const one = (n: number) => Math.round(n * 10) / 10;
  if (resource === 'UsedMemory') return { use: one(memory), text: `memory is ${one(memory)} % used` };
  if (resource === 'EventLoopDelay')
    return { use: Math.round(delay), text: `the event loop is ${Math.round(delay)} ms late` };
  if (!disk) return { use: 0, text: 'the volume of the mail cannot be looked at' };
  const used = Math.floor(usedPercent(disk) * 10) / 10;
  return { use: used, text: `the volume of ${disk.path} is ${used} % used, ${Math.floor(disk.free / MB)} MB are free` };
}

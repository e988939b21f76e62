/** Back pressure: new mail is refused, or soon may be, or nothing watches over that (docs/limits.md). */
import { isDiskNear, PRESSURE_MEANS, type Pressure, pressureOf, type ResourcePressure } from '../domain/pressure.ts';
import type { Transport } from '../domain/transport.ts';
import type { Home } from '../store/home.ts';
import { type Volume, volumeOf } from '../store/volume.ts';
import { shellWord } from '../text/shell-word.ts';
import type { CheckFinding } from './finding.ts';

const CALM = { memory: 0, delay: 0 };

/** @param running as the listener that runs has it; without one the volume is looked at, as the first look of a listener would */
export async function pressureFindings(
  home: Home,
  transport: Transport,
  running: Pressure | undefined,
): Promise<CheckFinding[]> {
  return pressureToldOf(await volumeOf([home.mail, home.folder]), home.folder, transport, running);
}

/** The same of a volume that was looked at. Pure. */
export function pressureToldOf(
  disk: Volume | undefined,
  folder: string,
  transport: Transport,
  running: Pressure | undefined,
): CheckFinding[] {
  if (!transport.EnableResourceMonitoring) return [off()];
  const { resources } = running ?? pressureOf({ disk, ...CALM }, transport);
  const short = resources.flatMap((one) => reached(one, folder, transport));
  if (short.some(({ about }) => about === 'UsedDiskSpace') || !disk || !isDiskNear(disk, transport)) return short;
  const [{ text }] = pressureOf({ disk, ...CALM }, transport).resources as [ResourcePressure];
  const problem = `${text}: at UsedDiskSpaceMediumThreshold ${transport.UsedDiskSpaceMediumThreshold} and less than 1,500 MB free ${PRESSURE_MEANS.Medium}`;
  return [
    ...short,
    { severity: 'Warning', check: 'BackPressure', about: 'UsedDiskSpace', problem, mend: [room(folder)] },
  ];
}

/** One volume is told once: as what is worse, as back pressure where both are alike. @param room of the home's volume, which is the mail's */
export function toldOnce(room: readonly CheckFinding[], pressure: readonly CheckFinding[]): CheckFinding[] {
  const disk = pressure.find(({ about }) => about === 'UsedDiskSpace');
  const isWorse = disk && room.some(({ severity }) => severity === 'Error' && disk.severity !== 'Error');
  if (!disk) return [...room, ...pressure];
  return isWorse ? [...room, ...pressure.filter((one) => one !== disk)] : [...pressure];
}

function reached({ resource, level, text }: ResourcePressure, folder: string, transport: Transport): CheckFinding[] {
  if (level === 'Low') return [];
  const setting = `${resource}${level}Threshold` as const;
  const watch = resource === 'UsedDiskSpace' ? room(folder) : 'rc top';
  return [
    {
      severity: level === 'High' ? 'Error' : 'Warning',
      check: 'BackPressure',
      about: resource,
      problem: `${text}, and ${setting} is ${transport[setting]}: ${PRESSURE_MEANS[level]}`,
      mend: [watch],
    },
  ];
}

function off(): CheckFinding {
  return {
    severity: 'Information',
    check: 'BackPressure',
    about: 'EnableResourceMonitoring',
    problem: 'is off: mail is taken until the disk or the memory is full, and nobody is told before',
    mend: ['rc set-transport-service --enable-resource-monitoring true'],
  };
}

function room(folder: string): string {
  return `make room: du -sh ${shellWord(folder)}/*`;
}

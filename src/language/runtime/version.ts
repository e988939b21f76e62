/** [version]: two to four whole numbers, which compare as numbers; scripts sort addresses with it. */
import { ComparableObject, printed, type Value } from '../../pipeline/value.ts';
import { argumentOutOfRange, NetException } from './net-exception.ts';

const MOST = 2147483647;

export class Version extends ComparableObject {
  /** @param parts two to four */
  constructor(readonly parts: readonly number[]) {
    super('System.Version', {
      Major: parts[0]!,
      Minor: parts[1]!,
      Build: parts[2] ?? -1,
      Revision: parts[3] ?? -1,
      MajorRevision: parts[3] === undefined ? -1 : parts[3] >> 16,
      MinorRevision: parts[3] === undefined ? -1 : parts[3] & 0xffff,
    });
  }

  against(other: Value): number | string {
    const version = versionOf(other);
    if (!(version instanceof Version))
      return `Cannot convert value "${printed(other)}" to type "System.Version". Error: "${version}"`;
    for (let at = 0; at < 4; at++) {
      const difference = (this.parts[at] ?? -1) - (version.parts[at] ?? -1);
      if (difference) return difference;
    }
    return 0;
  }

  override toString(): string {
    return this.parts.join('.');
  }
}

/** A text as a version, or why it is none, in .NET's words. */
export function versionOf(value: Value): Version | string {
  if (value instanceof Version) return value;
  const parts = printed(value).split('.');
  if (parts.length < 2 || parts.length > 4)
    return "Version string portion was too short or too long. (Parameter 'input')";
  const numbers: number[] = [];
  for (const part of parts) {
    if (!/^\s*\+?\d+\s*$/.test(part)) return `The input string '${part}' was not in a correct format.`;
    const number = Number(part);
    if (number > MOST) return 'Value was either too large or too small for an Int32.';
    numbers.push(number);
  }
  return new Version(numbers);
}

/** [version]::new(15, 2), [version]::Parse('15.2') @throws NetException */
export function madeVersion(args: readonly Value[]): Version {
  const version = versionOf(args.length === 1 ? (args[0] ?? null) : args.map(printed).join('.'));
  if (version instanceof Version) return version;
  if (/too large/.test(version)) throw argumentOutOfRange(version);
  throw new NetException(/correct format/.test(version) ? 'FormatException' : 'ArgumentException', version);
}

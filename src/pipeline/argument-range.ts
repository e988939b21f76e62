/** Values outside of what a parameter takes, in the words of PowerShell's ValidateRange. */
import { CmdletError } from './error.ts';

export function tooSmall(value: string | number, least: string | number): string {
  return `The ${value} argument is less than the minimum allowed range of ${least}. Supply an argument that is greater than or equal to ${least} and then try the command again.`;
}

export function tooLarge(value: string | number, most: string | number): string {
  return `The ${value} argument is greater than the maximum allowed range of ${most}. Supply an argument that is less than or equal to ${most} and then try the command again.`;
}

/** @throws CmdletError (usage) when a number that was given is outside of what the parameter takes */
export function expectInRange(
  name: string,
  value: number | undefined,
  least: number,
  most = Number.POSITIVE_INFINITY,
): void {
  if (value === undefined || (value >= least && value <= most)) return;
  throw new CmdletError(
    `Cannot validate argument on parameter '${name}'. ${value < least ? tooSmall(value, least) : tooLarge(value, most)}`,
    { kind: 'usage', id: 'ParameterArgumentValidationError', category: 'InvalidData' },
  );
}

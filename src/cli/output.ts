/** Where results go: PowerShell's view on a terminal, NDJSON into a pipe or file, or what --output and RC_OUTPUT say. */
import { usage } from '../cmdlet/error.ts';
import { PsObject, printed, type Value } from '../cmdlet/value.ts';

export const OUTPUTS = ['table', 'list', 'json', 'ndjson', 'csv', 'yaml'] as const;
export type Output = (typeof OUTPUTS)[number];

/** @throws CmdletError (usage) for a format we do not have */
export function outputFormat(flag: string | undefined, env: NodeJS.ProcessEnv, isTerminal: boolean): Output | 'view' {
  for (const [from, value] of [
    ['--output', flag],
    ['RC_OUTPUT', env.RC_OUTPUT],
  ] as const) {
    if (value === undefined || value === '') continue;
    const found = OUTPUTS.find((format) => format === value.toLowerCase());
    if (!found) throw usage(`${from}: "${value}" is not a format; allowed: ${OUTPUTS.join(', ')}`);
    return found;
  }
  return isTerminal ? 'view' : 'ndjson';
}

export async function printAll(
  values: AsyncIterable<Value> | Iterable<Value>,
  format: Output | 'view',
  write: (text: string) => void,
): Promise<void> {
  void format;
  for await (const value of values)
    write(`${JSON.stringify(value instanceof PsObject ? value.properties : printed(value))}\n`);
}

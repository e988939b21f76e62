/** Where results go: PowerShell's view on a terminal, NDJSON into a pipe or file, or what --output and RC_OUTPUT say. */
import type { Host } from '../pipeline/context.ts';
import { usage } from '../pipeline/error.ts';
import type { Value } from '../pipeline/value.ts';
import { formatOutput, OUTPUT_FORMATS, type OutputFormat } from '../print/output.ts';
import type { WaitingRows } from '../print/waiting-rows.ts';
import { wantsColour } from './host.ts';
import { streamKind, terminalColumns } from './terminal.ts';

/** What --output takes; `default` is what a terminal shows when nothing is asked for. */
export const OUTPUTS = OUTPUT_FORMATS.filter((format) => format !== 'default');

/** @throws CmdletError (usage) for a format we do not have */
export function outputFormat(flag: string | undefined, env: NodeJS.ProcessEnv, isTerminal: boolean): OutputFormat {
  for (const [from, value] of [
    ['--output', flag],
    ['RC_OUTPUT', env.RC_OUTPUT],
  ] as const) {
    if (value === undefined || value === '') continue;
    const found = OUTPUTS.find((format) => format === value.toLowerCase());
    if (!found) throw usage(`${from}: "${value}" is not a format; allowed: ${OUTPUTS.join(', ')}`);
    return found;
  }
  return isTerminal ? 'default' : 'ndjson';
}

/** Was the format said, and not chosen by what standard output is? JSON that was asked for has machine forms (docs/decisions/0262). */
function isAskedFor(asked: string | undefined, env: NodeJS.ProcessEnv): boolean {
  return Boolean(asked || env.RC_OUTPUT);
}

/** Will objects be printed with machine forms? @param asked what --output said */
export function hasMachineForms(format: OutputFormat, asked: string | undefined, env: NodeJS.ProcessEnv): boolean {
  return (format === 'json' || format === 'ndjson') && isAskedFor(asked, env);
}

/**
 * Writes values in a format; a table is as wide as the terminal, or 120 columns when it is none.
 * @param asked what --output said
 */
export async function printAll(
  values: AsyncIterable<Value> | Iterable<Value>,
  format: OutputFormat,
  write: (text: string) => void,
  env: NodeJS.ProcessEnv,
  host?: Pick<Host, 'enumerationLimit'>,
  asked?: string,
  waiting?: WaitingRows,
): Promise<void> {
  const terminal = streamKind(1) === 'terminal';
  const columns = Number(env.COLUMNS);
  const width = terminal ? terminalColumns(env) : columns > 0 ? columns : undefined;
  const height = terminal ? process.stdout.rows : undefined;
  const limit = () => host?.enumerationLimit;
  const machine = isAskedFor(asked, env);
  const options = { width, height, colour: wantsColour(1, env), terminal, limit, machine, waiting };
  for await (const text of formatOutput(values, format, options)) write(text);
}

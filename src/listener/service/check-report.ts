/** What `rc serve --check` prints. */
import { printableLines } from '../../text/printable.ts';
import type { ServeOptions } from '../serve-options.ts';
import { check } from './check.ts';

/** `--check`. @returns 1 when something would keep it from starting or from what a connector says */
export async function sayWhetherItCould({ home, stdout, metrics, web }: ServeOptions): Promise<number> {
  const problems = { ok: 0, warning: 0, error: 0 };
  for await (const { severity, about, text } of check({ home, addresses: { '--metrics': metrics, '--web': web } })) {
    problems[severity]++;
    const mark = severity === 'error' ? 'ERROR' : severity;
    stdout.write(printableLines(`${mark.padEnd(7)}  ${about.padEnd(11)}  ${text.replaceAll(/\s*\n\s*/g, ' ')}\n`));
  }
  const { error, warning } = problems;
  const told = warning ? ` (${warning} warning(s) above)` : '';
  stdout.write(error ? `It cannot start as it is told: ${error} error(s) above.\n` : `It can start${told}.\n`);
  return error ? 1 : 0;
}

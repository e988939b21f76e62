/** What `rc serve --check` prints. */
import { printableLines } from '../../text/printable.ts';
import type { ServeOptions } from '../serve-options.ts';
import { check } from './check.ts';

/** `--check`. @returns 1 when something would keep it from starting or from what a connector says */
export async function sayWhetherItCould({ home, stdout, metrics, web, api }: ServeOptions): Promise<number> {
  const count = { Error: 0, Warning: 0, Information: 0 };
  const findings = check({ home, addresses: { '--metrics': metrics, '--web': web, '--api': api } });
  for await (const { severity, check: name, about, problem, mend } of findings) {
    count[severity]++;
    const text = [`${about}: ${problem}`, mend.join(', or: ')].filter(Boolean).join('; ');
    stdout.write(printableLines(`${severity.padEnd(11)}  ${name.padEnd(12)}  ${text.replaceAll(/\s*\n\s*/g, ' ')}\n`));
  }
  const { Error: errors, Warning: warnings } = count;
  const beside = warnings ? ` (${warnings} warning(s) above)` : '';
  stdout.write(errors ? `It cannot start as it is told: ${errors} error(s) above.\n` : `It can start${beside}.\n`);
  return errors ? 1 : 0;
}

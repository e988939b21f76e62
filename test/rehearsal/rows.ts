/** What rc why prints into a pipe. */
import type { Ran } from '../support/rc.ts';

export interface Row {
  readonly Step: string;
  readonly Subject: string;
  readonly Result: string;
  readonly Accepted: boolean | null;
  readonly Why: string;
  readonly Mend: readonly string[];
  readonly Connector: string | null;
  readonly From: string;
  readonly Local: string;
  readonly Delay: number;
  readonly Same: boolean | null;
}

export function rowsOf({ stdout }: Ran): Row[] {
  return stdout
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line) as Row);
}

const DIALOGUE = ['Connect', 'EHLO', 'STARTTLS', 'AUTH', 'MAIL', 'RCPT', 'DATA', 'Message'];

/** Commands and replies as rehearsed. */
export function dialogue(rows: readonly Row[]): Row[] {
  return rows.filter((row) => DIALOGUE.includes(row.Step));
}

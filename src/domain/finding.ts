/**
 * What is found wrong, by whoever looks: rc doctor, rc serve --check, rc validate, and rc why behind a refusal. One wording of how bad
 * it is, and always a list of what mends it.
 */

/**
 * Error: something does not do what it is told, or is open to others. Warning: it will be, or is likely not meant. Information: worth
 * knowing.
 */
export const SEVERITIES = ['Error', 'Warning', 'Information'] as const;
export type Severity = (typeof SEVERITIES)[number];

export interface Finding {
  readonly severity: Severity;
  /** A connector, a file, a binding, a place in a file. */
  readonly about: string;
  /** What is wrong with it, in a sentence without its end. */
  readonly problem: string;
  /** Commands to type, or sentences that say what to do: each alone mends it. None where nothing is to be done. */
  readonly mend: readonly string[];
}

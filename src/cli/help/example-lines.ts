/** Examples as help and the manual show them. */

import type { Example } from '../../pipeline/cmdlet.ts';
import { insideSingleQuotes } from '../../text/shell-word.ts';

export function exampleLines(examples: readonly Example[]): string[] {
  return examples.flatMap((example, index) => [
    ...(index ? [''] : []),
    `${example.does}`,
    `  ${example.command}`,
    ...(example.language ? [`  rc -c ${quoted(example.language)}`] : []),
  ]);
}

/** One word for a shell: in single quotes, or in double ones when it has single quotes and nothing that those expand. */
export function quoted(text: string): string {
  if (!text.includes("'")) return `'${text}'`;
  return /[$`"\\!]/.test(text) ? `'${insideSingleQuotes(text)}'` : `"${text}"`;
}

/** What a history keeps of a command that has a password in it: the command, without its texts. */

/** @returns the text as it is, unless it makes a SecureString of plain text; then every literal in it is `***` */
export function withoutSecrets(text: string): string {
  if (!/SecureString/i.test(text) || !/ConvertTo-/i.test(text)) return text;
  return text
    .replace(/@(['"])\r?\n[\s\S]*?\n\1@|'(?:[^']|'')*'|"(?:[^"`]|`[\s\S]|"")*"/g, '***')
    .replace(/(ConvertTo-SecureString)\b[^)|;}\n]*/gi, '$1 ***');
}

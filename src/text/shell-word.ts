/** A text as one word of a shell command: as it is where no shell sees anything in it, else in single quotes. */
export function shellWord(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${insideSingleQuotes(text)}'`;
}

/** What stands between the single quotes of bash, zsh or sh. */
export function insideSingleQuotes(text: string): string {
  return text.replaceAll("'", "'\\''");
}

/** What stands between the single quotes of PowerShell and the command language. */
export function insidePowerShellQuotes(text: string): string {
  return text.replaceAll("'", "''");
}

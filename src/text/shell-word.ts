/** A name as one word of a shell command, for commands that are told to people: as it is, or in single quotes. */
export function shellWord(name: string): string {
  return /^[\w.@:/+-]+$/.test(name) ? name : `'${name.replaceAll("'", "'\\''")}'`;
}

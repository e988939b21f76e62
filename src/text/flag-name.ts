/** `MaxInboundConnectionPerSource` as a flag: `max-inbound-connection-per-source`. */
export function kebab(name: string): string {
  return name
    .replace(/([a-z0-9])([A-Z])/g, '$1-$2')
    .replace(/([A-Z]+)([A-Z][a-z])/g, '$1-$2')
    .toLowerCase();
}

/** A flag as typed: `--name=value`, `-Name=value` and `-Name:value` have their value inside. */
interface TypedFlag {
  /** With its dashes. */
  readonly name: string;
  readonly inline: string | undefined;
  /** Everything in front of the value: `--name=`. */
  readonly head: string;
}

export function splitFlag(word: string): TypedFlag {
  const at = word.search(/[=:]/);
  if (at < 0) return { name: word, inline: undefined, head: word };
  return { name: word.slice(0, at), inline: word.slice(at + 1), head: word.slice(0, at + 1) };
}

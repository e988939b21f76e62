/**
 * A value that is more than it prints: `$c.Server` is a text that has a .Name, an address has an .IPAddressToString, and what
 * `Select Server,Name -ExpandProperty RemoteIPRanges` gives are ranges that know their Server and Name. To all that compares or
 * prints it is its value.
 */
import type { Value } from './value.ts';

export class WithMembers {
  constructor(
    readonly value: Value,
    readonly members: Readonly<Record<string, Value>>,
  ) {}

  /** Its own member of that name; `undefined` when it has none. */
  get(name: string): Value | undefined {
    const lower = name.toLowerCase();
    const key = Object.keys(this.members).find((one) => one.toLowerCase() === lower);
    return key === undefined ? undefined : this.members[key];
  }
  toString(): string {
    return String(this.value);
  }
  toJSON(): unknown {
    return this.value;
  }
}

/** The value itself, without what was added to it. */
export function bare(value: Value): Value {
  return value instanceof WithMembers ? value.value : value;
}

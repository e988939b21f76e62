/** Whom a message names, for those who look for one: addresses and display names, of the envelope and of the header. */
import type { Address, Message } from './message-types.ts';

export function sendersOf({ envelope, from }: Message): string[] {
  return [envelope.from, ...named(from ? [from] : [])];
}

export function recipientsOf({ envelope, to, cc }: Message): string[] {
  return [...envelope.to, ...named(to), ...named(cc)];
}

function named(addresses: readonly Address[]): string[] {
  return addresses.flatMap(({ name, address }) => [address, name]);
}

/** The addresses of this machine. */
import { parseAddress } from '../domain/address.ts';

/** As canonical text. */
export function ownAddresses(): Set<string> {
  const all = Object.values(process.getBuiltinModule('node:os').networkInterfaces()).flatMap((list) => list ?? []);
  return new Set(all.map(({ address }) => parseAddress(address.replace(/%.*/, ''))?.text ?? address));
}

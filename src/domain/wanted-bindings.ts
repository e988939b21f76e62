/** What the connectors want listened on, and the sockets that takes: a socket on all addresses serves the specific ones too. */

import { shellWord } from '../text/shell-word.ts';
import type { Connector } from './connector.ts';
import type { Finding } from './finding.ts';
import { anyAddress } from './selection.ts';
import type { Binding } from './value.ts';

/** One wanted binding with the connectors that want it. */
export interface Wanted {
  readonly binding: Binding;
  readonly connectors: readonly string[];
}

/** The bindings of the enabled connectors, by their text. */
export function wantedBindings(connectors: Iterable<Connector>): Map<string, Wanted> {
  const wanted = new Map<string, { binding: Binding; connectors: string[] }>();
  for (const connector of connectors) {
    if (!connector.Enabled) continue;
    for (const binding of connector.Bindings) {
      const key = binding.toString();
      const known = wanted.get(key);
      if (known) known.connectors.push(connector.Name);
      else wanted.set(key, { binding, connectors: [connector.Name] });
    }
  }
  return wanted;
}

/**
 * The binding on all addresses that covers a specific one. Linux lets no second socket listen on 192.168.1.1:25 while one
 * listens on 0.0.0.0:25, and needs none: each connection says which local address it came to.
 */
export function coveredBy(binding: Binding, wanted: ReadonlyMap<string, unknown>): string | undefined {
  const any = anyAddress(binding.address);
  if (binding.address === any) return undefined;
  const key = binding.family === 6 ? `[::]:${binding.port}` : `0.0.0.0:${binding.port}`;
  return wanted.has(key) ? key : undefined;
}

/** `'Default A'`, or `'Default A', 'Client A' and 3 more`. */
export function namesOf(connectors: readonly string[]): string {
  const shown = connectors.slice(0, 3).map((name) => `'${name}'`);
  const more = connectors.length - shown.length;
  return more > 0 ? `${shown.join(', ')} and ${more} more` : shown.join(', ');
}

/**
 * What was wrong with a bind, by its error code, and each thing that would mend it.
 * @param own addresses of this host
 */
export function bindFailure(
  code: string,
  { binding, connectors }: Wanted,
  own: () => Iterable<string>,
): Pick<Finding, 'problem' | 'mend'> {
  const { address, family, port } = binding;
  const host = family === 6 ? `[${address}]` : address;
  const set = `rc set ${shellWord(connectors[0]!)} --bindings`;
  const elsewhere = `${set} ${host}:${port < 1024 ? port + 2500 : port + 1}`;
  switch (code) {
    case 'EADDRINUSE':
      return {
        problem: `port ${port} is in use by another program`,
        mend: [`see which one with: ss -ltnp 'sport = :${port}'; end it`, `choose another port: ${elsewhere}`],
      };
    case 'EACCES':
      return {
        problem: `port ${port} needs a permission this process does not have`,
        mend: [
          `choose a port above 1023: ${elsewhere}`,
          'allow it: sudo setcap cap_net_bind_service=+ep "$(readlink -f "$(command -v node)")"',
        ],
      };
    case 'EADDRNOTAVAIL':
      return {
        problem: `this host has no address ${address}; it has ${someOf(own())}`,
        mend: [`choose one it has, or all: ${set} ${family === 6 ? '[::]' : '0.0.0.0'}:${port}`],
      };
    case 'EAFNOSUPPORT':
      return { problem: `this host has no ${family === 6 ? 'IPv6' : 'IPv4'}`, mend: [] };
    default:
      return { problem: code, mend: [] };
  }
}

/** The first of them, without those of a single link, which need an interface with them. */
function someOf(addresses: Iterable<string>): string {
  const all = [...addresses].filter((address) => !/^fe[89ab]/.test(address));
  return `${all.slice(0, 5).join(', ')}${all.length > 5 ? ' and others (see: ip address)' : ''}`;
}

/** The same in sentences. */
export function bindAdvice(code: string, wanted: Wanted, own: () => Iterable<string>): string {
  const { problem, mend } = bindFailure(code, wanted, own);
  const todo = mend.join('; or ');
  return `${problem}.${todo && ` ${todo[0]!.toUpperCase()}${todo.slice(1)}`}`;
}

/** Kinds of addresses: what a connector listens on, and whom it takes. */
import { parseAddress } from './address.ts';
import { type Kind, textInput } from './kind.ts';
import { parseRange } from './range.ts';
import { Binding, type IpRange } from './value.ts';
import { ValueError } from './value-error.ts';

const BINDING = /^(?:\[([^\]]*)\]|([^:[\]]*)):(\d+)$/;

function bindingProblem(value: string): string {
  if (value.includes('%')) return 'has a zone, which is not possible here';
  if (parseAddress(value)) return value.includes(':') ? 'has no port, or its IPv6 address no brackets' : 'has no port';
  return /^[\da-f:.]*:[\da-f:.]*:\d+$/i.test(value)
    ? 'has an IPv6 address without brackets'
    : 'is not an address and port';
}

/** A local address and port: `IP:port` or `[IPv6]:port`. */
export const binding: Kind<Binding> = {
  name: 'binding',
  allowed: 'IPv4:port or [IPv6]:port with a port from 1 to 65535, such as 0.0.0.0:25 or [::]:25',
  placeholder: 'IP:PORT',
  example: '127.0.0.1:2525',
  parse(input) {
    if (input instanceof Binding) return input;
    const value = textInput(input);
    const m = BINDING.exec(value);
    if (!m) {
      throw new ValueError(input, bindingProblem(value), this.allowed);
    }
    const host = m[1] ?? m[2] ?? '';
    const address = parseAddress(host);
    if (!address || (m[1] !== undefined) !== host.includes(':')) {
      throw new ValueError(
        input,
        host.includes('%') ? 'has a zone, which is not possible here' : 'has no valid IP address',
        this.allowed,
      );
    }
    const port = Number(m[3]);
    if (port < 1 || port > 65535) throw new ValueError(input, 'has a port out of range', this.allowed);
    return new Binding(address.text, port);
  },
  store: (value) => value.toString(),
  schema: { type: 'string' },
};

/** Client addresses: one, `low-high`, or CIDR. */
export const range: Kind<IpRange> = {
  name: 'range',
  allowed: 'an address (10.1.2.3), a range (10.1.2.1-10.1.2.9) or CIDR (10.1.2.0/24), IPv4 or IPv6',
  placeholder: 'RANGE',
  example: '10.1.2.0/24',
  parse: (input) => parseRange(input),
  store: (value) => value.text,
  schema: { type: 'string' },
};

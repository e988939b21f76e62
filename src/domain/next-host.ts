/** Next hosts and syslog servers as settings name them: `host:port`, `udp://host:port`. */
import { parseAddress } from './address.ts';
import { isDomain } from './kind.ts';

/** Reads `udp://host:port` or `tcp://host:port`; without a port, 514. `undefined` when it is neither. */
export function parseSyslogPlace(value: string): SyslogPlace | undefined {
  const m = /^(udp|tcp):\/\/(.+)$/i.exec(value);
  const place = m && parseHostPort(m[2]!, 514);
  return place ? { protocol: m[1]!.toLowerCase() as SyslogPlace['protocol'], ...place } : undefined;
}

export interface NextHost {
  readonly host: string;
  readonly port: number;
}

export interface SyslogPlace extends NextHost {
  readonly protocol: 'udp' | 'tcp';
}

/** Reads `host:port`, `IPv4:port` or `[IPv6]:port`; without a port, 25. `undefined` when it is none of them. */
export function parseSmartHost(value: string): NextHost | undefined {
  return parseHostPort(value, 25);
}

function parseHostPort(value: string, usualPort: number): NextHost | undefined {
  const m = /^(?:\[([0-9a-f:.]+)\]|([^:[\]\s]+))(?::(\d{1,5}))?$/i.exec(value);
  if (!m) return undefined;
  const [, six, name, given] = m;
  const port = given === undefined ? usualPort : Number(given);
  if (port < 1 || port > 65535) return undefined;
  if (six !== undefined) return parseAddress(six)?.family === 6 ? { host: six, port } : undefined;
  if (/^[\d.]+$/.test(name!)) return parseAddress(name!) ? { host: name!, port } : undefined;
  return isDomain(name!) ? { host: name!, port } : undefined;
}

/** An address to listen on as a flag takes it: `127.0.0.1:9464`, `[::1]:9464`, `localhost:9464`, or a port alone. */
import { binding } from '../domain/address-kind.ts';
import { Binding } from '../domain/value.ts';
import { ValueError } from '../domain/value-error.ts';
import { usage } from '../pipeline/error.ts';
import { show } from '../text/printable.ts';

/** A port alone is one of this computer only. @param free port 0 is one, any that is free @param flag as it was typed, for the error @throws CmdletError (usage) */
export function httpAddress(flag: string, given: string | undefined, port: number, free = false): Binding | undefined {
  if (given === undefined) return undefined;
  try {
    const text = given.replace(/^(localhost:)?(?=\d+$)/i, '127.0.0.1:');
    if (free && text.endsWith(':0')) return new Binding(binding.parse(text.replace(/0$/, '1')).address, 0);
    return binding.parse(text);
  } catch (error) {
    if (!(error instanceof ValueError)) throw error;
    throw usage(
      `${flag}: ${show(given)} is no address to listen on. Give IPv4:port or [IPv6]:port, such as 127.0.0.1:${port} (this computer only) or 0.0.0.0:${port} (all), or a port from 1 to 65535 alone.`,
    );
  }
}

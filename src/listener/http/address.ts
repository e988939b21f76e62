/** Where the page is: `127.0.0.1:8025` of `rc serve --web`. */

import { isLoopback } from '../../domain/address.ts';
import type { Binding } from '../../domain/value.ts';
import { hostAndPort, reachedAt } from '../../text/bracketed.ts';

export interface WebAddress {
  /** As node listens on it, without brackets. */
  readonly host: string;
  /** 0: any that is free (tests). */
  readonly port: number;
  /** Only this machine reaches it. */
  readonly loopback: boolean;
}

export function webAddress({ address, port }: Binding): WebAddress {
  return { host: address, port, loopback: isLoopback(address) };
}

/** How a browser on this machine gets there. */
export function urlOf(host: string, port: number): string {
  return `http://${hostAndPort(reachedAt(host), port)}/`;
}

/**
 * Sockets on which all workers accept. The first process makes and keeps them, so that they stay when workers end, and clients
 * that come meanwhile wait in the kernel; it never accepts. Each worker has the handle sent once, as node:cluster sends
 * it: Node has no public way to bind without accepting (`_createServerHandle` is what its cluster uses for that).
 */
import { readFileSync } from 'node:fs';
import { _createServerHandle, type AddressInfo, connect } from 'node:net';
import { getSystemErrorName } from 'node:util';
import { Binding } from '../../domain/value.ts';
import type { OpenSocket, SocketHandlers, SocketOpener, Where } from '../admission/socket-opener.ts';

/** Node's own of a socket. */
interface Handle {
  getsockname(out: object): number;
  close(): void;
}

declare module 'node:net' {
  /** @returns the system's number of an error when it could not */
  function _createServerHandle(
    address: string | null,
    port: number,
    family: number,
    fd: number,
    flags: number,
  ): Handle | number;
}

/** UV_TCP_IPV6ONLY: [::] takes IPv6 alone, so that 0.0.0.0 on the same port can be a connector of its own. */
const IPV6_ONLY = 1;

export interface SharedSocket {
  readonly binding: string;
  readonly handle: Handle;
  readonly noDelay: boolean;
  readonly handlers: SocketHandlers;
}

/** Those who accept on it. */
interface Sharers {
  /** Settles when all listen on it. @returns the code of what failed, or nothing */
  listen(socket: SharedSocket): Promise<string>;
  /** Settles when none does any more. */
  unlisten(socket: SharedSocket): Promise<void>;
}

export function sharedSockets(sharers: Sharers): SocketOpener {
  return {
    async open(where, handlers) {
      const handle = made(where);
      const address: Partial<AddressInfo> = {};
      // A port in use shows here at the soonest; the bind itself says nothing.
      const failed = handle.getsockname(address);
      if (failed !== 0 || address.address === undefined || address.port === undefined) {
        handle.close();
        if ('fd' in where) return { address: null, close: () => {} };
        throw failure(getSystemErrorName(failed || -22));
      }
      const binding = new Binding(address.address.replace(/%.*/, ''), address.port).toString();
      const socket = { binding, handle, noDelay: 'fd' in where, handlers };
      const code = await sharers.listen(socket);
      const close = async (): Promise<void> => {
        handle.close();
        await sharers.unlisten(socket);
      };
      if (code === '') return { address: address as AddressInfo, close } satisfies OpenSocket;
      await close();
      throw failure(code);
    },
    takesIPv4: (port) => (hasIPv4Listener(port) ? Promise.resolve(false) : answersIPv4(port)),
  };
}

function made(where: Where): Handle {
  const handle = 'fd' in where ? _createServerHandle(null, 0, 0, where.fd, 0) : bound(where.binding);
  if (typeof handle === 'number') throw failure(getSystemErrorName(handle));
  return handle;
}

function bound({ address, port, family }: Binding): Handle | number {
  return _createServerHandle(address, port, family, -1, family === 6 ? IPV6_ONLY : 0);
}

function failure(code: string): NodeJS.ErrnoException {
  return Object.assign(new Error(code), { code });
}

/** Does a socket of its own listen on this port for IPv4, at 127.0.0.1 or everywhere (proc_net_tcp(5))? */
function hasIPv4Listener(port: number): boolean {
  const hex = port.toString(16).toUpperCase().padStart(4, '0');
  try {
    return new RegExp(`: (?:00000000|0100007F):${hex} \\S+ 0A `).test(readFileSync('/proc/net/tcp', 'latin1'));
  } catch {
    return false; // no such system: whoever answers is taken to be it
  }
}

/** The kernel takes a connection before anybody accepts it. It is reset, so no worker serves it. */
function answersIPv4(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host: '127.0.0.1', port });
    socket.once('connect', () => {
      socket.resetAndDestroy();
      resolve(true);
    });
    socket.on('error', () => resolve(false));
    socket.setTimeout(2000, () => {
      socket.destroy();
      resolve(false);
    });
  });
}

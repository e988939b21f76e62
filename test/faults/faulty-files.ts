/** A file layer that fails: at one call, with an error of choice; or from one call on, as when the process were killed there. */
import fs from 'node:fs';
import type { Files } from '../../src/store/files.ts';

export class Killed extends Error {}

export interface Fault {
  /** The number of the call that fails, from 1. */
  readonly at: number;
  /** `kill`: this and every later call fails, so nothing can be cleaned up. */
  readonly how: 'kill' | 'ENOSPC' | 'EIO' | 'EROFS' | 'EACCES';
  /** Only calls of these names count and fail. */
  readonly calls?: readonly string[];
}

/** The real files, with a fault. `seen` gets the names of the calls. */
export function faultyFiles(fault: Fault | undefined, seen: string[] = []): Files {
  let count = 0;
  return new Proxy(fs, {
    get(target, name: string) {
      const real = target[name as keyof typeof fs];
      if (typeof real !== 'function' || !name.endsWith('Sync')) return real;
      return (...args: unknown[]) => {
        if (fault && (!fault.calls || fault.calls.includes(name))) {
          count++;
          if (count === fault.at || (fault.how === 'kill' && count > fault.at)) {
            if (fault.how === 'kill') throw new Killed();
            throw Object.assign(new Error(`${fault.how}: a fault, ${name}`), { code: fault.how, syscall: name });
          }
        }
        seen.push(name);
        // A disk writes as much as it likes: half of it, at first.
        if (name === 'writeSync' && args[1] instanceof Uint8Array) {
          const [fd, bytes, offset = 0] = args as [number, Uint8Array, number?];
          return fs.writeSync(fd, bytes, offset, Math.max(1, Math.ceil((bytes.length - offset) / 2)));
        }
        return (real as (...a: unknown[]) => unknown)(...args);
      };
    },
  }) as Files;
}

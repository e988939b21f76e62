/** The listener's bundle: beside this one, and loaded only by what needs a server, so that no other command pays for one. */
import { join } from 'node:path';

const LISTENER = 'listener.cjs';

export function listenerBundle(): typeof import('../listener/main.ts') {
  return require(join(__dirname, LISTENER)) as typeof import('../listener/main.ts');
}

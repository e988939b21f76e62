/** Follows the listener of a home for as long as one wants: through its restarts, and while none runs. */

import { setTimeout as pause } from 'node:timers/promises';
import type { Snapshot } from '../control/listener-client.ts';
import { live } from '../control/live-client.ts';
import type { Home } from '../store/home.ts';
import { inTime } from '../text/in-time.ts';

export type News =
  | { readonly kind: 'look'; readonly snapshot: Snapshot /** Of this connection. */; readonly first: boolean }
  /** No listener answers; told again and again while it is so. `why` is empty when simply none runs. */
  | { readonly kind: 'gone'; readonly why: string };

const LATE = Symbol('late');

/** Ends only when `signal` says so. */
export async function* follow(home: Home, everyMs: number, signal: AbortSignal): AsyncGenerator<News> {
  while (!signal.aborted) {
    const connection = new AbortController();
    const both = AbortSignal.any([signal, connection.signal]);
    const looks = live(home, everyMs, both);
    let next = looks.next();
    let why = '';
    try {
      let first = true;
      for (;;) {
        const result = await inTime(next, Math.max(3 * everyMs, 5000), (): typeof LATE => LATE);
        if (result === LATE) {
          yield { kind: 'gone', why: `The listener of ${home.folder} does not answer.` };
          continue;
        }
        if (result.done) break;
        yield { kind: 'look', snapshot: result.value, first };
        first = false;
        next = looks.next();
      }
    } catch (error) {
      why = (error as Error).message;
    } finally {
      connection.abort();
      next.catch(() => {}); // what was under way when it was enough
    }
    if (signal.aborted) return;
    yield { kind: 'gone', why };
    await pause(Math.min(Math.max(everyMs, 200), 2000), undefined, { signal }).catch(() => {});
  }
}

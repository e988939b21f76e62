/** Waiting for a condition, never for a time. */
import { setTimeout as pause } from 'node:timers/promises';

/** Thrown by what is asked: it cannot come any more, so nobody waits on. */
export class InVain extends Error {}

/**
 * Asks again and again until the answer is something (not undefined, null or false), and gives it. Asks every 5 ms at first, less often
 * the longer it waits, as who is asked has to compute too; or every so many ms.
 * @throws InVain as `ask` threw it; after `timeout` ms, saying what was waited for
 */
export async function until<T>(
  what: string,
  ask: () => T | Promise<T>,
  { timeout = 30_000, every }: { timeout?: number; every?: number } = {},
): Promise<NonNullable<Exclude<T, false>>> {
  const begun = performance.now();
  let last: unknown;
  for (;;) {
    try {
      const answer = await ask();
      if (answer !== undefined && answer !== null && answer !== false) return answer as NonNullable<Exclude<T, false>>;
    } catch (error) {
      if (error instanceof InVain) throw error;
      last = error;
    }
    const waited = performance.now() - begun;
    if (waited > timeout) throw new Error(`waited ${timeout} ms in vain for: ${what}`, { cause: last });
    await pause(every ?? Math.min(Math.max(waited / 20, 5), 50));
  }
}

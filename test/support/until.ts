/** Waiting for a condition, never for a time. */
import { setTimeout as pause } from 'node:timers/promises';

/** Asks again and again until the answer is something (not undefined, null or false), and gives it. @throws after `timeout` ms, saying what was waited for */
export async function until<T>(
  what: string,
  ask: () => T | Promise<T>,
  { timeout = 10_000, every = 5 } = {},
): Promise<NonNullable<Exclude<T, false>>> {
  const begun = performance.now();
  let last: unknown;
  for (;;) {
    try {
      const answer = await ask();
      if (answer !== undefined && answer !== null && answer !== false) return answer as NonNullable<Exclude<T, false>>;
    } catch (error) {
      last = error;
    }
    if (performance.now() - begun > timeout)
      throw new Error(`waited ${timeout} ms in vain for: ${what}`, { cause: last });
    await pause(every);
  }
}

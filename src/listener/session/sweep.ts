/** One timer for the time limits of all sessions: every half second it asks each whether its time is over. */

export interface Timed {
  /** @param now milliseconds of the monotonic clock */
  checkTime(now: number): void;
}

const EVERY_MS = 500;
const sessions = new Set<Timed>();
let timer: NodeJS.Timeout | undefined;

export function watchTime(session: Timed): void {
  sessions.add(session);
  timer ??= setInterval(sweep, EVERY_MS).unref();
}

export function forgetTime(session: Timed): void {
  sessions.delete(session);
  if (sessions.size > 0) return;
  clearInterval(timer);
  timer = undefined;
}

function sweep(): void {
  const now = performance.now();
  for (const session of sessions) session.checkTime(now);
}

/**
 * One timer for the time limits of all sessions. Each says when its time may be over at the earliest and is asked then, not
 * before: a session that is idle for ten minutes costs nothing in them, however many there are.
 */

export interface Timed {
  /** Is its time over? @param now milliseconds of the monotonic clock @returns when to ask again */
  checkTime(now: number): number;
  /** The turn in which it is asked next; this page's alone. */
  turn: number;
}

const EVERY_MS = 500;
/** By the turn in which they are asked. */
const turns = new Map<number, Set<Timed>>();
let timer: NodeJS.Timeout | undefined;

/** Asks the session in the next turn: it is new, or its limits changed. */
export function watchTime(session: Timed): void {
  leave(session);
  enter(session, turnOf(performance.now()));
  timer ??= setInterval(sweep, EVERY_MS).unref();
}

/** The same for one that was idle and is not any more. Costs next to nothing for one that is asked soon anyway. */
export function watchSoon(session: Timed, now: number): void {
  if (session.turn > turnOf(now) + 1 && turns.get(session.turn)?.has(session)) watchTime(session);
}

export function forgetTime(session: Timed): void {
  leave(session);
  if (turns.size > 0) return;
  clearInterval(timer);
  timer = undefined;
}

/** The first turn that is not before a time. */
const turnOf = (time: number) => Math.ceil(time / EVERY_MS);

function enter(session: Timed, turn: number): void {
  session.turn = turn;
  const there = turns.get(turn);
  if (there) there.add(session);
  else turns.set(turn, new Set([session]));
}

function leave(session: Timed): void {
  const there = turns.get(session.turn);
  if (there?.delete(session) && there.size === 0) turns.delete(session.turn);
}

function sweep(): void {
  const now = performance.now();
  for (const [turn, sessions] of [...turns]) {
    if (turn * EVERY_MS > now) continue;
    for (const session of [...sessions]) {
      const next = session.checkTime(now);
      if (!sessions.delete(session)) continue; // it ended meanwhile
      enter(session, Math.max(turnOf(next), turnOf(now) + 1));
    }
    if (sessions.size === 0) turns.delete(turn);
  }
}

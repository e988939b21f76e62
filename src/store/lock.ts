/**
 * The cross-process lock around a read-modify-write of the store. The lock is a file that names its holder; a holder that
 * is gone (kill -9, power loss) is noticed at once by its pid and start time, not by a clock, so a dead writer blocks
 * nobody. Each lock has a name used once (a nonce), and only who claims that nonce may break it: two waiters can never
 * break each other's fresh locks. docs/decisions/0003 says why not proper-lockfile.
 */
import { linkSync, readFileSync, readlinkSync, renameSync, unlinkSync, writeFileSync } from 'node:fs';
import { StoreError } from './store-error.ts';

interface Holder {
  readonly nonce: string;
  readonly pid: number;
  /** Start time of the process in clock ticks since boot (proc(5), field 22), so that a reused pid is not taken for it. */
  readonly started: string;
  /** The pid namespace and boot it lives in; another one cannot be judged by pid. */
  readonly realm: string;
}

/** How long a holder in another pid namespace (a container sharing the folder) may keep the lock before it is taken for dead. */
const FOREIGN_PATIENCE_MS = 4000;
/** A change holds the lock for milliseconds; waiting this long means a broken disk or a stopped process. */
const PATIENCE_MS = 30000;

function read(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}

function startedAt(pid: number): string {
  const stat = read(`/proc/${pid}/stat`);
  return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? '';
}

let realmName: string | undefined;
function realm(): string {
  if (realmName === undefined) {
    let namespace = '';
    try {
      namespace = readlinkSync('/proc/self/ns/pid');
    } catch {}
    realmName = `${read('/proc/sys/kernel/random/boot_id').trim()} ${namespace}`;
  }
  return realmName;
}

function isGone(holder: Holder): boolean {
  try {
    process.kill(holder.pid, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ESRCH') return true;
  }
  return startedAt(holder.pid) !== holder.started;
}

const pause = new Int32Array(new SharedArrayBuffer(4));
function sleep(ms: number): void {
  Atomics.wait(pause, 0, 0, ms);
}

/** Runs `work` while holding the lock. @throws StoreError 'locked' after 30 seconds, or 'unwritable'. */
export function withLock<T>(path: string, work: (stillOurs: () => boolean) => T): T {
  const nonce = acquire(path);
  try {
    return work(() => read(path).includes(nonce));
  } finally {
    if (read(path).includes(nonce)) {
      try {
        unlinkSync(path);
      } catch {}
    }
  }
}

/** Unique, not secret: process, start time, and a random part for the calls within it. */
function freshNonce(): string {
  return `${process.pid}-${Date.now().toString(36)}-${Math.random().toString(36).slice(2)}`;
}

function acquire(path: string): string {
  const nonce = freshNonce();
  const mine = `${path}.${nonce}`;
  const me: Holder = { nonce, pid: process.pid, started: startedAt(process.pid), realm: realm() };
  const begun = performance.now();
  let seen = { text: '', since: begun };
  try {
    writeFileSync(mine, JSON.stringify(me), { mode: 0o600, flag: 'wx' });
    for (let attempt = 0; ; attempt++) {
      try {
        linkSync(mine, path); // atomic: fails when the lock exists
        return nonce;
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
      }
      const now = performance.now();
      const text = read(path);
      if (text !== seen.text) seen = { text, since: now };
      const holder = parseHolder(text);
      if (holder ? isDead(holder, now - seen.since) : text !== '' || now - seen.since > 1000)
        breakLock(path, holder?.nonce ?? 'unreadable');
      else if (now - begun > PATIENCE_MS) {
        throw new StoreError(
          'locked',
          `The store is locked by process ${holder?.pid ?? '?'} for over ${PATIENCE_MS / 1000} s (${path}). If that process hangs, end it and try again.`,
        );
      } else sleep(Math.min(2 + attempt, 15) + Math.random() * 5);
    }
  } catch (error) {
    if (error instanceof StoreError) throw error;
    throw new StoreError(
      'unwritable',
      `The store's folder cannot be written (${(error as Error).message}). Check its permissions and free space.`,
    );
  } finally {
    try {
      unlinkSync(mine);
    } catch {}
  }
}

function parseHolder(text: string): Holder | undefined {
  try {
    return JSON.parse(text) as Holder;
  } catch {
    return undefined;
  }
}

function isDead(holder: Holder, unchangedForMs: number): boolean {
  return holder.realm === realm() ? isGone(holder) : unchangedForMs > FOREIGN_PATIENCE_MS;
}

/** Takes a dead holder's lock away. The claim's name holds the dead nonce, so it can be made once in history. */
function breakLock(path: string, nonce: string): void {
  const claim = `${path}.break.${nonce}`;
  try {
    writeFileSync(claim, String(process.pid), { flag: 'wx', mode: 0o600 });
  } catch {
    // Somebody else is breaking it; if that one died in the attempt, free the claim for the next round.
    const breaker = Number(read(claim));
    if (breaker && !isAlive(breaker)) unlinkQuietly(claim);
    sleep(5);
    return;
  }
  if (read(path).includes(nonce) || nonce === 'unreadable') {
    try {
      renameSync(path, `${path}.dead.${nonce}`);
      unlinkQuietly(`${path}.dead.${nonce}`);
    } catch {}
  }
  unlinkQuietly(claim);
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== 'ESRCH';
  }
}

function unlinkQuietly(path: string): void {
  try {
    unlinkSync(path);
  } catch {}
}

/** A process, told apart from a later one with the same pid. */
export type ProcessMark = Omit<Holder, 'nonce'>;

export function thisProcess(): ProcessMark {
  return { pid: process.pid, started: startedAt(process.pid), realm: realm() };
}

/** Whether the marked process still runs; `unknown` when it lived before the last boot or in another pid namespace. */
export function fateOf(mark: ProcessMark): 'alive' | 'gone' | 'unknown' {
  if (mark.realm !== realm()) return 'unknown';
  return isGone({ ...mark, nonce: '' }) ? 'gone' : 'alive';
}

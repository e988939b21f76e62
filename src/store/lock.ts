/**
 * The cross-process lock around a read-modify-write of the store. The lock is a symbolic link that leads nowhere: its
 * target names the holder, so making it is one atomic step that needs no other file and leaves no half-written one. A
 * holder that is gone (kill -9, power loss) is noticed at once by its pid and start time, not by a clock.
 *
 * Breaking a dead holder's lock is the hard part: two waiters must not both do it, lest the second one takes away the
 * fresh lock of somebody who came in between. Every lock has a name used once. Who wants to take the dead lock X away
 * makes the claim `break.X` first, which only one can; then looks again; and only while X still stands there removes it.
 * When the claimant P dies too, its right passes to the maker of `break.P`, and so on. While X stands nobody removes
 * these claims, so there is one claimant at any moment; once X is gone it never comes back, and claims left over mean
 * nothing. docs/decisions/0003 says why not proper-lockfile.
 */
import { basename, dirname } from 'node:path';
import type { Files } from './files.ts';
import { realFiles } from './files.ts';
import { inFolder } from './held-folder.ts';
import { monotonicMs } from './monotonic.ts';
import { StoreError } from './store-error.ts';

/** How long a holder in another pid namespace (a container sharing the folder) may keep the lock before it is taken for dead. */
const FOREIGN_PATIENCE_MS = 4000;
/** A change holds the lock for milliseconds; one holder keeping it this long means a broken disk or a stopped process. */
const PATIENCE_MS = 30_000;
/** Nobody waits longer than this, however much is going on. */
const LONGEST_WAIT_MS = 600_000;
/** A holder seen for the first time is most likely alive: it is looked at only when it is still there after this long. */
const UNSUSPECTED_MS = 10;

/** Who holds a lock, in a form that fits a file name: pid, its start time, the moment in nanoseconds, boot and pid namespace. */
interface Holder {
  readonly name: string;
  readonly pid: number;
  /** Start time in clock ticks since boot (proc(5), field 22), so that a reused pid is not taken for the holder. */
  readonly started: string;
  /** Boot and pid namespace; a holder in another one cannot be judged by its pid. */
  readonly realm: string;
}

const HOLDER = /^(\d+)-(\d*)-\d+-([0-9a-f]*-\d*)$/;

function parseHolder(name: string): Holder | undefined {
  const parts = HOLDER.exec(name);
  return parts ? { name, pid: Number(parts[1]), started: parts[2]!, realm: parts[3]! } : undefined;
}

/** State letter and start time of a process (proc(5)); empty when it cannot be seen. */
function processStat(pid: number | 'self'): { state: string; started: string } {
  let stat = '';
  try {
    stat = realFiles.readFileSync(`/proc/${pid}/stat`, 'utf8');
  } catch {}
  // The command name, in parentheses, may hold spaces and parentheses itself; the fields after it do not.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return { state: fields[0] ?? '', started: fields[19] ?? '' };
}

let realmName: string | undefined;
function realm(): string {
  if (realmName !== undefined) return realmName;
  let boot = '';
  let namespace = '';
  try {
    boot = realFiles.readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').replace(/[^0-9a-f]/g, '');
    namespace = realFiles.readlinkSync('/proc/self/ns/pid').replace(/\D/g, '');
  } catch {}
  realmName = `${boot}-${namespace}`;
  return realmName;
}

let startedText: string | undefined;
function freshName(): string {
  startedText ??= processStat('self').started;
  return `${process.pid}-${startedText}-${process.hrtime.bigint()}-${realm()}`;
}

function isOurLeftover(holder: Holder): boolean {
  return holder.pid === process.pid && holder.started === startedText && !held.has(holder.name);
}

function isGone(holder: Holder): boolean {
  try {
    process.kill(holder.pid, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ESRCH') return true;
  }
  const { state, started } = processStat(holder.pid);
  // A killed process whose parent has not waited for it yet does nothing any more (Z, X). One that /proc hides
  // (hidepid) has no start time to compare: it answered to its pid, so it counts as alive.
  if (state === 'Z' || state === 'X') return true;
  return started !== '' && holder.started !== '' && started !== holder.started;
}

const pause = new Int32Array(new SharedArrayBuffer(4));
/** Sleeps without an event loop; `ms` in milliseconds. */
export function sleepSync(ms: number): void {
  Atomics.wait(pause, 0, 0, ms);
}

/**
 * Runs `work` while holding the lock at `path`. `stillOurs` says whether nobody took it for dead meanwhile.
 * @throws StoreError 'locked' after 30 seconds, or 'unwritable' when the folder takes no lock.
 */
export function withLock<T>(path: string, work: (stillOurs: () => boolean) => T, files: Files = realFiles): T {
  return inFolder(dirname(path), files, (place) => {
    const at = place.at(basename(path));
    const name = new Waiter(at, files).acquire();
    const stillOurs = () => target(files, at) === name;
    try {
      return work(stillOurs);
    } finally {
      release(files, at, name);
    }
  });
}

/** Locks of this process that it still holds: one that it could not remove counts as dead (for us; others wait for our end). */
const held = new Set<string>();

function release(files: Files, path: string, name: string): void {
  held.delete(name);
  for (let attempt = 0; attempt < 3; attempt++) {
    try {
      if (target(files, path) === name) files.unlinkSync(path);
      return;
    } catch {
      sleepSync(attempt * 2); // a failing disk may let it go the next time
    }
  }
}

/** Where the link leads; '' when there is none. */
function target(files: Files, path: string): string {
  try {
    return files.readlinkSync(path);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') return '';
    if (code === 'EINVAL') return 'a file that is no lock of ours';
    throw error;
  }
}

function unlinkQuietly(files: Files, path: string): void {
  try {
    files.unlinkSync(path);
  } catch {}
}

class Waiter {
  readonly #path: string;
  readonly #files: Files;
  readonly #begun = monotonicMs();
  /** The holder that stands there now, and since when it has been seen. */
  #holder = { name: '', since: 0 };
  /** Since when each claimant in another realm has been seen. */
  readonly #seen = new Map<string, number>();

  constructor(path: string, files: Files) {
    this.#path = path;
    this.#files = files;
  }

  acquire(): string {
    try {
      for (;;) {
        const name = freshName();
        if (this.#link(name, this.#path)) {
          held.add(name);
          return name;
        }
        const holder = target(this.#files, this.#path);
        if (holder !== '') this.#waitFor(holder);
      }
    } catch (error) {
      if (error instanceof StoreError) throw error;
      throw new StoreError(
        'unwritable',
        `The store’s folder cannot be written (${(error as Error).message}). Nothing was changed. Check its permissions and free space.`,
      );
    }
  }

  /** Sleeps a little, or breaks the lock when its holder is dead. @throws StoreError when patience is at its end */
  #waitFor(holder: string): void {
    const now = monotonicMs();
    if (holder !== this.#holder.name) this.#holder = { name: holder, since: now };
    const standing = now - this.#holder.since;
    const waited = now - this.#begun;
    if (standing >= UNSUSPECTED_MS && this.#isDead(holder)) {
      this.#break(holder);
      return;
    }
    if (standing > PATIENCE_MS || waited > LONGEST_WAIT_MS) throw this.#givenUp(holder);
    // The longer it takes, the more are waiting: asking less often leaves the processor to the one that holds it.
    const pause = Math.min(100, Math.max(2, waited / 10));
    sleepSync(pause * (0.5 + Math.random()));
  }

  /** Makes the link, or says that one of that name is there. */
  #link(name: string, path: string): boolean {
    try {
      this.#files.symlinkSync(name, path);
      return true;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
      throw error;
    }
  }

  #isDead(name: string): boolean {
    const holder = parseHolder(name);
    if (!holder) return false;
    if (holder.realm === realm()) return isOurLeftover(holder) || isGone(holder);
    const now = monotonicMs();
    const since = this.#seen.get(name) ?? now;
    this.#seen.set(name, since);
    return now - since > FOREIGN_PATIENCE_MS;
  }

  #break(dead: string): void {
    const claims: string[] = [];
    for (let of = dead; ; ) {
      const claim = `${this.#path}.break.${of}`;
      claims.push(claim);
      if (this.#link(freshName(), claim)) break;
      const claimant = target(this.#files, claim);
      if (claimant === '') return; // done meanwhile
      if (!this.#isDead(claimant)) {
        sleepSync(1 + Math.random() * 4);
        return;
      }
      of = claimant;
    }
    if (target(this.#files, this.#path) === dead) this.#files.unlinkSync(this.#path);
    for (const claim of claims) unlinkQuietly(this.#files, claim);
  }

  #givenUp(holder: string): StoreError {
    const pid = parseHolder(holder)?.pid;
    const who = pid === undefined ? `by ${holder}` : `by process ${pid}`;
    return new StoreError(
      'locked',
      `The store has been locked ${who} for over ${PATIENCE_MS / 1000} s (${this.#path}). Nothing was changed. ${pid === undefined ? 'Remove that file' : 'If that process hangs, end it'} and try again.`,
    );
  }
}

/** Removes claims that killed waiters left. Only for the holder of the lock: then every claim is about a lock long gone. */
export function sweepClaims(path: string, entries: readonly string[], files: Files = realFiles): void {
  const prefix = `${path.slice(path.lastIndexOf('/') + 1)}.break.`;
  const folder = path.slice(0, path.lastIndexOf('/') + 1);
  for (const entry of entries) if (entry.startsWith(prefix)) unlinkQuietly(files, folder + entry);
}

/** A process, told apart from a later one with the same pid. */
export type ProcessMark = Pick<Holder, 'pid' | 'started' | 'realm'>;

export function thisProcess(): ProcessMark {
  return { pid: process.pid, started: processStat('self').started, realm: realm() };
}

/** Whether the marked process still runs; `unknown` when it lived before the last boot or in another pid namespace. */
export function fateOf(mark: ProcessMark): 'alive' | 'gone' | 'unknown' {
  if (mark.realm !== realm()) return 'unknown';
  return isGone({ ...mark, name: '' }) ? 'gone' : 'alive';
}

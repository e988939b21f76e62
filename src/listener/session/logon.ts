/**
 * Is this name and password one of our users? The work is the same for a name that is not there, one that is disabled, and a
 * wrong password. A password that was right lately from the same source is known again at once, whatever else waits: an
 * application that logs on for every message costs scrypt once in a while (docs/decisions/0151-password-checks.md).
 */
import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import type { StoredUser } from '../../store/document.ts';
import { nobodysHash, verifyPassword } from '../../store/password.ts';
import { PasswordQueue } from './password-queue.ts';
import { AT_ONCE, ScryptThreads } from './scrypt-threads.ts';

/** Longer is wrong without being hashed. */
const LONGEST_PASSWORD = 1024;
/** How long a password that was right is known without scrypt, and how many of them are. */
const KNOWN_MS = 15 * 60_000;
const MOST_KNOWN = 10_000;
/** Wrong passwords beside a known one until it is forgotten: what is known must not be guessed at without scrypt. */
const MOST_MISSES = 5;

export interface LogonTry {
  /** Who tries: its guesses wait for one another. */
  readonly source: string;
  /** As the client gave it: a user's name in any case, with or without `DOMAIN\` before it. */
  readonly name: string;
  readonly password: string;
  /** Milliseconds that a wrong password costs the source (AuthTarpitInterval). */
  readonly penalty: () => number;
}

export interface LogonCheck {
  /** The user; `undefined`: none, or a wrong password; `left`: the client left before it was looked at. */
  readonly done: Promise<StoredUser | undefined | 'left'>;
  /** The client left. */
  cancel(): void;
}

type Verify = (password: string, hash: string) => Promise<boolean>;

/** Who says whether a name and password are those of a user. */
export interface PasswordChecks {
  check(users: readonly StoredUser[], tried: LogonTry): LogonCheck;
}

interface Known {
  readonly digest: Buffer;
  readonly until: number;
  misses: number;
}

export class Logons implements PasswordChecks {
  readonly #threads = new ScryptThreads();
  readonly #queue: PasswordQueue;
  readonly #clock: () => number;
  readonly #verify: Verify;
  readonly #nobody = nobodysHash();
  /** Key of the digests: gone with the process. */
  readonly #key = randomBytes(32);
  /** By source and stored hash. A new password has a new hash, so nothing here outlives a change. */
  readonly #known = new Map<string, Known>();

  /** @param clock milliseconds, monotonic @param verify what says whether a password fits a hash: scrypt on threads of its own */
  constructor(
    clock: () => number = () => performance.now(),
    verify: Verify = (text, stored) => verifyPassword(text, stored, (work) => this.#threads.run(work)),
  ) {
    this.#clock = clock;
    this.#verify = verify;
    this.#queue = new PasswordQueue(AT_ONCE, clock);
  }

  /** Logons that wait to be looked at. */
  get waiting(): number {
    return this.#queue.waiting;
  }

  check(users: readonly StoredUser[], { source, name, password, penalty }: LogonTry): LogonCheck {
    const user = userOf(users, name);
    const good = user?.Enabled === true && password !== '' && password.length <= LONGEST_PASSWORD ? user : undefined;
    const text = password.slice(0, LONGEST_PASSWORD);
    const stored = good ? good.PasswordHash : this.#nobody;
    const digest = createHmac('sha256', this.#key).update(text.normalize('NFC')).digest();
    const key = `${source}\0${stored}`;
    const known = this.#knownNow(key);
    if (known && timingSafeEqual(known.digest, digest)) return { done: Promise.resolve(good), cancel: () => {} };
    if (known && ++known.misses > MOST_MISSES) this.#known.delete(key);
    const queued = this.#queue.add(source, penalty, () => this.#verify(text, stored));
    const done = queued.done.then((right) => {
      if (right === undefined) return 'left';
      if (!right || !good) return undefined;
      this.#remember(key, digest);
      return good;
    });
    return { done, cancel: () => queued.cancel() };
  }

  #knownNow(key: string): Known | undefined {
    const known = this.#known.get(key);
    if (!known || known.until > this.#clock()) return known;
    this.#known.delete(key);
    return undefined;
  }

  #remember(key: string, digest: Buffer): void {
    this.#known.delete(key);
    if (this.#known.size >= MOST_KNOWN) this.#known.delete(this.#known.keys().next().value!);
    this.#known.set(key, { digest, until: this.#clock() + KNOWN_MS, misses: 0 });
  }

  close(): void {
    this.#queue.close();
    this.#threads.close();
  }
}

/** The user that a client's name for itself means: in any case, with or without a domain before it. */
export function userOf(users: readonly StoredUser[], name: string): StoredUser | undefined {
  return find(users, name) ?? find(users, name.slice(name.lastIndexOf('\\') + 1));
}

function find(users: readonly StoredUser[], name: string): StoredUser | undefined {
  const wanted = name.toLowerCase();
  return wanted === '' ? undefined : users.find((user) => user.Name.toLowerCase() === wanted);
}

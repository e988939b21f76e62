/**
 * Browsers that are signed in. Each has two secrets: the cookie, which its scripts cannot read, and the key, which is kept
 * for the page's own address and port and goes with every question. Cookies do not know ports, so a server of somebody else on
 * another port of this machine may be sent the cookie; without the key it opens nothing. Only hashes are kept, also on disk
 * (web.sessions), so that a restart signs nobody out and a copied file lets nobody in.
 */
import { randomBytes } from 'node:crypto';
import { readOwn, removeOwn } from '../../store/home-files.ts';
import { OWN_FILE } from '../../store/ours.ts';
import { replaceOwn } from '../../store/replace-file.ts';
import { sameSecret, sha256 } from '../http/token.ts';

const HOUR = 3_600_000;
/** Unused for this long, a session is over. */
const IDLE_MS = 12 * HOUR;
/** In any case after this long. */
export const LONGEST_MS = 7 * 24 * HOUR;
const MOST = 64;
/** How often the last uses are written down: a listener that is killed signs nobody out who was there just now. */
const SAVE_MS = HOUR;

export interface WebSession {
  /** Hash of the cookie. */
  readonly id: string;
  /** Hash of the key. */
  readonly key: string;
  readonly since: number;
  used: number;
}

export class WebSessions {
  readonly #path: string;
  readonly #token: string;
  readonly #clock: () => number;
  readonly #sessions = new Map<string, WebSession>();
  #saved = 0;

  /** `token`: sessions of another token are over. */
  constructor(path: string, token: string, clock: () => number = Date.now) {
    this.#path = path;
    this.#token = hash(token);
    this.#clock = clock;
    this.#load();
  }

  get size(): number {
    return this.#sessions.size;
  }

  /** A new one, with its two secrets. */
  begin(): { session: WebSession; cookie: string; key: string } {
    const [cookie, key] = [secret(), secret()];
    const now = this.#clock();
    const session = { id: hash(cookie), key: hash(key), since: now, used: now };
    this.#sweep();
    for (const oldest of this.#sessions.keys()) {
      if (this.#sessions.size < MOST) break;
      this.#sessions.delete(oldest);
    }
    this.#sessions.set(session.id, session);
    this.#save();
    return { session, cookie, key };
  }

  /** The session that these secrets belong to; counts as use. */
  find(cookie: string | undefined, key: string | undefined): WebSession | undefined {
    if (!cookie || !key) return undefined;
    // Looked up by hash: what the time of a look-up tells is about the hash, and nobody can choose that.
    const session = this.#sessions.get(hash(cookie));
    if (!session || !sameSecret(hash(key), session.key)) return undefined;
    return this.use(session.id) ? session : undefined;
  }

  /** Counts as use. Is it still there? */
  use(id: string): boolean {
    const session = this.#sessions.get(id);
    if (!session) return false;
    if (this.#isOver(session)) {
      this.end(session);
      return false;
    }
    session.used = this.#clock();
    if (session.used - this.#saved > SAVE_MS) this.#save();
    return true;
  }

  end(session: WebSession): void {
    if (this.#sessions.delete(session.id)) this.#save();
  }

  /** Writes down when each was used last. */
  close(): void {
    this.#sweep();
    this.#save();
  }

  #isOver({ since, used }: WebSession): boolean {
    const now = this.#clock();
    return now - used > IDLE_MS || now - since > LONGEST_MS;
  }

  #sweep(): void {
    for (const session of this.#sessions.values()) if (this.#isOver(session)) this.#sessions.delete(session.id);
  }

  #load(): void {
    try {
      const { token, sessions } = JSON.parse(readOwn(this.#path));
      if (token !== this.#token || !Array.isArray(sessions)) return;
      for (const { id, key, since, used } of sessions.slice(-MOST)) {
        if (![id, key].every((text) => /^[0-9a-f]{64}$/.test(text)) || !(since <= used)) continue;
        this.#sessions.set(id, { id, key, since, used });
      }
      this.#sweep();
    } catch {} // none yet, or not ours: everybody signs in again
  }

  #save(): void {
    this.#saved = this.#clock();
    try {
      if (!this.#sessions.size) {
        removeOwn(this.#path);
        return;
      }
      const text = JSON.stringify({ token: this.#token, sessions: [...this.#sessions.values()] });
      replaceOwn(this.#path, `${text}\n`, { mode: OWN_FILE });
    } catch {} // a full disk signs nobody out; after a restart they sign in again
  }
}

function secret(): string {
  return randomBytes(32).toString('base64url');
}

function hash(text: string): string {
  return sha256(text).toString('hex');
}

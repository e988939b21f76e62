/**
 * Tells of messages as they come into a Maildir. The folder's notifications say when to look; what is new is what was not
 * there at the look before, so that nothing is told twice, nor lost with a notification. Looking never takes more than a
 * fifth of the time, however many messages there are.
 */
import { type FSWatcher, watch } from 'node:fs';
import { join } from 'node:path';
import { listMessages, type MaildirEntry } from './maildir-reader.ts';

/** A burst of messages is one look. */
const GATHER_MS = 10;
/** Without notifications: no folder yet, or a file system that has none. */
const POLL_MS = { blind: 100, watching: 2000 };
const LOOKING_SHARE = 5;

export class MailboxWatch {
  readonly #folder: string;
  readonly #tell: (entries: readonly MaildirEntry[]) => void;
  #known: Set<string> | undefined;
  #watcher: FSWatcher | undefined;
  #timer: NodeJS.Timeout | undefined;
  #dueAt = 0;
  #looking = false;
  #hinted = false;
  #closed = false;
  #tookMs = 0;

  /** `tell` hears of each once, oldest first. */
  constructor(folder: string, tell: (entries: readonly MaildirEntry[]) => void) {
    this.#folder = folder;
    this.#tell = tell;
  }

  /** What is there by now is known. */
  async start(): Promise<void> {
    this.#watchFolder();
    this.#known = new Set((await listMessages(this.#folder)).map(({ id }) => id));
    this.#later(GATHER_MS); // what came between the watch and the list is in it; what came into cur is not
  }

  close(): void {
    this.#closed = true;
    clearTimeout(this.#timer);
    this.#watcher?.close();
  }

  #watchFolder(): void {
    try {
      this.#watcher = watch(join(this.#folder, 'new'), { persistent: false }, () => this.#hint());
      this.#watcher.on('error', () => this.#blind());
    } catch {
      this.#watcher = undefined; // there is no folder before the first message
    }
  }

  #blind(): void {
    this.#watcher?.close();
    this.#watcher = undefined;
  }

  #hint(): void {
    this.#hinted = true;
    if (!this.#looking) this.#later(GATHER_MS);
  }

  #later(ms: number): void {
    if (this.#closed) return;
    const at = performance.now() + Math.max(ms, this.#tookMs * (LOOKING_SHARE - 1));
    if (this.#timer && this.#dueAt <= at) return;
    clearTimeout(this.#timer);
    this.#dueAt = at;
    this.#timer = setTimeout(() => void this.#look(), at - performance.now()).unref();
  }

  async #look(): Promise<void> {
    this.#timer = undefined;
    this.#looking = true;
    this.#hinted = false;
    const begun = performance.now();
    if (!this.#watcher) this.#watchFolder();
    try {
      const entries = await listMessages(this.#folder);
      const known = this.#known;
      this.#known = new Set(entries.map(({ id }) => id));
      const fresh = entries.filter(({ id }) => !known?.has(id));
      if (fresh.length && !this.#closed) this.#tell(fresh);
    } catch {} // a folder that cannot be read now is looked at again
    this.#looking = false;
    this.#tookMs = performance.now() - begun;
    this.#later(this.#hinted ? GATHER_MS : this.#watcher ? POLL_MS.watching : POLL_MS.blind);
  }
}

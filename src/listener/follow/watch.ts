/**
 * Hints that store.json may have changed. The folder is watched, not the file, because a rename puts another file in its
 * place; when store.json is a symbolic link its target's folder is watched too. Notifications can get lost (inotify's queue
 * is bounded, network file systems send none), so the file is looked at once a second as well.
 */
import { type BigIntStats, constants, type FSWatcher, watch } from 'node:fs';
import { open, readlink, realpath } from 'node:fs/promises';
import { basename, dirname } from 'node:path';

interface WatchOptions {
  readonly path: string;
  /** Something may have changed. Costs nothing when nothing did: the reader compares. */
  readonly hint: () => void;
  /** Watching does not work, polling goes on; told once. */
  readonly degraded: (folder: string, reason: string) => void;
  readonly pollMs?: number;
  /** Stands in for notifications that get lost, in tests. */
  readonly notifications?: boolean;
}

export class StoreWatch {
  readonly #options: WatchOptions;
  readonly #watchers = new Map<string, FSWatcher>();
  #timer: NodeJS.Timeout | undefined;
  #last = '';
  #complained = false;
  #closed = false;
  #looking: Promise<void> | undefined;
  /** When a look last came to its end, by performance.now(). */
  lookedAt = performance.now();

  constructor(options: WatchOptions) {
    this.#options = options;
  }

  async start(): Promise<void> {
    await this.#look();
    this.#timer = setInterval(() => {
      // A look that hangs (a file system whose server is gone) holds one thread of four, not all of them.
      this.#looking ??= this.#look().finally(() => {
        this.#looking = undefined;
      });
    }, this.#options.pollMs ?? 1000);
  }

  /** One look: keeps the watchers on the right folders, and hints when the file is another or was touched. */
  async #look(): Promise<void> {
    const { path, hint } = this.#options;
    await this.#watchFolders();
    let now: string;
    try {
      const s = await opened(path);
      now = `${s.dev} ${s.ino} ${s.size} ${s.mtimeNs} ${s.ctimeNs}`;
      // A file touched a moment ago may be touched again within the same clock tick: look into it once more.
      if (now === this.#last && BigInt(Date.now()) * 1_000_000n - s.mtimeNs < 2_000_000_000n) hint();
    } catch (error) {
      now = String((error as NodeJS.ErrnoException).code);
    }
    this.lookedAt = performance.now();
    if (this.#closed || now === this.#last) return;
    const first = this.#last === '';
    this.#last = now;
    if (!first) hint();
  }

  async #watchFolders(): Promise<void> {
    if (this.#options.notifications === false) return;
    const { path } = this.#options;
    const wanted = new Map([[dirname(path), basename(path)]]);
    try {
      await readlink(path);
      const target = await realpath(path);
      if (!wanted.has(dirname(target))) wanted.set(dirname(target), basename(target));
    } catch {} // no link, or one that leads nowhere
    if (this.#closed) return;
    for (const [folder, watcher] of this.#watchers) {
      if (wanted.has(folder)) continue;
      watcher.close();
      this.#watchers.delete(folder);
    }
    for (const [folder, name] of wanted) if (!this.#watchers.has(folder)) this.#watch(folder, name, path);
  }

  #watch(folder: string, name: string, path: string): void {
    const names = new Set([name, basename(path)]);
    try {
      const watcher = watch(folder, { persistent: false }, (_kind, file) => {
        if (file === null || names.has(file)) this.#options.hint();
        else if (file === basename(folder)) this.#drop(folder); // the folder itself went away; the next look watches anew
      });
      watcher.on('error', (error) => {
        this.#drop(folder);
        this.#complain(folder, error.message);
      });
      this.#watchers.set(folder, watcher);
    } catch (error) {
      this.#complain(folder, (error as Error).message);
    }
  }

  #drop(folder: string): void {
    this.#watchers.get(folder)?.close();
    this.#watchers.delete(folder);
  }

  #complain(folder: string, reason: string): void {
    if (this.#complained) return;
    this.#complained = true;
    this.#options.degraded(folder, reason);
  }

  close(): void {
    this.#closed = true;
    clearInterval(this.#timer);
    for (const folder of [...this.#watchers.keys()]) this.#drop(folder);
  }
}

/** The file's identity and times. It is opened for it, so that a file that could not be read and now can be (no more files may be open, permissions, a disk that failed) is news. */
async function opened(path: string): Promise<BigIntStats> {
  const file = await open(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0)); // a pipe in its place makes nobody wait
  try {
    return await file.stat({ bigint: true });
  } finally {
    await file.close();
  }
}

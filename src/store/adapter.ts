/** lowdb's adapter for store.json: checked on the way in, atomic and durable on the way out. */
import { constants } from 'node:fs';
import type { SyncAdapter } from 'lowdb';
import type { StoreDocument } from './document.ts';
import { type Files, realFiles } from './files.ts';
import { openToRead } from './home-files.ts';
import { linkedStore } from './linked-store.ts';
import { parseDocument } from './parse.ts';
import { NotConfirmed, replaceOwn } from './replace-file.ts';
import { identityOf } from './stamp.ts';
import { StoreError } from './store-error.ts';

export class StoreFile implements SyncAdapter<StoreDocument> {
  /** The text last read or written, to tell whether there is news. */
  text = '';
  /** Which file that was (stamp.ts). */
  identity = '';
  /** When it was last changed, in milliseconds since 1970, and whose it is. */
  changed = { time: 0, uid: 0 };
  /** Runs when the new text is on the disk and only its name is missing. */
  beforeRename: () => void = () => {};

  constructor(
    readonly path: string,
    readonly files: Files = realFiles,
  ) {}

  /** `null` when there is no file. @throws StoreError with file, line and reason */
  read(): StoreDocument | null {
    return this.readText() ? parseDocument(this.text, this.path) : null;
  }

  /** Reads text and identity of one and the same file; false when there is none. */
  readText(): boolean {
    let fd: number;
    try {
      fd = openToRead(linkedStore(this.path, 'read', this.files), this.files);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return false;
      throw this.#unreadable(error);
    }
    try {
      this.#remember(fd);
      this.text = this.files.readFileSync(fd, 'utf8');
    } catch (error) {
      throw this.#unreadable(error);
    } finally {
      try {
        this.files.closeSync(fd);
      } catch {} // read or not read, that is settled
    }
    return true;
  }

  /** @throws StoreError 'unwritable'; it says whether something was changed */
  write(document: StoreDocument): void {
    const text = `${JSON.stringify(document, null, 2)}\n`;
    try {
      const target = linkedStore(this.path, 'write', this.files);
      if (this.text !== '') this.files.accessSync(target, constants.W_OK);
      replaceOwn(target, text, { files: this.files, durable: true, beforeRename: this.beforeRename });
    } catch (error) {
      if (error instanceof StoreError) throw error;
      if (error instanceof NotConfirmed) {
        this.#wrote(text);
        throw new StoreError(
          'unconfirmed',
          `The change was made in ${this.path}, but the disk did not confirm that it outlives a power cut (${error.message}). Check the disk.`,
        );
      }
      throw new StoreError(
        'unwritable',
        `The store ${this.path} cannot be written (${(error as Error).message}). Nothing was changed. ${adviceFor(error)}`,
      );
    }
    this.#wrote(text);
  }

  /** Which file it is now. When even that fails, it counts as one that nobody knows, and is checked when it is read next. */
  #wrote(text: string): void {
    this.text = text;
    this.identity = '';
    try {
      const fd = openToRead(linkedStore(this.path, 'read', this.files), this.files);
      try {
        this.#remember(fd);
      } finally {
        this.files.closeSync(fd);
      }
    } catch {}
  }

  #remember(fd: number): void {
    const stat = this.files.fstatSync(fd, { bigint: true });
    this.identity = identityOf(stat);
    this.changed = { time: Number(stat.mtimeMs), uid: Number(stat.uid) };
  }

  #unreadable(error: unknown): StoreError {
    return new StoreError(
      'unreadable',
      `The store ${this.path} cannot be read (${(error as Error).message.replace(/\.$/, '')}). ${adviceFor(error)}`,
    );
  }
}

/** What to do about an error of the file system. */
export function adviceFor(error: unknown): string {
  switch ((error as NodeJS.ErrnoException).code) {
    case 'ENOSPC':
    case 'EDQUOT':
      return 'The disk is full: free some space and try again.';
    case 'EACCES':
    case 'EPERM':
      return 'You lack the permission: run rc as the user who owns the folder, or choose another with --home.';
    case 'EROFS':
      return 'The file system is mounted read-only.';
    case 'ENOTOURS':
      return 'Put a plain file in its place; why rc is strict here: docs/security.md.';
    case 'EIO':
      return 'The disk fails: look into the kernel log (dmesg).';
    default:
      return 'Check the folder, its permissions and free space.';
  }
}

/** The few things deliveries do to files, handed in so that tests can make a disk full, slow or broken. */
import { type FileHandle, open, readdir, stat } from 'node:fs/promises';
import { createLater, makeFoldersLater, removeLater, renameLater } from '../../store/home-files-later.ts';

export interface MailFile {
  /** Appends all of it, or throws. */
  write(chunks: readonly Buffer[]): Promise<void>;
  /** Reads what lies at a place; fewer bytes than asked for only at the end. */
  read(position: number, length: number): Promise<Buffer>;
  sync(): Promise<void>;
  close(): Promise<void>;
}

export interface MailFiles {
  makeFolder(path: string): Promise<void>;
  /** A new file, mode 0600; throws when there is one already. */
  create(path: string): Promise<MailFile>;
  rename(from: string, to: string): Promise<void>;
  unlink(path: string): Promise<void>;
  list(folder: string): Promise<readonly string[]>;
  /** When it was last changed, in milliseconds since 1970. */
  changedAt(path: string): Promise<number>;
  syncFolder(path: string): Promise<void>;
}

class DiskFile implements MailFile {
  #size = 0;
  constructor(readonly handle: FileHandle) {}

  async write(chunks: readonly Buffer[]): Promise<void> {
    let rest = chunks;
    while (rest.length) {
      const { bytesWritten } = await this.handle.writev(rest as Buffer[], this.#size);
      this.#size += bytesWritten;
      rest = unwritten(rest, bytesWritten);
    }
  }

  async read(position: number, length: number): Promise<Buffer> {
    const buffer = Buffer.allocUnsafe(length);
    let done = 0;
    while (done < length) {
      const { bytesRead } = await this.handle.read(buffer, done, length - done, position + done);
      if (!bytesRead) break;
      done += bytesRead;
    }
    return buffer.subarray(0, done);
  }

  sync = () => this.handle.sync();
  close = () => this.handle.close();
}

function unwritten(chunks: readonly Buffer[], written: number): readonly Buffer[] {
  let left = written;
  for (let i = 0; i < chunks.length; i++) {
    const { length } = chunks[i]!;
    if (left < length) return [chunks[i]!.subarray(left), ...chunks.slice(i + 1)];
    left -= length;
  }
  return [];
}

export const disk: MailFiles = {
  makeFolder: makeFoldersLater,
  create: async (path) => new DiskFile(await createLater(path)),
  rename: renameLater,
  unlink: removeLater,
  list: readdir,
  changedAt: async (path) => (await stat(path)).mtimeMs,
  async syncFolder(path) {
    const folder = await open(path, 'r');
    try {
      await folder.sync();
    } finally {
      await folder.close();
    }
  },
};

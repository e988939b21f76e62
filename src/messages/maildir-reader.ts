/**
 * The messages in a Maildir, oldest first: what the listener put there, and what other programs did with it since
 * (moved to cur, marked, removed). Nothing here changes a message but `remove`.
 */
import { constants } from 'node:fs';
import { type FileHandle, open, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { removeLater } from '../store/home-files-later.ts';

/** A message as the folder names it; its content is read when it is asked for. */
export interface MaildirEntry {
  /** The name of its file without the marks that readers add (`:2,S`). */
  readonly id: string;
  /** Folder and file, relative to the Maildir: `new/…`, `cur/…`. */
  readonly file: string;
}

/** Largest message read whole, in bytes; a larger one is told by its header only. MaxMessageSize goes to 2 GB. */
export const LARGEST_READ = 64 * 2 ** 20;

const OURS = /^(\d+)\.M(\d+)P\d+Q(\d+)R/;

/** Time in the name, then the counter of the process that wrote it; names that are not ours by their first number. */
function orderOf(id: string): readonly [number, number] {
  const ours = OURS.exec(id);
  if (ours) return [Number(ours[1]) * 1e6 + Number(ours[2]), Number(ours[3])];
  const seconds = /^(\d{1,12})\./.exec(id);
  return [seconds ? Number(seconds[1]) * 1e6 : 0, 0];
}

/** Below 0: `a` came before `b`. By their names alone, whether they are still there or not. */
export function byAge(a: string, b: string): number {
  return compared(a, orderOf(a), b, orderOf(b));
}

type Order = ReturnType<typeof orderOf>;

function compared(a: string, orderA: Order, b: string, orderB: Order): number {
  return orderA[0] - orderB[0] || orderA[1] - orderB[1] || (a < b ? -1 : a > b ? 1 : 0);
}

/** All messages, oldest first. A Maildir that is not there has none. @throws a system error when it cannot be read */
export async function listMessages(folder: string): Promise<MaildirEntry[]> {
  const entries = new Map<string, MaildirEntry>();
  for (const place of ['new', 'cur'] as const) {
    const names = await readdir(join(folder, place), { withFileTypes: true }).catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return [];
      throw error;
    });
    for (const name of names) {
      if (!name.isFile() || name.name.startsWith('.')) continue; // no links, no folders, no other program's notes
      const id = name.name.replace(/:2,.*$/, '');
      entries.set(id, { id, file: `${place}/${name.name}` });
    }
  }
  return [...entries.values()]
    .map((entry) => ({ entry, order: orderOf(entry.id) }))
    .sort((a, b) => compared(a.entry.id, a.order, b.entry.id, b.order))
    .map(({ entry }) => entry);
}

export interface RawMessage {
  /** The whole message, or its first `LARGEST_READ` bytes. */
  readonly bytes: Buffer;
  /** Bytes of the whole message. */
  readonly size: number;
  /** When it was put there, by the file's own time. */
  readonly storedAt: Date;
}

/**
 * Its content; `undefined` when it was removed meanwhile. A message that a reader moved is found where it is now.
 * @param whole bytes: of a larger one only so much is read
 */
export async function readMessage(
  folder: string,
  entry: MaildirEntry,
  whole = LARGEST_READ,
): Promise<RawMessage | undefined> {
  const file = await openMoved(folder, entry);
  if (!file) return undefined;
  try {
    const { size, mtime } = await file.stat();
    const bytes = Buffer.alloc(Math.min(size, whole));
    let read = 0;
    while (read < bytes.length) {
      const { bytesRead } = await file.read(bytes, read, bytes.length - read, read);
      if (bytesRead === 0) break;
      read += bytesRead;
    }
    return { bytes: bytes.subarray(0, read), size, storedAt: mtime };
  } finally {
    await file.close();
  }
}

/** Removes it. @returns whether it was still there */
export async function removeMessage(folder: string, entry: MaildirEntry): Promise<boolean> {
  return (
    (await atItsPlace(folder, entry, async (path) => {
      await removeLater(path);
      return true;
    })) === true
  );
}

function openMoved(folder: string, entry: MaildirEntry): Promise<FileHandle | undefined> {
  return atItsPlace(folder, entry, (path) =>
    open(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK),
  );
}

/** Does it with the file, and once more where the file is now when it moved in between. */
async function atItsPlace<T>(
  folder: string,
  entry: MaildirEntry,
  act: (path: string) => Promise<T>,
): Promise<T | undefined> {
  let now: MaildirEntry | undefined = entry;
  for (let tries = 0; now && tries < 3; tries++) {
    try {
      return await act(join(folder, now.file));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
      now = (await listMessages(folder)).find(({ id }) => id === entry.id);
    }
  }
  return undefined;
}

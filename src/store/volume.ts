/** The volume that a folder is on: how large it is, and how much of it is free. */
import { existsSync } from 'node:fs';
import { statfs } from 'node:fs/promises';

export interface Volume {
  readonly path: string;
  /** Bytes that this user can use. */
  readonly size: number;
  readonly free: number;
}

/** @param folders the first that is there counts @returns `undefined`: none is, or it cannot be asked */
export async function volumeOf(folders: readonly string[]): Promise<Volume | undefined> {
  const path = folders.find((folder) => existsSync(folder));
  if (path === undefined) return undefined;
  try {
    const { blocks, bavail, bfree, bsize } = await statfs(path);
    // Of blocks that are kept for root nothing can be used, so they count as used.
    const usable = blocks - (bfree - bavail);
    return blocks === 0 ? undefined : { path, size: usable * bsize, free: bavail * bsize };
  } catch {
    return undefined;
  }
}

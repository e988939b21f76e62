/** A small file system in memory (tmpfs), where mounting is allowed: to fill it, and to make it read-only. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export class SmallDisk {
  private constructor(readonly folder: string) {}

  /** `undefined` where mounting is not allowed. */
  static mount(kilobytes: number): SmallDisk | undefined {
    const folder = mkdtempSync(join(tmpdir(), 'rc-disk-'));
    const { status } = spawnSync('mount', ['-t', 'tmpfs', '-o', `size=${kilobytes}k,mode=0700`, 'tmpfs', folder]);
    if (status === 0) return new SmallDisk(folder);
    rmdirSync(folder);
    return undefined;
  }

  remount(how: 'ro' | 'rw'): void {
    const { status, stderr } = spawnSync('mount', ['-o', `remount,${how}`, this.folder]);
    if (status !== 0) throw new Error(String(stderr));
  }

  unmount(): void {
    spawnSync('umount', [this.folder]);
    rmdirSync(this.folder);
  }
}

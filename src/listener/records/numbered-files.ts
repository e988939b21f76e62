/**
 * Files of a log that has one name: a full one is put aside as events.1.ndjson, which becomes events.2.ndjson at the next time, and so
 * on up to a bound. Somebody else may move the file away (logrotate): then it is made anew.
 */
import { type FileHandle, stat } from 'node:fs/promises';
import { asideName } from '../../records/event-log.ts';
import { openToAppendLater, removeLater, renameLater } from '../../store/home-files-later.ts';
import type { CurrentFile, FileSeries } from './rotating-log.ts';

/** How often it is looked whether the file is still the one at the path. */
const LOOK_MS = 1000;

export class NumberedFiles implements FileSeries {
  #file: FileHandle | undefined;
  #size = 0;
  #looked = 0;

  /**
   * @param path of the file being written
   * @param maxSize bytes at which it is put aside
   * @param keep files put aside that are kept
   */
  constructor(
    readonly path: string,
    readonly maxSize: number,
    readonly keep: number,
  ) {}

  async open(): Promise<CurrentFile> {
    if (this.#file && performance.now() - this.#looked > LOOK_MS && !(await this.#isOurs())) await this.close();
    if (!this.#file) await this.#open();
    return { size: this.#size, maxSize: this.maxSize };
  }

  async next(): Promise<CurrentFile> {
    await this.close();
    const aside = (n: number) => asideName(this.path, n);
    await removeLater(aside(this.keep)).catch(() => {});
    for (let n = this.keep - 1; n >= 1; n--) await renameLater(aside(n), aside(n + 1)).catch(() => {});
    await renameLater(this.path, aside(1));
    return this.open();
  }

  async append(text: string): Promise<void> {
    await this.#file!.appendFile(text);
    this.#size += Buffer.byteLength(text);
  }

  /** The next `open` looks at once. */
  lookAgain(): void {
    this.#looked = Number.NEGATIVE_INFINITY;
  }

  async close(): Promise<void> {
    const file = this.#file;
    this.#file = undefined;
    await file?.close().catch(() => {});
  }

  async #open(): Promise<void> {
    const file = await openToAppendLater(this.path);
    this.#file = file;
    this.#size = (await file.stat()).size;
    if (this.#size > 0) {
      // A line that a power cut left half written must not spoil the next one.
      const { buffer } = await file.read(Buffer.alloc(1), 0, 1, this.#size - 1);
      if (buffer[0] !== 10) await this.append('\n');
    }
    this.#looked = performance.now();
  }

  async #isOurs(): Promise<boolean> {
    this.#looked = performance.now();
    try {
      const [mine, there] = await Promise.all([this.#file!.stat(), stat(this.path)]);
      return mine.ino === there.ino && mine.dev === there.dev;
    } catch {
      return false;
    }
  }
}

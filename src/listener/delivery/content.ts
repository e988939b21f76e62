/**
 * The bytes of a message while it is received: in memory while it is small and memory for it is left, then in a file.
 * So small messages cost one open and one write, and large ones bounded memory. Errors are kept for the end.
 */
import { HeldBytes, type MemoryBudget } from '../memory-budget.ts';
import type { MailFile, MailFiles } from './files.ts';

/** Messages up to this many bytes are held in memory: most mail is smaller. */
const SMALL = 64 * 1024;
/** Bytes that are read from a file at once. */
const CHUNK = 256 * 1024;

export class Content {
  /** Bytes so far. */
  size = 0;
  /** What went wrong with its file, if anything. */
  error: Error | undefined;
  readonly #files: MailFiles;
  readonly #newPath: () => string;
  readonly #unlinkAtOnce: boolean;
  readonly #held: HeldBytes;
  #path: string | undefined;
  #file: MailFile | undefined;
  #work: Promise<void> | undefined;
  #released = false;

  /** `newPath` names its file, should it need one; `unlinkAtOnce` leaves that file without a name, so that nothing can be left behind. */
  constructor(files: MailFiles, budget: MemoryBudget, newPath: () => string, unlinkAtOnce = false) {
    this.#files = files;
    this.#held = new HeldBytes(budget);
    this.#newPath = newPath;
    this.#unlinkAtOnce = unlinkAtOnce;
  }

  /** The path of its file, once it has one. */
  get path(): string | undefined {
    return this.#path;
  }

  /** Takes more bytes; a promise when the writer should wait before it brings more. */
  write(chunk: Buffer): Promise<void> | undefined {
    if (this.#released || !chunk.length) return undefined;
    this.size += chunk.length;
    if (this.error) return undefined;
    if (!this.#work && this.size <= SMALL && this.#held.add(chunk)) return undefined;
    return this.#toFile([chunk]);
  }

  #toFile(chunks: Buffer[]): Promise<void> {
    const before = this.#work;
    this.#work = (async () => {
      await before;
      if (this.error || this.#released) return;
      try {
        const all = [...this.#held.pieces, ...chunks];
        this.#file ??= await this.#open();
        if (all.length) await this.#file.write(all);
      } catch (error) {
        this.error ??= error as Error;
      } finally {
        this.#held.release();
      }
    })();
    return this.#work;
  }

  async #open(): Promise<MailFile> {
    const path = this.#newPath();
    const file = await this.#files.create(path);
    if (!this.#unlinkAtOnce) this.#path = path;
    else {
      try {
        await this.#files.unlink(path);
      } catch (error) {
        // A process beside us that sweeps the folder may have been quicker: the name is gone, which is all we want.
        if ((error as NodeJS.ErrnoException).code !== 'ENOENT') {
          await file.close().catch(() => {});
          throw error;
        }
      }
    }
    return file;
  }

  /** Everything written to its file and safe on the disk. @throws the first error there was */
  async store(): Promise<void> {
    await this.#toFile([]);
    if (this.error) throw this.error;
    await this.#file!.sync();
    const file = this.#file!;
    this.#file = undefined;
    await file.close();
  }

  /** Waits until everything is where it belongs. @throws the first error there was */
  async settle(): Promise<void> {
    await this.#work;
    if (this.error) throw this.error;
  }

  /** The bytes from the start, after `settle`. May be read more than once. */
  async *read(): AsyncGenerator<Buffer> {
    if (!this.#file) {
      yield* this.#held.pieces;
      return;
    }
    for (let at = 0; at < this.size; ) {
      const chunk = await this.#file.read(at, Math.min(CHUNK, this.size - at));
      if (!chunk.length) throw new Error('the spooled message is shorter than what was written');
      at += chunk.length;
      yield chunk;
    }
  }

  /** Lets go of memory and file handle, and of the file itself unless it was moved away. */
  async release(remove: boolean): Promise<void> {
    this.#released = true;
    await this.#work;
    this.#held.release();
    const file = this.#file;
    this.#file = undefined;
    await file?.close().catch(() => {});
    if (remove && this.#path) await this.#files.unlink(this.#path).catch(() => {});
  }
}

/**
 * The history on disk: history.ndjson, one line a generation, appended before the store is renamed into place, and a base,
 * the whole document at one generation, from which the lines lead to what rc wrote last. That is how an edit by hand is
 * told: what stands in store.json differs from where base and lines lead.
 *
 * A crash between line and store leaves a line of something that never happened. The stamp says how many bytes of the
 * history belong to written generations; what is beyond is dropped before the next change (docs/history.md).
 */

import { applied } from './difference.ts';
import { NOTHING, type StoreDocument } from './document.ts';
import { type Files, realFiles } from './files.ts';
import { type HistoryEntry, parseEntry, previousOf } from './history-entry.ts';
import type { Home } from './home.ts';
import { openToAppend, openToChange, openToRead, readOwn, writeAll } from './home-files.ts';
import { replaceOwn, syncFolder } from './replace-file.ts';

/** What is kept at least, and the size at which the oldest half goes. */
export const KEPT_ENTRIES = 10_000;
const LARGEST_BYTES = 64 * 1024 * 1024;
/** Lines are replayed from the base; so much of them at most, or as much as the document is large. */
const REPLAYED_BYTES = 256 * 1024;
const BLOCK = 64 * 1024;

interface Base {
  readonly generation: number;
  readonly document: StoreDocument;
}

export class Journal {
  constructor(
    readonly home: Home,
    readonly files: Files = realFiles,
  ) {}

  /** Bytes of history.ndjson; 0 when there is none. */
  size(): number {
    try {
      return this.files.statSync(this.home.history).size;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return 0;
      throw error;
    }
  }

  /** Appends lines and makes them safe. On failure the file is as before. Returns its new size. */
  append(entries: readonly HistoryEntry[], size: number): number {
    const text = entries.map((entry) => `${JSON.stringify(entry)}\n`).join('');
    const { fd } = openToAppend(this.home.history, this.files);
    try {
      writeAll(fd, text, this.files);
      this.files.fsyncSync(fd);
      if (size === 0) syncFolder(this.home.folder, this.files); // it may be a new file
    } catch (error) {
      this.files.ftruncateSync(fd, size);
      throw error;
    } finally {
      this.files.closeSync(fd);
    }
    return size + Buffer.byteLength(text);
  }

  /** Cuts what stands beyond `size` bytes: lines of changes that never happened. */
  cut(size: number): void {
    const fd = openToChange(this.home.history, this.files);
    try {
      this.files.ftruncateSync(fd, size);
      this.files.fsyncSync(fd);
    } finally {
      this.files.closeSync(fd);
    }
  }

  /** Size without a last line that was written in part only. */
  wholeLines(size: number): number {
    let end = size;
    while (end > 0) {
      const start = Math.max(0, end - BLOCK);
      const newline = this.#block(start, end).lastIndexOf(0x0a);
      if (newline >= 0) return start + newline + 1;
      end = start;
    }
    return 0;
  }

  /** Entries from the newest to the oldest, of the first `size` bytes. Damaged lines are passed over. */
  *backwards(size: number): Generator<HistoryEntry> {
    for (const line of this.#linesBackwards(size)) {
      try {
        yield parseEntry(line);
      } catch {}
    }
  }

  /** Bytes up to and with the line of a generation; `undefined` when there is none. */
  sizeWith(generation: number, size: number): number | undefined {
    let end = size;
    for (const line of this.#linesBackwards(size)) {
      const here = generationOf(line);
      if (here === generation) return end;
      if (here !== undefined && here < generation) return undefined;
      end -= Buffer.byteLength(line) + 1;
    }
    return undefined;
  }

  *#linesBackwards(size: number): Generator<string> {
    const fd = this.#open();
    if (fd === undefined) return;
    try {
      let rest: Buffer = Buffer.alloc(0);
      for (let end = size; end > 0; ) {
        const start = Math.max(0, end - BLOCK);
        const block = Buffer.concat([this.#readAt(fd, start, end), rest]);
        end = start;
        // Bytes before the first newline may be the second half of a line that begins in the block before.
        const first = start === 0 ? 0 : block.indexOf(0x0a) + 1;
        rest = block.subarray(0, first);
        if (first === 0 && start > 0) {
          rest = block;
          continue;
        }
        const lines = block.subarray(first).toString('utf8').split('\n');
        for (const line of lines.reverse()) if (line !== '') yield line;
      }
    } finally {
      this.files.closeSync(fd);
    }
  }

  #open(): number | undefined {
    try {
      return openToRead(this.home.history, this.files);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
      throw error;
    }
  }

  #block(start: number, end: number): Buffer {
    const fd = this.#open();
    if (fd === undefined) return Buffer.alloc(0);
    try {
      return this.#readAt(fd, start, end);
    } finally {
      this.files.closeSync(fd);
    }
  }

  #readAt(fd: number, start: number, end: number): Buffer {
    const bytes = Buffer.alloc(Math.max(0, end - start));
    let done = 0;
    while (done < bytes.length) {
      const read = this.files.readSync(fd, bytes, done, bytes.length - done, start + done);
      if (read === 0) break;
      done += read;
    }
    return bytes.subarray(0, done);
  }

  /**
   * The document that base and lines lead to, secrets after the base as fingerprints; `undefined` when the chain has a gap.
   * Lines that go back to the first use need no base.
   */
  known(size: number): Base | undefined {
    const base = this.base();
    const since: HistoryEntry[] = [];
    let start: Base | undefined = base;
    for (const entry of this.backwards(size)) {
      if (base && entry.generation <= base.generation) break;
      since.push(entry);
      if (entry.origin !== 'first use') continue;
      start = { generation: previousOf(entry), document: NOTHING };
      break;
    }
    if (!start) return undefined;
    let { generation, document } = start;
    for (const entry of since.reverse()) {
      if (previousOf(entry) !== generation || entry.origin === 'gap') return undefined;
      document = applied(document, entry.changes);
      generation = entry.generation;
    }
    return { generation, document };
  }

  base(): Base | undefined {
    try {
      const base = JSON.parse(readOwn(this.home.base, this.files)) as Base;
      return Array.isArray(base?.document?.connectors) ? base : undefined;
    } catch (error) {
      if (error instanceof SyntaxError || (error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
      throw error;
    }
  }

  /** Is it time for a new base? `baseAt`: size of the history when the present one was written. */
  outgrown(size: number, baseAt: number, documentLength: number): boolean {
    return size < baseAt || size - baseAt > Math.max(REPLAYED_BYTES, documentLength);
  }

  writeBase(document: StoreDocument): void {
    const base: Base = { generation: document.generation, document };
    replaceOwn(this.home.base, `${JSON.stringify(base)}\n`, { files: this.files, durable: true });
  }

  /**
   * Keeps the file bounded: past 64 MB, or twice the entries that are kept, the oldest go, and at least the newest 10,000
   * (as far as 32 MB hold them) stay. Call right after a new base. Returns the new size.
   */
  trim(size: number): number {
    if (size <= LARGEST_BYTES && this.#count(size) <= 2 * KEPT_ENTRIES) return size;
    const kept: string[] = [];
    let bytes = 0;
    for (const line of this.#linesBackwards(size)) {
      bytes += Buffer.byteLength(line) + 1;
      if (kept.length >= KEPT_ENTRIES || (kept.length > 0 && bytes > LARGEST_BYTES / 2)) break;
      kept.push(line);
    }
    const text = kept
      .reverse()
      .map((line) => `${line}\n`)
      .join('');
    replaceOwn(this.home.history, text, { files: this.files, durable: true });
    return Buffer.byteLength(text);
  }

  /** Entries by their generations, which have no holes. */
  #count(size: number): number {
    const head = this.#block(0, Math.min(size, 200)).toString('utf8');
    const first = generationOf(head);
    const last = this.backwards(size).next().value?.generation;
    return first !== undefined && last !== undefined ? last - first + 1 : 0;
  }
}

/** A line begins with its generation. */
function generationOf(line: string): number | undefined {
  const digits = /^\{"generation":(\d+)/.exec(line)?.[1];
  return digits === undefined ? undefined : Number(digits);
}

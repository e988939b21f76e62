/** lowdb's adapter for store.json: checked on the way in, atomic and durable on the way out. */
import { readFileSync } from 'node:fs';
import type { SyncAdapter } from 'lowdb';
import type { StoreDocument } from './document.ts';
import { writeDurably } from './durable-file.ts';
import { parseDocument } from './parse.ts';
import { StoreError } from './store-error.ts';

export class StoreFile implements SyncAdapter<StoreDocument> {
  /** The text last read or written, to tell whether there is news. */
  text = '';

  constructor(readonly path: string) {}

  /** `null` when there is no file yet. @throws StoreError with file, line and reason */
  read(): StoreDocument | null {
    let text: string;
    try {
      text = readFileSync(this.path, 'utf8');
    } catch (error) {
      const { code, message } = error as NodeJS.ErrnoException;
      if (code === 'ENOENT') return null;
      throw new StoreError('unreadable', `The store ${this.path} cannot be read (${message}).`);
    }
    const document = parseDocument(text, this.path);
    this.text = text;
    return document;
  }

  write(document: StoreDocument): void {
    const text = `${JSON.stringify(document, null, 2)}\n`;
    try {
      writeDurably(this.path, text);
    } catch (error) {
      throw new StoreError(
        'unwritable',
        `The store ${this.path} cannot be written (${(error as Error).message}). Nothing was changed.`,
      );
    }
    this.text = text;
  }
}

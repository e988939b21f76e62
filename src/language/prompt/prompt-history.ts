/** The lines typed at the prompt, kept in the home from one time to the next; those with secrets in them are not. */
import { closeSync } from 'node:fs';
import { join } from 'node:path';
import { openToAppend, readOwn, setMode, writeAll } from '../../store/home-files.ts';
import { replaceOwn } from '../../store/replace-file.ts';

const HISTORY_FILE = 'shell-history';
/** As many lines as are kept. */
const KEPT_LINES = 1000;

/** What PSReadLine keeps out of its history file, too. */
const SECRET = /password|passphrase|asplaintext|token|apikey|secret|credential/i;

function isSecret(line: string): boolean {
  return SECRET.test(line);
}

export class LineHistory {
  readonly #file: string;
  #said = false;

  constructor(
    folder: string,
    /** Told once when the file cannot be written. */
    readonly complain: (text: string) => void,
  ) {
    this.#file = join(folder, HISTORY_FILE);
  }

  /** The lines kept, the newest first, as node:readline wants them. */
  load(): string[] {
    let text: string;
    try {
      text = readOwn(this.#file);
    } catch {
      return []; // none yet, or not ours to read: a prompt without history is still a prompt
    }
    const lines = text.split('\n').filter((line) => line.trim() !== '');
    if (lines.length > 2 * KEPT_LINES)
      this.#try(() => replaceOwn(this.#file, `${lines.slice(-KEPT_LINES).join('\n')}\n`));
    this.#try(() => setMode(this.#file, 0o600));
    return lines.slice(-KEPT_LINES).reverse();
  }

  add(line: string): void {
    if (line.trim() === '' || isSecret(line)) return;
    this.#try(() => {
      const { fd } = openToAppend(this.#file);
      try {
        writeAll(fd, `${line.replaceAll('\n', ' ')}\n`);
      } finally {
        closeSync(fd);
      }
    });
  }

  #try(write: () => void): void {
    try {
      write();
    } catch (error) {
      if (this.#said) return;
      this.#said = true;
      this.complain(`The history cannot be kept in ${this.#file} (${(error as Error).message}).`);
    }
  }
}

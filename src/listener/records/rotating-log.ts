/**
 * A log in hourly files `PREFIXyyyymmddhh-n.log` that never delays who writes it: lines are kept in memory, written
 * together a moment later, and dropped and counted when the disk cannot keep up. A file that is full goes on in the next
 * number; old files go by age, then by the size of all together.
 */
import { lstat, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { type LogFileName, logHeader, logHour, parseLogFileName } from '../../records/log-csv.ts';
import { makeFoldersLater, openToAppendLater, removeLater } from '../../store/home-files-later.ts';
import { EVENT, type FailureEvents } from '../delivery/failure-events.ts';

/** What a log does to files; handed in by tests. */
export interface LogFiles {
  append(path: string, text: string): Promise<void>;
  /** Sizes in bytes of the files in a folder, which is made when it is not there. */
  list(folder: string): Promise<ReadonlyMap<string, number>>;
  remove(path: string): Promise<void>;
}

/** A log's folder may be one that others can write (/tmp): a link that they put there is not followed. */
export const logDisk: LogFiles = {
  async append(path, text) {
    const file = await openToAppendLater(path);
    try {
      await file.appendFile(text);
    } finally {
      await file.close();
    }
  },
  async list(folder) {
    await makeFoldersLater(folder);
    const sizes = new Map<string, number>();
    for (const name of await readdir(folder)) {
      const found = await lstat(join(folder, name)).catch(() => undefined); // gone meanwhile
      if (found?.isFile()) sizes.set(name, found.size);
    }
    return sizes;
  },
  remove: removeLater,
};

/** Where lines of a log go, each with its line end. */
export interface LineLog {
  write(line: string): void;
  close(): Promise<void>;
}

/** Read whenever it matters, so that a change of settings acts at once. Sizes in bytes, age in milliseconds (0 keeps all). */
export interface LogSettings {
  readonly folder: string;
  readonly maxAge: number;
  readonly maxDirectorySize: number;
  readonly maxFileSize: number;
}

export interface RotatingLogOptions {
  readonly prefix: string;
  readonly type: string;
  readonly fields: readonly string[];
  readonly settings: () => LogSettings;
  /** The line that says how many were dropped. */
  readonly dropped: (lines: number, now: Date) => string;
  readonly failures?: FailureEvents;
  readonly files?: LogFiles;
  readonly clock?: () => Date;
  /** Bytes kept in memory at most. */
  readonly maxHeld?: number;
}

const FLUSH_AFTER_MS = 100;
const MAX_HELD = 4 * 1024 * 1024;
/** How long `close` waits for a disk that does not answer. */
const CLOSE_LIMIT_MS = 5000;
const HOUR = 3600_000;

export class RotatingLog implements LineLog {
  readonly #options: RotatingLogOptions;
  readonly #files: LogFiles;
  readonly #clock: () => Date;
  #held: string[] = [];
  #heldBytes = 0;
  #dropped = 0;
  #timer: NodeJS.Timeout | undefined;
  #running: Promise<void> | undefined;
  /** The file being written: its folder, hour, number and size. */
  #current: { folder: string; stem: string; number: number; size: number } | undefined;

  constructor(options: RotatingLogOptions) {
    this.#options = options;
    this.#files = options.files ?? logDisk;
    this.#clock = options.clock ?? (() => new Date());
  }

  /** Takes one line with its line end. */
  write(line: string): void {
    // Strings may take two bytes a character; what counts is that there is a bound.
    if (this.#heldBytes + line.length > (this.#options.maxHeld ?? MAX_HELD)) {
      this.#dropped++;
      return;
    }
    this.#held.push(line);
    this.#heldBytes += line.length;
    if (this.#running || this.#timer) return;
    this.#timer = setTimeout(() => void this.flush(), FLUSH_AFTER_MS);
    this.#timer.unref();
  }

  /** Lines that were dropped before they came here: the log says so with the next ones. */
  lost(lines: number): void {
    this.#dropped += lines;
  }

  /** Writes everything taken so far. */
  flush(): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#running ??= this.#writeAll().finally(() => {
      this.#running = undefined;
    });
    return this.#running;
  }

  async #writeAll(): Promise<void> {
    while (this.#held.length) {
      const lines = this.#held;
      this.#held = [];
      const now = this.#clock();
      if (this.#dropped) lines.push(this.#options.dropped(this.#dropped, now));
      const said = this.#dropped;
      try {
        await this.#append(lines, now);
        this.#dropped -= said;
        if (said) this.#tellDropped(said);
      } catch (error) {
        this.#dropped += lines.length - (said ? 1 : 0);
        this.#current = undefined;
        this.#tellFailed(error as NodeJS.ErrnoException);
      } finally {
        this.#heldBytes = this.#held.reduce((sum, line) => sum + line.length, 0);
      }
    }
  }

  /** Appends the lines, going on in a new file where one is full. A batch is one write per file. */
  async #append(lines: readonly string[], now: Date): Promise<void> {
    const settings = this.#options.settings();
    await this.#openFor(settings, now);
    let batch = '';
    let batchBytes = 0;
    const flushBatch = async () => {
      if (!batch) return;
      const current = this.#current!;
      const text = current.size === 0 ? logHeader(this.#options.type, this.#options.fields, now) + batch : batch;
      await this.#files.append(join(current.folder, `${current.stem}-${current.number}.log`), text);
      current.size += Buffer.byteLength(text);
      batch = '';
      batchBytes = 0;
    };
    for (const line of lines) {
      const bytes = Buffer.byteLength(line);
      const { size } = this.#current!;
      if (size + batchBytes > 0 && size + batchBytes + bytes > settings.maxFileSize) {
        await flushBatch();
        this.#current!.number++;
        this.#current!.size = 0;
        await this.#purge(settings, now);
      }
      batch += line;
      batchBytes += bytes;
    }
    await flushBatch();
  }

  /** Chooses the file of this hour: the last one of an earlier run while it has room. */
  async #openFor(settings: LogSettings, now: Date): Promise<void> {
    const stem = logHour(this.#options.prefix, now);
    if (this.#current?.folder === settings.folder && this.#current.stem === stem) return;
    const sizes = await this.#files.list(settings.folder);
    let number = 1;
    for (const name of sizes.keys()) {
      const file = this.#ownFile(name);
      if (file && name.startsWith(`${stem}-`)) number = Math.max(number, file.number);
    }
    const size = sizes.get(`${stem}-${number}.log`) ?? 0;
    this.#current = { folder: settings.folder, stem, number, size };
    await this.#purge(settings, now);
  }

  #ownFile(name: string): LogFileName | undefined {
    return parseLogFileName(this.#options.prefix, name);
  }

  /** Removes files over the age, then the oldest ones until all fit; never the one being written, never somebody else's. */
  async #purge(settings: LogSettings, now: Date): Promise<void> {
    const { folder, stem, number } = this.#current!;
    const sizes = await this.#files.list(folder);
    const mine = [...sizes.keys()]
      .flatMap((name) => this.#ownFile(name) ?? [])
      .filter((file) => file.name !== `${stem}-${number}.log`)
      .sort((a, b) => a.hour - b.hour || a.number - b.number);
    let total = mine.reduce((sum, file) => sum + sizes.get(file.name)!, sizes.get(`${stem}-${number}.log`) ?? 0);
    for (const file of mine) {
      const old = settings.maxAge > 0 && now.getTime() - (file.hour + HOUR) > settings.maxAge;
      if (!old && total <= settings.maxDirectorySize) continue;
      await this.#files.remove(join(folder, file.name));
      total -= sizes.get(file.name)!;
    }
  }

  #tellDropped(lines: number): void {
    this.#options.failures?.report(`${this.#options.prefix} dropped`, {
      id: EVENT.logLinesDropped,
      level: 'Warning',
      message: `${lines} lines of the ${this.#options.type} were dropped because the disk did not take them in time.`,
      data: { log: this.#options.type, count: lines },
    });
  }

  #tellFailed(error: NodeJS.ErrnoException): void {
    const { folder } = this.#options.settings();
    this.#options.failures?.report(`${this.#options.prefix} ${error.code}`, {
      id: EVENT.logNotWritten,
      level: 'Warning',
      message: `The ${this.#options.type} could not be written in ${folder}: ${error.message}. Mail goes on.`,
      data: { log: this.#options.type, folder, code: error.code ?? error.name },
    });
  }

  /** Writes what is held, and waits for it for at most five seconds. */
  async close(): Promise<void> {
    let timer: NodeJS.Timeout | undefined;
    const limit = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, CLOSE_LIMIT_MS);
    });
    await Promise.race([this.flush(), limit]);
    clearTimeout(timer);
  }
}

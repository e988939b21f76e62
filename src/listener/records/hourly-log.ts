/**
 * Logs in hourly files `PREFIXyyyymmddhh-n.log`, as Exchange has them: a file that is full goes on in the next number; old
 * files go by age, then by the size of all together.
 */
import { lstat, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { type LogFileName, logHeader, logHour, parseLogFileName } from '../../records/log-csv.ts';
import { makeFoldersLater, openToAppendLater, removeLater } from '../../store/home-files-later.ts';
import { EVENT, type FailureEvents } from '../delivery/failure-events.ts';
import { type CurrentFile, type FileSeries, RotatingLog } from './rotating-log.ts';

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

/** Read whenever it matters, so that a change of settings acts at once. Sizes in bytes, age in milliseconds (0 keeps all). */
export interface LogSettings {
  readonly folder: string;
  readonly maxAge: number;
  readonly maxDirectorySize: number;
  readonly maxFileSize: number;
}

interface HourlyLogOptions {
  readonly prefix: string;
  readonly type: string;
  readonly fields: readonly string[];
  readonly settings: () => LogSettings;
  /** The line that says how many were dropped. */
  readonly dropped: (lines: number, now: Date) => string;
  readonly failures?: FailureEvents;
  readonly files?: LogFiles;
  readonly clock?: () => Date;
  /** Characters kept in memory at most. */
  readonly maxHeld?: number;
}

/** Opens such a log. That lines were dropped, or could not be written, is an event; mail goes on. */
export function openHourlyLog(options: HourlyLogOptions): RotatingLog {
  const { prefix, type, settings, failures } = options;
  return new RotatingLog({
    files: new HourlyFiles(options),
    dropped: options.dropped,
    clock: options.clock,
    maxHeld: options.maxHeld,
    written(dropped) {
      if (!dropped) return;
      failures?.report(`${prefix} dropped`, {
        id: EVENT.logLinesDropped,
        level: 'Warning',
        message: `${dropped} lines of the ${type} were dropped because the disk did not take them in time.`,
        data: { log: type, count: dropped },
      });
    },
    failed(error) {
      const { folder } = settings();
      failures?.report(`${prefix} ${error.code}`, {
        id: EVENT.logNotWritten,
        level: 'Warning',
        message: `The ${type} could not be written in ${folder}: ${error.message}. Mail goes on.`,
        data: { log: type, folder, code: error.code ?? error.name },
      });
    },
  });
}

const HOUR = 3600_000;

class HourlyFiles implements FileSeries {
  readonly #options: HourlyLogOptions;
  readonly #files: LogFiles;
  /** The file being written: its folder, hour, number and size. */
  #current: { folder: string; stem: string; number: number; size: number } | undefined;

  constructor(options: HourlyLogOptions) {
    this.#options = options;
    this.#files = options.files ?? logDisk;
  }

  /** Chooses the file of this hour: the last one of an earlier run while it has room. */
  async open(now: Date): Promise<CurrentFile> {
    const { prefix, settings } = this.#options;
    const { folder, maxFileSize } = settings();
    const stem = logHour(prefix, now);
    if (this.#current?.folder !== folder || this.#current.stem !== stem) {
      const sizes = await this.#files.list(folder);
      let number = 1;
      for (const name of sizes.keys()) {
        const file = this.#ownFile(name);
        if (file && name.startsWith(`${stem}-`)) number = Math.max(number, file.number);
      }
      this.#current = { folder, stem, number, size: sizes.get(`${stem}-${number}.log`) ?? 0 };
      await this.#purge(now);
    }
    return { size: this.#current.size, maxSize: maxFileSize };
  }

  async next(now: Date): Promise<CurrentFile> {
    const current = this.#current!;
    current.number++;
    current.size = 0;
    await this.#purge(now);
    return { size: 0, maxSize: this.#options.settings().maxFileSize };
  }

  async append(batch: string, now: Date): Promise<void> {
    const current = this.#current!;
    const { type, fields } = this.#options;
    const text = current.size === 0 ? logHeader(type, fields, now) + batch : batch;
    await this.#files.append(join(current.folder, `${current.stem}-${current.number}.log`), text);
    current.size += Buffer.byteLength(text);
  }

  async close(): Promise<void> {
    this.#current = undefined;
  }

  #ownFile(name: string): LogFileName | undefined {
    return parseLogFileName(this.#options.prefix, name);
  }

  /** Removes files over the age, then the oldest ones until all fit; never the one being written, never somebody else's. */
  async #purge(now: Date): Promise<void> {
    const { maxAge, maxDirectorySize } = this.#options.settings();
    const { folder, stem, number } = this.#current!;
    const sizes = await this.#files.list(folder);
    const mine = [...sizes.keys()]
      .flatMap((name) => this.#ownFile(name) ?? [])
      .filter((file) => file.name !== `${stem}-${number}.log`)
      .sort((a, b) => a.hour - b.hour || a.number - b.number);
    let total = mine.reduce((sum, file) => sum + sizes.get(file.name)!, sizes.get(`${stem}-${number}.log`) ?? 0);
    for (const file of mine) {
      const old = maxAge > 0 && now.getTime() - (file.hour + HOUR) > maxAge;
      if (!old && total <= maxDirectorySize) continue;
      await this.#files.remove(join(folder, file.name));
      total -= sizes.get(file.name)!;
    }
  }
}

/**
 * Reads events.ndjson and the files put aside from it (events.1.ndjson is the newest of those): oldest first, the newest N
 * from the end backwards, or on and on as events come. Memory is bounded by a block and a line, whatever the files hold.
 */
import type { Dirent } from 'node:fs';
import { type FileHandle, readdir, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import type { EventRecord } from '../control/listener-client.ts';
import { openToReadLater } from '../store/home-files-later.ts';

/** An event as a line of the log has it: with the event source that Windows would show. */
export interface LoggedEvent extends EventRecord {
  readonly source?: string;
}

export interface EventQuestion {
  readonly since?: Date;
  readonly until?: Date;
  matches?(event: LoggedEvent): boolean;
  /** A line that is no event, or a place where lines may be missing; told as it is met. */
  warn?(what: string): void;
}

/** The n-th file put aside from the log: events.ndjson, 2 → events.2.ndjson. */
export function asideName(path: string, n: number): string {
  return path.replace(/(\.[^./]*)?$/, (extension) => `.${n}${extension}`);
}

const BLOCK = 256 * 1024;
/** A line longer than this is none of ours. */
const LONGEST_LINE = 1024 * 1024;
/** How long a notification may be late, or never come (network file systems). */
const POLL_MS = 500;

/** One log file, open; `size` is its length when it was opened. */
interface LogFile {
  readonly name: string;
  readonly file: FileHandle;
  readonly size: number;
  readonly inode: string;
}

/** Events of the files as they are now, oldest first. No file is no event. */
export async function* readEvents(path: string, question: EventQuestion = {}): AsyncGenerator<LoggedEvent> {
  const files = await openAll(path);
  try {
    for (const log of files) yield* forward(log, new Reader(log.name, question));
  } finally {
    await closeAll(files);
  }
}

/** The newest `most` events that match, oldest first; read from the end backwards, so that a large log costs nothing. */
export async function newestEvents(path: string, most: number, question: EventQuestion = {}): Promise<LoggedEvent[]> {
  const files = await openAll(path);
  try {
    return await newestOf(files, most, question);
  } finally {
    await closeAll(files);
  }
}

/**
 * Events as they come, from now on, until `signal` aborts; before them the newest `first` ones, or all when it is
 * `undefined`. Goes on when the log is put aside, moved away, emptied, or not there yet.
 */
export async function* followEvents(
  path: string,
  question: EventQuestion,
  first: number | undefined,
  signal: AbortSignal,
): AsyncGenerator<LoggedEvent> {
  const files = await openAll(path);
  const last = files.at(-1);
  const from = (file: LogFile | undefined): Growing | undefined =>
    file && { ...file, reader: new Reader(file.name, question), at: 0 };
  // The log itself, or the newest one put aside while there is no log: what comes later is in it or after it.
  let log = from(last);
  const hints = new Hints(dirname(path), signal);
  try {
    if (first === undefined) for (const old of files.slice(0, -1)) yield* forward(old, new Reader(old.name, question));
    else {
      yield* await newestOf(files, first, question);
      if (log) log.at = await endOfLines(log.file, log.size);
    }
    await closeAll(files.slice(0, -1));
    while (!signal.aborted) {
      const events: LoggedEvent[] = log ? await grown(log) : [];
      if (events.length) {
        yield* events;
        continue;
      }
      const now = await identity(path);
      if (log && now === log.inode) {
        if ((await log.file.stat()).size < log.at) {
          log.at = 0; // emptied in place
          log.reader.restart();
          continue;
        }
      } else if (now !== undefined) {
        // Another file is the log now. Ours is complete, for its one writer has left it.
        for (let rest = log ? await grown(log) : []; rest.length; rest = await grown(log!)) yield* rest;
        if (log) yield* log.reader.end();
        const all = await openAll(path);
        const mine = all.findIndex((file) => file.inode === log?.inode);
        const newer = mine >= 0 || !log ? all.slice(mine + 1) : all.slice(-1);
        await closeAll(all.filter((file) => !newer.includes(file)));
        await log?.file.close();
        log = from(newer.at(-1));
        for (const between of newer.slice(0, -1)) yield* forward(between, new Reader(between.name, question));
        await closeAll(newer.slice(0, -1));
        continue;
      }
      await hints.next();
    }
  } finally {
    hints.close();
    await closeAll(files);
    await log?.file.close().catch(() => {});
  }
}

async function newestOf(files: readonly LogFile[], most: number, question: EventQuestion): Promise<LoggedEvent[]> {
  const found: LoggedEvent[] = [];
  for (const log of [...files].reverse()) {
    if (found.length >= most) break;
    const reader = new Reader(log.name, question);
    let end = log.size;
    let rest = Buffer.alloc(0); // the end of a line whose beginning lies further ahead
    while (end > 0 && found.length < most) {
      const start = Math.max(0, end - BLOCK);
      let block = Buffer.concat([await bytesAt(log.file, start, end - start), rest]);
      const firstBreak = start > 0 ? block.indexOf(10) : -1;
      if (start > 0 && firstBreak < 0) {
        if (block.length > LONGEST_LINE) {
          reader.tooLong();
          block = Buffer.alloc(0);
        }
        rest = block;
        end = start;
        continue;
      }
      rest = start > 0 ? Buffer.from(block.subarray(0, firstBreak + 1)) : Buffer.alloc(0);
      const events = reader.lines(block.subarray(firstBreak + 1), end === log.size);
      for (let k = events.length - 1; k >= 0 && found.length < most; k--) found.push(events[k]!);
      end = start;
    }
  }
  return found.reverse();
}

async function* forward(log: LogFile, reader: Reader): AsyncGenerator<LoggedEvent> {
  for (let at = 0; at < log.size; ) {
    const block = await bytesAt(log.file, at, Math.min(BLOCK, log.size - at));
    if (!block.length) break;
    at += block.length;
    yield* reader.add(block);
  }
  yield* reader.end();
}

/** A file that is read to its end, and then on. */
interface Growing extends LogFile {
  readonly reader: Reader;
  at: number;
}

/** What a file has grown by: the next events that match, none when there is no more growth. */
async function grown(log: Growing): Promise<LoggedEvent[]> {
  for (;;) {
    const block = await bytesAt(log.file, log.at, BLOCK);
    if (!block.length) return [];
    log.at += block.length;
    const events = log.reader.add(block);
    if (events.length) return events;
  }
}

/** Lines to events: keeps what has no end yet, passes over what is none, applies the question. */
class Reader {
  #rest: Buffer = Buffer.alloc(0);
  #skipping = false;
  #complained = false;
  readonly #since: string;
  readonly #until: string;
  readonly #name: string;
  readonly #question: EventQuestion;

  constructor(name: string, question: EventQuestion) {
    this.#name = name;
    this.#question = question;
    this.#since = question.since?.toISOString() ?? '';
    this.#until = question.until?.toISOString() ?? '~';
  }

  add(block: Buffer): LoggedEvent[] {
    let whole = this.#rest.length ? Buffer.concat([this.#rest, block]) : block;
    if (this.#skipping) {
      const end = whole.indexOf(10);
      if (end < 0) return [];
      whole = whole.subarray(end + 1);
      this.#skipping = false;
    }
    const end = whole.lastIndexOf(10);
    this.#rest = Buffer.from(whole.subarray(end + 1));
    if (this.#rest.length > LONGEST_LINE) {
      this.tooLong();
      this.#skipping = true;
      this.#rest = Buffer.alloc(0);
    }
    return end < 0 ? [] : this.lines(whole.subarray(0, end), false);
  }

  /** What is left without a line break: an event, or one that was cut short or is being written. */
  end(): LoggedEvent[] {
    const rest = this.#rest;
    this.#rest = Buffer.alloc(0);
    return rest.length ? this.lines(rest, true) : [];
  }

  restart(): void {
    this.#rest = Buffer.alloc(0);
    this.#skipping = false;
  }

  /** @param mayBeCut the last line need not be whole */
  lines(text: Buffer, mayBeCut: boolean): LoggedEvent[] {
    const events: LoggedEvent[] = [];
    const lines = text.toString('utf8').split('\n');
    for (let k = 0; k < lines.length; k++) {
      const line = lines[k]!;
      if (line === '') continue;
      // Our own lines begin with their time, in a form that sorts as text: most lines are judged without being parsed.
      if (line.startsWith('{"time":"') && line[33] === '"') {
        const time = line.slice(9, 33);
        if (time < this.#since || time > this.#until) continue;
      }
      const event = parseEvent(line);
      if (!event) {
        if (!(mayBeCut && k === lines.length - 1)) this.#complain('a line that is no event was passed over');
        continue;
      }
      const time = new Date(event.time).toISOString();
      if (time < this.#since || time > this.#until) continue;
      if (this.#question.matches?.(event) ?? true) events.push(event);
    }
    return events;
  }

  tooLong(): void {
    this.#complain('a line longer than 1 MB was passed over');
  }

  /** Once a file: a broken disk leaves many such lines. */
  #complain(what: string): void {
    if (this.#complained) return;
    this.#complained = true;
    this.#question.warn?.(`${this.#name}: ${what}. There may be more of them in this file.`);
  }
}

function parseEvent(line: string): LoggedEvent | undefined {
  let event: Partial<LoggedEvent> | null;
  try {
    event = JSON.parse(line) as Partial<LoggedEvent> | null;
  } catch {
    return undefined;
  }
  if (typeof event !== 'object' || event === null) return undefined;
  const { time, id, level, message, data } = event;
  if (typeof time !== 'string' || Number.isNaN(Date.parse(time))) return undefined;
  if (!Number.isInteger(id) || typeof level !== 'string' || typeof message !== 'string') return undefined;
  if (data !== undefined && (typeof data !== 'object' || data === null)) return undefined;
  return event as LoggedEvent;
}

/**
 * The log and all put aside from it, open, oldest first. Opened from the newest back: a file that is put aside meanwhile is
 * met twice, and known by its inode, instead of being missed.
 */
async function openAll(path: string): Promise<LogFile[]> {
  const folder = dirname(path);
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => [] as Dirent[]);
  const [stem, extension] = asideName(basename(path), 0).split('.0') as [string, string];
  const aside = entries.flatMap(({ name }) => {
    const number =
      name.startsWith(`${stem}.`) && name.endsWith(extension) && name.slice(stem.length + 1, -extension.length);
    return number && /^[1-9]\d{0,5}$/.test(number) ? [Number(number)] : [];
  });
  const names = [basename(path), ...aside.sort((a, b) => a - b).map((n) => asideName(basename(path), n))];
  const found: LogFile[] = [];
  for (const name of names) {
    let file: FileHandle | undefined;
    try {
      file = await openToReadLater(join(folder, name));
      const { dev, ino, size } = await file.stat();
      const inode = `${dev} ${ino}`;
      if (found.some((other) => other.inode === inode)) await file.close();
      else found.push({ name, file, size, inode });
    } catch (error) {
      await file?.close().catch(() => {});
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') continue;
      await closeAll(found);
      throw error;
    }
  }
  return found.reverse();
}

async function closeAll(files: readonly LogFile[]): Promise<void> {
  await Promise.all(files.map(({ file }) => file.close().catch(() => {})));
}

async function bytesAt(file: FileHandle, at: number, length: number): Promise<Buffer> {
  const buffer = Buffer.allocUnsafe(length);
  let done = 0;
  while (done < length) {
    const { bytesRead } = await file.read(buffer, done, length - done, at + done);
    if (bytesRead === 0) break;
    done += bytesRead;
  }
  return buffer.subarray(0, done);
}

/** Where the last whole line ends. */
async function endOfLines(file: FileHandle, size: number): Promise<number> {
  for (let end = size; end > 0; end = Math.max(0, end - BLOCK)) {
    const start = Math.max(0, end - BLOCK);
    const at = (await bytesAt(file, start, end - start)).lastIndexOf(10);
    if (at >= 0) return start + at + 1;
  }
  return 0;
}

async function identity(path: string): Promise<string | undefined> {
  try {
    const { dev, ino } = await stat(path);
    return `${dev} ${ino}`;
  } catch {
    return undefined;
  }
}

/** Waits until something happened in a folder, half a second passed, or the signal aborts. */
class Hints {
  #watcher: { close(): void } | undefined;
  #wake: (() => void) | undefined;
  #hinted = false;
  readonly #stop = () => this.#wake?.();

  constructor(
    folder: string,
    readonly signal: AbortSignal,
  ) {
    signal.addEventListener('abort', this.#stop);
    try {
      const { watch } = process.getBuiltinModule('node:fs');
      const watcher = watch(folder, () => {
        this.#hinted = true;
        this.#wake?.();
      });
      watcher.on('error', () => watcher.close());
      this.#watcher = watcher;
    } catch {} // the poll is enough
  }

  async next(): Promise<void> {
    if (!this.#hinted && !this.signal.aborted) {
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, POLL_MS);
        this.#wake = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    }
    this.#wake = undefined;
    this.#hinted = false;
  }

  close(): void {
    this.#watcher?.close();
    this.signal.removeEventListener('abort', this.#stop);
  }
}

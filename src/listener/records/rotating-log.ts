/**
 * A log in files that never delays who writes it: lines are kept in memory, written together a moment later, and dropped and
 * counted when the disk cannot keep up. A file that is full goes on in the next one. What the files are called, and which of
 * them stay, says the series: hourly ones (hourly-log.ts: protocol, message tracking) or numbered ones (numbered-files.ts: events).
 */
import { inTime } from '../../text/in-time.ts';

/** Where lines of a log go, each with its line end. */
export interface LineLog {
  write(line: string): void;
  close(): Promise<void>;
}

/** The file that is written now. */
export interface CurrentFile {
  /** Bytes in it. */
  readonly size: number;
  /** Bytes at which it is full; a single line may be longer. */
  readonly maxSize: number;
}

/** The files of one log, one after the other. */
export interface FileSeries {
  /** The file that this moment's lines go to. */
  open(now: Date): Promise<CurrentFile>;
  /** Goes on in a new file; old ones that are too many go. */
  next(now: Date): Promise<CurrentFile>;
  append(text: string, now: Date): Promise<void>;
  /** Lets go of the file; the next `open` looks anew. */
  close(): Promise<void>;
}

interface RotatingLogOptions {
  readonly files: FileSeries;
  /** The line that says how many were dropped. */
  readonly dropped: (lines: number, now: Date) => string;
  /** What comes of it, told each time: lines written (with how many drops they tell of), or lost with an error. */
  readonly written?: (dropped: number) => void;
  readonly failed?: (error: NodeJS.ErrnoException) => void;
  readonly clock?: () => Date;
  /** Characters kept in memory at most. */
  readonly maxHeld?: number;
  /** Milliseconds that lines wait for others; 0: only for those of the same turn of the event loop. */
  readonly flushAfter?: number;
}

const FLUSH_AFTER_MS = 100;
const MAX_HELD = 4 * 1024 * 1024;
/** How long `close` waits for a disk that does not answer. */
const CLOSE_LIMIT_MS = 5000;

export class RotatingLog implements LineLog {
  readonly #options: RotatingLogOptions;
  readonly #clock: () => Date;
  #held: string[] = [];
  #heldBytes = 0;
  #dropped = 0;
  #timer: NodeJS.Timeout | undefined;
  #running: Promise<void> | undefined;
  /** What is held is not to wait for more. */
  #isDue = false;

  constructor(options: RotatingLogOptions) {
    this.#options = options;
    this.#clock = options.clock ?? (() => new Date());
  }

  /** Takes one line with its line end. */
  write(line: string): void {
    // Strings may take two bytes a character; what counts is that there is a bound.
    if (this.#heldBytes + line.length > this.#maxHeld) {
      this.#dropped++;
      return;
    }
    this.#held.push(line);
    this.#heldBytes += line.length;
    if (!this.#running) this.#writeSoon();
  }

  #writeSoon(): void {
    const wait = this.#options.flushAfter ?? FLUSH_AFTER_MS;
    if (wait === 0 || this.#heldBytes > this.#maxHeld / 2) void this.#write();
    else this.#timer ??= setTimeout(() => void this.#write(), wait).unref();
  }

  get #maxHeld(): number {
    return this.#options.maxHeld ?? MAX_HELD;
  }

  /** Lines that were dropped before they came here: the log says so with the next ones. */
  lost(lines: number): void {
    this.#dropped += lines;
  }

  /** Writes everything taken so far. */
  flush(): Promise<void> {
    this.#isDue = true;
    return this.#write();
  }

  #write(): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#running ??= this.#writeHeld();
    return this.#running;
  }

  /** What comes meanwhile waits for more of its kind again: a busy log is written ten times a second, not all the time. */
  async #writeHeld(): Promise<void> {
    // Lines written in one go of the event loop go to the disk together.
    await Promise.resolve();
    while (this.#held.length) {
      const lines = this.#held;
      this.#held = [];
      const now = this.#clock();
      const said = this.#dropped;
      if (said) lines.push(this.#options.dropped(said, now));
      try {
        await this.#append(lines, now);
        this.#dropped -= said;
        this.#options.written?.(said);
      } catch (error) {
        this.#dropped += lines.length - (said ? 1 : 0);
        await this.#options.files.close().catch(() => {});
        this.#options.failed?.(error as NodeJS.ErrnoException);
      } finally {
        this.#heldBytes = this.#held.reduce((sum, line) => sum + line.length, 0);
      }
      if (!this.#isDue) break;
    }
    // In the same turn as the last look at what is held: a line that comes later starts anew.
    this.#isDue = false;
    this.#running = undefined;
    if (this.#held.length) this.#writeSoon();
  }

  /** Appends the lines, going on in a new file where one is full. A batch is one write a file. */
  async #append(lines: readonly string[], now: Date): Promise<void> {
    const { files } = this.#options;
    let { size, maxSize } = await files.open(now);
    let batch = '';
    for (const line of lines) {
      const bytes = Buffer.byteLength(line);
      if (size > 0 && size + bytes > maxSize) {
        if (batch) await files.append(batch, now);
        batch = '';
        ({ size, maxSize } = await files.next(now));
      }
      batch += line;
      size += bytes;
    }
    if (batch) await files.append(batch, now);
  }

  /** Writes what is held, and waits for it for at most five seconds. */
  async close(): Promise<void> {
    const ended = await inTime(this.flush(), CLOSE_LIMIT_MS, () => 'late');
    if (ended !== 'late') await this.#options.files.close().catch(() => {});
  }
}

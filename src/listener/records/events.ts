/**
 * The event log: a line of JSON each in events.ndjson (0600, rotated by size), and a readable line on stderr. Lines are
 * written in order, one write at a time, so a slow disk delays no session; nothing from outside gets through unescaped.
 */
import { type FileHandle, stat } from 'node:fs/promises';
import { printable } from '../../domain/value-error.ts';
import { asideName } from '../../records/event-log.ts';
import { openToAppendLater, removeLater, renameLater } from '../../store/home-files-later.ts';
import type { EventLevel, EventLog, ListenerEvent } from '../contracts/event-log.ts';
import { events as told } from './event-table.ts';

export interface EventLogOptions {
  readonly path: string;
  /** Where the readable line goes; nowhere when left out. */
  readonly stderr?: { write(text: string): unknown };
  readonly colour?: boolean;
  /** The readable line is for journald: the priority in front, no time, no colour. */
  readonly journal?: boolean;
  readonly clock?: () => Date;
  /** Size in bytes at which a file is put aside as events.1.ndjson, and so on. */
  readonly maxBytes?: number;
  /** Files put aside that are kept. */
  readonly keep?: number;
}

/** Lines waiting for a slow disk; beyond that they are counted, not kept. */
const MOST_WAITING = 10_000;

const COLOURS: Readonly<Record<EventLevel, string>> = {
  Information: '\x1b[36m',
  Warning: '\x1b[33m',
  Error: '\x1b[31m',
};

export class EventFile implements EventLog {
  readonly #options: Required<Omit<EventLogOptions, 'stderr'>> & Pick<EventLogOptions, 'stderr'>;
  #waiting: string[] = [];
  #lost = 0;
  #file: FileHandle | undefined;
  #size = 0;
  #writing: Promise<void> | undefined;
  #complained = false;
  #checked = 0;

  constructor(options: EventLogOptions) {
    this.#options = {
      colour: false,
      journal: false,
      clock: () => new Date(),
      maxBytes: 10 * 1024 * 1024,
      keep: 4,
      ...options,
    };
  }

  write(event: ListenerEvent): void {
    const { stderr, colour, clock, journal } = this.#options;
    stderr?.write(journal ? journalLine(event) : readable(clock(), event, colour));
    if (this.#waiting.length >= MOST_WAITING) this.#lost++;
    else this.#waiting.push(this.#line(event));
    this.#writing ??= this.#drain();
  }

  #line(event: ListenerEvent): string {
    const line = {
      time: this.#options.clock().toISOString(),
      id: event.id,
      level: event.level,
      source: event.id < 17000 ? 'MSExchangeTransport' : 'receive-connector',
      message: event.message,
      data: event.data ?? {},
    };
    return `${JSON.stringify(line, escapeStrings)}\n`;
  }

  /** Takes the file anew at the next line: after somebody moved it away (logrotate), at SIGHUP. */
  reopen(): void {
    this.#checked = Number.NEGATIVE_INFINITY;
  }

  async close(): Promise<void> {
    while (this.#writing) await this.#writing;
    await this.#file?.close().catch(() => {});
    this.#file = undefined;
  }

  async #drain(): Promise<void> {
    // Lines written in one go of the event loop go to the disk together.
    await Promise.resolve();
    while (this.#waiting.length) {
      const lines = this.#waiting;
      this.#waiting = [];
      if (this.#lost) {
        lines.push(this.#line(told.eventsLost(this.#lost)));
        this.#lost = 0;
      }
      try {
        for (const part of parts(lines, this.#options.maxBytes)) await this.#append(part);
        this.#complained = false;
      } catch (error) {
        await this.#file?.close().catch(() => {});
        this.#file = undefined;
        if (!this.#complained) {
          this.#complained = true;
          const why = printable((error as Error).message);
          this.#options.stderr?.write(
            `${this.#options.journal ? '<3>' : ''}Events cannot be written to ${this.#options.path}: ${why}\n`,
          );
        }
      }
    }
    this.#writing = undefined;
  }

  async #append(text: string): Promise<void> {
    const { maxBytes } = this.#options;
    const bytes = Buffer.from(text);
    if (this.#file && performance.now() - this.#checked > 1000 && !(await this.#isOurs())) {
      await this.#file.close();
      this.#file = undefined;
    }
    this.#file ??= await this.#open();
    if (this.#size > 0 && this.#size + bytes.length > maxBytes) {
      await this.#file.close();
      this.#file = undefined;
      await this.#rotate();
      this.#file = await this.#open();
    }
    await this.#file.appendFile(bytes);
    this.#size += bytes.length;
  }

  async #open(): Promise<FileHandle> {
    const file = await openToAppendLater(this.#options.path);
    this.#size = (await file.stat()).size;
    if (this.#size > 0) {
      // A line that a power cut left half written must not spoil the next one.
      const { buffer } = await file.read(Buffer.alloc(1), 0, 1, this.#size - 1);
      if (buffer[0] !== 10) await file.appendFile('\n');
    }
    this.#checked = performance.now();
    return file;
  }

  /** Is the open file still the one at the path? */
  async #isOurs(): Promise<boolean> {
    this.#checked = performance.now();
    try {
      const [mine, there] = await Promise.all([this.#file!.stat(), stat(this.#options.path)]);
      return mine.ino === there.ino && mine.dev === there.dev;
    } catch {
      return false;
    }
  }

  async #rotate(): Promise<void> {
    const { path, keep } = this.#options;
    const aside = (n: number) => asideName(path, n);
    await removeLater(aside(keep)).catch(() => {});
    for (let n = keep - 1; n >= 1; n--) await renameLater(aside(n), aside(n + 1)).catch(() => {});
    await renameLater(path, aside(1));
  }
}

/** Lines together, as many as fit into a file. */
function* parts(lines: readonly string[], maxBytes: number): Generator<string> {
  let part = '';
  for (const line of lines) {
    if (part && Buffer.byteLength(part) + Buffer.byteLength(line) > maxBytes) {
      yield part;
      part = '';
    }
    part += line;
  }
  if (part) yield part;
}

/** JSON escapes control characters itself; characters that reorder or hide text on a terminal are escaped here. */
function escapeStrings(_key: string, value: unknown): unknown {
  return typeof value === 'string' ? printable(value) : value;
}

/** journald takes the number for the priority (sd-daemon(3): SD_ERR, SD_WARNING, SD_INFO). */
const PRIORITIES: Readonly<Record<EventLevel, number>> = { Error: 3, Warning: 4, Information: 6 };

function journalLine(event: ListenerEvent): string {
  return `<${PRIORITIES[event.level]}>${event.id} ${printable(event.message)}\n`;
}

function readable(time: Date, event: ListenerEvent, colour: boolean): string {
  const when = time.toISOString().replace('T', ' ').slice(0, 19);
  const level = event.level.padEnd(11);
  const shown = colour ? `${COLOURS[event.level]}${level}\x1b[0m` : level;
  return `${when}Z ${shown} ${event.id}  ${printable(event.message)}\n`;
}

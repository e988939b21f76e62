/**
 * The event log: a line of JSON each in events.ndjson (0600, rotated by size), and a readable line on stderr. Lines are
 * written in order, one write at a time, so a slow disk delays no session; nothing from outside gets through unescaped.
 */
import { printable } from '../../text/printable.ts';
import type { EventLevel, EventLog, ListenerEvent } from '../contracts/event-log.ts';
import { recordOf, SYSLOG_SEVERITY } from './event-record.ts';
import { EVENTS } from './event-table.ts';
import { NumberedFiles } from './numbered-files.ts';
import { RotatingLog } from './rotating-log.ts';

interface EventLogOptions {
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

const COLOURS: Readonly<Record<EventLevel, string>> = {
  Information: '\x1b[36m',
  Warning: '\x1b[33m',
  Error: '\x1b[31m',
};

export class EventFile implements EventLog {
  readonly #options: EventLogOptions;
  readonly #clock: () => Date;
  readonly #files: NumberedFiles;
  readonly #log: RotatingLog;
  #complained = false;

  constructor(options: EventLogOptions) {
    const { path, maxBytes = 10 * 1024 * 1024, keep = 4, clock = () => new Date() } = options;
    this.#options = options;
    this.#clock = clock;
    this.#files = new NumberedFiles(path, maxBytes, keep);
    this.#log = new RotatingLog({
      files: this.#files,
      clock,
      flushAfter: 0,
      dropped: (lines) => this.#line(EVENTS.eventsLost(lines)),
      written: () => {
        this.#complained = false;
      },
      failed: (error) => this.#complain(error),
    });
  }

  write(event: ListenerEvent): void {
    const { stderr, colour = false, journal } = this.#options;
    stderr?.write(journal ? journalLine(event) : readable(this.#clock(), event, colour));
    this.#log.write(this.#line(event));
  }

  #line(event: ListenerEvent): string {
    const { time, id, level, message, data } = recordOf(event, this.#clock());
    const source = id < 17000 ? 'MSExchangeTransport' : 'receive-connector';
    return `${JSON.stringify({ time, id, level, source, message, data })}\n`;
  }

  /** Takes the file anew at the next line: after somebody moved it away (logrotate), at SIGHUP. */
  reopen(): void {
    this.#files.lookAgain();
  }

  close(): Promise<void> {
    return this.#log.close();
  }

  /** Once, until it can be written again. */
  #complain(error: Error): void {
    if (this.#complained) return;
    this.#complained = true;
    const { path, journal, stderr } = this.#options;
    stderr?.write(`${journal ? '<3>' : ''}Events cannot be written to ${path}: ${printable(error.message)}\n`);
  }
}

/** journald takes the number for the priority (sd-daemon(3)). */
function journalLine(event: ListenerEvent): string {
  return `<${SYSLOG_SEVERITY[event.level]}>${event.id} ${printable(event.message)}\n`;
}

function readable(time: Date, event: ListenerEvent, colour: boolean): string {
  const when = time.toISOString().replace('T', ' ').slice(0, 19);
  const level = event.level.padEnd(11);
  const shown = colour ? `${COLOURS[event.level]}${level}\x1b[0m` : level;
  return `${when}Z ${shown} ${event.id}  ${printable(event.message)}\n`;
}

/**
 * What Start-Transcript keeps: what the prompt or script shows, in the order it shows it, between PowerShell's header and
 * footer. Objects are laid out as a terminal shows them, statement by statement; messages stand where they were said.
 */

import { appendFileSync, closeSync, openSync, writeSync } from 'node:fs';
import { conciseView } from '../../pipeline/concise-view.ts';
import type { Host } from '../../pipeline/context.ts';
import { each } from '../../pipeline/peekable-stream.ts';
import type { Value } from '../../pipeline/value.ts';
import { formatDefault, type OutputOptions } from '../../print/output.ts';
import { withoutColour } from '../../text/display-width.ts';
import { twoDigits } from '../../text/two-digits.ts';

const STARS = '**********************';

interface TranscriptOptions {
  /** The full name of the file. */
  readonly file: string;
  readonly append: boolean;
  /** Only the time in the header. */
  readonly minimal: boolean;
  readonly now: Date;
}

const MOST_WAITING = 4_000_000;
export class Transcript {
  readonly file: string;
  /** Values that wait to be laid out, and what was said since the first of them. */
  #waiting: (Value | Message)[] = [];
  /** Characters and objects of it, about. */
  #size = 0;

  /** Begins the file, readable by its owner only. @throws Error of the file system */
  constructor({ file, append, minimal, now }: TranscriptOptions) {
    this.file = file;
    const fd = openSync(file, append ? 'a' : 'w', 0o600);
    try {
      writeSync(fd, header(now, minimal));
    } finally {
      closeSync(fd);
    }
  }

  /** What was given, to be laid out with what else its statement gives. */
  value(value: Value): void {
    this.#waiting.push(value);
    this.#size += typeof value === 'string' ? value.length : 1;
  }

  /** A message, a line break at its end. */
  said(text: string): void {
    this.#waiting.push(new Message(text));
    this.#size += text.length;
  }

  /** So much waits that it is not kept until its statement has ended. */
  get isFull(): boolean {
    return this.#size > MOST_WAITING;
  }

  /** Writes what waits. */
  async flush(options: OutputOptions): Promise<void> {
    const waiting = this.#waiting;
    this.#waiting = [];
    this.#size = 0;
    let text = '';
    for (let at = 0; at < waiting.length; ) {
      const one = waiting[at]!;
      if (one instanceof Message) {
        text += one.text;
        at++;
        continue;
      }
      const run: Value[] = [];
      for (let next = waiting[at]; at < waiting.length && !(next instanceof Message); next = waiting[++at])
        run.push(next as Value);
      for await (const piece of formatDefault(each(run), options)) text += withoutColour(piece);
    }
    if (text) appendFileSync(this.file, text);
  }

  /** The footer. */
  async end(options: OutputOptions, now: Date): Promise<void> {
    await this.flush(options);
    appendFileSync(this.file, `${STARS}\nPowerShell transcript end\nEnd time: ${stamp(now)}\n${STARS}\n`);
  }
}

class Message {
  constructor(readonly text: string) {}
}

function header(now: Date, minimal: boolean): string {
  const { hostname, release, type, userInfo } = process.getBuiltinModule('node:os');
  const user = `${hostname()}\\${userInfo().username}`;
  const facts = minimal
    ? []
    : [
        `Username: ${user}`,
        `RunAs User: ${user}`,
        `Machine: ${hostname()} (${type()} ${release()})`,
        'Host Application: rc',
        `Process ID: ${process.pid}`,
      ];
  return [STARS, 'PowerShell transcript start', `Start time: ${stamp(now)}`, ...facts, STARS, ''].join('\n');
}

/** 20261128175941, local time. */
export function stamp(now: Date): string {
  return `${now.getFullYear()}${[now.getMonth() + 1, now.getDate(), now.getHours(), now.getMinutes(), now.getSeconds()].map(twoDigits).join('')}`;
}

/** A host whose words the open transcripts keep too. */
export function recordedBy(host: Host, transcripts: readonly Transcript[]): Host {
  const recording = <A extends unknown[]>(write: (...args: A) => void, said: (...args: A) => string) => ({
    value: (...args: A) => {
      for (const transcript of transcripts) transcript.said(said(...args));
      write.apply(host, args);
    },
  });
  return Object.create(host, {
    writeWarning: recording(host.writeWarning, (text) => `WARNING: ${text}\n`),
    writeVerbose: recording(host.writeVerbose, (text) => `VERBOSE: ${text}\n`),
    writeError: recording(host.writeError, (error, cmdlet) => `${conciseView(error, cmdlet)}\n`),
    writeHost: recording(host.writeHost, (text, end = '\n') => text + end),
  });
}

/** Streams beside the output that a command redirects: `2>$null`, `3>&1`, `*> all.txt` (about_Redirection). */
import type { Host } from '../../pipeline/context.ts';
import type { CmdletError } from '../../pipeline/error.ts';
import { PsObject, printed, Said, type Value } from '../../pipeline/value.ts';
import { printable } from '../../text/printable.ts';
import { recordOf } from './failure.ts';

/** 2 errors, 3 warnings, 4 verbose (and debug), 6 what Write-Host says. */
export type Stream = 2 | 3 | 4 | 6;
export const STREAMS: readonly Stream[] = [2, 3, 4, 6];

/** What a command wrote to a stream that goes into its output: as text it is its message. */
export class StreamRecord extends Said {
  constructor(
    type: 'WarningRecord' | 'VerboseRecord',
    readonly message: string,
  ) {
    super(type, { Message: message });
  }
  override toString(): string {
    return this.message;
  }
  shown(): string {
    return this.message.split('\n').map(printable).join('\n');
  }
}

/** What Write-Host and Write-Information say. @param end what follows the text of Write-Host */
export class InformationRecord extends Said {
  readonly #message: string;
  constructor(message: Value, tags: readonly string[] = ['PSHOST'], end?: string) {
    const said = printed(message);
    super('System.Management.Automation.InformationRecord', {
      MessageData: end === undefined ? message : new HostMessage(said, end === ''),
      Tags: [...tags],
      TimeGenerated: new Date(),
    });
    this.#message = said;
  }
  override toString(): string {
    return this.#message;
  }
  shown(): string {
    return this.#message.split('\n').map(printable).join('\n');
  }
}

class HostMessage extends PsObject {
  constructor(message: string, noNewLine: boolean) {
    super('System.Management.Automation.HostInformationMessage', {
      Message: message,
      NoNewLine: noNewLine,
      ForegroundColor: null,
      BackgroundColor: null,
    });
  }
  override toString(): string {
    return printed(this.properties.Message);
  }
}

/** Takes what is written to some streams while a command runs; the others go to whoever is around it. */
export class Sink {
  constructor(
    readonly takes: ReadonlyMap<Stream, (record: Value) => void>,
    readonly outer: Sink | undefined,
    /** Hears of errors and warnings that arise meanwhile, wherever they go: nobody may be told of them. */
    readonly hears?: (stream: Stream, record: Value) => void,
  ) {}

  /** @returns whether it was taken, here or further out */
  take(stream: Stream, record: () => Value): boolean {
    const here = this.takes.get(stream);
    if (!here) return this.outer?.take(stream, record) ?? false;
    here(record());
    return true;
  }

  /** Tells of an error, a warning or an information everybody who hears, here and further out. */
  hear(stream: 2 | 3 | 6, record: Value): void {
    this.hears?.(stream, record);
    this.outer?.hear(stream, record);
  }
}

/** What has a sink around it. */
interface Sinking {
  sink: Sink | undefined;
}

/** Does some work with this sink around. */
export async function during<T>(session: Sinking, sink: Sink | undefined, work: () => Promise<T>): Promise<T> {
  const before = session.sink;
  session.sink = sink;
  try {
    return await work();
  } finally {
    session.sink = before;
  }
}

/** Asks for each value with this sink around; between them it is the caller's again. */
export async function* within(
  session: Sinking,
  sink: Sink | undefined,
  values: AsyncIterable<Value>,
): AsyncGenerator<Value, undefined> {
  const iterator = values[Symbol.asyncIterator]();
  let isOver = false;
  try {
    for (;;) {
      const next = await during(session, sink, () => iterator.next());
      if (next.done) {
        isOver = true;
        return undefined;
      }
      yield next.value;
    }
  } catch (error) {
    isOver = true;
    throw error;
  } finally {
    if (!isOver) await during(session, sink, async () => void (await iterator.return?.()));
  }
}

/** The writing of a host, with what the running command redirects taken out of it. */
export function redirectable(host: Host, sink: () => Sink | undefined): PropertyDescriptorMap {
  const writes = <A extends readonly [unknown, ...unknown[]]>(
    stream: Stream,
    record: (...args: A) => Value,
    write: (...args: A) => void,
  ) => ({
    value: (...args: A) => {
      if (!sink()?.take(stream, () => record(...args))) write(...args);
    },
  });
  return {
    writeError: writes(
      2,
      (error: CmdletError, cmdlet: string) => recordOf(error, cmdlet),
      (error, cmdlet) => host.writeError(error, cmdlet),
    ),
    writeWarning: writes(
      3,
      (text: string) => new StreamRecord('WarningRecord', text),
      (text) => host.writeWarning(text),
    ),
    writeVerbose: writes(
      4,
      (text: string) => new StreamRecord('VerboseRecord', text),
      (text) => host.writeVerbose(text),
    ),
    writeHost: writes(
      6,
      (text: string, end?: string) => new InformationRecord(text, ['PSHOST'], end ?? '\n'),
      (text, end) => host.writeHost(text, end),
    ),
  };
}

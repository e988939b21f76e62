/** What a connection reads: bytes become lines and bodies, in their turn (wire.ts has the stream they come from). */
import type { Body } from '../../smtp/body.ts';
import { copyOf } from '../../smtp/chunk-buffer.ts';
import { countRead } from './read-memory.ts';

/** Longest line kept: an AUTH response of 12,288 characters (RFC 4954 section 4), its command and CRLF. */
const LONGEST_LINE = 12_288 + 32;
/** Commands run at once before other sessions get their turn. */
const COMMANDS_PER_TURN = 100;
const NOTHING = Buffer.alloc(0);

type Next = (error?: Error | null) => void;

/** Who hears the lines and the end of a body, and bounds what is read and kept. */
interface Hearer {
  /** The greeting has not been said: nothing is answered. */
  readonly isWaiting: boolean;
  bytesArrived(count: number): void;
  /** One line without its end; `null` for a line longer than LONGEST_LINE, which was not kept. */
  lineArrived(line: Buffer | null): Promise<void> | undefined;
  /** The body given to the reader has its end. */
  bodyEnded(): Promise<void> | undefined;
  commandFailed(error: Error): void;
  /** Replies said from now on go out together, with `sendReplies`. */
  holdReplies(): void;
  sendReplies(): void;
  /** A promise while the client reads too little of its replies. */
  drained(): Promise<void> | undefined;
  whenDrained(next: () => void): void;
  countHeld(bytes: number): void;
}

/** Lines while no body is being read, bytes of the body while one is. CRLF ends a line, and LF alone does. */
export class WireReader {
  readonly #connection: Hearer;
  readonly #stream: { readonly isClosed: boolean };
  #rest: Buffer = NOTHING;
  #line: Buffer = NOTHING;
  #tooLong = false;
  #next: Next | undefined;
  #body: Body | undefined;

  /** @param stream what the bytes come from; once it is closed, what is left is no command */
  constructor(connection: Hearer, stream: { readonly isClosed: boolean }) {
    this.#connection = connection;
    this.#stream = stream;
  }

  set body(body: Body) {
    this.#body = body;
  }

  /** Whole lines that have come and whose turn has not. */
  *linesWaiting(most: number): Generator<string> {
    if (this.#body) return;
    for (let at = 0, end = this.#rest.indexOf(10); most > 0 && end >= 0; most--, end = this.#rest.indexOf(10, at)) {
      yield this.#rest.toString('utf8', at, this.#rest[end - 1] === 13 ? end - 1 : end);
      at = end + 1;
    }
  }

  /** @param next the chunk is worked off */
  take(chunk: Buffer, next: Next): void {
    if (this.#stream.isClosed) {
      next();
      return;
    }
    countRead(chunk.buffer.byteLength);
    this.#connection.bytesArrived(chunk.length);
    this.#rest = chunk;
    this.#next = next;
    if (!this.#connection.isWaiting) this.#run();
  }

  /** The client was greeted: what it said before is answered now. */
  greeted(): void {
    if (this.#next) this.#run();
  }

  #run(): void {
    this.#connection.holdReplies();
    const wait = this.#advance();
    this.#connection.sendReplies();
    if (wait && this.#rest.length * 2 < this.#rest.buffer.byteLength) this.#rest = copyOf(this.#rest);
    this.#count();
    if (wait === true) setImmediate(() => this.#run());
    else if (wait)
      wait.then(
        () => this.#run(),
        (error: Error) => {
          this.#connection.commandFailed(error);
          this.#run();
        },
      );
    else {
      const next = this.#next;
      this.#next = undefined;
      this.#rest = NOTHING;
      this.#connection.whenDrained(() => {
        this.#count();
        next?.();
      });
    }
  }

  /** What is kept of what came, and of the answers. */
  #count(): void {
    this.#connection.countHeld(this.#rest.buffer.byteLength + this.#line.length);
  }

  /** Works through the bytes there are; a promise to wait for, `true` to yield, nothing when they are used up. */
  #advance(): Promise<void> | true | undefined {
    let commands = 0;
    while (!this.#stream.isClosed && this.#rest.length > 0) {
      let wait = this.#connection.drained();
      if (wait) return wait;
      if (this.#body) {
        const body = this.#body;
        this.#rest = this.#rest.subarray(body.take(this.#rest));
        wait = body.wait;
        if (body.ended) {
          this.#body = undefined;
          const ready = wait;
          wait = ready
            ? ready.then(() => this.#connection.bodyEnded())
            : this.#guard(() => this.#connection.bodyEnded());
        }
      } else {
        const line = this.#takeLine();
        if (line === undefined) break;
        wait = this.#guard(() => this.#connection.lineArrived(line));
        if (!wait && ++commands >= COMMANDS_PER_TURN && this.#rest.length > 0) return true;
      }
      if (wait) return wait;
    }
    return undefined;
  }

  #guard(run: () => Promise<void> | undefined): Promise<void> | undefined {
    try {
      return run();
    } catch (error) {
      this.#connection.commandFailed(error as Error);
      return undefined;
    }
  }

  /** The next whole line; `null` for one that was too long to keep; `undefined` when its end is not there yet. */
  #takeLine(): Buffer | null | undefined {
    const end = this.#rest.indexOf(10);
    const part = end < 0 ? this.#rest : this.#rest.subarray(0, end);
    this.#rest = end < 0 ? NOTHING : this.#rest.subarray(end + 1);
    if (!this.#tooLong && this.#line.length + part.length > LONGEST_LINE) {
      this.#tooLong = true;
      this.#line = NOTHING;
    }
    if (end < 0) {
      if (!this.#tooLong) this.#line = copyOf(this.#line.length > 0 ? Buffer.concat([this.#line, part]) : part);
      return undefined;
    }
    if (this.#tooLong) {
      this.#tooLong = false;
      return null;
    }
    const line = this.#line.length > 0 ? Buffer.concat([this.#line, part]) : part;
    this.#line = NOTHING;
    return line.at(-1) === 13 ? line.subarray(0, -1) : line;
  }
}

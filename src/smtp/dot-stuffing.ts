/**
 * The body of DATA: ends with CRLF.CRLF and nothing else (RFC 5321 sections 2.3.8 and 4.1.1.4); a bare LF or CR never
 * makes a line, so `\n.\n`, `\r.\r`, `\n.\r\n` and `\r\n.\n` are content. A dot that begins a line is taken away (4.5.2).
 * Works on bytes as they come, whatever the chunks: what could be the end is held back until it is known.
 */
import type { Body } from './body.ts';

const CR = 13;
const LF = 10;
const DOT = 46;
const STUFFED = Buffer.from('\r\n.');

/** Pieces a chunk may fall into before its bytes are copied one by one: many short lines with dots are cheaper that way. */
const MOST_PIECES = 16;

type State = 'text' | 'cr' | 'line' | 'dot' | 'dot-cr';

/** Where the bytes of a message go. */
export interface Sink {
  /** Takes bytes of the message; more may come when the promise settles. */
  write(bytes: Buffer): Promise<void> | undefined;
}

export class DotBody implements Body {
  ended = false;
  wait: Promise<void> | undefined;
  #state: State = 'line';
  readonly #sink: Sink;

  constructor(sink: Sink) {
    this.#sink = sink;
  }

  take(chunk: Buffer): number {
    const pieces: Buffer[] = [];
    const used = this.#decode(chunk, pieces);
    this.wait = undefined;
    if (pieces.length > 0) this.wait = this.#sink.write(pieces.length === 1 ? pieces[0]! : Buffer.concat(pieces));
    return used;
  }

  #decode(chunk: Buffer, pieces: Buffer[]): number {
    let from = 0; // first byte not yet in `pieces`
    let i = 0;
    while (i < chunk.length) {
      if (pieces.length >= MOST_PIECES && from === i) return this.#decodeBytes(chunk, i, pieces);
      const byte = chunk[i]!;
      switch (this.#state) {
        case 'text': {
          const at = chunk.indexOf(STUFFED, i);
          if (at < 0) {
            this.#state = endOf(chunk, i);
            i = chunk.length;
          } else {
            pieces.push(chunk.subarray(from, at + 2));
            i = at + 3;
            from = i;
            this.#state = 'dot';
          }
          break;
        }
        case 'cr':
          this.#state = byte === LF ? 'line' : byte === CR ? 'cr' : 'text';
          i++;
          break;
        case 'line':
          if (byte === DOT) {
            if (i > from) pieces.push(chunk.subarray(from, i));
            from = i + 1;
            this.#state = 'dot';
            i++;
          } else this.#state = 'text'; // looks at this byte again
          break;
        case 'dot': // the dot is taken away; what follows decides whether it was the end
          if (byte === CR) {
            this.#state = 'dot-cr';
            from = i + 1;
            i++;
          } else {
            from = i;
            this.#state = 'text';
          }
          break;
        case 'dot-cr':
          if (byte === LF) {
            this.ended = true;
            return i + 1;
          }
          pieces.push(Buffer.from([CR]));
          from = i;
          this.#state = 'cr'; // as if the CR had just been read
          break;
      }
    }
    if (this.#state !== 'dot' && this.#state !== 'dot-cr' && from < chunk.length) pieces.push(chunk.subarray(from));
    return chunk.length;
  }

  /** The same from `i` on, byte by byte: its cost does not depend on where the dots are. */
  #decodeBytes(chunk: Buffer, i: number, pieces: Buffer[]): number {
    const out = Buffer.allocUnsafe(chunk.length - i + 1); // a CR held back from the chunk before may come on top
    let state = this.#state;
    let n = 0;
    for (; i < chunk.length; i++) {
      const byte = chunk[i]!;
      if (state === 'line' && byte === DOT) {
        state = 'dot';
        continue;
      }
      if (state === 'dot' && byte === CR) {
        state = 'dot-cr';
        continue;
      }
      if (state === 'dot-cr') {
        if (byte === LF) {
          this.ended = true;
          i++;
          break;
        }
        out[n++] = CR;
        state = 'cr';
      }
      out[n++] = byte;
      state = byte === CR ? 'cr' : state === 'cr' && byte === LF ? 'line' : 'text';
    }
    this.#state = state;
    if (n > 0) pieces.push(out.subarray(0, n));
    return i;
  }
}

/** The state that text from `i` to the end of the chunk leaves behind. */
function endOf(chunk: Buffer, i: number): State {
  const last = chunk[chunk.length - 1];
  if (last === CR) return 'cr';
  return last === LF && chunk.length - 2 >= i && chunk[chunk.length - 2] === CR ? 'line' : 'text';
}

/** The body of one BDAT chunk: so many bytes, whatever they are (RFC 3030 section 2). */
export class CountedBody implements Body {
  wait: Promise<void> | undefined;
  #left: number;
  readonly #sink: Sink | undefined;

  /** @param sink where they go; nowhere when the chunk is refused and only has to be passed over */
  constructor(octets: number, sink: Sink | undefined) {
    this.#left = octets;
    this.#sink = sink;
  }

  get ended(): boolean {
    return this.#left === 0;
  }

  take(chunk: Buffer): number {
    const used = Math.min(this.#left, chunk.length);
    this.#left -= used;
    this.wait = this.#sink?.write(chunk.subarray(0, used));
    return used;
  }
}

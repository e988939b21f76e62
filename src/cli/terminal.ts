/** The process's own streams: what they are (terminal, pipe, file), writing that survives a closed or full pipe, and asking. */
import { closeSync, fstatSync, openSync, readSync, writeSync } from 'node:fs';
import { decoderFor } from '../text/decode-text.ts';

/** The reader of our output went away (`| head -1`): end quietly. */
export class ClosedPipe extends Error {}

const pause = new Int32Array(new SharedArrayBuffer(4));

/** Writes all of it. @throws ClosedPipe when nobody reads any more */
export function writeAll(fd: number, text: string): void {
  const bytes = Buffer.from(text);
  for (let done = 0; done < bytes.length; ) {
    try {
      done += writeSync(fd, bytes, done);
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code === 'EAGAIN') Atomics.wait(pause, 0, 0, 2);
      else if (code === 'EPIPE') throw new ClosedPipe();
      else throw error;
    }
  }
}

type StreamKind = 'terminal' | 'pipe' | 'file' | 'none';

/** What a file descriptor is. A character device that is no terminal (/dev/null) is 'none'. */
export function streamKind(fd: number): StreamKind {
  try {
    const stat = fstatSync(fd);
    if (stat.isFIFO() || stat.isSocket()) return 'pipe';
    if (stat.isFile()) return 'file';
    // Linux: major 1 is memory (/dev/null, /dev/zero), never a terminal; node:tty costs 4 ms to load.
    if (!stat.isCharacterDevice() || (process.platform === 'linux' && stat.rdev >> 8 === 1)) return 'none';
    return process.getBuiltinModule('node:tty').isatty(fd) ? 'terminal' : 'none';
  } catch {
    return 'none';
  }
}

/** Columns of the terminal on stdout. $COLUMNS wins; 80 when the terminal does not say. */
export function terminalColumns(env: NodeJS.ProcessEnv): number {
  const columns = Number(env.COLUMNS);
  if (Number.isInteger(columns) && columns > 0) return columns;
  return process.stdout.columns || 80;
}

/** All of a file descriptor, chunk by chunk, as text. */
export function* readChunks(fd: number): Generator<string> {
  let decoder: ReturnType<typeof decoderFor> | undefined;
  for (const bytes of readBytes(fd)) {
    decoder ??= decoderFor(bytes);
    yield decoder.decode(bytes, { stream: true });
  }
  if (decoder) yield decoder.decode();
}

/** The bytes of a descriptor, as they come. */
export function* readBytes(fd: number): Generator<Buffer> {
  const buffer = Buffer.allocUnsafe(65536);
  for (let count = readSome(fd, buffer, 5); count > 0; count = readSome(fd, buffer, 5))
    yield Buffer.from(buffer.subarray(0, count));
}

/** Reads what is there; where nothing is yet, it looks again and again. 0 at the end. */
function readSome(fd: number, buffer: Buffer, everyMs: number): number {
  for (;;) {
    try {
      return readSync(fd, buffer);
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code === 'EOF') return 0;
      if (code !== 'EAGAIN') throw error;
      Atomics.wait(pause, 0, 0, everyMs);
    }
  }
}

/**
 * Asks on the terminal and reads a line; `undefined` when there is no terminal. Standard input may be a pipe with data, so
 * then the controlling terminal is asked, but only when stderr, where the question shows, is a terminal.
 */
export function askTerminal(prompt: string, secret: boolean): string | undefined {
  const stdin = streamKind(0);
  if (streamKind(2) !== 'terminal') return undefined;
  let fd = 0;
  if (stdin !== 'terminal') {
    try {
      fd = openSync('/dev/tty', 'r');
    } catch {
      return undefined;
    }
  }
  try {
    if (secret) return readSecret(fd, prompt);
    writeAll(2, prompt);
    return readLine(fd);
  } finally {
    if (fd !== 0) closeSync(fd);
  }
}

function readLine(fd: number): string | undefined {
  const bytes: number[] = [];
  const one = Buffer.alloc(1);
  for (;;) {
    if (readSome(fd, one, 20) === 0) return bytes.length ? Buffer.from(bytes).toString() : undefined;
    if (one[0] === 10) return Buffer.from(bytes).toString().replace(/\r$/, '');
    bytes.push(one[0]!);
  }
}

function readSecret(fd: number, prompt: string): string | undefined {
  const { ReadStream } = process.getBuiltinModule('node:tty');
  const stream = new ReadStream(fd);
  stream.setRawMode(true); // before the prompt, so that nothing typed after it is ever shown
  writeAll(2, prompt);
  try {
    const typed: number[] = [];
    const one = Buffer.alloc(1);
    for (;;) {
      if (readSome(fd, one, 20) === 0) return undefined;
      const byte = one[0]!;
      if (byte === 3) {
        stream.setRawMode(false);
        writeAll(2, '\n');
        process.exit(130);
      }
      if (byte === 10 || byte === 13) return Buffer.from(typed).toString();
      if (byte === 4 && typed.length === 0) return undefined;
      if (byte === 127 || byte === 8) {
        while ((typed.pop() ?? 0) >> 6 === 2); // all bytes of a UTF-8 character
      } else if (byte === 21) typed.length = 0;
      else typed.push(byte);
    }
  } finally {
    stream.setRawMode(false);
    stream.destroy();
    writeAll(2, '\n');
  }
}

/** A stream's beginning: for a log that only has to say how a start went, and must not grow for ever. */
import { Writable } from 'node:stream';

/** Passes on the first `most` bytes, then says once where the rest is, and takes everything else silently. */
export function firstLines(stream: NodeJS.WritableStream, most: number, rest: string): Writable {
  let left = most;
  return new Writable({
    write(chunk: Buffer, _encoding, done) {
      if (left <= 0) return done();
      left -= chunk.length;
      stream.write(left > 0 ? chunk : Buffer.concat([chunk, Buffer.from(`${rest}\n`)]), () => done());
    },
  });
}

/** A message on its way through DATA: dots stuffed, every line end CRLF (RFC 5321 sections 2.3.8 and 4.5.2). */

const CR = 13;
const LF = 10;
const DOT = 46;

/**
 * The bytes for DATA, with the final dot. A bare CR or LF becomes CRLF: some hosts take one for a line end and would see
 * an end of the message where there is none (SMTP smuggling, CVE-2023-51764 and its relatives).
 */
export async function* dataBytes(content: AsyncIterable<Buffer> | Iterable<Buffer>): AsyncGenerator<Buffer> {
  let atLineStart = true;
  let previousWasCr = false;
  for await (const chunk of content) {
    // At most one byte more for each byte.
    const out = Buffer.allocUnsafe(chunk.length * 2 + 2);
    let n = 0;
    for (let i = 0; i < chunk.length; i++) {
      const byte = chunk[i]!;
      if (previousWasCr && byte !== LF) {
        out[n++] = LF;
        atLineStart = true;
      }
      if (byte === LF && !previousWasCr) out[n++] = CR;
      if (byte === DOT && atLineStart) out[n++] = DOT;
      out[n++] = byte;
      atLineStart = byte === LF;
      previousWasCr = byte === CR;
    }
    yield out.subarray(0, n);
  }
  const end = previousWasCr ? '\n.\r\n' : atLineStart ? '.\r\n' : '\r\n.\r\n';
  yield Buffer.from(end);
}

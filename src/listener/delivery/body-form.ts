/** What is in a message's bytes, and how they go through DATA: dots stuffed, every line end CRLF (RFC 5321 sections 2.3.8 and 4.5.2). */

export interface BodyForm {
  /** A byte over 127 somewhere, and in the header. */
  readonly eightBit: boolean;
  readonly eightBitHeader: boolean;
  /** A CR without LF or an LF without CR. */
  readonly bareLineEnds: boolean;
  readonly nul: boolean;
  /** Octets of the longest line, without its end. */
  readonly longestLine: number;
}

const CR = 13;
const LF = 10;
const DOT = 46;

/** Looks at every byte once. */
export async function formOf(content: AsyncIterable<Buffer>): Promise<BodyForm> {
  const form = { eightBit: false, eightBitHeader: false, bareLineEnds: false, nul: false, longestLine: 0 };
  let header = true;
  let line = 0;
  let before = LF;
  let previousWasCr = false;
  for await (const chunk of content) {
    for (let i = 0; i < chunk.length; i++) {
      const byte = chunk[i]!;
      if (byte === LF) {
        if (!previousWasCr) form.bareLineEnds = true;
        else line--;
        if (line === 0) header = false;
        if (line > form.longestLine) form.longestLine = line;
        line = 0;
      } else {
        if (previousWasCr) form.bareLineEnds = true;
        line++;
        if (byte > 127) {
          form.eightBit = true;
          if (header) form.eightBitHeader = true;
        } else if (byte === 0) form.nul = true;
      }
      previousWasCr = byte === CR;
      before = byte;
    }
  }
  if (before === CR) form.bareLineEnds = true;
  form.longestLine = Math.max(form.longestLine, line);
  return form;
}

/**
 * The bytes for DATA, with the final dot. A bare CR or LF becomes CRLF: some hosts take one for a line end and would see
 * an end of the message where there is none (SMTP smuggling, CVE-2023-51764 and its relatives).
 */
export async function* dataBytes(content: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
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

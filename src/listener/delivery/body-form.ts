/** What is in a message's bytes, as far as it decides how they can be sent on. */

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

/** The Subject of a message for the tracking log: looked for in the first bytes of the header, encoded words decoded (RFC 2047). */

import { decodeBytes } from '../../text/charset.ts';
import { HeldBytes, type MemoryBudget } from '../memory-budget.ts';

/** A subject further in than this is not looked for. */
const LOOK_AT = 16 * 1024;
const LONGEST_SUBJECT = 998;

export class SubjectFinder {
  readonly #seen: HeldBytes;

  /** Without memory to spare for it there is no subject to tell. */
  constructor(memory: MemoryBudget) {
    this.#seen = new HeldBytes(memory);
  }

  see(chunk: Buffer): void {
    if (this.#seen.size < LOOK_AT) this.#seen.add(chunk.subarray(0, LOOK_AT - this.#seen.size));
  }

  found(): string {
    return subjectOf(this.#seen.release().whole().toString('utf8'));
  }
}

/** The decoded Subject in a header; empty when there is none. */
export function subjectOf(text: string): string {
  const end = /(?:^|\r?\n)\r?\n/.exec(text);
  const header = end ? text.slice(0, end.index) : text;
  const line = /^subject[ \t]*:(.*(?:\r?\n[ \t].*)*)/im.exec(header)?.[1] ?? '';
  return decodeWords(line.replace(/\r?\n/g, '').trim()).slice(0, LONGEST_SUBJECT);
}

const WORD = /=\?([\w.:-]{1,40})(?:\*[\w-]*)?\?([bq])\?([^?\s]*)\?=/gi;

function decodeWords(text: string): string {
  if (!text.includes('=?')) return text;
  // White space between two encoded words is no part of the text (RFC 2047 section 6.2).
  const joined = text.replace(/(\?=)[ \t]+(?==\?[\w.:*-]{1,60}\?[bq]\?)/gi, '$1');
  return joined.replace(WORD, (whole, charset: string, encoding: string, data: string) => {
    try {
      const bytes = /b/i.test(encoding)
        ? Buffer.from(data, 'base64')
        : Buffer.from(
            data
              .replaceAll('_', ' ')
              .replace(/=([0-9a-f]{2})/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16))),
            'latin1',
          );
      return decodeBytes(charset, bytes);
    } catch {
      return whole; // a character set we do not know
    }
  });
}

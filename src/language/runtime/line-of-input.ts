/** What a person, or the program before rc, answers where there is no terminal: the next line of standard input. */
import { readSync } from 'node:fs';

const LONGEST_LINE = 65_536;

/** Byte by byte, so that the next reader finds the next line. */
export function lineOfInput(): string | undefined {
  const bytes: number[] = [];
  const one = Buffer.alloc(1);
  try {
    while (bytes.length < LONGEST_LINE) {
      if (readSync(0, one) === 0) {
        if (!bytes.length) return undefined;
        break;
      }
      if (one[0] === 10) break;
      bytes.push(one[0]!);
    }
  } catch {
    return undefined;
  }
  return Buffer.from(bytes).toString('utf8').replace(/\r$/, '');
}

/** What a person, or the program before rc, answers where there is no terminal: the next line of standard input. */
import { readSync } from 'node:fs';
import { CmdletError } from '../../pipeline/error.ts';

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

/** What the terminal answers, else the next line. @param nobody `Read-Host has nobody to ask "Name:"` @throws CmdletError when neither is there */
export async function answerTo(asked: Promise<string | undefined>, nobody: string): Promise<string> {
  const given = (await asked) ?? lineOfInput();
  if (given !== undefined) return given;
  throw new CmdletError(`${nobody}: there is no terminal, and standard input has no further line.`, {
    id: 'ReadHostNoInput',
    category: 'InvalidOperation',
  });
}

/** Files that hold one secret, named by a setting: read at the moment of need, and only where nobody else may read them. */
import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs';
import { shellWord } from '../text/shell-word.ts';

/** Longest secret, in bytes. */
const LONGEST = 4096;

export class SecretFileError extends Error {}

/** The one line of the file. @throws SecretFileError that says why it cannot be used, as the end of a sentence about it */
export function readSecretFile(path: string): string {
  let fd: number;
  try {
    fd = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
  } catch (error) {
    throw new SecretFileError(`cannot be read (${(error as NodeJS.ErrnoException).code})`);
  }
  try {
    const stat = fstatSync(fd);
    if (!stat.isFile()) throw new SecretFileError('is no file');
    if (stat.mode & 0o077)
      throw new SecretFileError(`can be read by others than its owner: chmod 600 ${shellWord(path)}`);
    const bytes = Buffer.alloc(LONGEST + 1);
    const read = readSync(fd, bytes, 0, bytes.length, 0);
    if (read > LONGEST) throw new SecretFileError(`has more than ${LONGEST} bytes`);
    const secret = bytes
      .toString('utf8', 0, read)
      .replace(/^\ufeff/, '')
      .replace(/\r?\n$/, '');
    if (secret === '') throw new SecretFileError('is empty');
    if (/[\r\n\0]/.test(secret)) throw new SecretFileError('does not hold exactly one line');
    return secret;
  } finally {
    closeSync(fd);
  }
}

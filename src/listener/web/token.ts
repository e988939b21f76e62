/**
 * web.token: the secret that lets a browser in, 256 bits, readable by the home's owner only. It stays the same over restarts:
 * whoever can read it can write the store as well, so it opens nothing that was closed, and a page that is open survives
 * an upgrade. Removing the file makes a new one at the next start, and every browser must sign in again.
 */
import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import { closeSync, constants, fchmodSync, fstatSync, openSync, readFileSync, writeFileSync } from 'node:fs';

const { O_CREAT, O_EXCL, O_NOFOLLOW, O_RDONLY, O_WRONLY } = constants;

export class TokenError extends Error {}

/** The token in this file; makes one at first use. @throws TokenError when the file cannot be what it should be */
export function openToken(path: string): string {
  try {
    return readToken(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw failure(path, error);
  }
  const token = randomBytes(32).toString('base64url');
  try {
    const fd = openSync(path, O_CREAT | O_EXCL | O_WRONLY | O_NOFOLLOW, 0o600);
    try {
      writeFileSync(fd, `${token}\n`);
    } finally {
      closeSync(fd);
    }
  } catch (error) {
    throw failure(path, error);
  }
  return token;
}

function readToken(path: string): string {
  const fd = openSync(path, O_RDONLY | O_NOFOLLOW);
  try {
    const { mode } = fstatSync(fd);
    if (mode & 0o077) fchmodSync(fd, 0o600); // somebody widened it
    const token = readFileSync(fd, 'utf8').trim();
    if (!/^[\w-]{32,256}$/.test(token))
      throw new TokenError(
        `${path} does not hold a token (32 or more letters, digits, - and _). Remove it, and the next start makes a new one.`,
      );
    return token;
  } finally {
    closeSync(fd);
  }
}

function failure(path: string, error: unknown): TokenError {
  if (error instanceof TokenError) return error;
  return new TokenError(`The token of the page cannot be kept in ${path} (${(error as Error).message}).`);
}

export function sha256(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}

/** Compares in a time that says nothing about where they differ, nor about their lengths. */
export function sameSecret(given: string, wanted: string): boolean {
  return timingSafeEqual(sha256(given), sha256(wanted));
}

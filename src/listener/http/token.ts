/**
 * A token in a file of its own (web.token, api.token): the secret that lets a client in, 256 bits, readable by the home's owner only. It stays the same over restarts:
 * whoever can read it can write the store as well, so it opens nothing that was closed, and a page that is open survives
 * an upgrade. Removing the file makes a new one at the next start, and every browser must sign in again.
 */
import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import { createOwn, readSecret } from '../../store/home-files.ts';

class TokenError extends Error {}

/** The token in this file; makes one at first use. @param what it is, for errors: `The token of the page` @throws TokenError when the file cannot be what it should be */
export function openToken(path: string, what: string): string {
  try {
    return readToken(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw failure(path, what, error);
  }
  const token = randomBytes(32).toString('base64url');
  try {
    createOwn(path, `${token}\n`);
  } catch (error) {
    throw failure(path, what, error);
  }
  return token;
}

function readToken(path: string): string {
  const token = readSecret(path).trim();
  if (!/^[\w-]{32,256}$/.test(token))
    throw new TokenError(
      `${path} does not hold a token (32 or more letters, digits, - and _). Remove it, and the next start makes a new one.`,
    );
  return token;
}

function failure(path: string, what: string, error: unknown): TokenError {
  if (error instanceof TokenError) return error;
  return new TokenError(`${what} cannot be kept in ${path} (${(error as Error).message}).`);
}

export function sha256(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}

/** Compares in a time that says nothing about where they differ, nor about their lengths. */
export function sameSecret(given: string, wanted: string): boolean {
  return timingSafeEqual(sha256(given), sha256(wanted));
}

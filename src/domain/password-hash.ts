/** The form in which passwords are stored: `scrypt$N$r$p$salt$hash`, salt and hash in base64 (RFC 7914). */

/** A hash that asks for more memory than this is refused: a store edited by hand cannot make the listener run out of it. */
const MOST_MEMORY = 256 * 1024 ** 2;

const FORM = /^scrypt\$(\d{1,8})\$(\d{1,3})\$(\d{1,3})\$([A-Za-z0-9+/]{1,342}={0,2})\$([A-Za-z0-9+/]{1,342}={0,2})$/;

interface PasswordHash {
  readonly N: number;
  readonly r: number;
  readonly p: number;
  readonly salt: Buffer;
  readonly hash: Buffer;
}

/** `undefined`: rc did not make it. */
export function parsePasswordHash(stored: unknown): PasswordHash | undefined {
  const m = typeof stored === 'string' ? FORM.exec(stored) : null;
  if (!m) return undefined;
  const [N, r, p] = [Number(m[1]), Number(m[2]), Number(m[3])];
  const hash = Buffer.from(m[5]!, 'base64');
  const powerOfTwo = N > 1 && (N & (N - 1)) === 0;
  if (!powerOfTwo || r < 1 || p < 1 || scryptMemory(N, r, p) > MOST_MEMORY || hash.length < 16 || hash.length > 128)
    return undefined;
  return { N, r, p, salt: Buffer.from(m[4]!, 'base64'), hash };
}

/** Bytes that scrypt needs: 128·N·r and 128·r·p (RFC 7914 section 2). */
export function scryptMemory(N: number, r: number, p: number): number {
  return 128 * N * r + 128 * r * p;
}

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

/** N × r × p: what a guess costs. That of 16384, 8, 1, which RFC 7914 and Node begin with; rc makes dearer ones. */
const LEAST_COST = 131_072;
const LEAST_SALT = 8;

/** Why a hash from elsewhere is not taken. */
export function importedHashProblem(stored: unknown): string | undefined {
  const parsed = parsePasswordHash(stored);
  const instead = 'Leave the user out, and make it with a password: rc new-smtp-user NAME';
  if (!parsed)
    return `is not a hash that rc made: scrypt$N$r$p$SALT$HASH, salt and hash in base64, 128·N·r at most 256 MB. ${instead}`;
  const weakness = weaknessOf(parsed);
  return weakness && `${weakness}. ${instead}`;
}

/** What makes guessing the password of a hash easy. */
export function weaknessOf({ N, r, p, salt }: PasswordHash): string | undefined {
  if (N * r * p < LEAST_COST)
    return `is too cheap to guess: N × r × p is ${N * r * p}, and ${LEAST_COST} is the least that an import takes (scrypt$16384$8$1$…)`;
  return salt.length < LEAST_SALT
    ? `has a salt of ${salt.length} bytes, and ${LEAST_SALT} are the least that an import takes`
    : undefined;
}

/** Bytes that scrypt needs: 128·N·r and 128·r·p (RFC 7914 section 2). */
export function scryptMemory(N: number, r: number, p: number): number {
  return 128 * N * r + 128 * r * p;
}

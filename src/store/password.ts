/**
 * Passwords of SMTP users, kept only as scrypt hashes (RFC 7914): `scrypt$N$r$p$salt$hash`, salt and hash in base64.
 * The work happens on the thread pool; a hash carries its own cost, so the cost can be raised later without losing users.
 */
import { createHmac, randomBytes, type ScryptOptions, scrypt, timingSafeEqual } from 'node:crypto';
import { Turns } from './semaphore.ts';

// N, r and p as the OWASP Password Storage Cheat Sheet's equivalent of 16 MB of memory and some 50 ms a try.
const COST = 2 ** 14;
const BLOCK = 8;
const PARALLEL = 5;
const SALT_BYTES = 16;
const HASH_BYTES = 32;

/** A hash that asks for more memory than this is refused: a store edited by hand cannot make the listener run out of it. */
const MOST_MEMORY = 256 * 1024 ** 2;

const FORM = /^scrypt\$(\d{1,8})\$(\d{1,3})\$(\d{1,3})\$([A-Za-z0-9+/]+={0,2})\$([A-Za-z0-9+/]+={0,2})$/;

/** The hash to store for a password, with a salt of its own. Text is compared in Unicode's composed form (NFC, as RFC 8265 asks). */
export async function hashPassword(text: string): Promise<string> {
  const salt = randomBytes(SALT_BYTES);
  const hash = await derive(text, salt, HASH_BYTES, { N: COST, r: BLOCK, p: PARALLEL });
  return `scrypt$${COST}$${BLOCK}$${PARALLEL}$${salt.toString('base64')}$${hash.toString('base64')}`;
}

/**
 * Is this the password of the hash? Takes the same time whatever is wrong with it; false for a hash that is not ours.
 * A password that was right once is known again at once, by a keyed digest in this process's memory: an application that
 * logs on for every message costs scrypt once.
 */
export async function verifyPassword(text: string, stored: string): Promise<boolean> {
  const parsed = parse(stored);
  if (!parsed) return false;
  const digest = createHmac('sha256', processKey).update(text.normalize('NFC')).digest();
  const known = right.get(stored);
  if (known && timingSafeEqual(known, digest)) return true;
  try {
    const derived = await turns.run(() => derive(text, parsed.salt, parsed.hash.length, parsed.cost));
    if (!timingSafeEqual(derived, parsed.hash)) return false;
  } catch {
    return false; // costs that scrypt itself refuses
  }
  if (right.size >= MOST_KNOWN) right.delete(right.keys().next().value!);
  right.set(stored, digest);
  return true;
}

/** Key of the digests: gone with the process. */
const processKey = randomBytes(32);
/** Hashes with the digest of their password. A new password has a new hash, so nothing here outlives a change. */
const right = new Map<string, Buffer>();
const MOST_KNOWN = 10_000;
/** The thread pool has four threads, which the Maildir needs too: guessing passwords may take half of them. */
const turns = new Turns(2);

/** Has the text the form of a hash that `verifyPassword` can check? */
export function isPasswordHash(text: string): boolean {
  return parse(text) !== undefined;
}

function parse(stored: string): { cost: ScryptOptions; salt: Buffer; hash: Buffer } | undefined {
  const m = FORM.exec(stored);
  if (!m) return undefined;
  const [N, r, p] = [Number(m[1]), Number(m[2]), Number(m[3])];
  const hash = Buffer.from(m[5]!, 'base64');
  const powerOfTwo = N > 1 && (N & (N - 1)) === 0;
  if (!powerOfTwo || r < 1 || p < 1 || memory(N, r, p) > MOST_MEMORY || hash.length < 16 || hash.length > 128)
    return undefined;
  return { cost: { N, r, p }, salt: Buffer.from(m[4]!, 'base64'), hash };
}

/** Bytes that scrypt needs: 128·N·r and 128·r·p (RFC 7914 section 2). */
function memory(N: number, r: number, p: number): number {
  return 128 * N * r + 128 * r * p;
}

function derive(text: string, salt: Buffer, length: number, cost: ScryptOptions): Promise<Buffer> {
  const { N = 0, r = 0, p = 0 } = cost;
  return new Promise((resolve, reject) => {
    const options = { ...cost, maxmem: memory(N, r, p) + 1024 ** 2 };
    scrypt(text.normalize('NFC'), salt, length, options, (error, key) => (error ? reject(error) : resolve(key)));
  });
}

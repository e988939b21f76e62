/**
 * Passwords of SMTP users, kept only as scrypt hashes (RFC 7914): `scrypt$N$r$p$salt$hash`, salt and hash in base64.
 * A hash carries its own cost, so the cost can be raised later without losing users.
 */
import { randomBytes, scrypt, timingSafeEqual } from 'node:crypto';
import { parsePasswordHash, scryptMemory } from '../domain/password-hash.ts';

// N, r and p as the OWASP Password Storage Cheat Sheet's equivalent of 16 MB of memory and some 50 ms a try.
const COST = 2 ** 14;
const BLOCK = 8;
const PARALLEL = 5;
const SALT_BYTES = 16;
const HASH_BYTES = 32;

/** The hash to store for a password, with a salt of its own. Text is compared in Unicode's composed form (NFC, as RFC 8265 asks). */
export async function hashPassword(text: string): Promise<string> {
  const salt = randomBytes(SALT_BYTES);
  const hash = await onThreadPool(workOf(text, salt, HASH_BYTES, { N: COST, r: BLOCK, p: PARALLEL }));
  return `scrypt$${COST}$${BLOCK}$${PARALLEL}$${salt.toString('base64')}$${hash.toString('base64')}`;
}

/** What scrypt is asked for. `maxmem`: bytes it may take. */
export interface ScryptWork {
  readonly text: string;
  readonly salt: Buffer;
  readonly length: number;
  readonly cost: { readonly N: number; readonly r: number; readonly p: number; readonly maxmem: number };
}

/**
 * Is this the password of the hash? Takes the same time whatever is wrong with it; false for a hash that is not ours.
 * @param run does the work; the thread pool when left out
 */
export async function verifyPassword(
  text: string,
  stored: string,
  run: (work: ScryptWork) => Promise<Uint8Array> = onThreadPool,
): Promise<boolean> {
  const parsed = parse(stored);
  if (!parsed) return false;
  try {
    const derived = await run(workOf(text, parsed.salt, parsed.hash.length, parsed.cost));
    return timingSafeEqual(derived, parsed.hash);
  } catch {
    return false; // costs that scrypt itself refuses
  }
}

/** The hash of a password nobody has, of the cost that new ones have. */
export function nobodysHash(): string {
  const random = (bytes: number) => randomBytes(bytes).toString('base64');
  return `scrypt$${COST}$${BLOCK}$${PARALLEL}$${random(SALT_BYTES)}$${random(HASH_BYTES)}`;
}

type Cost = Pick<ScryptWork['cost'], 'N' | 'r' | 'p'>;

function parse(stored: string): { cost: Cost; salt: Buffer; hash: Buffer } | undefined {
  const parsed = parsePasswordHash(stored);
  if (!parsed) return undefined;
  const { N, r, p, salt, hash } = parsed;
  return { cost: { N, r, p }, salt, hash };
}

function workOf(text: string, salt: Buffer, length: number, cost: Cost): ScryptWork {
  const { N, r, p } = cost;
  return { text: text.normalize('NFC'), salt, length, cost: { N, r, p, maxmem: scryptMemory(N, r, p) + 1024 ** 2 } };
}

function onThreadPool({ text, salt, length, cost }: ScryptWork): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    scrypt(text, salt, length, cost, (error, key) => (error ? reject(error) : resolve(key)));
  });
}

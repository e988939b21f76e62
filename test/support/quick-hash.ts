/** Hashes of passwords that cost next to nothing. A hash carries its own cost (src/store/password.ts), so a listener checks by this one too. */
import { randomBytes, scryptSync } from 'node:crypto';

const [N, r, p] = [16, 8, 1];

/** The store's form of a password. What new hashes cost, a quarter of a second of a core for each logon, is for the tests that are about it. */
export function quickHash(password: string): string {
  const salt = randomBytes(16);
  const hash = scryptSync(password.normalize('NFC'), salt, 32, { N, r, p });
  return `scrypt$${N}$${r}$${p}$${salt.toString('base64')}$${hash.toString('base64')}`;
}

/**
 * What a session is known by in logs, replies and `rc get-session`: 16 hexadecimal digits, as Exchange's. Random numbers are
 * fetched from the system for many sessions at once.
 */
import { randomFillSync } from 'node:crypto';

const BYTES = 8;
const pool = Buffer.alloc(BYTES * 256);
let used = pool.length;

export function newSessionId(): string {
  if (used === pool.length) {
    randomFillSync(pool);
    used = 0;
  }
  used += BYTES;
  return pool.toString('hex', used - BYTES, used).toUpperCase();
}

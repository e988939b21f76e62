/** What a session is known by in logs, replies and `rc get-session`: 16 hexadecimal digits, as Exchange's. */
import { randomBytes } from 'node:crypto';

export function newSessionId(): string {
  return randomBytes(8).toString('hex').toUpperCase();
}

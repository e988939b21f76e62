/** Secrets of the document as the history sees them: a fingerprint says that one changed, never what it is. */

const PREFIX = 'hidden:';

/** PasswordHash, RelayPassword, …; a parameter that names a file is none. */
export function isSecret(key: string): boolean {
  return /password|secret|passphrase/i.test(key) && !/(?:file|path)$/i.test(key);
}

/** The first 80 bits of SHA-256: enough to tell two apart; of a salted scrypt hash it gives nothing away. */
export function fingerprint(value: unknown): string {
  if (typeof value === 'string' && value.startsWith(PREFIX)) return value;
  const { createHash } = process.getBuiltinModule('node:crypto'); // loaded only when there is a secret
  return PREFIX + createHash('sha256').update(JSON.stringify(value)).digest('hex').slice(0, 20);
}

export function isFingerprint(value: unknown): boolean {
  return typeof value === 'string' && value.startsWith(PREFIX);
}

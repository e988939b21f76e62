/**
 * Is this name and password one of our users? The work is the same for a name that is not there, and at most two checks
 * run at once, so that a flood of logons cannot take all threads and memory.
 */

import type { StoredUser } from '../../store/document.ts';
import { hashPassword, verifyPassword } from '../../store/password.ts';

const AT_ONCE = 2;
/** Longer is wrong without being hashed. */
const LONGEST_PASSWORD = 1024;

/** @param name as the client gave it: a user's name in any case, with or without `DOMAIN\` before it */
export async function checkLogon(
  users: readonly StoredUser[],
  name: string,
  password: string,
): Promise<StoredUser | undefined> {
  const user = find(users, name) ?? find(users, name.slice(name.lastIndexOf('\\') + 1));
  const good = user?.Enabled === true && password !== '' && password.length <= LONGEST_PASSWORD;
  const right = await oneOfFew(async () =>
    verifyPassword(password.slice(0, LONGEST_PASSWORD), good ? user.PasswordHash : await nobody()),
  );
  return right && good ? user : undefined;
}

function find(users: readonly StoredUser[], name: string): StoredUser | undefined {
  const wanted = name.toLowerCase();
  return wanted === '' ? undefined : users.find((user) => user.Name.toLowerCase() === wanted);
}

let nobodysHash: Promise<string> | undefined;
/** The hash of a password nobody has. */
function nobody(): Promise<string> {
  nobodysHash ??= hashPassword(crypto.randomUUID());
  return nobodysHash;
}

let running = 0;
const waiting: (() => void)[] = [];

async function oneOfFew<T>(work: () => Promise<T>): Promise<T> {
  if (running >= AT_ONCE) await new Promise<void>((turn) => waiting.push(turn));
  else running++;
  try {
    return await work();
  } finally {
    const next = waiting.shift();
    if (next) next();
    else running--;
  }
}

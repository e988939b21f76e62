/** How often each message is in a Maildir, by its Message-ID; unfinished ones in tmp/ do not count. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

export function messagesIn(maildir: string): Map<string, number> {
  const counts = new Map<string, number>();
  for (const entry of existsSync(maildir) ? readdirSync(maildir, { recursive: true, withFileTypes: true }) : []) {
    const folder = entry.parentPath;
    if (!entry.isFile() || !/\/(?:new|cur)$/.test(folder)) continue;
    const text = readFileSync(join(folder, entry.name), 'latin1');
    const id = /^Message-ID: <([^>]+)>/im.exec(text)?.[1] ?? `unknown ${entry.name}`;
    const whole = /\r?\n\r?\n(?:x{70}\r?\n)+$/.test(text);
    const key = whole ? id : `cut ${id}`;
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  return counts;
}

/** A Maildir with these messages in it, as the listener would have put them there, a second apart. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { tempFolder } from '../support/temp-home.ts';

/** @param messages with `\n` as line ends @param folder where; made when it is not there */
export function maildirWith(messages: readonly string[], folder = join(tempFolder('maildir'), 'mail')) {
  for (const place of ['new', 'cur', 'tmp']) mkdirSync(join(folder, place), { recursive: true, mode: 0o700 });
  const ids = messages.map((message, i) => {
    const id = `${1_700_000_000 + i}.M1P2Q${i}Rabcdabcd.mail01`;
    writeFileSync(join(folder, 'new', id), message.replaceAll('\n', '\r\n'), 'latin1');
    return id;
  });
  return { folder, ids };
}

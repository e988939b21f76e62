/**
 * The messages of this server's Maildir, as another server of the fleet asks for them: the newest first, as many as have room.
 * What is in mail goes over the engine only where nobody reads along.
 */
import { join } from 'node:path';
import type { Answers } from '../../fleet/answering.ts';
import { MOST_ROWS } from '../../fleet/questions.ts';
import { listMessages, type MaildirEntry, readMessage } from '../../messages/maildir-reader.ts';
import { parseMessage } from '../../messages/message.ts';
import { identityTest, type MessageTexts, messageTest } from '../../messages/message-filter.ts';
import { messageRow, rawText } from '../../messages/message-row.ts';
import type { Message } from '../../messages/message-types.ts';

/** A larger one has no room whatever is in it. */
const LARGEST = MOST_ROWS;
/** Who asks waits three seconds. */
const MOST_MS = 2000;

export function messagesToldBy(folder: string): NonNullable<Answers['messages']> {
  return async (about, isPrivate) => {
    if (!isPrivate)
      throw new Error(
        'messages are told only over TLS (rediss://), or where rc join-fleet --allow-plaintext said that the network is trusted; there: rc get-message',
      );
    const ids = Array.isArray(about.identity) ? about.identity.slice(0, 1000).map(String) : undefined;
    const isMeant = identityTest(ids);
    const fits = messageTest(textsOf(about));
    const entries = (await listMessages(folder)).filter(({ id }) => isMeant(id)).reverse();
    const most = Number(about.newest) || Number.POSITIVE_INFINITY;
    const until = performance.now() + MOST_MS;
    const rows: object[] = [];
    let [looked, bytes] = [0, 0];
    for (const entry of entries) {
      if (rows.length >= most) return rows;
      const message = await read(folder, entry);
      const row = message && fits(message) ? rowOf(message, join(folder, entry.file), about.raw === true) : undefined;
      bytes += row ? JSON.stringify(row).length + 1 : 0;
      if (bytes > MOST_ROWS || performance.now() > until) break;
      looked++;
      if (row) rows.push(row);
    }
    return { rows, left: entries.length - looked };
  };
}

async function read(folder: string, entry: MaildirEntry): Promise<Message | undefined> {
  const raw = await readMessage(folder, entry, LARGEST);
  return raw && parseMessage(entry, raw);
}

function rowOf(message: Message, path: string, raw: boolean): object {
  return raw ? { Received: message.receivedAt, Raw: rawText(message) } : messageRow(message, path);
}

function textsOf(about: Readonly<Record<string, unknown>>): MessageTexts {
  const text = (name: string) => (typeof about[name] === 'string' ? about[name] : undefined);
  return { from: text('from'), to: text('to'), subject: text('subject'), text: text('text') };
}
